from __future__ import annotations

from dataclasses import replace

from assistant.answers import (
    Answer,
    Answered,
    Citation,
    Models,
    Progressed,
    Retrieved,
    Sentence,
    SentenceDone,
    SentenceStarted,
    TextDelta,
)
from assistant.conversation import Conversation, Exchange

CITATION = Citation(1, "a1", "Title", "source", "ar", 0, 5, "quote", None)
SENTENCE = Sentence("It asked.", (1,))
ANSWER = Answer("What?", (SENTENCE,), (CITATION,), Models("w", "t", "e"), {})


def test_an_exchange_follows_its_events() -> None:
    exchange = Exchange("What?")
    seen = []
    for event in (
        Retrieved(()),
        SentenceStarted(0),
        TextDelta(0, "It "),
        TextDelta(0, "asked."),
        SentenceDone(0, SENTENCE, (CITATION,)),
        Progressed("translating the sources", 1, 2),
        Answered(ANSWER),
    ):
        exchange = exchange.after(event)
        seen.append((exchange.status, exchange.writing, len(exchange.sentences), exchange.ended))
    assert seen == [
        ("Reading 0 passages…", "", 0, False),
        ("Writing sentence 1…", "", 0, False),
        ("Writing sentence 1…", "It ", 0, False),
        ("Writing sentence 1…", "It asked.", 0, False),
        ("Writing sentence 1…", "", 1, False),
        ("Translating the sources: 1 of 2", "", 1, False),
        ("", "", 1, True),
    ]


def test_what_was_stopped_is_not_changed_by_what_comes_late() -> None:
    conversation, exchange = Conversation(), Exchange("What?")
    conversation.begin(exchange)
    written = exchange.after(SentenceDone(0, SENTENCE, (CITATION,))).after(TextDelta(1, "Half a"))
    assert conversation.advance(written)
    conversation.stop()
    assert not conversation.busy
    assert not conversation.advance(written.after(Answered(ANSWER)))
    (kept,) = conversation.exchanges
    assert kept.stopped and kept.sentences == (SENTENCE,) and not kept.writing


def test_beginning_another_stops_the_one_before() -> None:
    conversation = Conversation()
    conversation.begin(Exchange("One?"))
    conversation.begin(Exchange("Two?"))
    assert [e.stopped for e in conversation.exchanges] == [True, False]
    assert len({e.id for e in conversation.exchanges}) == 2


def test_only_what_was_answered_is_history() -> None:
    conversation, exchange = Conversation(), Exchange("What?")
    conversation.begin(exchange)
    conversation.advance(exchange.after(Answered(ANSWER)))
    conversation.begin(Exchange("And then?"))
    assert [(t.question, t.answer) for t in conversation.turns()] == [("What?", "It asked. [1]")]


def test_a_refusals_reason_is_history() -> None:
    refusal = replace(ANSWER, sentences=(), refused=True, reason="Nobody says.")
    conversation, exchange = Conversation(), Exchange("What?")
    conversation.begin(exchange)
    conversation.advance(exchange.after(Answered(refusal)))
    assert conversation.turns()[0].answer == "Nobody says."
