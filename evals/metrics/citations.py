"""Do citations point somewhere, exactly, and where they should?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evals.cases import GoldSpan
from vectorstore.articles import Article

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
    """Return the mean share of a citation that lies in gold; None where there is no gold.

    Gold is counted in whole sentences, see `whole_sentences`, for sentences are what is cited:
    a sentence that carries the answer in one word is right, a page that does in one sentence is
    mostly wrong. A citation of another sentence that carries the answer too counts against it.
    """
    if not gold or not cited:
        return None
    return sum(_inside(c, gold) for c in cited) / len(cited)


def recall(cited: Sequence[Cited], gold: Sequence[GoldSpan]) -> float | None:
    """Return the mean share of a gold span that is cited; None where there is no gold."""
    if not gold:
        return None
    return sum(_inside(span, cited) for span in gold) / len(gold)


def whole_sentences(gold: Sequence[GoldSpan], article: Article) -> list[GoldSpan]:
    """Return the sentences of an article that gold spans of it lie in, each once."""
    inside = [span for span in gold if span.article_id == article.id]
    return [
        GoldSpan(article.id, s.start, s.end, article.text[s.start : s.end])
        for s in article.sentences
        if any(s.start < span.end and span.start < s.end for span in inside)
    ]


def _inside(span: Cited | GoldSpan, others: Sequence[Cited | GoldSpan]) -> float:
    """Return the share of a span's characters that lie in other spans of its article."""
    covered = {
        position
        for other in others
        if other.article_id == span.article_id
        for position in range(max(span.start, other.start), min(span.end, other.end))
    }
    return len(covered) / (span.end - span.start)


def _lies_within(cited: Cited, text: str | None) -> bool:
    return text is not None and 0 <= cited.start < cited.end <= len(text)


def _share(rights: Sequence[bool]) -> float | None:
    return sum(rights) / len(rights) if rights else None
