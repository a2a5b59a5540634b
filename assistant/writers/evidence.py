"""Is a question answered by what was found? Measured against alternatives, never guessed.

A small embedder's cosines lie so close together that no fixed value parts right from wrong.
Two things can be told: whether any article names what the question names, and whether the best
sentence is nearer to this question than to a bank of questions about anything else. Of the
questions close to the articles' topic, `kinds` tells some that they don't answer.
"""

from __future__ import annotations

import functools
import re

from assistant.data import read_lines
from vectorstore.catalog import Catalog
from vectorstore.embeddings import Embedder
from vectorstore.lexical import articles_with_place, mentions_name
from vectorstore.names import LEXICON_LANGUAGES, name_candidates, place_mentions, place_name
from vectorstore.store import Vectors

_NAME_WORD = r"(?:(?:[Aa]l|[Ee]l)-)?[A-Z][\w'’-]+|b[eiï]nt?|ibn|ould|abu"
_WHO_IS = re.compile(rf"^\s*[Ww]ho\s+(?:is|was|are|were)\s+((?:(?:{_NAME_WORD})\s*){{2,5}})\??\s*$")
_ASKS_NUMBER = re.compile(
    r"\bhow (?:many|much|far|long|old|often|high|large|big|tall|common)\b|\bwhen\b|"
    r"\b(?:what|which|by what) (?:percentage|share|sum|score|number|proportion|price|cost|year|"
    r"date)\b|(?<!\w)(?:كم|متى|بكم)(?!\w)|ما (?:عدد|نسبة|النسبة|المبلغ)",
    re.IGNORECASE,
)


def missing_names(question: str, catalog: Catalog) -> list[str]:
    """Return what a question names and no article of the collection does.

    Places are looked up by the lexicon; people only where the question is who they are, for
    other capitalised words of English may well be translated in the articles. Where an article
    is in a language that the lexicon hasn't, nothing can be said to be missing.
    """
    if not catalog.languages() <= LEXICON_LANGUAGES:
        return []
    missing = [
        place_name(place)
        for place in sorted(place_mentions(question))
        if not articles_with_place(catalog, place)
    ]
    people = asked_person(question)
    if people and not any(mentions_name(catalog, name) for name in people):
        missing.append(" ".join(people))
    return missing


def asked_person(question: str) -> list[str]:
    """Return the words of the name in a question of who somebody is; [] for any other."""
    asked = _WHO_IS.match(question)
    return name_candidates(asked[1]) if asked else []


def asks_number(question: str) -> bool:
    """Tell whether a question asks for a number or a date."""
    return bool(_ASKS_NUMBER.search(question))


class QuestionBank:
    """Questions about anything, to compare a question with."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    @functools.cached_property
    def _vectors(self) -> Vectors:
        return self._embedder.embed_bank(read_lines("questions"), queries=True)

    def load(self) -> None:
        """Have the vectors ahead of the first question."""
        self._vectors  # noqa: B018 - cached

    def standing(self, question: Vectors, sentence: Vectors) -> float:
        """Return how far above the bank a question's likeness to a sentence lies, in sigmas.

        Args:
            question: its unit vector, shape (dimension,).
            sentence: the sentence's unit vector, shape (dimension,).
        """
        likeness = self._vectors @ sentence
        spread = max(float(likeness.std()), 1e-6)
        return (float(question @ sentence) - float(likeness.mean())) / spread
