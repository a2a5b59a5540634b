"""How much of a reference's wording is in an answer: token F1, ROUGE-L, chrF++."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from evals.metrics.words import words


def token_f1(answer: str, reference: str) -> float:
    """Return the F1 of the two bags of words (SQuAD, Rajpurkar et al. 2016), 0 to 1."""
    given, wanted = Counter(words(answer)), Counter(words(reference))
    return _f1(sum((given & wanted).values()), given.total(), wanted.total())


def rouge_l(answer: str, reference: str) -> float:
    """Return the F1 of the longest common subsequence of words (Lin 2004), 0 to 1."""
    given, wanted = words(answer), words(reference)
    return _f1(_common_subsequence(given, wanted), len(given), len(wanted))


def chrf(answer: str, reference: str) -> float:
    """Return chrF++ (Popović 2017), sacreBLEU's, 0 to 100."""
    return float(chrf_metric().sentence_score(answer, [reference]).score)


def best(
    measure: Callable[[str, str], float], answer: str, references: Sequence[str]
) -> float | None:
    """Return a measure against the reference that suits best, None without references."""
    return max((measure(answer, reference) for reference in references), default=None)


@functools.cache
def chrf_metric() -> Any:  # noqa: ANN401 - sacrebleu has few types
    """Return sacreBLEU's chrF++: characters up to six, words up to two."""
    from sacrebleu.metrics.chrf import CHRF

    return CHRF(word_order=2)


def _f1(common: int, given: int, wanted: int) -> float:
    return 2 * common / (given + wanted) if common else 0.0


def _common_subsequence(one: Sequence[str], other: Sequence[str]) -> int:
    row = [0] * (len(other) + 1)
    for word in one:
        diagonal = 0
        for j, candidate in enumerate(other, start=1):
            above = row[j]
            row[j] = diagonal + 1 if word == candidate else max(above, row[j - 1])
            diagonal = above
    return row[-1]
