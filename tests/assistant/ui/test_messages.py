from __future__ import annotations

import re
from dataclasses import replace
from typing import get_args

import pytest

from assistant.answers import (
    UNSURE,
    Answer,
    Answered,
    Coverage,
    Disagreement,
    GivenFigure,
    Progressed,
    Refused,
    Sentence,
    Support,
)
from assistant.conversation import Doing, Exchange, Step
from assistant.conversation_store import Rating, Verdict
from assistant.translation.base_model import MODEL
from assistant.ui.messages import (
    render_exchange,
    render_head,
    render_question,
    render_suggestions,
)
from assistant.ui.sources import render_sources
from assistant.ui.words import PageLanguage, words
from tests.assistant.ui.material import (
    ARTICLE,
    CITATION,
    HOSTILE,
    MODELS,
    TIMINGS,
    answered,
    assert_harmless,
    text_of,
)

ENGLISH = words("en")


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_stays_text_wherever_it_is_shown(hostile: str, language: PageLanguage) -> None:
    texts = words(language)
    sentence = Sentence(hostile, (1,), "unsupported", reasons=(hostile,), reported_by=(hostile,))
    exchange = replace(
        answered(sentence), question=hostile, writing=hostile, understood=hostile, doing=None
    )
    figures = (GivenFigure(hostile, 1, "a1", hostile),)
    assert exchange.answer is not None
    answer = replace(
        exchange.answer,
        disagreements=(Disagreement(hostile, figures),),
        models=replace(MODELS, writer=hostile),
    )
    refused = replace(answer, sentences=(), refused=True, reason=hostile)
    for rendered in (
        render_question(exchange, texts),
        render_exchange(replace(exchange, answer=answer), texts),
        render_exchange(replace(exchange, answer=refused, sentences=()), texts),
        render_head("c1", hostile, texts),
        render_suggestions("e1", ((hostile, "a1"),), texts),
    ):
        assert text_of(rendered)
        assert_harmless(rendered)


def test_a_question_can_be_edited() -> None:
    rendered = render_question(Exchange("ماذا طلبت؟", id="e1"), ENGLISH)
    assert rendered.startswith('<div class="mj-question" dir="auto">')
    assert 'id="mj-u-e1"' in rendered and "mj-edit" in rendered
    assert "mj-edit" in render_question(Exchange("Digest", topic=""), ENGLISH)


def test_an_articles_title_is_nothing_to_edit() -> None:
    assert "mj-edit" not in render_question(Exchange("Summarize: ليبيا", "a1"), ENGLISH)


def test_chips_open_their_own_answers_passages() -> None:
    sentences = (Sentence("One.", (1,)), Sentence("Two.", (1,)))
    first, second = answered(*sentences), replace(answered(*sentences), id="e2")
    rendered = render_exchange(first, ENGLISH)
    chips = re.findall(r'id="(mj-k-[^"]+)" href="#([^"]+)"', rendered)
    assert [target for _, target in chips] == ["mj-c-e1-1", "mj-c-e1-1"]
    assert len({identity for identity, _ in chips}) == 2
    for exchange in (first, second):
        target = f'id="mj-c-{exchange.id}-1"'
        assert target in render_sources(exchange, {}, ENGLISH)
        assert f'href="#mj-c-{exchange.id}-1"' in render_exchange(exchange, ENGLISH)


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
    rendered = render_exchange(answered(sentence), ENGLISH)
    assert re.search(rf"<summary title=[^>]+>{re.sub(':', '&#58;', label)}</summary>", rendered)
    assert "the source doesn't name Ann" in text_of(rendered)


@pytest.mark.parametrize("support", ["supported", "partial", "unsupported", "unchecked"])
def test_what_the_source_contradicts_is_told_at_once(support: Support) -> None:
    sentence = Sentence("Ten million.", (1,), support, reasons=("the source doesn't have 10",))
    rendered = render_exchange(answered(sentence), ENGLISH)
    assert ("<details" in rendered and " open>" in rendered) == (support == "unsupported")


