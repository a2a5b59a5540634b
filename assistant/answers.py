"""What the assistant says: answers made of cited sentences, and the events on the way there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from vectorstore.articles import Hit
from vectorstore.outlets import outlet_names

Support = Literal["supported", "partial", "unsupported", "unchecked"]
Check = Literal["ok", "mismatch", "n/a"]
Stage = Literal["translating", "translating_sources", "translating_nearest", "choosing_questions"]
UNSURE = "the translator was unsure of this sentence"  # a reason; no fault of its own
_NAMED = 3  # reporters before a sentence at most; the others are counted


@dataclass(frozen=True, slots=True)
class Checks:
    """What comparing a sentence with its cited spans showed, one verdict for each kind."""

    numbers: Check = "n/a"
    names: Check = "n/a"
    negation: Check = "n/a"


@dataclass(frozen=True, slots=True)
class Citation:
    """An exact span of an article: `quote == article.text[start:end]`.

    `n` is the number that sentences cite it by. `translation` is None where the models that
    are set up can't translate from its language.
    """

    n: int
    article_id: str
    title: str
    source: str
    language: str
    start: int
    end: int
    quote: str
    translation: str | None
    outlet: str | None = None
    date: str | None = None

    @classmethod
    def from_dict(cls, row: dict[str, Any]) -> Citation:
        """Return the citation that `asdict` made this of."""
        return cls(**row)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer, the citations it stands on, and how well it does.

    In a digest, `reported_by` names who reports it, each with the day where that is known.
    """

    text: str
    citations: tuple[int, ...]
    support: Support = "unchecked"
    checks: Checks = Checks()
    reasons: tuple[str, ...] = ()
    reported_by: tuple[str, ...] = ()

    @property
    def only_unsure(self) -> bool:
        """Whether nothing was found against it but the translator's own doubt."""
        return self.support == "partial" and self.reasons == (UNSURE,)

    @classmethod
    def from_dict(cls, row: dict[str, Any]) -> Sentence:
        """Return the sentence that `asdict` made this of, before or after it was JSON."""
        lists = ("citations", "reasons", "reported_by")
        checks = Checks(**row["checks"])
        return cls(**row | {name: tuple(row[name]) for name in lists} | {"checks": checks})


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of what was found, or of an article, an answer cites: so many of so many."""

    covered: int
    of: int
    unit: Literal["articles", "parts"]

    @property
    def words(self) -> str:
        """The same for a reader."""
        if self.unit == "parts":
            return f"Draws on {self.covered} of the article's {self.of} parts."
        left = self.of - self.covered
        rest = f"; {left} left out" if left else ""
        return f"Draws on {self.covered} of the {self.of} articles found{rest}."


@dataclass(frozen=True, slots=True)
class GivenFigure:
    """A figure as one cited article gives it.

    `bound` is how it is given: "at least", "at most" or "about"; "" for exactly.
    """

    value: str
    citation: int
    article_id: str
    outlet: str | None
    bound: str = ""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Figures for the same thing that can't all be right; `about` is what they count."""

    about: str
    figures: tuple[GivenFigure, ...]

    @property
    def words(self) -> str:
        """The same for a reader."""
        given_by: dict[str, list[GivenFigure]] = {}
        for figure in self.figures:
            given_by.setdefault(f"{figure.bound} {figure.value}".lstrip(), []).append(figure)
        given = ", ".join(f"{value} {_named(by)}" for value, by in given_by.items())
        return f"The articles disagree on a figure ({self.about}): {given}."


def _named(figures: Sequence[GivenFigure]) -> str:
    """Return who gives a figure, by the outlets' names in Latin letters where they have one."""
    outlets = [name for f in figures for name in outlet_names(f.outlet)[:1]]
    named = f"({'; '.join(dict.fromkeys(outlets))}) " if outlets else ""
    return named + "".join(f"[{f.citation}]" for f in figures)


