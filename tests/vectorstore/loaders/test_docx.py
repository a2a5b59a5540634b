import datetime
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml

from vectorstore.errors import LoadError
from vectorstore.loaders import load_file

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def test_paragraphs_tables_and_properties(tmp_path: Path) -> None:
    made = docx.Document()
    made.add_heading("عنوان المقال", level=1)
    made.add_paragraph("الفقرة الأولى.")
    table = made.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "ليبيا", "2021"
    last = made.add_paragraph("الفقرة ")
    last._p.append(parse_xml(f"<w:ins {W}><w:r><w:t>المضافة</w:t></w:r></w:ins>"))
    last._p.append(parse_xml(f"<w:del {W}><w:r><w:delText>DELETED</w:delText></w:r></w:del>"))
    hidden = "<w:rPr><w:vanish/></w:rPr><w:t>SECRET</w:t>"
    last._p.append(parse_xml(f"<w:r {W}>{hidden}</w:r>"))
    path = tmp_path / "a.docx"
    made.save(str(path))
    document = load_file(path).documents[0]
    assert document.text.split("\n\n") == [
        "عنوان المقال", "الفقرة الأولى.", "ليبيا | 2021", "الفقرة المضافة",
    ]  # fmt: skip
    assert document.title == "عنوان المقال"
    assert document.date is None  # the template's own date

    made.core_properties.title = "من الخصائص"
    made.core_properties.created = datetime.datetime(2021, 6, 11, 8, 0)
    made.save(str(path))
    document = load_file(path).documents[0]
    assert (document.title, document.date) == ("من الخصائص", "2021-06-11")


HIDING = [
    "<w:vanish/>", "<w:color w:val='FFFFFF'/>", "<w:sz w:val='2'/>", "<w:rStyle w:val='Unseen'/>",
]  # fmt: skip
SHOWING = [
    "<w:vanish w:val='0'/>", "<w:color w:val='FFFFFF'/><w:shd w:fill='1F3864'/>",
    "<w:color w:val='FFFFFF'/><w:highlight w:val='black'/>", "<w:sz w:val='16'/>",
]  # fmt: skip


@pytest.mark.parametrize("properties", HIDING + SHOWING)
def test_hidden_runs_are_left_out_and_told(tmp_path: Path, properties: str) -> None:
    made = docx.Document()
    style = (
        f"<w:style {W} w:styleId='Unseen'><w:name w:val='U'/><w:rPr><w:vanish/></w:rPr></w:style>"
    )
    made.styles.element.append(parse_xml(style))
    run = f"<w:r {W}><w:rPr>{properties}</w:rPr><w:t>SECRET</w:t></w:r>"
    made.add_paragraph("Seen.")._p.append(parse_xml(run))
    path = tmp_path / "a.docx"
    made.save(str(path))
    document = load_file(path).documents[0]
    hides = properties in HIDING
    assert document.text == ("Seen." if hides else "Seen.SECRET")
    assert document.hidden == (("SECRET",) if hides else ())


def test_white_text_in_a_coloured_cell_stays(tmp_path: Path) -> None:
    made = docx.Document()
    cell = made.add_table(rows=1, cols=1).cell(0, 0)
    cell._tc.get_or_add_tcPr().append(parse_xml(f"<w:shd {W} w:fill='000080'/>"))
    run = f"<w:r {W}><w:rPr><w:color w:val='FFFFFF'/></w:rPr><w:t>Heading</w:t></w:r>"
    cell.paragraphs[0]._p.append(parse_xml(run))
    made.save(str(tmp_path / "a.docx"))
    assert load_file(tmp_path / "a.docx").documents[0].text == "Heading"


def test_what_is_no_word_document_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(b"junk")
    with pytest.raises(LoadError, match="isn't a Word document"):
        load_file(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "hello")
    with pytest.raises(LoadError, match="isn't a Word document"):
        load_file(path)
    path.write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 100)
    with pytest.raises(LoadError, match="old .doc"):
        load_file(path)


def test_a_document_without_text_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    docx.Document().save(str(path))
    with pytest.raises(LoadError, match="no text"):
        load_file(path)