def test_what_follows_a_bundled_answer_s_first_sentence_is_told_to_be_only_near() -> None:
    first, second, third = (Sentence(text, (1,)) for text in ("One.", "Two.", "Three."))
    exchange = answered(first, second, third)
    assert exchange.answer is not None
    for writer, told in ((f"extractive+{MODEL}+x", 1), ("openai:some-model", 0)):
        models = replace(MODELS, writer=writer)
        asked = replace(exchange, answer=replace(exchange.answer, models=models))
        shown = text_of(render_exchange(asked, ENGLISH))
        assert shown.count("Next nearest in the articles:") == told
        if told:
            assert shown.index("One.") < shown.index("Next nearest") < shown.index("Two.")
            arabic = render_exchange(asked, words("ar"))  # a block's own direction is its English's
            assert '<span class="mj-note mj-next" dir="rtl">' in arabic
            summary = text_of(render_exchange(replace(asked, article_id="a1"), ENGLISH))
            assert "Next nearest" not in summary


@pytest.mark.parametrize(("language", "about"), [("en", "people killed"), ("ar", "عدد القتلى")])
def test_what_is_counted_is_told_in_the_page_s_language(language: PageLanguage, about: str) -> None:
    found = tuple(Disagreement(counted, ()) for counted in ("people killed", "حصان"))
    exchange = answered(Sentence("One.", (1,)))
    assert exchange.answer is not None
    exchange = replace(exchange, answer=replace(exchange.answer, disagreements=found))
    shown = text_of(render_exchange(exchange, words(language)))
    assert f"({about})" in shown and "(حصان)" in shown


def test_the_translator_s_doubt_alone_is_told_from_a_fault() -> None:
    doubted = Sentence("One.", (1,), "partial", reasons=(UNSURE,))
    faulty = replace(doubted, reasons=("the source's 12 is missing", UNSURE))
    shown = [text_of(render_exchange(answered(s), ENGLISH)) for s in (doubted, faulty)]
    assert "check: translator unsure" in shown[0] and "partly" not in shown[0]
    assert "check: partly supported" in shown[1]


def test_an_unchecked_sentence_without_reasons_says_why() -> None:
    rendered = render_exchange(answered(Sentence("One.", (1,))), ENGLISH)
    assert "nothing in it could be compared with its source" in text_of(rendered)


def test_a_supported_sentence_says_so_and_opens_nothing() -> None:
    rendered = render_exchange(answered(Sentence("One.", (1,), "supported")), ENGLISH)
    assert "✓ no fault found" in text_of(rendered)
    assert "<details" not in rendered.partition("mj-acts")[0]


def test_a_refusal_gives_its_reason_and_the_nearest_passages() -> None:
    answer = Answer("What?", (), (CITATION,), MODELS, TIMINGS, refused=True, reason="Nobody says.")
    exchange = replace(Exchange("What?", id="e1"), answer=answer, citations=(CITATION,), doing=None)
    rendered = render_exchange(exchange, ENGLISH)
    assert "No answer. Nobody says." in text_of(rendered)
    assert 'href="#mj-c-e1-1"' in rendered
    assert "which don’t answer" in text_of(render_sources(exchange, {"a1": ARTICLE}, ENGLISH))


def test_a_refusal_is_told_while_what_comes_nearest_is_translated() -> None:
    exchange = Exchange("What?").after(Refused("Nobody says."))
    exchange = exchange.after(Progressed("translating_nearest", 1, 3))
    told = text_of(render_exchange(exchange, ENGLISH))
    assert "No answer. Nobody says." in told and "Translating the nearest passages: 1 of 3" in told
    answer = Answer("What?", (), (CITATION,), MODELS, TIMINGS, refused=True, reason="Nobody says.")
    told = text_of(render_exchange(exchange.after(Answered(answer)), ENGLISH))
    assert told.count("Nobody says.") == 1 and "Translating" not in told


