"""How near meanings are, by the multilingual embedder.

An answer is compared with its references, an English sentence with what it cites. A small
embedder's cosines lie close together whatever is compared. So the mean over references of
different questions is taken as nought, as BERTScore does with its baseline (Zhang et al. 2020).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vectorstore.store import Vectors


def baseline(references: Vectors) -> float:
    """Return the mean cosine of unlike pairs of unit vectors, of shape (n, dimension), n > 1."""
    likeness = references @ references.T
    return float(likeness[~np.eye(len(references), dtype=bool)].mean())


def similarity(answer: Vectors, references: Vectors, nought: float) -> float:
    """Return the highest cosine to a reference, `nought` moved to 0 and 1 kept.

    Args:
        answer: the answer's unit vector, shape (dimension,).
        references: those of its references, shape (n, dimension).
        nought: what `baseline` returned.
    """
    return (float((references @ answer).max()) - nought) / (1.0 - nought)


def nearest_is_cited(sentence: Vectors, candidates: Vectors, cited: Sequence[bool]) -> bool:
    """Tell whether what a sentence cites is nearer to it than all else in the article is.

    Args:
        sentence: the English sentence's unit vector, shape (dimension,).
        candidates: those of the article's sentences, shape (n, dimension).
        cited: which of them are cited.
    """
    return cited[int(np.argmax(candidates @ sentence))]
