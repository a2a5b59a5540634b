"""From a case and what a system said to it, to a score for each metric that applies.

A metric that doesn't apply to an item leaves it unscored; nothing is ever counted as 0 for
want of something to compare.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from evals.cases import DATASETS, Case, GoldSpan, Kind, load_cases, relevant_passages
from evals.metrics import citations, coverage, nuggets, overlap, quantities, refusal, semantic
from evals.metrics.citations import Cited
from evals.metrics.retrieval import score_ranking
from evals.metrics.translation import describe_translation, score_translation
from evals.records import Record
from vectorstore.articles import Article
from vectorstore.catalog import Catalog
from vectorstore.embeddings import Embedder
from vectorstore.store import Vectors

Scores = dict[str, float]
Better = Literal["high", "low", "neither"]


class Embedded:
    """Texts as vectors, each embedded once."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, Vectors] = {}

    def __call__(self, text: str) -> Vectors:
        """Return a text's vector, of shape (dimension,)."""
        self.prepare([text])
        return self._known[text]

    def prepare(self, texts: Iterable[str]) -> None:
        """Embed texts ahead of their use: many at a time go on every core."""
        missing = [text for text in dict.fromkeys(texts) if text not in self._known]
        if missing:
            vectors = self._embedder.embed_documents(missing)
            self._known.update(zip(missing, vectors, strict=True))


@dataclass(frozen=True, slots=True)
class Material:
    """What scoring looks things up in.

    `nought` is the mean likeness of unlike references, see `metrics.semantic`.
    """

    catalog: Catalog
    embed: Embedded
    nought: float

    @classmethod
    def of(cls, catalog: Catalog, embedder: Embedder) -> Material:
        """Return the material; `nought` comes from the same references whatever is scored."""
        embed = Embedded(embedder)
        cases = load_cases(DATASETS / "samples.jsonl")
        texts = [case.reference_answers[0] for case in cases if case.answerable]
        embed.prepare(texts)
        return cls(catalog, embed, semantic.baseline(np.stack([embed(text) for text in texts])))

    def text_of(self, article_id: str) -> str | None:
        """Return an article's text, None where it isn't there."""
        article = self.catalog.find(article_id)
        return article.text if article else None