def test_a_refusal_without_a_reason_has_one() -> None:
    answer = Answer("What?", (), (), MODELS, TIMINGS, refused=True)
    rendered = render_exchange(replace(Exchange("What?"), answer=answer, doing=None), ENGLISH)
    assert "The passages carry no answer." in text_of(rendered)
    assert "mj-nearest" not in rendered


def test_what_was_left_out_is_told() -> None:
    exchange = answered(Sentence("It happened.", (1,)))
    assert "Left out" not in render_exchange(exchange, ENGLISH)
    assert exchange.answer is not None
    shorter = replace(exchange, answer=replace(exchange.answer, dropped_sentences=2))
    assert "Left out: 2 sentences that the passages don't carry." in text_of(
        render_exchange(shorter, ENGLISH)
    )


def test_a_digest_shows_who_reports_and_where_they_differ() -> None:
    sentence = Sentence(
        "Twelve died.", (1,), "supported", reasons=("another article gives 15",),
        reported_by=("Atlas, 10 March 2024", "Post"),
    )  # fmt: skip
    figures = (GivenFigure("12", 1, "a1", "Atlas"), GivenFigure("15", 2, "a2", None, "at least"))
    atlas = replace(CITATION, outlet="Atlas", date=None)
    exchange = replace(answered(sentence), citations=(atlas, replace(CITATION, n=2, outlet=None)))
    assert exchange.answer is not None
    answer = replace(
        exchange.answer,
        disagreements=(Disagreement("people killed", figures),),
        coverage=Coverage(3, 7, "articles"),
    )
    rendered = render_exchange(replace(exchange, answer=answer), ENGLISH)
    shown = text_of(rendered)
    assert "Atlas, 10 March 2024; Post: Twelve died." in shown
    assert "another article differs" in shown and "another article gives 15" in shown
    assert "disagree on a figure (people killed):" in shown and "12 (Atlas) Source 1" in shown
    assert "at least 15 (عنوان الخبر · 2021-06-11) Source 2" in shown
    assert "Next nearest" not in shown
    assert "Draws on 3 of the 7 articles found; 4 left out." in shown
    assert 'href="#mj-c-e1-2"' in rendered
    whole = replace(answer, coverage=Coverage(7, 7, "articles"))
    shown = text_of(render_exchange(replace(exchange, answer=whole), ENGLISH))
    assert "Draws on all articles found: 7." in shown


def test_who_has_no_outlet_goes_by_the_english_title_with_the_original_to_point_at() -> None:
    sentence = Sentence(
        "Twelve died.", (1,), reported_by=("عنوان الخبر, 10 March 2024", "الدار"),
    )  # fmt: skip
    rendered = render_exchange(answered(sentence), ENGLISH, titles={"عنوان الخبر": "Twelve <die>"})
    assert "Twelve <die> (by machine), 10 March 2024; الدار: Twelve died." in text_of(rendered)
    assert 'title="عنوان الخبر · by machine"' in rendered


def test_who_reports_several_sentences_is_told_once() -> None:
    atlas, post = ("Atlas, 10 March 2024",), ("Post",)
    told = [
        Sentence(f"Sentence {n}.", (1,), reported_by=by)
        for n, by in enumerate((atlas, atlas, post, atlas))
    ]
    html = render_exchange(Exchange("Q", sentences=tuple(told)), words("en"))
    assert re.findall(r'mj-lead" dir="ltr"><bdi dir="auto">(\w+)', html) == [
        "Atlas",
        "Post",
        "Atlas",
    ]


def test_a_follow_up_shows_what_it_was_taken_for() -> None:
    exchange = replace(answered(Sentence("It did.", (1,))), understood="What did Algeria ask?")
    shown = text_of(render_exchange(exchange, ENGLISH))
    assert shown.startswith("Understood as: What did Algeria ask?")


def test_a_growing_answer_says_what_is_done_and_offers_nothing_yet() -> None:
    exchange = replace(
        answered(Sentence("One.", (1,))),
        answer=None,
        writing="Half a",
        doing=Doing("writing", 2),
    )
    rendered = render_exchange(exchange, ENGLISH)
    assert "Half a" in rendered and "Writing sentence 2…" in text_of(rendered)
    assert "mj-acts" not in rendered


