"""Which sentences answer a question, and which stand for an article. No text is written here.

All of it is arithmetic on sentence vectors: the choice of a sentence depends on the vectors of
the question and of the sentences alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vectorstore.store import Vectors

REPEATED = 0.96  # cosine from which two sentences say the same
SUMMARY_LENGTHS = {"short": 3, "medium": 5, "long": 9}


def choose_answers(scores: Vectors, sentences: Vectors, limit: int, margin: float) -> list[int]:
    """Return the sentences to answer with, best first.

    Args:
        scores: how well each sentence fits the question, shape (n,).
        sentences: their unit vectors, shape (n, dimension).
        limit: how many at most.
        margin: how far below the best score a sentence may lie.
    """
    chosen: list[int] = []
    if not len(scores):
        return chosen
    for i in np.argsort(-scores, kind="stable"):
        if len(chosen) == limit or scores[i] < scores.max() - margin:
            break
        if all(float(sentences[i] @ sentences[j]) < REPEATED for j in chosen):
            chosen.append(int(i))
    return chosen


def choose_summary(sentences: Vectors, sizes: Sequence[int], count: int) -> list[int]:
    """Return sentences that together stand for a text, in reading order.

    The text is cut into `count` consecutive parts of about equal size, and from each comes
    the sentence nearest to its part's centre, so that no part goes unheard. A first sentence
    is favoured: the press puts the news at the head.

    Args:
        sentences: the sentences' unit vectors in reading order, shape (n, dimension).
        sizes: their lengths in characters.
        count: how many sentences to choose.
    """
    if len(sentences) <= count:
        return list(range(len(sentences)))
    whole = sentences.mean(axis=0)
    chosen: list[int] = []
    for part in even_parts(sizes, count):
        centre = sentences[part].mean(axis=0) + 0.5 * whole
        fit = sentences[part] @ (centre / np.linalg.norm(centre))
        for k, i in enumerate(part):
            if any(float(sentences[i] @ sentences[j]) >= REPEATED for j in chosen):
                fit[k] -= 1.0
        if 0 in part:
            fit[part.index(0)] += 0.02
        chosen.append(part[int(np.argmax(fit))])
    return chosen


def even_parts(sizes: Sequence[int], count: int) -> list[list[int]]:
    """Cut a row of items into `count` consecutive, non-empty parts of about equal total size."""
    total, parts = sum(sizes), [[0]]
    passed = sizes[0]
    for i in range(1, len(sizes)):
        left_items, left_parts = len(sizes) - i, count - len(parts)
        boundary = total * len(parts) / count
        if left_parts and (passed + sizes[i] / 2 >= boundary or left_items <= left_parts):
            parts.append([])
        parts[-1].append(i)
        passed += sizes[i]
    return parts
