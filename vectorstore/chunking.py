"""Sentences into passages: runs of whole sentences within a token budget."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from vectorstore.articles import Passage, Span, hash_id

CLAUSE_END = re.compile(r"[،؛,;:—–。、，；]\s*|\s+")


def split_passages(
    article_id: str,
    text: str,
    sentences: Iterable[Span],
    count_tokens: Callable[[str], int],
    budget: int,
) -> list[Passage]:
    """Return the passages of an article, in order, each at most `budget` tokens.

    Passages don't overlap and leave no sentence out. A single sentence over the budget is cut
    at clause marks or spaces: embedders read only so far, and a passage's tail would be
    searched by nobody.
    """
    groups: list[list[Span]] = []
    room = 0
    for span, size in _fitted(text, sentences, count_tokens, budget):
        if size > room:
            groups.append([])
            room = budget
        groups[-1].append(span)
        room -= size
    return [_passage(article_id, text, i, spans) for i, spans in enumerate(groups)]


def _passage(article_id: str, text: str, position: int, spans: list[Span]) -> Passage:
    start, end = spans[0].start, spans[-1].end
    content = text[start:end]
    identity = hash_id(article_id, str(start), content)
    return Passage(identity, article_id, position, start, end, content, tuple(spans))


def _fitted(
    text: str, sentences: Iterable[Span], count_tokens: Callable[[str], int], budget: int
) -> Iterator[tuple[Span, int]]:
    """Yield spans with their sizes, cutting those over the budget in two until they fit."""
    waiting = list(sentences)[::-1]
    while waiting:
        span = waiting.pop()
        size = count_tokens(text[span.start : span.end]) + 1
        if size <= budget or span.end - span.start < 2:
            yield span, size
        else:
            waiting.extend(reversed(_halves(text, span)))


def _halves(text: str, span: Span) -> list[Span]:
    """Cut a span at the clause mark nearest its middle, else at a space, else in the middle."""
    middle = (span.start + span.end) // 2
    inside = [m for m in CLAUSE_END.finditer(text, span.start + 1, span.end - 1)]
    marks = [m for m in inside if not m.group().isspace()] or inside
    quarter = (span.end - span.start) // 4
    near = [m for m in marks if abs(m.end() - middle) <= quarter] or inside
    if not near:
        return [Span(span.start, middle), Span(middle, span.end)]
    cut = min(near, key=lambda m: abs(m.end() - middle))
    first_end = cut.start() + len(cut.group().rstrip())
    return [Span(span.start, first_end), Span(cut.end(), span.end)]
