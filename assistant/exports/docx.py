"""A document for Word: right-to-left originals set as such, citations linked inside it."""

from __future__ import annotations

import io
from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import RGBColor
from docx.text.paragraph import Paragraph

from assistant.exports.document import Document, Part, Source, Words, spoken

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.text.run import Run

_SCRIPT_FONT = "Arial"  # has Arabic and Hebrew letters on every system that has Word
_LINK = RGBColor(0x05, 0x63, 0xC1)
_SOFT = RGBColor(0x5A, 0x64, 0x72)
_LONGEST_PROPERTY = 255  # characters, the most that a file's properties take


def to_docx(document: Document) -> bytes:
    """Return the document as a Word file."""
    return _Writer(document).write()


class _Writer:
    """Builds one Word file; bookmarks are numbered through the whole of it."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._word: WordDocument = docx.Document()
        self._end = self._word.element.body[-1]  # the section's own element stands last
        self._numbers = count(1)

    def write(self) -> bytes:
        document, properties = self._document, self._word.core_properties
        properties.title = document.title.text[:_LONGEST_PROPERTY]
        properties.author = "Mujaz"
        properties.comments = ""
        properties.created = properties.modified = datetime.fromisoformat(document.exported)
        self._paragraph(document.title, "Title")
        self._soft(document.when)
        for part in document.parts:
            self._part(part)
        stream = io.BytesIO()
        self._word.save(stream)
        return stream.getvalue()

    def _part(self, part: Part) -> None:
        self._mark(self._paragraph(part.question, "Heading1"), part.id)
        for n, statement in enumerate(part.statements, start=1):
            text = spoken(statement.text)
            if statement.lead:
                paragraph = self._add()
                _run(paragraph, Words(statement.lead, "und"))
                _run(paragraph, Words(" "))
                _run(paragraph, text)
            else:
                paragraph = self._paragraph(text)
            for number in statement.citations:
                _run(paragraph, Words(" "))
                _link(paragraph, f"[{number}]", _bookmark(part.id, number))
            if statement.verdict:
                verdict = _run(paragraph, Words(f" ({statement.verdict})"))
                verdict.italic, verdict.font.color.rgb = True, _SOFT
            self._mark(paragraph, _bookmark(part.id, f"s{n}"))
        if part.refusal:
            paragraph = self._paragraph(Words("No answer. "))
            paragraph.runs[0].bold = True
            _run(paragraph, Words(part.refusal))
        for words in part.disagreements:
            self._paragraph(spoken(words))
        for note in part.notes:
            self._soft(note)
        if part.sources:
            self._paragraph(Words(part.sources_heading), "Heading2")
        for source in part.sources:
            self._source(part, source)

    def _source(self, part: Part, source: Source) -> None:
        heading = self._paragraph(Words(f"[{source.n}] "), "Heading3")
        _run(heading, source.title)
        self._mark(heading, _bookmark(part.id, source.n))
        if source.title_english:
            self._soft(source.title_english)
        if source.facts:
            self._soft(" · ".join(source.facts))
        self._soft(f"{source.heading}:")
        self._paragraph(source.quote)
        if source.english:
            self._soft("English:")
            self._paragraph(spoken(source.english))
        citing = (n for n, s in enumerate(part.statements, start=1) if source.n in s.citations)
        place = next((_bookmark(part.id, f"s{n}") for n in citing), part.id)
        _link(self._add(), "Back to the answer", place)

    def _paragraph(self, words: Words, style: str = "") -> Paragraph:
        paragraph = self._add(style)
        if words.direction == "rtl":
            # Nothing that must stand before `bidi` in a paragraph is set after it.
            paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
        _run(paragraph, words)
        return paragraph

    def _add(self, style: str = "") -> Paragraph:
        """Return a new last paragraph; python-docx looks through all of them to add one."""
        element = OxmlElement("w:p")
        self._end.addprevious(element)
        if style:
            element.style = style
        return Paragraph(element, self._word._body)

    def _soft(self, text: str) -> None:
        self._paragraph(spoken(text)).runs[0].font.color.rgb = _SOFT

    def _mark(self, paragraph: Paragraph, name: str) -> None:
        """Put a bookmark around a paragraph's runs."""
        number = str(next(self._numbers))
        start = _element("w:bookmarkStart", {"w:id": number, "w:name": name})
        paragraph.runs[0]._r.addprevious(start)
        paragraph._p.append(_element("w:bookmarkEnd", {"w:id": number}))


def _run(paragraph: Paragraph, words: Words) -> Run:
    run = paragraph.add_run(words.text)
    properties = run._r.get_or_add_rPr()
    if words.direction == "rtl":
        properties.get_or_add_rFonts().set(qn("w:cs"), _SCRIPT_FONT)
        run.font.complex_script = True
        run.font.rtl = True
    if words.language != "und":
        kind = "w:bidi" if words.direction == "rtl" else "w:val"
        properties.append(_element("w:lang", {kind: words.language}))
    return run


def _link(paragraph: Paragraph, text: str, bookmark: str) -> None:
    run = _run(paragraph, Words(text))
    run.font.color.rgb, run.underline = _LINK, True
    link = _element("w:hyperlink", {"w:anchor": bookmark, "w:history": "1"})
    run._r.addprevious(link)
    link.append(run._r)


def _bookmark(part_id: str, place: int | str) -> str:
    return f"{part_id}_{place}"


def _element(tag: str, attributes: dict[str, str]) -> BaseOxmlElement:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(name), value)
    return element
