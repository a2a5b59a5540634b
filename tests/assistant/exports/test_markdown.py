from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant.exports import export
from assistant.exports.markdown import escape
from tests.assistant.exports.material import HOSTILE, QUOTE, document
from vectorstore.cleaning import normalize_text

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
OURS = re.compile(r'</?(?:a|bdi)>|<a id="q\d+(?:-\d+)?">|<bdi dir="rtl" lang="[a-z]+">')


def tokens(text: str) -> Iterator[Token]:
    for token in READER.parse(text):
        yield token
        yield from token.children or ()


def structure(text: str) -> list[str]:
    """Return what a reader of Markdown makes of a text, but for the words themselves."""
    return [
        f"{token.type} {token.tag} {token.attrs.get('href', '')}"
        for token in tokens(text)
        if token.type != "text"
    ]


def exported(words: str, quote: str = QUOTE) -> str:
    return export(document(words, quote), "md").decode()


def test_both_languages_stand_in_it_each_in_its_direction() -> None:
    text = exported("Plain words")
    assert f'<div dir="rtl" lang="ar">{QUOTE}</div>' in text
    assert '<div dir="ltr" lang="en">Plain words</div>' in text
    assert "\nEnglish: Plain words\n" in text
    assert "Exported by Mujaz on 2026-03-04 at 05:06 UTC. Chosen and translated by machine" in text
    assert "\nPlain words [[1]](#q1-1) [[2]](#q1-2) — *no fault found" in text
    assert "**No answer.** Plain words" in text
    assert '<bdi dir="rtl" lang="und">ماذا طلبت ليبيا؟</bdi>' in text


def test_each_citation_leads_to_its_source_and_back() -> None:
    text = exported("Plain words")
    anchors = re.findall(r'<a id="([^"]+)">', text)
    links = [t.attrs["href"] for t in tokens(text) if t.type == "link_open"]
    assert len(set(anchors)) == len(anchors)
    assert {str(link)[1:] for link in links} <= set(anchors)
    assert {"#q1-1", "#q1-2", "#q1-3", "#q1", "#q2", "#q3-2"} <= set(links)


def test_hostile_words_make_no_markup() -> None:
    text = exported(HOSTILE, HOSTILE)
    assert structure(text) == structure(exported("Plain words"))
    for token in tokens(text):
        if token.type == "html_inline":
            assert OURS.fullmatch(token.content)
        if token.type == "html_block":
            block = html.fragment_fromstring(token.content)
            assert (block.tag, sorted(block.keys())) == ("div", ["dir", "lang"])
            assert {child.tag for child in block.iterdescendants()} <= {"br"}
            lines = [block.text or "", *(br.tail or "" for br in block)]
            assert "\n".join(lines) == normalize_text(HOSTILE)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)


WORDS = st.text(st.sampled_from("ab1.)(*_`~#+-=>|![]<>&:/\\$^@{}'\" \n\t"), min_size=1, max_size=12)


@settings(max_examples=300)
@given(WORDS.filter(lambda words: any(map(str.isalnum, words))))
def test_any_words_are_read_as_those_words(words: str) -> None:
    line = " ".join(words.split())
    paragraph = READER.parse(escape(line))
    assert [token.type for token in paragraph] == ["paragraph_open", "inline", "paragraph_close"]
    assert {t.type for t in paragraph[1].children or ()} <= {"text", "text_special"}
    assert "".join(t.content for t in paragraph[1].children or ()) == line
    assert structure(exported(line)) == structure(exported("Plain words"))


@pytest.mark.parametrize("plain", ["It asked, on 17:30; 5-6 (or so).", 'Libya: "no" won\'t do!'])
def test_usual_words_are_left_as_they_are(plain: str) -> None:
    assert escape(plain) == plain
