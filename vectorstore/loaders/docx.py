"""Word documents: paragraphs, headings and tables in order."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

from vectorstore.articles import Document
from vectorstore.dates import from_datetime
from vectorstore.errors import LoadError
from vectorstore.loaders.loaded import Loaded

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from lxml.etree import _Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_UNREAD = (f"{_W}del", f"{_W}pPr", f"{_W}rPr", f"{_W}instrText", _FALLBACK)
_PROPERTIES = tuple(f"{_W}{name}" for name in ("rPr", "pPr", "tcPr", "tblPr"))
_SMALLEST = 4  # half points
_LARGEST_UNPACKED = 500 * 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0"
_TEMPLATE_TITLES = ("", "word document", "document", "untitled")
_TEMPLATE_YEAR = 2013


def load(data: bytes, source: str) -> Loaded:
    """Read a .docx: text that is shown, with insertions, without deletions and hidden runs.

    Hidden is a run that says so (itself or by its style), one smaller than two points, and
    white text with no ground of another colour known behind it. The cells of a table's row
    are joined by " | ". The dates python-docx's own template carries (2013) are no dates of
    the article.

    Raises:
        LoadError: not a .docx, encrypted, too large when unpacked, or without text.
    """
    document = _open(data, source)
    reader = _Reader(document)
    blocks = [block for block in reader.iter_blocks(document.element.body) if block.strip()]
    if not blocks:
        raise LoadError(f"{source!r} has no text: if it shows pictures of pages, run OCR first.")
    properties = document.core_properties
    title: str | None = (properties.title or "").strip()
    if title is None or title.lower() in _TEMPLATE_TITLES:
        title = _find_heading(document)
    moment = properties.created or properties.modified
    from_template = moment is not None and moment.year == _TEMPLATE_YEAR and moment.month == 12
    found = Document(
        text="\n\n".join(blocks),
        source=source,
        title=title,
        date=None if from_template else from_datetime(moment),
        language=(properties.language or "").strip() or None,
        hidden=tuple(reader.hidden),
    )
    return Loaded([found], [])


def _open(data: bytes, source: str) -> WordDocument:
    from docx import Document as open_document
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    if data.startswith(_OLE):
        raise LoadError(
            f"{source!r} is an old .doc or is protected by a password: open it in a word "
            "processor and save it as .docx without one."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > _LARGEST_UNPACKED:
            raise LoadError(
                f"{source!r} unpacks to {unpacked:,} bytes: too large to be an article."
            )
        return open_document(io.BytesIO(data))
    except (zipfile.BadZipFile, OpcError, LxmlError, KeyError, ValueError, EOFError) as error:
        raise LoadError(
            f"{source!r} isn't a Word document, or a damaged one: check what it is, or save it "
            "as .docx again."
        ) from error


def _find_heading(document: WordDocument) -> str | None:
    for paragraph in document.paragraphs:
        if not paragraph.text.strip():
            continue
        name = (paragraph.style.name or "") if paragraph.style is not None else ""
        return paragraph.text.strip() if name in ("Title", "Heading 1") else None
    return None


class _Reader:
    """Reads a document's text, and gathers in `hidden` what isn't shown."""

    def __init__(self, document: WordDocument) -> None:
        self.hidden: list[str] = []
        styles = document.styles.element.iter(f"{_W}style")
        self._hiding_styles = {
            style.get(f"{_W}styleId") for style in styles if _has(style, "rPr/{0}vanish")
        }
        self._white_page = document.element.find(f"{_W}background") is None

    def iter_blocks(self, parent: _Element) -> Iterator[str]:
        """Yield paragraphs, and a table's rows."""
        for child in parent:
            if child.tag == f"{_W}p":
                yield self._read_paragraph(child)
            elif child.tag == f"{_W}tbl":
                for row in child.iter(f"{_W}tr"):
                    cells = (" ".join(self.iter_blocks(c)).strip() for c in row.iter(f"{_W}tc"))
                    yield " | ".join(cell for cell in cells if cell)
            elif child.tag not in (f"{_W}sectPr", f"{_W}tcPr", f"{_W}del", f"{_W}sdtPr"):
                yield from self.iter_blocks(child)

    def _read_paragraph(self, paragraph: _Element) -> str:
        """Join a paragraph's runs; python-docx's own `text` leaves out insertions and controls."""
        parts: list[str] = []
        hides = self._names_hiding_style(paragraph, "pPr/{0}pStyle")

        def walk(element: _Element) -> None:
            for child in element:
                if child.tag == f"{_W}t":
                    parts.append(child.text or "")
                elif child.tag == f"{_W}tab":
                    parts.append("\t")
                elif child.tag in (f"{_W}br", f"{_W}cr"):
                    parts.append("\n")
                elif child.tag in _UNREAD:
                    continue
                elif child.tag == f"{_W}r" and (hides or self._is_hidden(child)):
                    self._note_hidden(child)
                else:
                    walk(child)

        walk(paragraph)
        return "".join(parts).strip()

    def _note_hidden(self, run: _Element) -> None:
        text = "".join(piece.text or "" for piece in run.iter(f"{_W}t"))
        if any(map(str.isalnum, text)):
            self.hidden.append(text.strip())

    def _is_hidden(self, run: _Element) -> bool:
        if _has(run, "rPr/{0}vanish") or self._names_hiding_style(run, "rPr/{0}rStyle"):
            return True
        size = run.find(f"{_W}rPr/{_W}sz")
        if size is not None and (size.get(f"{_W}val") or "").isdigit():
            if int(size.get(f"{_W}val") or 0) < _SMALLEST:
                return True
        return self._is_white(run)

    def _is_white(self, run: _Element) -> bool:
        colour = run.find(f"{_W}rPr/{_W}color")
        if colour is None or (colour.get(f"{_W}val") or "").upper() != "FFFFFF":
            return False
        around = (f"{_W}tblStyle", f"{_W}shd", f"{_W}highlight")
        grounds = [run, *run.iterancestors(f"{_W}p", f"{_W}tc", f"{_W}tbl")]
        shaded = any(
            found.get(f"{_W}fill") not in ("auto", "FFFFFF")
            for ground in grounds
            for properties in ground.iterchildren(*_PROPERTIES)
            for found in properties.iterchildren(*around)
        )
        boxed = next(run.iterancestors(f"{_W}txbxContent"), None) is not None
        return self._white_page and not shaded and not boxed

    def _names_hiding_style(self, element: _Element, path: str) -> bool:
        named = element.find(f"{_W}{path.format(_W)}")
        return named is not None and named.get(f"{_W}val") in self._hiding_styles


def _has(element: _Element, path: str) -> bool:
    """Tell whether a property is there and isn't switched off."""
    found = element.find(f"{_W}{path.format(_W)}")
    return found is not None and found.get(f"{_W}val") not in ("0", "false", "off")
