"""Near copies: how much two texts resemble one another, and what repeats within one.

A sketch is the smallest hashes of a text's word shingles; the share of hashes that two
sketches have in common estimates the Jaccard resemblance of the texts (Broder, "On the
resemblance and containment of documents", 1997).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from vectorstore.arabic import tokenize
from vectorstore.articles import Passage

NEAR_COPY = 0.6  # wire copies with a new headline or a cut tail lie above, siblings far below
SHINGLE = 4  # words
SKETCH = 64  # hashes
_RUN = 3  # words


def sketch(text: str) -> frozenset[int]:
    """Return up to 64 signed 64-bit hashes that stand for a text."""
    words = tokenize(text)
    shingles = {" ".join(words[i : i + SHINGLE]) for i in range(max(1, len(words) - SHINGLE + 1))}
    hashes = sorted(
        int.from_bytes(hashlib.blake2b(s.encode(), digest_size=8).digest(), "big", signed=True)
        for s in shingles
        if s
    )
    return frozenset(hashes[:SKETCH])


def drop_repeats(passages: Iterable[Passage]) -> list[Passage]:
    """Return the passages but those in which no three words stand together for the first time.

    An article that says one thing over and over would otherwise fill a search's hits.
    """
    seen: set[tuple[str, ...]] = set()
    kept: list[Passage] = []
    for passage in passages:
        words = passage.text.casefold().split()
        runs = {tuple(words[i : i + _RUN]) for i in range(max(1, len(words) - _RUN + 1))}
        if not runs <= seen:
            kept.append(passage)
        seen |= runs
    return kept


def resemblance(one: frozenset[int], other: frozenset[int]) -> float:
    """Return the estimated Jaccard resemblance of two sketched texts, 0 to 1."""
    smallest = sorted(one | other)[:SKETCH]
    if not smallest:
        return 0.0
    return len(one & other & frozenset(smallest)) / len(smallest)
