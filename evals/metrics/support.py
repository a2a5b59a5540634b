"""ALCE's citation recall and precision (Gao et al., EMNLP 2023), given something that judges.

Whether texts entail a statement is for an entailment or a chat model to say; with none set
up, nothing here is scored.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

Entails = Callable[[Sequence[str], str], bool | None]
"""Whether texts together carry a statement; None where no verdict could be had."""


def support_recall(statement: str, quotes: Sequence[str], entails: Entails) -> float | None:
    """Return 1 where the cited quotes together carry the statement, 0 where they don't."""
    if not quotes:
        return 0.0
    verdict = entails(quotes, statement)
    return None if verdict is None else float(verdict)


def support_precision(statement: str, quotes: Sequence[str], entails: Entails) -> float | None:
    """Return the share of quotes that the statement needs.

    A quote isn't needed where it doesn't carry the statement alone and the others do without
    it; none is, where all of them together don't carry it.
    """
    if not quotes:
        return None
    together = support_recall(statement, quotes, entails)
    if together is None:
        return None
    if together == 0.0 or len(quotes) == 1:
        return together
    needed = []
    for i, quote in enumerate(quotes):
        others = [*quotes[:i], *quotes[i + 1 :]]
        alone, without = entails([quote], statement), entails(others, statement)
        if alone is None or without is None:
            return None
        needed.append(alone or not without)
    return sum(needed) / len(needed)
