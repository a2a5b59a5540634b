from __future__ import annotations

import base64
import hashlib
from collections import Counter

from lxml import html
from lxml.etree import _Element as Element

from assistant.exports import export
from tests.assistant.exports.material import HOSTILE, QUOTE, document
from vectorstore.cleaning import normalize_text


def page(words: str = "Plain words", quote: str = QUOTE) -> Element:
    return html.document_fromstring(export(document(words, quote), "html"))


def structure(tree: Element) -> list[tuple[str, list[str]]]:
    return [(str(e.tag), sorted(map(str, e.keys()))) for e in tree.iter()]


def text_of(element: Element) -> str:
    return str(element.text_content())  # type: ignore[attr-defined]


def test_both_languages_stand_in_it_each_in_its_direction() -> None:
    originals = page().xpath('//*[@class="original"]')
    assert [(o.get("dir"), o.get("lang"), o.text) for o in originals[:3]] == [
        ("rtl", "ar", QUOTE),
        ("ltr", "en", "Plain words"),
        ("rtl", "fa", QUOTE),
    ]
    assert [
        (t.get("dir"), t.text) for t in page().xpath('//article[@id="q1-1"]//p[@lang="en"]')
    ] == [("auto", "Libya asks for help (by machine)"), ("auto", "Plain words")]
    (question,) = page().xpath('//h2[@id="q2"]')
    assert (question.get("dir"), question.text) == ("rtl", "ماذا طلبت ليبيا؟")
    shown = text_of(page())
    for words in (
        "Exported by Mujaz on 2026-03-04 at 05:06 UTC. Chosen and translated by machine: look at "
        "the source before you rely on a sentence.",
        "partly supported: Plain words; Plain words",
        "No answer. Plain words",
        "Draws on 2 of the 3 articles found",
        "The articles disagree on a figure (Plain words): 5 (Plain words) [1], "
        "at most 6 (Plain words) [2].",
        "Not translated",
        "Stopped before the end.",
    ):
        assert words in shown


def test_each_citation_leads_to_its_source_and_back() -> None:
    tree = page()
    ids = Counter(tree.xpath("//@id"))
    assert set(ids.values()) == {1}
    links = tree.xpath("//a/@href")
    assert {str(link)[1:] for link in links} <= ids.keys()
    assert tree.xpath('//*[@id="q1-s1"]/a/@href') == ["#q1-1", "#q1-2"]
    assert tree.xpath('//*[@id="q1-1"]//a/@href') == ["#q1-s1", "#q1-s2"]
    assert tree.xpath('//*[@id="q2-1"]//a/@href') == ["#q2"]


def test_it_needs_nothing_else_and_may_run_nothing() -> None:
    tree = page(HOSTILE, HOSTILE)
    (policy,) = tree.xpath('//meta[@http-equiv="Content-Security-Policy"]/@content')
    (style,) = tree.xpath("//style/text()")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}';")
    assert tree.xpath("//script | //img | //link | //iframe | //@src | //@style") == []
    assert all(str(link).startswith("#") for link in tree.xpath("//@href"))
    assert "url(" not in style and "@import" not in style


def test_hostile_words_make_no_markup() -> None:
    tree = page(HOSTILE, HOSTILE)
    assert structure(tree) == structure(page())
    (quote,) = tree.xpath('//article[@id="q1-1"]/p[@class="original"]')
    assert quote.text == normalize_text(HOSTILE)
    raw = export(document(HOSTILE, HOSTILE), "html").decode()
    assert not set(raw) & set(map(chr, [0, 8, 0x1B, 0x9B, 0x202E, 0x2066, 0x200F, 0xFFFE]))


def test_a_language_that_is_no_code_is_no_attribute() -> None:
    from dataclasses import replace

    from assistant.exports import conversation_document
    from tests.assistant.exports.material import Shelf, conversation, titled

    told = conversation()
    exchange = told.exchanges[2]
    odd = replace(exchange.citations[0], language='ar" onload="x')
    told.exchanges = (replace(exchange, citations=(odd,)),)
    tree = html.document_fromstring(export(conversation_document(told, Shelf(), titled), "html"))
    (original,) = tree.xpath('//*[@class="original"]')
    assert (original.get("dir"), original.get("lang"), original.text) == ("rtl", None, QUOTE)
