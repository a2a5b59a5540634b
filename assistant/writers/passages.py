"""Passages as a prompt shows them: numbered, and no more of them than a window holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from assistant.citations import CitedSpan
from vectorstore.articles import Article, Hit, Passage

_NEAREST = 3
_T = TypeVar("_T")


def number_passages(hits: Sequence[Hit]) -> str:
    """Return the passages as the prompt shows them, each behind its number and title.

    Brackets within a passage are made round, so that no quoted text can pass for a mark.
    """
    blocks = []
    for n, hit in enumerate(hits, start=1):
        blocks.append(f"[{n}] {_round(hit.article.title)}\n{_round(hit.passage.text)}")
    return "\n\n".join(blocks)


def sentence_hits(article: Article) -> list[Hit]:
    """Return an article's sentences, each as a passage of its own."""
    hits = []
    for i, span in enumerate(article.sentences):
        text = article.text[span.start : span.end]
        passage = Passage(f"{article.id}-{i}", article.id, i, span.start, span.end, text, (span,))
        hits.append(Hit(passage, article, score=0.0))
    return hits


def cut_parts(items: Sequence[_T], size: Callable[[_T], int], window: int) -> list[list[_T]]:
    """Cut a list into consecutive parts that fit a window; an item too large stands alone."""
    parts: list[list[_T]] = [[]]
    filled = 0
    for item in items:
        taken = size(item)
        if parts[-1] and filled + taken > window:
            parts.append([])
            filled = 0
        parts[-1].append(item)
        filled += taken
    return parts


def nearest_spans(hits: Sequence[Hit]) -> tuple[CitedSpan, ...]:
    """Return what is worth showing of the passages that carry no answer: their first sentences."""
    return tuple(CitedSpan(h.article, h.passage.sentences[0]) for h in hits[:_NEAREST])


def _round(text: str) -> str:
    return text.replace("[", "(").replace("]", ")")
