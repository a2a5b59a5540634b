"""The evaluation suite's cases: questions and summaries with references and exact gold spans."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Any, Literal, get_args

from assistant.errors import AssistantError
from vectorstore.articles import Article, Passage
from vectorstore.cleaning import normalize_text
from vectorstore.language import detect_language

DATASETS = Path(__file__).parent / "datasets"

Kind = Literal["question", "summary", "translation", "search"]
Split = Literal["dev", "test"]


class CaseError(AssistantError):
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

    Who writes cases by hand may give `quotes`, the passages that carry the answer in their own
    words, in place of gold spans, and file names in `documents` in place of ids: `place` looks
    them up. Without gold spans, search and citations aren't scored. `note` is for who reads it.
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
    quotes: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    note: str = ""


# What may be left out, and then means this.
_DEFAULTS: dict[str, Any] = {
    "kind": "question", "split": "test", "article_ids": [], "type": "", "nuggets": [],
    "reference_answers": [], "gold_spans": [], "source": "", "licence": "", "quotes": [],
    "documents": [], "note": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Suite:
    """Cases with the documents that they are about, and which file each case came from."""

    cases: tuple[Case, ...]
    documents: tuple[Path, ...]
    files: tuple[Path, ...]
    datasets: dict[str, str]

    @classmethod
    def load(cls, files: Iterable[Path], documents: Iterable[Path]) -> Suite:
        """Read cases from files.

        Raises:
            CaseError: a file can't be read or holds what isn't a case, or an id is there twice.
        """
        files = tuple(files)
        datasets: dict[str, str] = {}
        cases: list[Case] = []
        for file in files:
            for case in load_cases(file):
                if case.id in datasets:
                    raise CaseError(f"{file.name}: the id {case.id!r} is in another file too")
                datasets[case.id] = file.stem
                cases.append(case)
        return cls(tuple(cases), tuple(documents), files, datasets)

    def only(self, keep: Callable[[Case], bool]) -> Suite:
        """Return the suite with those of its cases that are to be kept."""
        return replace(self, cases=tuple(case for case in self.cases if keep(case)))


def load_cases(file: Path) -> list[Case]:
    """Return a file's cases.

    Raises:
        CaseError: a line isn't a case, repeats an id, or contradicts itself.
    """
    cases: list[Case] = []
    seen: set[str] = set()
    try:
        lines = file.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError(f"{str(file)!r} can't be read ({error}); give a UTF-8 file") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
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


def relevant_passages(case: Case, passages: Iterable[Passage]) -> list[Passage]:
    """Return the passages that overlap a gold span of the case."""
    return [
        passage
        for passage in passages
        if any(
            span.article_id == passage.article_id
            and passage.start < span.end
            and span.start < passage.end
            for span in case.gold_spans
        )
    ]


def place(case: Case, articles: Sequence[Article]) -> Case:
    """Return the case with its quotes as gold spans and its documents as ids.

    Raises:
        CaseError: a quote or a document isn't in the articles.
    """
    ids = [*case.article_ids, *(_named(name, case, articles) for name in case.documents)]
    quoted = [_placed(quote, ids, case, articles) for quote in case.quotes]
    spans = [*case.gold_spans, *quoted]
    ids += [span.article_id for span in spans]
    return replace(case, article_ids=tuple(dict.fromkeys(ids)), gold_spans=tuple(spans))


def _named(name: str, case: Case, articles: Sequence[Article]) -> str:
    for article in articles:
        if name in (article.id, article.source) or PurePath(article.source).name == name:
            return article.id
    raise CaseError(f"case {case.id!r}: there is no document {name!r}; give a file's name")


def _placed(quote: str, ids: Sequence[str], case: Case, articles: Sequence[Article]) -> GoldSpan:
    wanted = normalize_text(quote)
    for article in articles:
        start = article.text.find(wanted)
        if wanted and start >= 0 and (not ids or article.id in ids):
            return GoldSpan(article.id, start, start + len(wanted), wanted)
    raise CaseError(
        f"case {case.id!r}: no document has the quote {quote[:60]!r}; copy it from what "
        "`mujaz show ID` prints"
    )


def _case(row: dict[str, Any]) -> Case:
    row = _DEFAULTS | row
    row.setdefault("language", detect_language(row["text"]))
    row.setdefault("answerable", bool(row["reference_answers"]))
    fields = row | {
        "article_ids": tuple(row["article_ids"]),
        "reference_answers": tuple(row["reference_answers"]),
        "nuggets": tuple(
            Nugget(n["text"], n["vital"], tuple(GoldSpan(**s) for s in n["spans"]))
            for n in row["nuggets"]
        ),
        "gold_spans": tuple(GoldSpan(**span) for span in row["gold_spans"]),
        "quotes": tuple(row["quotes"]),
        "documents": tuple(row["documents"]),
    }
    case = Case(**fields)
    if case.kind not in get_args(Kind) or case.split not in get_args(Split):
        raise ValueError(f"kind {case.kind!r} or split {case.split!r} isn't known")
    if case.answerable != bool(case.reference_answers):
        raise ValueError("an answerable case has reference answers, another none")
    if not isinstance(row["reference_answers"], list):
        raise ValueError("reference_answers is a list of texts")
    if case.kind == "translation" and not case.reference_answers:
        raise ValueError("a translation has a reference")
    if case.kind == "summary" and not (case.article_ids or case.documents):
        raise ValueError("a summary names its document")
    return case
