"""The evaluation suite's cases: questions and summaries with references and exact gold spans."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from vectorstore.articles import Article

DATASETS = Path(__file__).parent / "datasets"

Kind = Literal["question", "summary", "translation", "search"]
Split = Literal["dev", "test"]


class CaseError(Exception):
    """A case can't be used; the message names its file and line."""


@dataclass(frozen=True, slots=True)
class GoldSpan:
    """A span of an article that carries an answer: `article.text[start:end] == quote`."""

    article_id: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Nugget:
    """One fact that an answer should carry; `vital` if an answer without it is wrong."""

    text: str
    vital: bool
    spans: tuple[GoldSpan, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """One thing to be done, and how it is known to be done well.

    `language` is the question's. A case that isn't `answerable` has no references, and a
    refusal is right. `split` is `dev` for choosing settings, `test` for reporting.
    """

    id: str
    kind: Kind
    split: Split
    text: str
    language: str
    article_ids: tuple[str, ...]
    answerable: bool
    type: str
    reference_answers: tuple[str, ...]
    nuggets: tuple[Nugget, ...]
    gold_spans: tuple[GoldSpan, ...]
    source: str
    licence: str


def load_cases(file: Path) -> list[Case]:
    """Return a file's cases.

    Raises:
        CaseError: a line isn't a case, repeats an id, or contradicts itself.
    """
    cases: list[Case] = []
    seen: set[str] = set()
    for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
        try:
            case = _case(json.loads(line))
        except (KeyError, TypeError, ValueError) as error:
            raise CaseError(f"{file.name}, line {number}: {error!r}; see evals/cases.py") from error
        if case.id in seen:
            raise CaseError(f"{file.name}, line {number}: the id {case.id!r} is there already")
        seen.add(case.id)
        cases.append(case)
    return cases


def misplaced_spans(case: Case, find: Callable[[str], Article | None]) -> Iterator[str]:
    """Yield what is wrong with a case's spans, given a way to find articles by id."""
    spans = [*case.gold_spans, *(span for nugget in case.nuggets for span in nugget.spans)]
    for span in spans:
        article = find(span.article_id)
        if article is None:
            yield f"{case.id}: there is no article {span.article_id!r}"
        elif article.text[span.start : span.end] != span.quote:
            yield f"{case.id}: {span.quote[:40]!r} isn't at {span.start}-{span.end}"


def _case(row: dict[str, Any]) -> Case:
    fields = row | {
        "article_ids": tuple(row["article_ids"]),
        "reference_answers": tuple(row["reference_answers"]),
        "nuggets": tuple(
            Nugget(n["text"], n["vital"], tuple(GoldSpan(**s) for s in n["spans"]))
            for n in row["nuggets"]
        ),
        "gold_spans": tuple(GoldSpan(**span) for span in row["gold_spans"]),
    }
    case = Case(**fields)
    if case.kind not in get_args(Kind) or case.split not in get_args(Split):
        raise ValueError(f"kind {case.kind!r} or split {case.split!r} isn't known")
    if case.answerable != bool(case.reference_answers):
        raise ValueError("an answerable case has reference answers, another none")
    if case.answerable and not case.gold_spans:
        raise ValueError("an answerable case has gold spans")
    return case
