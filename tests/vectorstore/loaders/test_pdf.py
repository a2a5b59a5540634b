from pathlib import Path

import pytest

from tests.vectorstore.loaders.pdf_files import make_pdf
from vectorstore.articles import Document
from vectorstore.cleaning import normalize_text
from vectorstore.errors import LoadError
from vectorstore.loaders import load_file

FIXTURES = Path(__file__).parent.parent / "fixtures"
SAMPLE = Path("assistant/samples/000_41e6b64dd2e17eb9.txt")
FIGURES = (
    "بلغ عدد المصابين 1.250 شخصا في 12 مدينة بنسبة 3,5% وفق منظمة WHO (الصحة العالمية) عام 2021."
)


def load(path: Path) -> Document:
    return load_file(path).documents[0]


def load_made(tmp_path: Path, data: bytes) -> Document:
    path = tmp_path / "made.pdf"
    path.write_bytes(data)
    return load(path)


def plain(text: str) -> str:
    return normalize_text(text).replace("“", '"').replace("”", '"')


def test_an_arabic_pdf_from_a_browser_reads_as_the_article_it_was_printed_from() -> None:
    document = load(FIXTURES / "arabic_browser.pdf")
    original = SAMPLE.read_text(encoding="utf-8").split("\n\n")[1:-1]
    assert plain(document.text) == plain("\n\n".join([*original, FIGURES]))
    assert document.title == "ليبيا تتطلع الى تعزيز أمنها"


@pytest.mark.parametrize("name", ["arabic_presentation_forms.pdf", "arabic_drawn_backwards.pdf"])
def test_arabic_in_visual_order_comes_out_in_logical_order(name: str) -> None:
    text = load(FIXTURES / name).text
    assert "طالبت وزيرة الخارجية الليبية نجلاء المنقوش، يوم الجمعة 11 يونيو الجاري" in text
    assert FIGURES in text


def test_running_headers_footers_and_page_numbers_go(tmp_path: Path) -> None:
    pages = [
        [(760, "The Daily News"), (700, f"Unlike paragraph {word} is here."), (40, f"Page {n}")]
        for n, word in enumerate(("one", "two", "three"), start=1)
    ]
    text = load_made(tmp_path, make_pdf(pages)).text
    assert text.split("\n\n") == [f"Unlike paragraph {w} is here." for w in ("one", "two", "three")]


def test_hyphens_at_line_ends_are_mended_and_lines_joined(tmp_path: Path) -> None:
    lines = [(700, "The govern-"), (686, "ment spoke of a well-known"), (672, "case on Friday.")]
    text = load_made(tmp_path, make_pdf([lines])).text
    assert text == "The government spoke of a well-known case on Friday."


def test_a_wider_step_starts_a_paragraph(tmp_path: Path) -> None:
    lines = [(700, "First line"), (686, "second line."), (650, "Another paragraph"), (636, "ends.")]
    text = load_made(tmp_path, make_pdf([lines])).text
    assert text == "First line second line.\n\nAnother paragraph ends."


def test_a_sentence_cut_by_a_page_break_goes_on(tmp_path: Path) -> None:
    text = load_made(tmp_path, make_pdf([[(700, "It was cut")], [(700, "by a page.")]])).text
    assert text == "It was cut by a page."


LINES = [(700, "The council opened a bridge."), (686, "It cost two million.")]
SECRET = "BT /F1 12 Tf {0} 72 500 Td (SECRET words) Tj ET"


@pytest.mark.parametrize(
    "drawn",
    [
        SECRET.format("3 Tr"),
        SECRET.format("1 1 1 rg"),
        SECRET.format("0.98 g"),
        SECRET.format("").replace("/F1 12", "/F1 0.5"),
        SECRET.format("").replace("72 500", "72 -500"),
        SECRET.format("").replace("72 500", "-5000 500"),
        "1 g 0 0 612 792 re f " + SECRET.format("1 g"),
    ],
)
def test_what_nobody_sees_on_the_page_is_left_out_and_told(tmp_path: Path, drawn: str) -> None:
    document = load_made(tmp_path, make_pdf([LINES], drawn_too=f"q {drawn} Q"))
    assert document.text == "The council opened a bridge. It cost two million."
    assert document.hidden == ("SECRET words",)


@pytest.mark.parametrize(
    "drawn",
    [
        "0 0 1 rg 60 490 200 30 re f " + SECRET.format("1 g"),  # white on blue
        SECRET.format("0.5 g"),
        SECRET.format("1 g 0 G 1 Tr"),  # outlined
    ],
)
def test_what_can_be_seen_stays(tmp_path: Path, drawn: str) -> None:
    document = load_made(tmp_path, make_pdf([LINES], drawn_too=f"q {drawn} Q"))
    assert "SECRET words" in document.text
    assert document.hidden == ()


def test_the_text_behind_a_scanned_page_is_its_text(tmp_path: Path) -> None:
    drawn = f"q {SECRET.format('3 Tr')} Q"
    assert load_made(tmp_path, make_pdf([[]], drawn_too=drawn)).text == "SECRET words"


def test_a_pdf_without_text_says_to_run_ocr(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="no text layer.*OCR"):
        load_made(tmp_path, make_pdf([[]]))


def test_a_protected_pdf_says_so() -> None:
    with pytest.raises(LoadError, match="protected by a password"):
        load(FIXTURES / "password.pdf")


def test_junk_named_pdf_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="isn't a PDF"):
        load_made(tmp_path, b"hello")
