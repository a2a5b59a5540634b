"""What a writer is: it is given passages and drafts sentences, each with its spans."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from assistant.citations import CitedSpan
from assistant.verification import Verdict
from vectorstore.articles import Article, Hit

Length = Literal["short", "medium", "long"]


@dataclass(frozen=True, slots=True)
class Started:
    """A sentence begins; `spans` are what it will stand on, where that is known already."""

    spans: tuple[CitedSpan, ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """More text of the sentence that began last."""

    text: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence is whole: its text, what it stands on, and how many marks pointed nowhere.

    `translated` tells that the text is the translation of its first span (the others say the
    same), and `confidence` how sure the translator was of it: the mean log-probability of its
    tokens. `verdict` is what the writer's own checks found, None where it made none.
    """

    text: str
    spans: tuple[CitedSpan, ...]
    dropped: int = 0
    translated: bool = False
    confidence: float | None = None
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Dropped:
    """A sentence was written that can't stand; so many of its marks pointed nowhere."""

    citations: int = 0


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """The passages don't carry an answer, for this reason; `nearest` are worth showing."""

    reason: str
    nearest: tuple[CitedSpan, ...]


Written = Started | Text | Draft | Dropped | NoAnswer


class Writer(Protocol):
    """Turns passages into English; safe to use from several threads."""

    name: str
    prompts: dict[str, str]  # the SHA-256 of each prompt that it uses, by name

    def load(self) -> None:
        """Get ready ahead of the first question."""
        ...

    def answer(self, question: str, hits: Sequence[Hit]) -> Iterator[Written]:
        """Write an answer from passages, or tell that they carry none.

        Raises:
            ModelError: a model failed.
        """
        ...

    def summarize(self, article: Article, length: Length) -> Iterator[Written]:
        """Write a summary in which every part of the article is considered.

        Raises:
            ModelError: a model failed.
        """
        ...

    def digest(self, topic: str, hits: Sequence[Hit]) -> Iterator[Written]:
        """Write who reports what on a topic; what several articles say alike is said once.

        Raises:
            ModelError: a model failed.
        """
        ...
