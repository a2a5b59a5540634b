from pathlib import Path

import pytest

from vectorstore.errors import LoadError
from vectorstore.loaders import load_file


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "article.md"
    path.write_text(text, encoding="utf-8")
    return path


def test_front_matter_and_markup(tmp_path: Path) -> None:
    text = (
        "---\ntitle: عنوان المقال\ndate: 2021-06-11\nsource: الدار\nlang: ar\n---\n"
        "## قسم\n\nنص **مهم** مع [رابط](http://x.y) و![صورة](z.png)`رمز`\nسطر ثان.\n\n"
        "- أول\n- ثان\n\n| أ | ب |\n|---|---|\n| ج | د |\n\n```\ncode = 1\n```\n"
        "<div>ظاهر<span hidden>SECRET</span></div>\n"
    )
    document = load_file(write(tmp_path, text)).documents[0]
    assert document.title == "عنوان المقال"
    assert (document.date, document.outlet, document.language) == ("2021-06-11", "الدار", "ar")
    assert document.text.split("\n\n") == [
        "عنوان المقال", "قسم", "نص مهم مع رابط ورمز سطر ثان.", "أول", "ثان", "أ | ب", "ج | د",
        "code = 1", "ظاهر",
    ]  # fmt: skip


def test_a_first_heading_is_the_title(tmp_path: Path) -> None:
    document = load_file(write(tmp_path, "# Title\n\nText.\n\n---\n\nMore.")).documents[0]
    assert document.title == "Title"
    assert document.text == "Title\n\nText.\n\nMore."


def test_broken_front_matter_says_so(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="YAML"):
        load_file(write(tmp_path, "---\na: [1\n---\nText"))


def test_html_hides_across_blocks_and_within_lines(tmp_path: Path) -> None:
    text = (
        "# Title & more\n\n"
        "Seen <b>1 &lt; 2</b> <span style='display:none'>SECRET one</span>here.\n\n"
        "<div style='font-size:0'>\n\nSECRET **two**\n\n</div>\n\n<!-- SECRET three -->\n\n"
        "| a | b |\n|---|---|\n| `x<y` | d |\n"
    )
    document = load_file(write(tmp_path, text)).documents[0]
    assert document.title == "Title & more"
    assert document.text.split("\n\n") == [
        "Title & more", "Seen 1 < 2 here.", "a | b", "x<y | d",
    ]  # fmt: skip
    assert document.hidden == ("SECRET one", "SECRET two")
