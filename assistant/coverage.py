"""How much an answer covers, by what it cites: whoever wrote it is measured alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.answers import Coverage
from assistant.citations import CitedSpan
from assistant.writers.selection import even_parts
from vectorstore.articles import Article

MOST_PARTS = 10


def cover_parts(article: Article, cited: Sequence[CitedSpan]) -> Coverage:
    """Return in how many of an article's parts at least one cited span falls.

    The parts are consecutive and of about equal size: ten, or as many as it has paragraphs.
    """
    spans = article.sentences
    if not spans:
        return Coverage(0, 0, "parts")
    paragraphs = sum(bool(line.strip()) for line in article.text.splitlines())
    count = min(MOST_PARTS, paragraphs, len(spans))
    parts = even_parts([s.end - s.start for s in spans], count)
    covered = sum(
        any(
            c.span.start < spans[i].end and spans[i].start < c.span.end
            for i in part
            for c in cited
        )
        for part in parts
    )  # fmt: skip
    return Coverage(covered, len(parts), "parts")


def cover_articles(found: Iterable[str], cited: Iterable[CitedSpan]) -> Coverage:
    """Return how many of the articles that were found, by their ids, are cited."""
    ids = frozenset(found)
    return Coverage(len({c.article.id for c in cited} & ids), len(ids), "articles")