@dataclass(frozen=True, slots=True)
class Models:
    """What wrote, translated and searched, and the prompts' SHA-256 by name."""

    writer: str
    translator: str
    embedder: str
    prompts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer, summary or digest.

    A refusal has no sentences, `refused` true, the `reason` in words, and in `citations` the
    nearest passages' sentences. `dropped_citations` counts the `[n]` that pointed nowhere,
    `dropped_sentences` what a chat model wrote and the passages don't carry. `standalone` is a
    follow-up as it was understood, None where the question stood alone.
    """

    question: str
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    models: Models
    timings_ms: dict[str, int]
    refused: bool = False
    reason: str | None = None
    language: str = "en"
    dropped_citations: int = 0
    dropped_sentences: int = 0
    standalone: str | None = None
    coverage: Coverage | None = None
    disagreements: tuple[Disagreement, ...] = ()

    @property
    def text(self) -> str:
        """The sentences, each followed by its citations as `[n]`."""
        return " ".join(cited(sentence) for sentence in self.sentences)

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as the JSON that the command line, the API and the evals print."""
        return {
            "question": self.question,
            "standalone": self.standalone,
            "answer": self.text,
            "language": self.language,
            "refused": self.refused,
            "reason": self.reason,
            "sentences": [asdict(sentence) for sentence in self.sentences],
            "citations": [asdict(citation) for citation in self.citations],
            "dropped_citations": self.dropped_citations,
            "dropped_sentences": self.dropped_sentences,
            "coverage": asdict(self.coverage) if self.coverage else None,
            "disagreements": [asdict(found) for found in self.disagreements],
            "model": asdict(self.models),
            "timings_ms": self.timings_ms,
        }

    @classmethod
    def from_dict(cls, row: dict[str, Any]) -> Answer:
        """Return the answer that `to_dict` made this of, before or after it was JSON."""
        coverage = row["coverage"]
        return cls(
            question=row["question"],
            sentences=tuple(map(Sentence.from_dict, row["sentences"])),
            citations=tuple(map(Citation.from_dict, row["citations"])),
            models=Models(**row["model"]),
            timings_ms=dict(row["timings_ms"]),
            refused=row["refused"],
            reason=row["reason"],
            language=row["language"],
            dropped_citations=row["dropped_citations"],
            dropped_sentences=row["dropped_sentences"],
            standalone=row["standalone"],
            coverage=Coverage(**coverage) if coverage else None,
            disagreements=tuple(map(_disagreement, row["disagreements"])),
        )


def _disagreement(row: dict[str, Any]) -> Disagreement:
    return Disagreement(row["about"], tuple(GivenFigure(**figure) for figure in row["figures"]))


def cited(sentence: Sentence) -> str:
    """Return a sentence behind who reports it, followed by its citations as `[n]`."""
    marks = "".join(f"[{n}]" for n in sentence.citations)
    text = lead(sentence.reported_by) + sentence.text
    return f"{text} {marks}" if marks else text


def lead(reported_by: tuple[str, ...]) -> str:
    """Return who reports a sentence as it stands before it; "" where nobody is named."""
    if not reported_by:
        return ""
    more = len(reported_by) - _NAMED
    named = "; ".join(reported_by[:_NAMED])
    return f"{named} and {more} more: " if more > 0 else f"{named}: "


def uncarried(count: int) -> str:
    """Return in words how many sentences were dropped, and why."""
    return f"{count} sentence{'' if count == 1 else 's'} that the passages don't carry"


class Event:
    """Something that happened on the way to an answer.

    Adding events keeps the later one: LangChain folds a stream with `+`, so that invoking
    the chain gives its last event, the answer.
    """

    __slots__ = ()

    def __add__(self, other: Event) -> Event:
        return other


@dataclass(frozen=True, slots=True)
class Understood(Event):
    """A follow-up was put into a question that stands alone; comes before the search."""

    standalone: str


@dataclass(frozen=True, slots=True)
class Retrieved(Event):
    """The passages that an answer may stand on were found, best first."""

    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Progressed(Event):
    """So many of so many steps are done; `stage` says of what."""

    stage: Stage
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class SentenceStarted(Event):
    """The sentence with this number, counted from 0, begins; in a digest, who reports it."""

    index: int
    reported_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TextDelta(Event):
    """More text of the sentence with this number."""

    index: int
    text: str


@dataclass(frozen=True, slots=True)
class SentenceDone(Event):
    """A sentence is whole and checked; `citations` are those that it cites."""

    index: int
    sentence: Sentence
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Refused(Event):
    """There will be no answer, and why; what comes nearest is still to be translated."""

    reason: str


@dataclass(frozen=True, slots=True)
class Answered(Event):
    """The answer is complete; always the last event."""

    answer: Answer
