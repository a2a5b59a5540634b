"""Is what can't be answered refused, and nothing else?

Averaged over the cases that they apply to, these are refusal's precision and recall, and the
share of answerable questions that get an answer.
"""

from __future__ import annotations


def refusal_precision(refused: bool, answerable: bool) -> float | None:
    """Return whether a refusal was right; None where nothing was refused."""
    return float(not answerable) if refused else None


def refusal_recall(refused: bool, answerable: bool) -> float | None:
    """Return whether an unanswerable question was refused; None for an answerable one."""
    return None if answerable else float(refused)


def answered(refused: bool, answerable: bool) -> float | None:
    """Return whether an answerable question got an answer; None for an unanswerable one."""
    return float(not refused) if answerable else None
