"""Are an English sentence and a passage in another language about the same?

A small embedder's cosines lie close together, so none of them means anything by itself. A pair is
measured against what each of the two has in common with the press at large: the margin of
Artetxe and Schwenk, "Margin-based Parallel Corpus Mining with Multilingual Sentence Embeddings"
(ACL 2019), as a difference, with a small bank of statements as the neighbours.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

from assistant.data import read_lines
from vectorstore.embeddings import Embedder
from vectorstore.store import Vectors


class Alignment:
    """Tells how well a sentence goes with a passage.

    Args:
        embedder: what they are compared by.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

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
        pairs = [line.split(" | ") for line in read_lines("statements")]
        foreign, english = (
            self._embedder.embed_bank([pair[side] for pair in pairs]).mean(axis=0)
            for side in (0, 1)
        )
        return foreign, english
