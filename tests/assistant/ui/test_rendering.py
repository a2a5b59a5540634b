from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest

from assistant.answers import (
    Answer,
    Citation,
    Coverage,
    Disagreement,
    GivenFigure,
    Models,
    Sentence,
    Support,
)
from assistant.conversation import Exchange
from assistant.ui.rendering import (
    CONTEXT,
    direction,
    escape,
    excerpt,
    file_name,
    language_name,
    render_article,
    render_exchange,
    render_question,
    render_sources,
)
from vectorstore.articles import Article, Span

MODELS = Models("writer", "translator", "embedder")
ARABIC = "عنوان الخبر\n\nطلبت الوزيرة المساعدة. ورفض الوزير ذلك.\n\nانتهى الخبر."
QUOTE = "طلبت الوزيرة المساعدة."
START = ARABIC.index(QUOTE)
ARTICLE = Article(
    "a1", "/data/news.txt", "عنوان الخبر", "الدار", "2021-06-11", "ar", ARABIC, (Span(0, 11),)
)
CITATION = Citation(
    1, "a1", ARTICLE.title, ARTICLE.source, "ar", START, START + len(QUOTE), QUOTE,
    "The minister asked for help.", ARTICLE.outlet, ARTICLE.date,
)  # fmt: skip
HOSTILE = (
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "![x](http://evil.invalid/x.png)",
    "[press](javascript:alert(1))",
    "<javascript:alert(1)>",
    "http://evil.invalid www.evil.invalid",
    "$$\\href{javascript:alert(1)}{x}$$",
    "```mermaid\ngraph TD\n```",
    "one\n\n# heading\n\n<b>two</b>",
    '" onmouseover="alert(1)',
    "&lt;b&gt; & &#60;",
    "| a | b |\n|---|---|\n~~struck~~ **bold** _it_",
)


def answered(*sentences: Sentence, citations: tuple[Citation, ...] = (CITATION,)) -> Exchange:
    answer = Answer("What?", sentences, citations, MODELS, {})
    return replace(
        Exchange("What?", id="e1"), answer=answer, sentences=sentences, citations=citations,
        status="",
    )  # fmt: skip


