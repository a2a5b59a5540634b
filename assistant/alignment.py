"""Are an English sentence and a passage in another language about the same?

A small embedder's cosines lie close together, so none of them means anything by itself. A pair is
measured against what each of the two has in common with the press at large: the margin of
Artetxe and Schwenk, "Margin-based Parallel Corpus Mining with Multilingual Sentence Embeddings"
(ACL 2019), as a difference, with a small bank of statements as the neighbours.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.data import read_lines
from vectorstore.embeddings import Embedder
from vectorstore.sentences import split_sentences
from vectorstore.store import Vectors

_NEIGHBOURS = 2  # sentences on each side of a quotation
_REACH = 1_000  # characters on each side within which they are looked for
_MATCHED = 500  # sentences whose words' matches are kept, 5 KB each
_SHORTEST_RIVAL = 20  # characters: "he said" goes with anything


@dataclass(frozen=True, slots=True)
class Standing:
    """How well a sentence goes with a passage.

    Attributes:
        margin: in cosine, see `Alignment.standing`.
        lead: the margin less that of the best sentence beside the passage; None where there is
            none.
    """

    margin: float
    lead: float | None = None


class Alignment:
    """Tells how well a sentence goes with a passage.

    Args:
        embedder: what they are compared by.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._matches = functools.lru_cache(_MATCHED)(self._match_words)

    def standing(
        self, sentence: str, quotes: Sequence[str], rivals: Sequence[str] = ()
    ) -> Standing:
        """Return how a sentence stands to the texts that it cites, and to others beside them.

        A margin is about 0.1 for translations of each other; 0 for what has as much in common as
        any two statements of the press. The best of several texts counts, and all as one.
        """
        texts = [*quotes, " ".join(quotes)] if len(quotes) > 1 else list(quotes)
        vectors = self._embedder.embed_sentences([sentence, *texts, *rivals])
        margins = self._margins(vectors[0], vectors[1:])
        own = float(margins[: len(texts)].max())
        return Standing(own, own - float(margins[len(texts) :].max()) if rivals else None)

    def match_words(self, sentence: str, source: str) -> Sequence[tuple[str, float]]:
        """Return each word of a sentence with the cosine of the source's word that is nearest.

        As SimAlign finds the words of two languages that stand for each other (Jalili Sabet et
        al., "SimAlign: High Quality Word Alignments without Parallel Training Data", Findings of
        EMNLP 2020), from what either language's words have in common taken off. Most words of a
        translation have 0.6 and more, one that stands for nothing 0.3 to 0.5. Empty where the
        embedder doesn't tell words apart, or can't read a text whole. A conversation shows the
        same translations again: those of late are kept.
        """
        return self._matches(sentence, source)

    def _match_words(self, sentence: str, source: str) -> Sequence[tuple[str, float]]:
        read = self._embedder.embed_words([sentence, source])
        if read is None or not all(text.words for text in read):
            return []
        ours, theirs = (
            _unit(text.vectors - np.linalg.norm(text.vectors.mean(axis=0)) * centre)
            for text, centre in zip(read, self._centres[::-1], strict=True)
        )
        return list(zip(read[0].words, (ours @ theirs.T).max(axis=1).tolist(), strict=True))

    def _margins(self, sentence: Vectors, texts: Vectors) -> Vectors:
        foreign, english = self._centres
        expected = (foreign @ sentence + texts @ english) / 2
        margins: Vectors = np.subtract(texts @ sentence, expected, dtype=np.float32)
        return margins

    @functools.cached_property
    def _centres(self) -> tuple[Vectors, Vectors]:
        """The mean vectors of the bank's Arabic and English statements."""
        pairs = [line.split(" | ") for line in read_lines("statements")]
        foreign, english = (
            self._embedder.embed_bank([pair[side] for pair in pairs]).mean(axis=0)
            for side in (0, 1)
        )
        return foreign, english


def _unit(vectors: Vectors) -> Vectors:
    lengths: Vectors = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / lengths


def find_rivals(quotes: Sequence[str], context: str, language: str) -> list[str]:
    """Return the sentences beside quotations in the article that they are from.

    A passage that is about the same has to do better than they. None where a quotation doesn't
    stand in the article word for word.
    """
    found = (rival for quote in quotes for rival in _beside(quote, context, language))
    return [
        rival
        for rival in dict.fromkeys(found)
        if len(rival) >= _SHORTEST_RIVAL and not any(rival in q or q in rival for q in quotes)
    ]


def _beside(quote: str, context: str, language: str) -> Iterator[str]:
    start = context.find(quote)
    if start < 0:
        return
    end = start + len(quote)
    before, after = context[max(0, start - _REACH) : start], context[end : end + _REACH]
    for text, wanted in ((before, slice(-_NEIGHBOURS, None)), (after, slice(_NEIGHBOURS))):
        for span in split_sentences(text, language)[wanted]:
            yield text[span.start : span.end]
