"""Do citations point somewhere, exactly, and where they should?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evals.cases import GoldSpan

TOUCHING = 0.5  # of the shorter of two spans must be in the other


@dataclass(frozen=True, slots=True)
class Cited:
    """A cited span as an answer prints it."""

    article_id: str
    start: int
    end: int
    quote: str


def touches(cited: Cited, gold: GoldSpan) -> bool:
    """Tell whether a cited span and a gold span share half of the shorter of them."""
    if cited.article_id != gold.article_id:
        return False
    shared = min(cited.end, gold.end) - max(cited.start, gold.start)
    shorter = min(cited.end - cited.start, gold.end - gold.start)
    return shared > 0 and shared >= TOUCHING * shorter


def valid(cited: Sequence[Cited], text_of: Callable[[str], str | None]) -> float | None:
    """Return the share of citations that lie within an article of the collection."""
    return _share([_lies_within(c, text_of(c.article_id)) for c in cited])


def exact(cited: Sequence[Cited], text_of: Callable[[str], str | None]) -> float | None:
    """Return the share of citations whose quote is the article's text, byte for byte."""
    return _share([(text_of(c.article_id) or "")[c.start : c.end] == c.quote for c in cited])


def precision(cited: Sequence[Cited], gold: Sequence[GoldSpan]) -> float | None:
    """Return the share of citations that touch a gold span, None where there is no gold.

    A citation of another sentence that carries the answer too counts against it.
    """
    if not gold:
        return None
    return _share([any(touches(c, span) for span in gold) for c in cited])


def recall(cited: Sequence[Cited], gold: Sequence[GoldSpan]) -> float | None:
    """Return the share of gold spans that a citation touches."""
    return _share([any(touches(c, span) for c in cited) for span in gold])


def _lies_within(cited: Cited, text: str | None) -> bool:
    return text is not None and 0 <= cited.start < cited.end <= len(text)


def _share(rights: Sequence[bool]) -> float | None:
    return sum(rights) / len(rights) if rights else None
