"""Does a summary reach every part of its article, briefly and without saying things twice?"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.writers.selection import even_parts
from evals.metrics.citations import Cited
from evals.metrics.overlap import token_f1
from vectorstore.articles import Article

PARTS = 5


def parts_covered(cited: Sequence[Cited], article: Article) -> float:
    """Return the share of an article's five consecutive parts of even length that are cited."""
    sizes = [span.end - span.start for span in article.sentences]
    parts = even_parts(sizes, min(PARTS, len(sizes)))
    reached = 0
    for part in parts:
        start, end = article.sentences[part[0]].start, article.sentences[part[-1]].end
        reached += any(
            c.article_id == article.id and c.start < end and start < c.end for c in cited
        )
    return reached / len(parts)


def compression(summary: str, article: Article) -> float:
    """Return the summary's length over the article's, in characters."""
    return len(summary) / len(article.text)


def redundancy(sentences: Sequence[str]) -> float | None:
    """Return how much each sentence repeats of an earlier one: mean of the highest token F1."""
    if len(sentences) < 2:
        return None
    repeats = [
        max(token_f1(sentence, earlier) for earlier in sentences[:i])
        for i, sentence in enumerate(sentences)
        if i
    ]
    return sum(repeats) / len(repeats)