@dataclass(frozen=True)
class Item:
    """A case with what was said to it, read in the forms that metrics want."""

    case: Case
    record: Record
    material: Material

    @functools.cached_property
    def refused(self) -> bool:
        """Whether the answer is a refusal."""
        return bool(self.record.answer and self.record.answer.get("refused"))

    @property
    def failed(self) -> bool:
        """Whether there was an error in place of an answer."""
        return self.record.error is not None

    @functools.cached_property
    def sentences(self) -> list[str]:
        """The answer's sentences."""
        answer = self.record.answer or {}
        return [sentence["text"] for sentence in answer.get("sentences", ())]

    @functools.cached_property
    def text(self) -> str:
        """The answer without its marks."""
        return " ".join(self.sentences)

    @functools.cached_property
    def cited(self) -> list[Cited]:
        """The spans that the answer stands on; those shown with a refusal aren't."""
        if self.refused or not self.record.answer:
            return []
        return [
            Cited(c["article_id"], c["start"], c["end"], c["quote"])
            for c in self.record.answer.get("citations", ())
        ]

    @functools.cached_property
    def gold(self) -> list[GoldSpan]:
        """The sentences that carry the answer."""
        catalog = self.material.catalog
        ids = dict.fromkeys(span.article_id for span in self.case.gold_spans)
        articles = [catalog.article(i) for i in ids]
        return [s for a in articles for s in citations.whole_sentences(self.case.gold_spans, a)]

    @property
    def compared(self) -> Iterator[str]:
        """All that is compared by meaning."""
        if self.sentences and not self.refused:
            yield self.text
            yield from self.sentences
            yield from self.case.reference_answers
            for article_id in {c.article_id for c in self.cited}:
                article = self.material.catalog.find(article_id)
                if article is not None:
                    yield from (article.text[s.start : s.end] for s in article.sentences)

    @property
    def citation_match(self) -> float | None:
        """The share of sentences that are nearer to what they cite than to its surroundings."""
        if self.refused or not self.sentences:
            return None
        rows = (self.record.answer or {})["sentences"]
        known = {c["n"]: c for c in (self.record.answer or {})["citations"]}
        verdicts = [
            self._matches(row["text"], [known[n] for n in row["citations"]]) for row in rows
        ]
        return sum(verdicts) / len(verdicts)

    def _matches(self, sentence: str, cited: Sequence[dict[str, Any]]) -> bool:
        """Tell whether any of a sentence's citations is the nearest in its article."""
        vector = self.material.embed(sentence)
        for citation in cited:
            article = self.material.catalog.find(citation["article_id"])
            if article is None:
                continue
            texts = [article.text[s.start : s.end] for s in article.sentences]
            candidates = np.stack([self.material.embed(text) for text in texts])
            among = [
                s.start < citation["end"] and citation["start"] < s.end for s in article.sentences
            ]
            if semantic.nearest_is_cited(vector, candidates, among):
                return True
        return False

    @functools.cached_property
    def article(self) -> Article:
        """The article that a summary is of."""
        return self.material.catalog.article(self.case.article_ids[0])

    @functools.cached_property
    def ranking(self) -> Scores:
        """The retrieval scores, none where no gold span tells what is right."""
        ids = dict.fromkeys(span.article_id for span in self.case.gold_spans)
        catalog = self.material.catalog
        passages = [p for i in ids for p in catalog.passages_of(catalog.article(i))]
        relevant = [p.id for p in relevant_passages(self.case, passages)]
        if not relevant:
            return {}
        return score_ranking([found.passage_id for found in self.record.found], relevant)

    @functools.cached_property
    def translated(self) -> Scores:
        """The translation scores of a document."""
        lines = self.translation_lines
        if not lines:
            return {"chrf++": 0.0, "bleu": 0.0}
        return score_translation(lines, self.case.reference_answers[0].split("\n"))

    @property
    def translation_lines(self) -> list[str]:
        """The translation, a line for each of the source's."""
        said = (self.record.answer or {}).get("translation", "")
        return [line for line in said.split("\n") if line.strip()]

    @functools.cached_property
    def english(self) -> str:
        """What numbers and names are looked for in."""
        if self.case.kind == "translation":
            return "\n".join(self.translation_lines)
        return self.text

    @property
    def similarity(self) -> float:
        """The likeness of the answer to its references."""
        if not self.text:
            return 0.0
        references = np.stack([self.material.embed(r) for r in self.case.reference_answers])
        return semantic.similarity(self.material.embed(self.text), references, self.material.nought)

    def best(self, measure: Callable[[str, str], float | None]) -> float | None:
        """Return a measure against the reference that suits best."""
        found = [measure(self.english, r) for r in self.case.reference_answers]
        return max((value for value in found if value is not None), default=None)

    @property
    def supported(self) -> float | None:
        """The share of sentences that passed every check that applied."""
        verdicts = [s["support"] for s in (self.record.answer or {}).get("sentences", ())]
        return verdicts.count("supported") / len(verdicts) if verdicts else None


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric: its name, the kinds of case it is for, and how it is computed.

    `answerable` metrics are for cases with an answer alone. A drop of one that is `gated`
    fails a comparison.
    """

    name: str
    kinds: tuple[Kind, ...]
    compute: Callable[[Item], float | None]
    better: Better = "high"
    gated: bool = True
    answerable: bool = True


def _ranked(name: str) -> Metric:
    return Metric(name, ("question", "search"), lambda item: item.ranking.get(name))


_WRITTEN: tuple[Kind, ...] = ("question", "summary")
_ENGLISH: tuple[Kind, ...] = ("question", "summary", "translation")

METRICS: tuple[Metric, ...] = (
    *map(_ranked, ("hit@6", "recall@6", "mrr", "ndcg@10")),
    Metric("nugget_recall", _WRITTEN, lambda i: nuggets.nugget_recall(i.text, i.case.nuggets)),
    Metric("nugget_coverage", _WRITTEN, lambda i: nuggets.nugget_coverage(i.text, i.case.nuggets)),
    Metric(
        "vital_coverage",
        _WRITTEN,
        lambda i: nuggets.nugget_coverage(i.text, [n for n in i.case.nuggets if n.vital]),
    ),
    Metric("nuggets_cited", _WRITTEN, lambda i: nuggets.nuggets_cited(i.cited, i.case.nuggets)),
    Metric("token_f1", _WRITTEN, lambda i: i.best(overlap.token_f1)),
    Metric("rouge_l", _WRITTEN, lambda i: i.best(overlap.rouge_l)),
    Metric("answer_chrf++", _WRITTEN, lambda i: i.best(overlap.chrf)),
    Metric("similarity", _WRITTEN, lambda i: i.similarity),
    Metric("number_recall", _ENGLISH, lambda i: i.best(quantities.number_recall)),
    Metric("name_recall", _ENGLISH, lambda i: i.best(quantities.name_recall)),
    Metric(
        "citation_valid",
        _WRITTEN,
        lambda i: citations.valid(i.cited, i.material.text_of),
        answerable=False,
    ),
    Metric(
        "citation_exact",
        _WRITTEN,
        lambda i: citations.exact(i.cited, i.material.text_of),
        answerable=False,
    ),
    # Of a summary nearly every sentence carries a nugget: what it cites wrongly, match tells.
    Metric("citation_precision", ("question",), lambda i: citations.precision(i.cited, i.gold)),
    Metric("citation_recall", _WRITTEN, lambda i: citations.recall(i.cited, i.gold)),
    Metric("citation_match", _WRITTEN, lambda i: i.citation_match, answerable=False),
    Metric(
        "refusal_precision",
        ("question",),
        lambda i: refusal.refusal_precision(i.refused, i.case.answerable),
        answerable=False,
    ),
    Metric(
        "refusal_recall",
        ("question",),
        lambda i: refusal.refusal_recall(i.refused, i.case.answerable),
        answerable=False,
    ),
    Metric(
        "answered",
        ("question",),
        lambda i: refusal.answered(i.refused or i.failed, i.case.answerable),
    ),
    Metric(
        "parts_covered", ("summary",), lambda i: coverage.parts_covered(i.cited, i.article)
    ),
    Metric(
        "compression",
        ("summary",),
        lambda i: coverage.compression(i.text, i.article),
        better="neither",
        gated=False,
    ),
    Metric("redundancy", ("summary",), lambda i: coverage.redundancy(i.sentences), better="low"),
    Metric("chrf++", ("translation",), lambda i: i.translated["chrf++"]),
    Metric("bleu", ("translation",), lambda i: i.translated["bleu"]),
    Metric("supported", _WRITTEN, lambda i: i.supported, better="neither", gated=False),
    Metric(
        "judged_support", _WRITTEN, lambda i: i.record.judged.get("support"), answerable=False
    ),
    Metric(
        "judged_citation_precision",
        _WRITTEN,
        lambda i: i.record.judged.get("precision"),
        answerable=False,
    ),
    Metric("judged_answer", _WRITTEN, lambda i: i.record.judged.get("answer")),
    Metric(
        "first_sentence_s",
        _WRITTEN,
        lambda i: i.record.first_sentence_s,
        better="low",
        gated=False,
        answerable=False,
    ),
    Metric(
        "seconds",
        ("question", "summary", "translation"),
        lambda i: i.record.seconds,
        better="low",
        gated=False,
        answerable=False,
    ),
)  # fmt: skip
_NOTHING = {"sentences": [], "citations": [], "refused": False, "translation": ""}
BY_NAME = {metric.name: metric for metric in METRICS}


def score_item(case: Case, record: Record, material: Material) -> Scores:
    """Return the scores of one item, those that apply.

    An item that failed is scored as an answer that says nothing.
    """
    if record.error is not None:
        record = replace(record, answer=_NOTHING)
    item = Item(case, record, material)
    scores: Scores = {}
    for metric in METRICS:
        if case.kind not in metric.kinds or (metric.answerable and not case.answerable):
            continue
        value = metric.compute(item)
        if value is not None:
            scores[metric.name] = value
    return scores


def score_all(
    cases: Sequence[Case], records: Iterable[Record], material: Material
) -> dict[tuple[str, str], Scores]:
    """Return the scores of all records of these cases, by system and case."""
    known = {case.id: case for case in cases}
    wanted = [record for record in records if record.case_id in known]
    items = [Item(known[record.case_id], record, material) for record in wanted]
    material.embed.prepare(text for item in items for text in item.compared)
    return {item.record.key: score_item(item.case, item.record, material) for item in items}


def describe_translations(cases: Sequence[Case], records: Iterable[Record]) -> list[str]:
    """Return the scores of all translations as one corpus, with their signatures."""
    known = {case.id: case for case in cases if case.kind == "translation"}
    translated: list[str] = []
    references: list[str] = []
    for record in records:
        if record.case_id in known and record.answer:
            translated += record.answer["translation"].split("\n")
            references += known[record.case_id].reference_answers[0].split("\n")
    return describe_translation(translated, references) if translated else []
