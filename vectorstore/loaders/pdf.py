"""PDF files with a text layer, as paragraphs."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from statistics import median
from threading import Lock

from vectorstore.arabic import normalize_for_search
from vectorstore.articles import Document
from vectorstore.dates import parse_date
from vectorstore.errors import LoadError
from vectorstore.loaders.loaded import Loaded
from vectorstore.loaders.pdf_hidden import find_hidden, read_hidden
from vectorstore.loaders.pdf_lines import Line, read_lines

# pdfium may run in one thread at a time only.
_PDFIUM = Lock()

_FULL_STOP = tuple(".!?؟…。۔:")
_CLOSING = " \"'”’»)]"
_HYPHEN = re.compile(r"(?<=[^\W\d_]{2})(?:\u00ad|[-\u2010])$")
_PAGE_NUMBER = re.compile(
    r"\W*(?:page|seite|pagina|صفحه|ص)?\W*\d{1,4}(?:\W*(?:of|de|von|من|/)\W*\d{1,4})?\W*"
)
_PRINT_MARK = re.compile(r"(?:file|https?)://\S+(?: +\d+/\d+)?|\d+/\d+ +(?:file|https?)://\S+")
_NO_TITLE = re.compile(
    r"untitled|microsoft word.*|.*\.(?:docx?|html?|pdf|indd|qxd|txt)|\W*", re.IGNORECASE
)
_EDGE_LINES = 2
_HEADLINE = 1.25


@dataclass(frozen=True, slots=True)
class _Shape:
    """A page's measures in points: between lines, across, and its letters' usual size."""

    spacing: float
    width: float
    size: float


_NO_LINE = Line("", 0.0, 0.0, 0.0, 0.0)


def load(data: bytes, source: str) -> Loaded:
    """Read a PDF's text: paragraphs with a blank line between them, without page furniture.

    Right-to-left lines come out in logical order however they were drawn (`pdf_lines`).
    Lines that recur at the top or bottom of pages go, and page numbers with them; a word
    hyphenated at a line's end is joined. What nobody sees on the page (`pdf_hidden`) is left
    out. Title and date are the file's properties, when they say anything.

    Raises:
        LoadError: not a PDF, damaged, protected by a password, or without a text layer.
    """
    with _PDFIUM:
        read = _read_pages(data, source)
    pages = _drop_running_lines(read.pages)
    text = "\n\n".join(_join_paragraphs(pages))
    letters = sum(map(str.isalpha, text))
    if letters == 0:
        raise LoadError(
            f"{source!r} has no text layer (its {len(pages)} pages look scanned): run OCR first, "
            "for instance with `ocrmypdf -l ara+eng`, and load the result."
        )
    if text.count("\ufffd") > letters // 2:
        raise LoadError(
            f"{source!r} has a text layer without readable letters (its fonts don't say which "
            "they draw): run OCR on it first, for instance with `ocrmypdf --force-ocr -l ara+eng`."
        )
    title = read.properties.get("Title", "").strip()
    document = Document(
        text=text,
        source=source,
        title=None if _NO_TITLE.fullmatch(title) else title,
        date=parse_date(read.properties.get("CreationDate", "")),
        hidden=tuple(read.hidden),
    )
    return Loaded([document], [])


@dataclass(frozen=True, slots=True)
class _Read:
    pages: list[list[Line]]
    hidden: list[str]
    properties: dict[str, str]


def _read_pages(data: bytes, source: str) -> _Read:
    import pypdfium2
    import pypdfium2.raw as raw

    try:
        pdf = pypdfium2.PdfDocument(data)
        try:
            pages, hidden = [], []
            for page in pdf:
                textpage = page.get_textpage()
                unseen = find_hidden(page, textpage, raw)
                pages.append(read_lines(textpage, raw, unseen))
                hidden += read_hidden(textpage, raw, unseen)
                textpage.close()
                page.close()
            return _Read(pages, hidden, dict(pdf.get_metadata_dict()))
        finally:
            pdf.close()
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise LoadError(
                f"{source!r} is protected by a password: save a copy without one and load that."
            ) from error
        raise LoadError(
            f"{source!r} is damaged, or isn't a PDF: get it again, or save its text."
        ) from error


def _drop_running_lines(pages: list[list[Line]]) -> list[list[Line]]:
    """Drop the headers, footers and page numbers at the pages' edges."""
    seen: Counter[str] = Counter()
    for lines in pages:
        seen.update({_key(line.text) for line in _edges(lines)})
    enough = max(2, (len(pages) + 1) // 2)
    kept = []
    for lines in pages:
        edges = _edges(lines)
        running = [
            line
            for line in edges
            if (len(pages) > 1 and seen[_key(line.text)] >= enough)
            or _PAGE_NUMBER.fullmatch(normalize_for_search(line.text))
            or _PRINT_MARK.fullmatch(line.text)
        ]
        kept.append([line for line in lines if line not in running])
    return kept


def _key(text: str) -> str:
    return re.sub(r"\d+", "0", normalize_for_search(text))


def _edges(lines: list[Line]) -> list[Line]:
    """Return the highest and the lowest lines of a page."""
    by_height = sorted(lines, key=lambda line: line.base)
    return (
        by_height
        if len(lines) <= 2 * _EDGE_LINES
        else (by_height[:_EDGE_LINES] + by_height[-_EDGE_LINES:])
    )


def _join_paragraphs(pages: list[list[Line]]) -> list[str]:
    """Join lines into paragraphs; one that a page break cuts goes on, on the next page."""
    paragraphs: list[str] = []
    previous: Line | None = None
    for lines in pages:
        spacing = _find_spacing(lines)
        right = max((line.right for line in lines), default=0.0)
        left = min((line.left for line in lines), default=0.0)
        shape = _Shape(spacing, right - left, median(line.size for line in lines or [_NO_LINE]))
        for n, line in enumerate(lines):
            if previous is None or _starts_paragraph(previous, line, shape, n == 0):
                paragraphs.append(line.text)
            else:
                paragraphs[-1] = _join(paragraphs[-1], line.text)
            previous = line
    return paragraphs


def _find_spacing(lines: list[Line]) -> float:
    """Return the distance of the page's lines within a paragraph, in points."""
    steps = [one.base - two.base for one, two in zip(lines, lines[1:], strict=False)]
    steps = sorted(step for step in steps if step > 0)
    return median(steps[: max(1, len(steps) * 2 // 3)]) if steps else 0.0


def _starts_paragraph(previous: Line, line: Line, shape: _Shape, new_page: bool) -> bool:
    ended = previous.text.rstrip(_CLOSING).endswith(_FULL_STOP)
    if abs(previous.size - line.size) > 0.15 * max(previous.size, line.size):
        return True
    if new_page:
        return ended
    step = previous.base - line.base
    if step < -line.size:  # a new column
        return ended
    if line.size > _HEADLINE * shape.size and step < 1.9 * line.size:
        return False
    if shape.spacing and step > 1.35 * shape.spacing:
        return True
    # A short last line: it ends well before the margin that full lines reach.
    short = previous.right - previous.left < 0.8 * shape.width
    return ended and short


def _join(paragraph: str, line: str) -> str:
    if _HYPHEN.search(paragraph) and line[:1].islower():
        return _HYPHEN.sub("", paragraph) + line
    return f"{paragraph.replace(chr(0xAD), '-')} {line}"
