"""Means with their uncertainty: a bootstrap over documents.

Cases about one document share its difficulty, so documents are resampled and not cases
(clustered errors: Miller, "Adding Error Bars to Evals", 2024); two runs are compared by the
differences of the same cases, which are far steadier than the means.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

RESAMPLES = 10_000
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean, its interval (None below two clusters), and how much it stands on."""

    mean: float
    low: float | None
    high: float | None
    items: int
    clusters: int


def sign_flip(values: Sequence[float], clusters: Sequence[str], seed: int = 0) -> float:
    """Return how often chance alone would move a mean of differences as far: a p-value.

    Whole documents' differences have their signs flipped at random. With few documents it
    can't be small, whatever was seen: eight of them give 2 / 2^8 at best.
    """
    _, members = np.unique(np.asarray(clusters), return_inverse=True)
    sums = np.bincount(members, weights=np.asarray(values, dtype=float))
    generator = np.random.default_rng(seed)
    signs = generator.choice((-1.0, 1.0), size=(RESAMPLES, len(sums)))
    as_far = np.abs(signs @ sums) >= abs(sums.sum()) - 1e-9
    return float((as_far.sum() + 1) / (RESAMPLES + 1))


def estimate(
    values: Sequence[float],
    clusters: Sequence[str],
    seed: int = 0,
    confidence: float = CONFIDENCE,
) -> Estimate | None:
    """Return the mean of values with its percentile interval; None without values.

    Args:
        values: one an item.
        clusters: what each item belongs to, its document.
        seed: of the resampling; the same one gives the same interval.
        confidence: the share of resamples that the interval holds.
    """
    if not values:
        return None
    names, members = np.unique(np.asarray(clusters), return_inverse=True)
    sums = np.bincount(members, weights=np.asarray(values, dtype=float))
    counts = np.bincount(members)
    mean, size = float(sums.sum() / counts.sum()), len(names)
    if size < 2:
        return Estimate(mean, None, None, len(values), size)
    generator = np.random.default_rng(seed)
    weights = generator.multinomial(size, np.full(size, 1 / size), size=RESAMPLES)
    means = (weights @ sums) / (weights @ counts)
    tail = (1 - confidence) / 2
    low, high = np.quantile(means, [tail, 1 - tail])
    return Estimate(mean, float(low), float(high), len(values), size)