def text_of(rendered: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", rendered))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_escaped_text_has_no_character_that_markup_is_made_of(hostile: str) -> None:
    escaped = escape(hostile)
    assert not set(re.sub(r"&#\d+;", "", escaped)) & set("<>\"'&!*[]()_`#|~$:./\\\n\t-")
    assert html.unescape(escaped) == hostile


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_stays_text_wherever_it_is_shown(hostile: str) -> None:
    citation = replace(
        CITATION, title=hostile, outlet=hostile, date=hostile, source=hostile, quote=hostile,
        translation=hostile, language=hostile,
    )  # fmt: skip
    sentence = Sentence(hostile, (1,), "unsupported", reasons=(hostile,), reported_by=(hostile,))
    exchange = replace(
        answered(sentence, citations=(citation,)), question=hostile, writing=hostile,
        understood=hostile,
    )  # fmt: skip
    figures = (GivenFigure(hostile, 1, "a1", hostile),)
    assert exchange.answer is not None
    told = replace(exchange.answer, disagreements=(Disagreement(hostile, figures),))
    exchange = replace(exchange, answer=told)
    article = replace(ARTICLE, title=hostile, outlet=hostile, language=hostile, text=hostile)
    shown = (
        render_question(hostile),
        render_exchange(exchange),
        render_sources(exchange, {"a1": article}),
        render_article(article),
    )
    for rendered in shown:
        assert "evil.invalid" not in rendered
        assert not re.search(r"<(?:script|img|b|javascript)\b|\son\w+=|javascript:", rendered)
        for block in rendered.split("\n\n"):
            assert block.startswith("<") and "\n" not in block


def test_control_characters_are_dropped() -> None:
    assert escape("a\x00b\x1bc") == "abc"


@pytest.mark.parametrize(
    ("language", "expected"),
    [("ar", "rtl"), ("fa", "rtl"), ("he", "rtl"), ("en", "auto"), ("und", "auto")],
)
def test_direction_is_known_or_left_to_the_text(language: str, expected: str) -> None:
    assert direction(language) == expected


def test_language_names() -> None:
    assert language_name("ar") == "Arabic"
    assert language_name("und") == "unknown language"
    assert language_name("xx") == "xx"


def test_an_arabic_source_is_right_to_left_with_exactly_the_quote_marked() -> None:
    rendered = render_sources(answered(Sentence("It asked.", (1,), "supported")), {"a1": ARTICLE})
    original = re.search(r'<p class="mj-original" dir="rtl" lang="ar">(.*?)</p>', rendered)
    assert original
    assert html.unescape(re.findall(r"<mark>(.*?)</mark>", original[1])[0]) == QUOTE
    assert text_of(original[1]) == ARABIC
    assert "The minister asked for help" in rendered
    assert "Arabic original" in rendered and "2021&#45;06&#45;11" in rendered


def test_a_quote_that_its_article_no_longer_has_is_shown_alone() -> None:
    changed = replace(ARTICLE, text="x" + ARABIC)
    for articles in ({}, {"a1": changed}):
        rendered = render_sources(answered(Sentence("It asked.", (1,))), articles)
        original = re.search(r'lang="ar">([^<]*)<mark>(.*?)</mark>([^<]*)</p>', rendered)
        assert original and html.unescape(original[2]) == QUOTE
        assert not original[1] and not original[3]


def test_what_cannot_be_translated_says_so_and_english_is_not_repeated() -> None:
    german = replace(CITATION, language="de", translation=None)
    exchange = answered(Sentence("It asked.", (1,)), citations=(german,))
    assert "can’t read German" in text_of(render_sources(exchange, {}))
    english = replace(CITATION, language="en", quote="It asked.", translation="It asked.")
    exchange = answered(Sentence("It asked.", (1,)), citations=(english,))
    assert text_of(render_sources(exchange, {})).count("It asked.") == 1


def test_an_excerpt_is_cut_at_words() -> None:
    before, after = "قبل " * 400, " بعد" * 400
    found = excerpt(before + QUOTE + after, len(before), len(before) + len(QUOTE))
    assert found.quote == QUOTE
    assert found.before.startswith("… قبل") and len(found.before) <= CONTEXT + 2
    assert found.after.endswith("بعد …") and len(found.after) <= CONTEXT + 2


def test_chips_open_their_own_answers_passages() -> None:
    sentences = (Sentence("One.", (1,)), Sentence("Two.", (1,)))
    first, second = answered(*sentences), replace(answered(*sentences), id="e2")
    chips = re.findall(r'id="(mj-k-[^"]+)" href="#([^"]+)"', render_exchange(first))
    assert [target for _, target in chips] == ["mj-c-e1-1", "mj-c-e1-1"]
    assert len({identity for identity, _ in chips}) == 2
    for exchange in (first, second):
        target = f'id="mj-c-{exchange.id}-1"'
        assert target in render_sources(exchange, {})
        assert f'href="#mj-c-{exchange.id}-1"' in render_exchange(exchange)


@pytest.mark.parametrize(
    ("support", "label"),
    [
        ("partial", "check: partly supported"),
        ("unsupported", "check: unsupported"),
        ("unchecked", "not checked"),
    ],
)
def test_a_doubtful_sentence_says_so_and_why(support: Support, label: str) -> None:
    sentence = Sentence("One.", (1,), support, reasons=("the source doesn't name Ann",))
    rendered = render_exchange(answered(sentence))
    assert re.search(rf"<summary title=[^>]+>{label}</summary>", rendered)
    assert "the source doesn't name Ann" in text_of(rendered)


def test_a_supported_sentence_carries_no_badge() -> None:
    assert "<details" not in render_exchange(answered(Sentence("One.", (1,), "supported")))


def test_a_refusal_gives_its_reason_and_the_nearest_passages() -> None:
    answer = Answer("What?", (), (CITATION,), MODELS, {}, refused=True, reason="Nobody says.")
    exchange = replace(Exchange("What?", id="e1"), answer=answer, citations=(CITATION,), status="")
    rendered = render_exchange(exchange)
    assert "No answer. Nobody says." in text_of(rendered)
    assert 'href="#mj-c-e1-1"' in rendered
    assert "which don’t answer" in render_sources(exchange, {"a1": ARTICLE})


def test_an_article_of_the_list_has_its_own_direction() -> None:
    rendered = render_article(ARTICLE)
    assert '<h4 dir="rtl" lang="ar">' in rendered
    assert text_of(rendered).endswith("الدار · 2021-06-11 · Arabic")


def test_sources_are_named_without_their_folders() -> None:
    assert file_name("/home/someone/news/a.csv#3") == "a.csv#3"
    assert file_name("https://example.org/a/b") == "https://example.org/a/b"


def test_what_was_left_out_is_told() -> None:
    exchange = answered(Sentence("It happened.", (1,)))
    assert "Left out" not in render_exchange(exchange)
    assert exchange.answer is not None
    shorter = replace(exchange, answer=replace(exchange.answer, dropped_sentences=2))
    assert "Left out: 2 sentences that the passages don't carry." in text_of(
        render_exchange(shorter)
    )


def test_a_digest_shows_who_reports_and_where_they_differ() -> None:
    sentence = Sentence(
        "Twelve died.", (1,), "supported", reasons=("another article gives 15",),
        reported_by=("Atlas, 10 March 2024", "Post"),
    )  # fmt: skip
    figures = (GivenFigure("12", 1, "a1", "Atlas"), GivenFigure("15", 2, "a2", None))
    exchange = answered(sentence)
    assert exchange.answer is not None
    answer = replace(
        exchange.answer,
        disagreements=(Disagreement("people killed", figures),),
        coverage=Coverage(3, 7, "articles"),
    )
    rendered = render_exchange(replace(exchange, answer=answer))
    shown = text_of(rendered)
    assert "Atlas, 10 March 2024; Post: Twelve died." in shown
    assert "another article differs" in shown and "another article gives 15" in shown
    assert "disagree on a figure (people killed): 12 Atlas Source 1, 15  Source 2" in shown
    assert "Covers 3 of the 7 articles found; 4 left out." in shown
    assert 'href="#mj-c-e1-2"' in rendered


def test_a_follow_up_shows_what_it_was_taken_for() -> None:
    exchange = replace(answered(Sentence("It did.", (1,))), understood="What did Algeria ask?")
    assert text_of(render_exchange(exchange)).startswith("Understood as: What did Algeria ask?")
