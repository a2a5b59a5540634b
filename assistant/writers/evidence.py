"""Is a question answered by what was found? Measured against alternatives, never guessed.

A small embedder's cosines lie so close together that no fixed value parts right from wrong.
Two things can be told: whether the articles name what the question names, and whether the best
sentence is nearer to this question than to a bank of questions about anything else.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from importlib.resources import files

from vectorstore.arabic import normalize_for_search
from vectorstore.articles import Hit
from vectorstore.embeddings import Embedder
from vectorstore.names import (
    arabic_skeletons,
    name_candidates,
    place_mentions,
    place_name,
    skeleton,
)
from vectorstore.store import Vectors

_ARABIC_WORD = re.compile(r"[\u0621-\u064a]{2,}")
_SHORTEST_NAME = 3  # consonants: shorter skeletons match by chance
_NOT_NAMES = frozenset(
    "what who whom whose when where why which how is are was were do does did has have had can "
    "could will would should the a an in on at of for to from by with about according tell give "
    "list name summarize explain describe president minister prime foreign king general january "
    "february march april may june july august september october november december monday "
    "tuesday wednesday thursday friday saturday sunday i if and or ministry security army".split()
)


def missing_names(question: str, hits: Sequence[Hit]) -> list[str]:
    """Return the names in a question that none of the found articles has, if it has none of them.

    A question that shares one name with an article is about it, and the other name may be
    spelt in a way the skeletons don't see; places are looked up and must each be there.
    """
    articles = {hit.article.id: hit.article for hit in hits}
    texts = [f"{a.title}\n{a.text}" for a in articles.values()]
    places = place_mentions(question)
    here = frozenset().union(*(place_mentions(text) for text in texts))
    missing = [place_name(p) for p in sorted(places - here)]
    people = [w for w in name_candidates(question) if _looks_like_name(w)]
    absent = [name for name in people if not any(_has_name(text, name) for text in texts)]
    if people and len(absent) == len(people):
        missing += absent
    return missing


def _looks_like_name(word: str) -> bool:
    return word.lower() not in _NOT_NAMES and len(skeleton(word)) >= _SHORTEST_NAME


def _has_name(text: str, name: str) -> bool:
    return name.lower() in text.lower() or skeleton(name) in _skeletons(text)


@functools.lru_cache(maxsize=256)
def _skeletons(text: str) -> frozenset[str]:
    words = set(_ARABIC_WORD.findall(normalize_for_search(text)))
    return frozenset().union(*map(arabic_skeletons, words)) if words else frozenset()


class QuestionBank:
    """Questions about anything, to compare a question with.

    The vectors are computed at first use, one model call for all.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    @functools.cached_property
    def _vectors(self) -> Vectors:
        import numpy as np

        text = (files("assistant") / "writers" / "questions.txt").read_text("utf-8")
        questions = [line for line in text.splitlines() if line and not line.startswith("#")]
        return np.stack([self._embedder.embed_query(q) for q in questions])

    def standing(self, question: Vectors, sentence: Vectors) -> float:
        """Return how far above the bank a question's likeness to a sentence lies, in sigmas.

        Args:
            question: its unit vector, shape (dimension,).
            sentence: the sentence's unit vector, shape (dimension,).
        """
        likeness = self._vectors @ sentence
        spread = max(float(likeness.std()), 1e-6)
        return (float(question @ sentence) - float(likeness.mean())) / spread