@pytest.mark.parametrize("step", [s for part in get_args(Step) for s in get_args(part) or (part,)])
def test_the_page_says_in_its_own_language_what_is_done(step: Step) -> None:
    exchange = replace(Exchange("What?"), doing=Doing(step, 2, 1234))
    english = text_of(render_exchange(exchange, ENGLISH))
    arabic = text_of(render_exchange(exchange, words("ar")))
    assert english and english[0].isupper()
    assert not re.search("[A-Za-z]", arabic)
    assert re.findall(r"[\d,]+", arabic) == re.findall(r"[\d,]+", english)


def test_blocks_keep_their_place_while_an_answer_grows() -> None:
    first = Sentence("One.", (1,), "supported")
    shorter = replace(answered(first), answer=None)
    longer = replace(answered(first, Sentence("Two.", (1,))), answer=None)
    (kept,) = render_exchange(shorter, ENGLISH).split("\n\n")
    assert render_exchange(longer, ENGLISH).split("\n\n")[0] == kept


@pytest.mark.parametrize(
    ("ended", "told"),
    [
        ("stopped", "Stopped before the end. "),
        ("interrupted", "Interrupted before the end: "),
    ],
)
def test_an_answer_that_was_cut_off_says_so_and_can_be_tried_again(ended: str, told: str) -> None:
    exchange = replace(answered(Sentence("One.", (1,))), answer=None, **{ended: True})
    rendered = render_exchange(exchange, ENGLISH)
    assert told in text_of(rendered) and "One." in text_of(rendered)
    assert "mj-retry" in rendered and "mj-sources" in rendered
    assert "mj-right" not in rendered, "there is no answer to judge"


@pytest.mark.parametrize("rated", [None, "right", "wrong"])
def test_an_answer_can_be_judged_once(rated: Verdict | None) -> None:
    rating = Rating(rated, "<b>The</b> year", "2026-11-28T12:00:00Z") if rated else None
    rendered = render_exchange(answered(Sentence("One.", (1,))), ENGLISH, rating)
    assert ("Noted: <b>The</b> year" in text_of(rendered)) == bool(rated)
    chosen = re.findall(r'class="mj-do mj-(\w+) mj-chosen"', rendered)
    assert chosen == ([rated] if rated else [])
    assert "mj-do mj-right" in rendered and "mj-do mj-wrong" in rendered


def test_an_answer_says_how_it_was_made() -> None:
    shown = text_of(render_exchange(answered(Sentence("One.", (1,))), ENGLISH))
    assert "found in 0.1 s, written in 2.5 s, checked in 0.0 s · writer" in shown


def test_what_cites_nothing_has_no_sources_to_open() -> None:
    bare = answered(Sentence("One.", ()), citations=())
    assert "mj-sources" not in render_exchange(bare, ENGLISH)


def test_a_conversation_can_be_exported_in_each_format() -> None:
    rendered = render_head("c1", "What?", ENGLISH)
    links = re.findall(r'href="/mujaz/conversations/c1/export\?format=(\w+)"', rendered)
    assert sorted(links) == ["docx", "html", "json", "md"]
    assert render_head("c1", "", ENGLISH) == ""


def test_suggestions_are_buttons_or_nothing() -> None:
    rendered = render_suggestions("e1", (("Who?", "a1"), ("Where?", "a2")), ENGLISH)
    assert len(rendered.splitlines()) == 1 and rendered.count("<button") == 2
    assert render_suggestions("e1", (), ENGLISH) == ""


def test_the_arabic_page_speaks_arabic_around_the_english_answer() -> None:
    rendered = render_exchange(answered(Sentence("One.", (1,), "supported")), words("ar"))
    assert (
        "لم يوجد فيها خطأ" in text_of(rendered)
        and "أعد المحاولة" in rendered
        and "One." in text_of(rendered)
    )
    assert "retry" not in text_of(rendered).lower()
