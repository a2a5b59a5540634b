"""The one path of a question, as a LangChain runnable: retrieve, write, resolve, verify.

`chain.stream(question)` yields the events as they happen, `chain.invoke(question)` returns the
last of them, which holds the answer; `batch` and the asynchronous forms come from LangChain.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from langchain_core.runnables import Runnable, RunnableGenerator, RunnableLambda

from assistant.answers import (
    Answer,
    Answered,
    Coverage,
    Disagreement,
    Event,
    Models,
    Progressed,
    Refused,
    Retrieved,
    Sentence,
    SentenceDone,
    SentenceStarted,
    Stage,
    TextDelta,
    Understood,
)
from assistant.citations import CitedSpan, Numbering
from assistant.digest import explain, reporters
from assistant.translation.memory import RememberingTranslator
from assistant.translation.translator import Source
from assistant.verification import Verifier
from assistant.writers.writer import Draft, Dropped, NoAnswer, Started, Text, Written
from vectorstore.articles import Hit

NOTHING_FOUND = "No article matches. Load articles first, or ask about something else."


@dataclass(frozen=True, slots=True)
class Query:
    """A question on its way: as it was asked, as it is searched, and in which articles.

    `understood` is what a follow-up was taken for, for the reader to see.
    """

    text: str
    standalone: str
    article_ids: tuple[str, ...] | None = None
    understood: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A query with the passages that were found for it, and how long that took."""

    query: Query
    hits: tuple[Hit, ...]
    retrieve_ms: int


@dataclass(frozen=True, slots=True)
class Review:
    """What looking back on the spans that an answer cites shows.

    `dissenting` are spans that contradict those: they're cited by the numbers that follow, for
    a disagreement to point at, and no sentence stands on them.
    """

    coverage: Coverage | None = None
    disagreements: tuple[Disagreement, ...] = ()
    dissenting: tuple[CitedSpan, ...] = ()


Reviewer = Callable[[Sequence[Hit], Sequence[CitedSpan]], Review]


def build_chain(
    search: Callable[[Query], Sequence[Hit]],
    write: Callable[[Query, Sequence[Hit]], Iterator[Written]],
    translator: RememberingTranslator,
    verifier: Verifier,
    models: Models,
    review: Reviewer = lambda hits, cited: Review(),
    attributed: bool = False,
) -> Runnable[Query, Event]:
    """Return the chain for one way of searching and one way of writing.

    Args:
        search: finds the passages.
        write: writes from them.
        translator: translates the quotes that no sentence is the translation of.
        verifier: checks what was written against what it cites.
        models: what the answer names as its makers.
        review: looks back on the passages found and the spans cited, by their numbers.
        attributed: whether each sentence says who reports it.
    """

    def retrieve(query: Query) -> Found:
        began = time.perf_counter()
        hits = tuple(search(query))
        return Found(query, hits, _milliseconds(began))

    def compose(found: Iterable[Found]) -> Iterator[Event]:
        for each in found:
            if each.query.understood:
                yield Understood(each.query.understood)
            yield Retrieved(each.hits)
            composition = Composition(each, translator, verifier, models, review, attributed)
            yield from composition.events(write)

    retrieval: Runnable[Query, Found] = RunnableLambda(retrieve)
    composition: Runnable[Any, Event] = RunnableGenerator(compose)
    return retrieval | composition


