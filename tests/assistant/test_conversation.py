from __future__ import annotations

import copy
import json
import sys
import threading
from dataclasses import replace

import pytest
from hypothesis import given

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
from assistant.conversation import Conversation, Doing, Exchange
from tests.assistant.strategies import EXCHANGES
from vectorstore.articles import Article, Hit, Passage, Span

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
        Progressed("translating_sources", 1, 2),
        Answered(ANSWER),
    ):
        exchange = exchange.after(event)
        seen.append((exchange.doing, exchange.writing, len(exchange.sentences), exchange.ended))
    assert seen == [
        (Doing("reading"), "", 0, False),
        (Doing("writing", 1), "", 0, False),
        (Doing("writing", 1), "It ", 0, False),
        (Doing("writing", 1), "It asked.", 0, False),
        (Doing("writing", 1), "", 1, False),
        (Doing("translating_sources", 1, 2), "", 1, False),
        (None, "", 1, True),
    ]


def test_a_translation_says_how_far_it_is() -> None:
    sentences = (Span(0, 5), Span(6, 11))
    article = Article("a1", "source", "Title", None, None, "ar", "quote quote", sentences)
    whole = Hit(Passage("a1", "a1", 0, 0, 11, article.text, sentences), article, 1.0)
    exchange = Exchange("Translate", "a1", whole=True).after(Retrieved((whole,)))
    assert exchange.after(SentenceStarted(1)).doing == Doing("going_on", 2, 2)


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


@given(EXCHANGES)
def test_an_exchange_comes_back_from_its_json_as_it_was(exchange: Exchange) -> None:
    back = Exchange.from_dict(json.loads(json.dumps(exchange.to_dict())))
    assert back == (exchange if exchange.ended else replace(exchange, interrupted=True))


def test_what_was_being_written_comes_back_interrupted_with_its_whole_sentences() -> None:
    exchange = Exchange("What?").after(SentenceDone(0, SENTENCE, (CITATION,)))
    back = Exchange.from_dict(exchange.after(TextDelta(1, "Half a")).to_dict())
    assert back.interrupted and back.ended and not back.stopped
    assert (back.sentences, back.citations) == ((SENTENCE,), (CITATION,))
    assert (back.writing, back.doing) == ("", None)


@pytest.mark.parametrize(
    ("exchange", "kind"),
    [
        (Exchange("What?"), "ask"),
        (Exchange("Summarize", "a1"), "summarize"),
        (Exchange("Translate", "a1", whole=True), "translate"),
        (Exchange("Digest", topic=""), "digest"),
    ],
)
def test_an_exchange_tells_what_was_asked_for(exchange: Exchange, kind: str) -> None:
    assert exchange.kind == kind


def test_a_conversation_is_called_by_its_first_question_unless_it_has_a_name() -> None:
    assert Conversation().title == ""
    conversation = Conversation([Exchange(f"Who\n asked {'x' * 90}?"), Exchange("Second?")])
    assert conversation.title == f"Who asked {'x' * 69}…"
    conversation.named = " Libya\tand Morocco "
    assert conversation.title == "Libya and Morocco"
    conversation.named = " \n"
    assert conversation.title.startswith("Who asked")


def test_each_conversation_has_an_id_of_its_own() -> None:
    assert len({Conversation().id for _ in range(9)}) == 9
    assert Conversation(id="kept").id == "kept"


def test_a_copy_is_a_conversation_of_its_own() -> None:
    conversation = Conversation([Exchange("What?")], named="Libya")
    copied = copy.deepcopy(conversation)
    assert (copied.exchanges, copied.named) == (conversation.exchanges, "Libya")
    assert copied.id != conversation.id
    copied.stop()
    assert conversation.busy


def test_a_stop_is_never_undone_by_what_is_being_written() -> None:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(300):
            conversation, exchange = Conversation(), Exchange("What?")
            conversation.begin(exchange)

            def write(conversation: Conversation = conversation, at: Exchange = exchange) -> None:
                for _ in range(20):
                    conversation.advance(at := at.after(TextDelta(0, "a")))

            writing = threading.Thread(target=write)
            writing.start()
            conversation.stop()
            writing.join()
            assert conversation.exchanges[0].stopped
    finally:
        sys.setswitchinterval(before)


def test_an_interrupted_exchange_keeps_its_whole_sentences_and_can_be_asked_again() -> None:
    exchange = Exchange("What?", scope=("a1",), length="long").after(SentenceStarted(0))
    exchange = exchange.after(SentenceDone(0, SENTENCE, (CITATION,))).after(TextDelta(1, "It w"))
    cut = exchange.interrupt()
    assert cut.ended and cut.interrupted and not cut.stopped
    assert (cut.sentences, cut.writing, cut.doing) == ((SENTENCE,), "", None)
    again = cut.again()
    assert again.id != cut.id and not again.ended
    assert (again.question, again.scope, again.length) == ("What?", ("a1",), "long")


def test_a_conversation_is_cut_from_an_exchange_on() -> None:
    first, second, third = Exchange("One?"), Exchange("Two?"), Exchange("Three?")
    conversation = Conversation([first, second, third])
    assert conversation.cut(second.id) == (second, third)
    assert conversation.exchanges == (first,)
    assert conversation.cut("gone") == ()
    assert conversation.exchanges == (first,)
