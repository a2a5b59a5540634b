from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest

from assistant.answers import Sentence
from assistant.conversation import Exchange
from assistant.ui.sources import (
    CONTEXT,
    NEIGHBOUR,
    excerpt,
    find_translation,
    render_card,
    render_sources,
)
from assistant.ui.words import words
from tests.assistant.ui.material import (
    ARABIC,
    ARTICLE,
    CITATION,
    HOSTILE,
    QUOTE,
    START,
    answered,
    assert_harmless,
    text_of,
)

ENGLISH = words("en")
ASKED = answered(Sentence("It asked.", (1,), "supported"))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_stays_text_wherever_it_is_shown(hostile: str) -> None:
    citation = replace(
        CITATION, title=hostile, outlet=hostile, date=hostile, source=hostile, quote=hostile,
        translation=hostile, language=hostile, start=0, end=len(hostile),
    )  # fmt: skip
    exchange = replace(answered(Sentence("a", (1,)), citations=(citation,)), question=hostile)
    article = replace(ARTICLE, title=hostile, language=hostile, text=f"{hostile} {hostile}")
    for rendered in (
        render_sources(exchange, {"a1": article}, ENGLISH),
        render_sources(exchange, {}, ENGLISH),
        render_card(citation, ENGLISH),
        render_card(replace(citation, translation=None), ENGLISH),
    ):
        assert_harmless(rendered)


def test_an_arabic_source_is_right_to_left_with_exactly_the_quote_marked() -> None:
    rendered = render_sources(ASKED, {"a1": ARTICLE}, ENGLISH)
    original = re.search(r'<p class="mj-original" dir="rtl" lang="ar">(.*?)</p>', rendered)
    assert original
    (marked,) = re.findall(r"<mark>(.*?)</mark>", original[1])
    assert html.unescape(marked) == QUOTE
    assert text_of(original[1]) == ARABIC
    assert "The minister asked for help" in rendered
    assert "Arabic original" in rendered and "2021&#45;06&#45;11" in rendered
    assert 'href="#mj-c-e1-1"' in rendered and "mj-open-article" in rendered


def test_a_quote_that_its_article_no_longer_has_is_shown_alone() -> None:
    changed = replace(ARTICLE, text="x" + ARABIC)
    for articles in ({}, {"a1": changed}):
        rendered = render_sources(ASKED, articles, ENGLISH)
        original = re.search(r'lang="ar">([^<]*)<mark>(.*?)</mark>([^<]*)</p>', rendered)
        assert original and html.unescape(original[2]) == QUOTE
        assert not original[1] and not original[3]


def test_an_article_that_is_gone_says_so_and_cannot_be_opened() -> None:
    rendered = render_sources(ASKED, {}, ENGLISH)
    assert "no longer in the library" in text_of(rendered)
    assert "mj-open-article" not in rendered
    assert "no longer" not in text_of(render_sources(ASKED, {"a1": ARTICLE}, ENGLISH))


def test_what_cannot_be_translated_says_so_and_english_is_not_repeated() -> None:
    german = replace(CITATION, language="de", translation=None)
    exchange = answered(Sentence("It asked.", (1,)), citations=(german,))
    for rendered in (render_sources(exchange, {}, ENGLISH), render_card(german, ENGLISH)):
        assert "can’t read German" in text_of(rendered)
    english = replace(CITATION, language="en", quote="It asked.", translation="It asked.")
    exchange = answered(Sentence("It asked.", (1,)), citations=(english,))
    for rendered in (render_sources(exchange, {}, ENGLISH), render_card(english, ENGLISH)):
        assert text_of(rendered).count("It asked.") == 1


def test_an_excerpt_is_cut_at_words() -> None:
    before, after = "قبل " * 400, " بعد" * 400
    found = excerpt(before + QUOTE + after, len(before), len(before) + len(QUOTE))
    assert found.quote == QUOTE
    assert found.before.startswith("… قبل") and len(found.before) <= CONTEXT + 2
    assert found.after.endswith("بعد …") and len(found.after) <= CONTEXT + 2


def test_an_excerpt_shows_little_of_the_paragraphs_around_its_own() -> None:
    text = "one " * 100 + f"\n{QUOTE}\n" + "two " * 100
    start = text.index(QUOTE)
    found = excerpt(text, start, start + len(QUOTE))
    assert found.before.startswith("… one") and len(found.before) <= NEIGHBOUR + 2
    assert found.after.endswith("two …") and len(found.after) <= NEIGHBOUR + 2


@pytest.mark.parametrize(("start", "end"), [(0, len(ARABIC)), (START, START + 5)])
def test_a_short_text_is_shown_whole_around_its_quote(start: int, end: int) -> None:
    found = excerpt(ARABIC, start, end)
    assert found.before + found.quote + found.after == ARABIC
    assert found.quote == ARABIC[start:end]


def test_a_card_names_its_source_and_shows_the_quote_beside_its_english() -> None:
    rendered = render_card(CITATION, ENGLISH)
    assert '<h4 dir="rtl" lang="ar">' in rendered
    assert '<p class="mj-original" dir="rtl" lang="ar">' in rendered
    assert '<p class="mj-english" dir="ltr" lang="en">' in rendered
    assert text_of(rendered) == (
        f"{ARTICLE.title}Aldar · الدار · 2021-06-11 · news.txt{QUOTE}The minister asked for help."
    )


def test_a_translation_wears_its_verdict_wherever_it_stands_beside_its_source() -> None:
    doubtful = Sentence(CITATION.translation or "", (1,), "partial", reasons=("12 is missing",))
    exchange = answered(Sentence("It asked.", (1,), "supported"), doubtful)
    assert find_translation(exchange, CITATION) == doubtful
    assert "12 is missing" in text_of(render_sources(exchange, {}, ENGLISH))
    card = render_card(CITATION, ENGLISH, sentence=doubtful)
    assert "12 is missing" in text_of(card) and '<details class="mj-check mj-partial" open>' in card


def test_a_verdict_on_other_words_is_not_the_translations() -> None:
    exchange = answered(Sentence("It asked.", (1,), "unsupported"), Sentence("None.", ()))
    assert find_translation(exchange, CITATION) is None
    assert "mj-check" not in render_sources(exchange, {}, ENGLISH)


def test_what_only_points_somewhere_wears_the_verdict_that_it_was_given() -> None:
    exchange = answered(Sentence("It asked.", (1,), "supported"))
    doubtful = Sentence(CITATION.translation or "", (), "partial", reasons=("12 is missing",))
    rendered = render_sources(exchange, {}, ENGLISH, checked={1: doubtful})
    assert "12 is missing" in text_of(rendered)


def test_what_cites_nothing_has_no_sources() -> None:
    assert render_sources(Exchange("What?"), {}, ENGLISH) == ""