@dataclass(slots=True)
class Composition:
    """One answer in the making."""

    found: Found
    translator: RememberingTranslator
    verifier: Verifier
    models: Models
    review: Reviewer
    attributed: bool
    numbering: Numbering = field(default_factory=Numbering)
    sentences: list[Sentence] = field(default_factory=list)
    dropped_citations: int = 0
    dropped_sentences: int = 0
    verify_ms: float = 0.0

    def events(self, write: Callable[[Query, Sequence[Hit]], Iterator[Written]]) -> Iterator[Event]:
        """Yield the events of writing an answer; the last is the answer."""
        began = time.perf_counter()
        if not self.found.hits:
            yield self._answered(began, NOTHING_FOUND, Review())
            return
        reason: str | None = None
        for written in write(self.found.query, self.found.hits):
            match written:
                case Started(spans):
                    yield SentenceStarted(len(self.sentences), self._reporters(spans))
                case Text(text):
                    yield TextDelta(len(self.sentences), text)
                case Draft():
                    yield self._done(written)
                case Dropped(citations):
                    self.dropped_sentences += 1
                    self.dropped_citations += citations
                case NoAnswer():
                    reason = written.reason
                    self._show(written.nearest)
        if not self.sentences and reason is None:
            reason = "The model wrote nothing."
        if not self.sentences and reason is not None:
            yield Refused(reason)
        reviewed = self._look_back()
        yield from self._translate_citations(
            "translating_sources" if self.sentences else "translating_nearest"
        )
        yield self._answered(began, None if self.sentences else reason, reviewed)

    def _show(self, nearest: Sequence[CitedSpan]) -> None:
        """Cite what comes nearest, where nothing was written that cites anything."""
        if not self.sentences:
            for span in nearest:
                self.numbering.number(span)

    def _done(self, draft: Draft) -> SentenceDone:
        began = time.perf_counter()
        first = draft.spans[0].quote if draft.translated else None
        numbers = tuple(
            self.numbering.number(span, draft.text if span.quote == first else None)
            for span in draft.spans
        )
        verdict = draft.verdict or self.verifier.check_spans(
            draft.text,
            draft.spans[:1] if draft.translated else draft.spans,
            draft.translated,
            draft.confidence,
        )
        sentence = Sentence(
            draft.text,
            numbers,
            verdict.support,
            verdict.checks,
            verdict.reasons,
            self._reporters(draft.spans),
        )
        self.dropped_citations += draft.dropped
        self.sentences.append(sentence)
        self.verify_ms += (time.perf_counter() - began) * 1000
        citations = tuple(self.numbering.citations[n - 1] for n in numbers)
        return SentenceDone(len(self.sentences) - 1, sentence, citations)

    def _reporters(self, spans: Sequence[CitedSpan]) -> tuple[str, ...]:
        return reporters(spans) if self.attributed else ()

    def _translate_citations(self, stage: Stage) -> Iterator[Event]:
        """Translate the quotes that no sentence is the translation of."""
        waiting: list[tuple[int, Source]] = []
        for n, source in self.numbering.untranslated():
            if source.language == "en":
                self.numbering.translate(n, source.text)
            elif self.translator.can_translate(source.language):
                waiting.append((n, source))
        if waiting:
            yield Progressed(stage, 0, len(waiting))
        for piece in self.translator.stream([source for _, source in waiting]):
            if piece.done is not None:
                self.numbering.translate(waiting[piece.index][0], piece.done.text)
                yield Progressed(stage, piece.index + 1, len(waiting))

    def _look_back(self) -> Review:
        if not self.sentences:
            return Review()
        began = time.perf_counter()
        reviewed = self.review(self.found.hits, self.numbering.spans)
        for span in reviewed.dissenting:
            self.numbering.number(span)
        self.verify_ms += (time.perf_counter() - began) * 1000
        return reviewed

    def _answered(self, began: float, reason: str | None, reviewed: Review) -> Answered:
        verify = round(self.verify_ms)
        return Answered(
            Answer(
                question=self.found.query.text,
                sentences=tuple(
                    replace(s, reasons=s.reasons + explain(s, reviewed.disagreements))
                    for s in self.sentences
                ),
                citations=tuple(self.numbering.citations),
                models=self.models,
                timings_ms={
                    "retrieve": self.found.retrieve_ms,
                    "write": _milliseconds(began) - verify,
                    "verify": verify,
                },
                refused=reason is not None,
                reason=reason,
                dropped_citations=self.dropped_citations,
                dropped_sentences=self.dropped_sentences,
                standalone=self.found.query.understood,
                coverage=reviewed.coverage,
                disagreements=reviewed.disagreements,
            )
        )


def _milliseconds(since: float) -> int:
    return round((time.perf_counter() - since) * 1000)
