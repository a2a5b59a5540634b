"""How well right passages and sentences are found, on the development questions.

    python -m evals.benchmarks.choices

Run it before changing a constant of the retriever or of the bundled writer: the figures of
decisions 4 and 5 come from here. It ingests the sample articles and the NTREX documents into
a temporary collection and asks every answerable development question; no model writes.
"""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Sequence
from pathlib import Path

from assistant.app import SAMPLES, App, open_app
from assistant.citations import CitedSpan
from assistant.settings import load_settings
from assistant.writers.extractive import ExtractiveWriter
from evals.cases import DATASETS, Case, load_cases
from vectorstore.articles import Hit
from vectorstore.retriever import Leg, Retriever

LEGS: tuple[tuple[Leg, ...], ...] = (("dense",), ("keywords",), ("dense", "keywords"))
LIMIT = 6


def main() -> None:
    """Print a line for each way of searching, then one for the choice of sentences."""
    with tempfile.TemporaryDirectory() as folder:
        app = open_app(load_settings(data=Path(folder)))
        app.ingestor.ingest([str(SAMPLES), str(DATASETS / "ntrex-documents.jsonl")])
        cases = [
            case
            for name in ("samples", "ntrex")
            for case in load_cases(DATASETS / f"{name}.jsonl")
            if case.kind == "question" and case.split == "dev"
        ]
        answerable = [case for case in cases if case.answerable]
        print(f"{len(answerable)} answerable development questions, {LIMIT} passages")
        for legs in LEGS:
            report_search(legs, dataclasses.replace(app.retriever, legs=legs), answerable)
        report_choice(app, answerable)
        report_refusals(app, cases)


def report_search(legs: Sequence[str], retriever: Retriever, cases: Sequence[Case]) -> None:
    """Print the share of questions with a gold span found, and the mean reciprocal rank."""
    ranks = [first_right(retriever.search(case.text, LIMIT), case) for case in cases]
    hit = sum(rank > 0 for rank in ranks) / len(ranks)
    mrr = sum(1 / rank for rank in ranks if rank) / len(ranks)
    print(f"{'+'.join(legs):16} hit@{LIMIT} {hit:.3f}  MRR {mrr:.3f}")


def report_choice(app: App, cases: Sequence[Case]) -> None:
    """Print the share of questions whose first, or any, chosen sentence lies in a gold span.

    And the share of the sentences behind the first that do.
    """
    first = some = behind = right = 0
    for case in cases:
        chosen = [
            any(
                span.article.id == gold.article_id
                and span.span.start < gold.end
                and gold.start < span.span.end
                for gold in case.gold_spans
            )
            for span in choose(app, case)
        ]
        first += chosen[:1] == [True]
        some += any(chosen)
        behind += len(chosen[1:])
        right += sum(chosen[1:])
    print(
        f"sentences        first {first / len(cases):.3f}  any {some / len(cases):.3f}  "
        f"behind the first {right / max(behind, 1):.3f} of {behind}"
    )


def report_refusals(app: App, cases: Sequence[Case]) -> None:
    """Print the share refused of the questions that have an answer and of those that haven't."""
    for answerable in (True, False):
        asked = [case for case in cases if case.answerable is answerable]
        refused = sum(not choose(app, case) for case in asked)
        print(f"refused          {refused} of {len(asked)}, {answerable=}")


def choose(app: App, case: Case) -> Sequence[CitedSpan]:
    """Return the sentences that the bundled writer would translate; none is a refusal."""
    writer = app.assistant.writer
    assert isinstance(writer, ExtractiveWriter)
    choice = writer.choose(case.text, app.retriever.search(case.text, LIMIT))
    return choice.spans if choice.refusal is None else ()


def first_right(hits: Sequence[Hit], case: Case) -> int:
    """Return the rank from 1 of the first passage that overlaps a gold span, 0 for none."""
    for rank, hit in enumerate(hits, start=1):
        for gold in case.gold_spans:
            same = gold.article_id == hit.article.id
            if same and hit.passage.start < gold.end and gold.start < hit.passage.end:
                return rank
    return 0


if __name__ == "__main__":
    main()
