"""Near copies: how much two texts resemble one another, from small sketches of them.

A sketch is the smallest hashes of a text's word shingles; the share of hashes that two
sketches have in common estimates the Jaccard resemblance of the texts (Broder, "On the
resemblance and containment of documents", 1997).
"""

from __future__ import annotations

import hashlib

from vectorstore.arabic import tokenize

NEAR_COPY = 0.6  # wire copies with a new headline or a cut tail lie above, siblings far below
SHINGLE = 4  # words
SKETCH = 64  # hashes


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


def resemblance(one: frozenset[int], other: frozenset[int]) -> float:
    """Return the estimated Jaccard resemblance of two sketched texts, 0 to 1."""
    smallest = sorted(one | other)[:SKETCH]
    if not smallest:
        return 0.0
    return len(one & other & frozenset(smallest)) / len(smallest)
