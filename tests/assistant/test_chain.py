from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from assistant.answers import (
    Answered,
    Checks,
    Models,
    Progressed,
    Refused,
    Retrieved,
    SentenceDone,
    SentenceStarted,
    TextDelta,
)
from assistant.chain import NOTHING_FOUND, Query, build_chain
from assistant.citations import CitedSpan
from assistant.translation.memory import RememberingTranslator, TranslationMemory
from assistant.verification import Verdict, Verifier
from assistant.writers.writer import Draft, Dropped, NoAnswer, Started, Text, Written
from tests.fakes import RecordingTranslator
from vectorstore.articles import Article, Hit, Passage, Span

ARTICLE = Article(
    "id", "f.txt", "T", None, None, "ar", "نص أول. نص ثان.", (Span(0, 7), Span(8, 15))
)
HITS = [Hit(Passage("p", "id", 0, 0, 15, ARTICLE.text, ARTICLE.sentences), ARTICLE, 1.0)]
FIRST, SECOND = (CitedSpan(ARTICLE, span) for span in ARTICLE.sentences)
MODELS = Models("writer", "translator", "embedder", {"answer": "0" * 64})


@pytest.fixture
def translator(tmp_path: Path) -> RememberingTranslator:
    return RememberingTranslator(RecordingTranslator(), TranslationMemory(tmp_path / "t.db"))


def writing(*written: Written):  # noqa: ANN201
    def write(query: Query, hits: Sequence[Hit]) -> Iterator[Written]:
        return iter(written)

    return write


def test_events_come_in_order_and_end_in_the_answer(translator: RememberingTranslator) -> None:
    write = writing(
        Started(),
        Text("First "),
        Text("text."),
        Draft("First text.", (FIRST,), translated=True),
        Started(),
        Draft("Second.", (SECOND, FIRST), dropped=2),
    )
    chain = build_chain(lambda q: HITS, write, translator, Verifier(), MODELS)
    events = list(chain.stream(Query("question", "question")))
    kinds = [type(event) for event in events]
    assert kinds[:5] == [Retrieved, SentenceStarted, TextDelta, TextDelta, SentenceDone]
    assert kinds[-1] is Answered
    assert Progressed in kinds
    assert isinstance(events[-1], Answered)
    answer = events[-1].answer
    assert answer.text == "First text. [1] Second. [2][1]"
    assert answer.dropped_citations == 2
    assert [c.translation for c in answer.citations] == ["First text.", "<نص ثان.>"]
    assert answer.to_dict() | {"timings_ms": 0} == chain.invoke(
        Query("question", "question")
    ).answer.to_dict() | {"timings_ms": 0}


def test_without_passages_nothing_is_written(translator: RememberingTranslator) -> None:
    def never(query: Query, hits: Sequence[Hit]) -> Iterator[Written]:
        raise AssertionError("the writer was called")

    answer = (
        build_chain(lambda q: [], never, translator, Verifier(), MODELS)
        .invoke(Query("q", "q"))
        .answer
    )
    assert (answer.refused, answer.reason, answer.sentences) == (True, NOTHING_FOUND, ())


def test_a_refusal_shows_the_nearest_passages(translator: RememberingTranslator) -> None:
    chain = build_chain(
        lambda q: HITS, writing(NoAnswer("why", (FIRST,))), translator, Verifier(), MODELS
    )
    *before, _, _, last = chain.stream(Query("q", "q"))
    assert Refused("why") in before, "the reason comes before the nearest are translated"
    answer = last.answer
    assert (answer.refused, answer.reason, answer.text) == (True, "why", "")
    assert [c.quote for c in answer.citations] == ["نص أول."]
    assert answer.citations[0].translation == "<نص أول.>"


def test_dropped_sentences_are_counted(translator: RememberingTranslator) -> None:
    written = (Dropped(2), Draft("First.", (FIRST,)), Dropped())
    chain = build_chain(lambda q: HITS, writing(*written), translator, Verifier(), MODELS)
    answer = chain.invoke(Query("q", "q")).answer
    assert (answer.text, answer.refused) == ("First. [1]", False)
    assert (answer.dropped_sentences, answer.dropped_citations) == (2, 2)


def test_a_writer_s_own_verdict_stands(translator: RememberingTranslator) -> None:
    verdict = Verdict("partial", Checks(), ("it isn't sure",))
    draft = Draft("First.", (FIRST,), verdict=verdict)
    chain = build_chain(lambda q: HITS, writing(draft), translator, Verifier(), MODELS)
    sentence = chain.invoke(Query("q", "q")).answer.sentences[0]
    assert (sentence.support, sentence.reasons) == ("partial", ("it isn't sure",))


def test_a_writer_s_failure_is_no_answer(translator: RememberingTranslator) -> None:
    def failing(query: Query, hits: Sequence[Hit]) -> Iterator[Written]:
        yield Started()
        raise ValueError("broken")

    chain = build_chain(lambda q: HITS, failing, translator, Verifier(), MODELS)
    with pytest.raises(ValueError, match="broken"):
        chain.invoke(Query("q", "q"))
