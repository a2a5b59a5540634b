"""Are an English sentence and a passage in another language about the same?

A small embedder's cosines lie close together, so none of them means anything by itself. A pair is
measured against what each of the two has in common with the press at large: the margin of
Artetxe and Schwenk, "Margin-based Parallel Corpus Mining with Multilingual Sentence Embeddings"
(ACL 2019), as a difference, with a small bank of statements as the neighbours.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import numpy as np

from vectorstore.embeddings import Embedder
from vectorstore.store import Vectors


class Alignment:
    """Tells how well a sentence goes with a passage.

    Args:
        embedder: what they are compared by.
        cache_dir: where the bank's vectors are kept, which take a third of a second to make.
    """

    def __init__(self, embedder: Embedder, cache_dir: Path) -> None:
        self._embedder = embedder
        self._cache_dir = cache_dir

    def standing(self, sentence: str, quotes: Sequence[str]) -> float:
        """Return the margin of a sentence and the texts that it stands on, in cosine.

        About 0.1 where they are translations of each other; 0 where they have as much in common
        as any two statements of the press. The best of several texts counts, and all as one.
        """
        texts = [*quotes, " ".join(quotes)] if len(quotes) > 1 else list(quotes)
        vectors = self._embedder.embed_documents([sentence, *texts])
        return self.margin(vectors[0], vectors[1:])

    def margin(self, sentence: Vectors, texts: Vectors) -> float:
        """Return the best margin of a sentence's vector and texts', of shape (n, dimension)."""
        foreign, english = self._centres
        expected = (float(foreign @ sentence) + texts @ english) / 2
        return float((texts @ sentence - expected).max())

    @functools.cached_property
    def _centres(self) -> tuple[Vectors, Vectors]:
        """The mean vectors of the bank's Arabic and English statements."""
        text = (files("assistant") / "data" / "statements.txt").read_text("utf-8")
        key = hashlib.sha256(f"{self._embedder.name}\n{text}".encode()).hexdigest()[:16]
        kept = self._cache_dir / f"statements-{key}.npy"
        if kept.is_file():
            centres = np.load(kept)
        else:
            pairs = [line.split(" | ") for line in text.splitlines() if not line.startswith("#")]
            sides = [[pair[side] for pair in pairs] for side in (0, 1)]
            centres = np.stack([self._embedder.embed_documents(s).mean(axis=0) for s in sides])
            _keep(kept, centres)
        return centres[0], centres[1]


def _keep(file: Path, vectors: Vectors) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(f".{id(vectors)}.npy")
    np.save(unfinished, vectors)
    unfinished.replace(file)
