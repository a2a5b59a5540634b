from __future__ import annotations

import io
import time
from collections import Counter

import docx
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from assistant.exports import conversation_document, export
from tests.assistant.exports.material import (
    HOSTILE,
    QUOTE,
    Shelf,
    conversation,
    document,
    titled,
)
from vectorstore.cleaning import normalize_text


def opened(words: str = "Plain words", quote: str = QUOTE) -> WordDocument:
    return docx.Document(io.BytesIO(export(document(words, quote), "docx")))


def find(word: WordDocument, text: str) -> Paragraph:
    return next(p for p in word.paragraphs if p.text == text)


def structure(word: WordDocument) -> list[str]:
    """Return the elements, but for those that a text's own lines make."""
    lines = (qn("w:br"), qn("w:t"))
    return [str(e.tag) for e in word.element.body.iter() if e.tag not in lines]


def test_an_original_is_set_from_right_to_left() -> None:
    paragraph = find(opened(), QUOTE)
    assert paragraph._p.pPr is not None and paragraph._p.pPr.find(qn("w:bidi")) is not None
    (run,) = paragraph.runs
    assert run.font.rtl and run.font.complex_script
    properties = run._r.rPr
    assert properties is not None
    assert properties.find(qn("w:lang")).get(qn("w:bidi")) == "ar"
    assert properties.find(qn("w:rFonts")).get(qn("w:cs")) == "Arial"
    order = [child.tag for child in properties]
    assert order == [qn(f"w:{name}") for name in ("rFonts", "rtl", "cs", "lang")]


def test_english_is_set_from_left_to_right() -> None:
    paragraph = find(opened(), "Plain words")
    assert paragraph._p.pPr is None or paragraph._p.pPr.find(qn("w:bidi")) is None
    english = [p for p in opened().paragraphs if p.text.startswith("Plain words [1] [2]")]
    (run, *_) = english[0].runs
    assert not run.font.rtl and run._r.rPr is not None
    assert run._r.rPr.find(qn("w:lang")).get(qn("w:val")) == "en"


def test_all_that_is_told_stands_in_it() -> None:
    word = opened()
    shown = "\n".join(p.text for p in word.paragraphs)
    for words in (
        "Exported by Mujaz on 2026-03-04 at 05:06 UTC. Chosen and translated by machine: look at "
        "the source before you rely on a sentence.",
        "Plain words [1] [2] (no fault found: it passed every check that applied)",
        "(partly supported: Plain words; Plain words)",
        "No answer. Plain words",
        "ماذا طلبت ليبيا؟",
        "Draws on 2 of the 3 articles found",
        "The articles disagree on a figure (Plain words): 5 (Plain words) [1], "
        "at most 6 (Plain words) [2].",
        "Plain words · 2021-06-11 · Plain words.txt",
        "Not translated",
        "Stopped before the end.",
    ):
        assert words in shown
    assert word.core_properties.title == "Plain words"
    headings = [p.style.name for p in word.paragraphs if p.style and p.style.name != "Normal"]
    assert headings[:4] == ["Title", "Heading 1", "Heading 2", "Heading 3"]


def test_a_long_conversation_is_written_soon() -> None:
    told = conversation()
    told.exchanges = told.exchanges * 60
    began = time.thread_time()
    word = docx.Document(io.BytesIO(export(conversation_document(told, Shelf(), titled), "docx")))
    assert time.thread_time() - began < 10
    assert len(word.paragraphs) > 3000


def test_each_citation_leads_to_its_source_and_back() -> None:
    body = opened().element.body
    names = Counter(e.get(qn("w:name")) for e in body.iter(qn("w:bookmarkStart")))
    assert set(names.values()) == {1}
    numbers = [e.get(qn("w:id")) for e in body.iter(qn("w:bookmarkStart"))]
    assert numbers == sorted(set(numbers), key=int)
    assert {e.get(qn("w:id")) for e in body.iter(qn("w:bookmarkEnd"))} == set(numbers)
    links = [e.get(qn("w:anchor")) for e in body.iter(qn("w:hyperlink"))]
    assert set(links) <= names.keys()
    assert {"q1_1", "q1_2", "q1_3", "q1_s1", "q2"} <= set(links)


def test_hostile_words_change_nothing_but_themselves() -> None:
    word = opened(HOSTILE, HOSTILE)
    assert structure(word) == structure(opened())
    assert normalize_text(HOSTILE) in [p.text for p in word.paragraphs]
