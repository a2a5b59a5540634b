"""What is compared: Mujaz as it is, and simpler or better-informed forms of it.

Each is the same `Assistant` with another search or another writer, so that a row of the table
differs from Mujaz in one thing only.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from assistant.app import App, build_assistant
from assistant.assistant import Assistant
from assistant.citations import CitedSpan
from assistant.translation.memory import RememberingTranslator
from assistant.writers.selection import SUMMARY_LENGTHS
from assistant.writers.writer import Draft, Length, NoAnswer, Started, Text, Written
from evals.cases import Case, Kind, relevant_passages
from vectorstore.arabic import light_stem, tokenize
from vectorstore.articles import Article, Hit
from vectorstore.retriever import Leg, Retriever

MUJAZ = "mujaz"


@dataclass(frozen=True, slots=True)
class System:
    """One row: its name, what it shows, the kinds of case it is for, and its assistant.

    `assistant` returns None for a case that it can't be asked.
    """

    name: str
    about: str
    kinds: tuple[Kind, ...]
    assistant: Callable[[Case], Assistant | None]


def get_systems(app: App, baselines: bool = True) -> list[System]:
    """Return Mujaz, and the baselines unless they are left out."""
    mujaz = System(
        MUJAZ,
        "as the page and the command line run it",
        ("question", "summary", "translation", "search"),
        lambda case: app.assistant,
    )
    return [mujaz, *_baselines(app)] if baselines else [mujaz]


def _baselines(app: App) -> Iterator[System]:
    searched: tuple[Kind, ...] = ("question", "search")

    def searching(name: str, about: str, retriever: Retriever) -> System:
        assistant = build_assistant(app, retriever)
        return System(name, about, searched, lambda case: assistant)

    def legs(*wanted: Leg) -> Retriever:
        return dataclasses.replace(app.retriever, legs=wanted)

    parts = {f.name: getattr(app.retriever, f.name) for f in dataclasses.fields(app.retriever)}
    yield searching("dense", "finds by meaning alone", legs("dense"))
    yield searching("keywords", "finds by words, names and places alone", legs("keywords"))
    yield searching("bm25", "finds by BM25 over the Arabic", BM25Retriever(**parts))
    lead = build_assistant(app, writer=LeadWriter(app.translator, app.settings.sentences))
    yield System(
        "lead", "the first sentences of the best article", ("question", "summary"), lambda c: lead
    )
    yield System(
        "oracle",
        "writes from the passages that carry the answer",
        ("question",),
        lambda case: build_assistant(app, gold_retriever(app, case)) if case.gold_spans else None,
    )
    nothing = build_assistant(app, FixedRetriever(**parts, hits=()))
    yield System("no retrieval", "finds nothing", ("question",), lambda case: nothing)


@dataclass(frozen=True, slots=True)
class BM25Retriever(Retriever):
    """BM25 over the passages' stemmed words: nothing crosses from one language to another."""

    def search(
        self, query: str, limit: int = 6, article_ids: Sequence[str] | None = None
    ) -> list[Hit]:
        """Return the passages that share words with the query, best first."""
        terms = dict.fromkeys(f'"{light_stem(token)}"' for token in tokenize(query))
        if not terms:
            return []
        ids = self.catalog.match(f"stems : ({' OR '.join(terms)})", limit)
        found = self.catalog.passages(ids)
        return [Hit(*found[i], score=1 / rank) for rank, i in enumerate(ids, start=1)]


@dataclass(frozen=True, slots=True)
class FixedRetriever(Retriever):
    """Finds the same passages whatever is asked."""

    hits: tuple[Hit, ...] = ()

    def search(
        self, query: str, limit: int = 6, article_ids: Sequence[str] | None = None
    ) -> list[Hit]:
        """Return the passages, as many as wanted."""
        return list(self.hits[:limit])


def gold_retriever(app: App, case: Case) -> FixedRetriever:
    """Return a search that finds the passages with the case's gold spans, and no others."""
    r = app.retriever
    vector = r.embedder.embed_query(case.text)
    hits = []
    for article_id in dict.fromkeys(span.article_id for span in case.gold_spans):
        article = app.catalog.article(article_id)
        relevant = relevant_passages(case, app.catalog.passages_of(article))
        vectors = r.store.vectors([passage.id for passage in relevant])
        for passage in relevant:
            likeness = float(vectors[passage.id] @ vector)
            hits.append(Hit(passage, article, score=likeness, similarity=likeness))
    hits.sort(key=lambda hit: -hit.score)
    return FixedRetriever(r.catalog, r.store, r.embedder, r.legs, tuple(hits))


class LeadWriter:
    """Translates an article's first sentences: what the press itself puts at the head.

    Args:
        translator: what puts them into English.
        limit: sentences in an answer.
    """

    def __init__(self, translator: RememberingTranslator, limit: int) -> None:
        self.name = f"lead+{translator.name}"
        self.prompts: dict[str, str] = {}
        self._translator = translator
        self._limit = limit

    def load(self) -> None:
        """Do nothing: there is no model but the translator's."""

    def answer(self, question: str, hits: Sequence[Hit]) -> Iterator[Written]:
        """Translate the first sentences of the best article."""
        if not hits:
            yield NoAnswer("Nothing was found.", ())
            return
        yield from self._first(hits[0].article, self._limit)

    def summarize(self, article: Article, length: Length) -> Iterator[Written]:
        """Translate as many first sentences as a summary has."""
        yield from self._first(article, SUMMARY_LENGTHS[length])

    def digest(self, topic: str, hits: Sequence[Hit]) -> Iterator[Written]:
        """Translate each article's first sentence."""
        for article in {hit.article.id: hit.article for hit in hits}.values():
            yield from self._first(article, 1)

    def _first(self, article: Article, count: int) -> Iterator[Written]:
        spans = [CitedSpan(article, span) for span in article.sentences[:count]]
        for piece in self._translator.stream([span.source for span in spans]):
            if piece.done is not None:
                yield Started()
                yield Text(piece.done.text)
                yield Draft(piece.done.text, (spans[piece.index],), translated=True)
