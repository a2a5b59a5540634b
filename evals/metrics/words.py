"""English words as the overlap metrics compare them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.naming import function_words

_WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*(?:['’][^\W\d_]+)?")
_STEM = 5
_ENDING = re.compile("(?:ing|e?s|ed)$")


def words(text: str) -> list[str]:
    """Return a text's words in small letters, numbers with their decimals, no punctuation."""
    return [word.replace("’", "'").removesuffix("'s") for word in _WORD.findall(text.lower())]


def content_stems(text: str) -> list[str]:
    """Return the stems of the words that carry content.

    A stem is a word without -s, -ed and -ing, cut to five letters: cutting alone is as good
    for retrieval as a suffix stripper (Can et al., JASIST 2008).
    """
    return [_stem(word) for word in words(text) if word not in function_words()]


def _stem(word: str) -> str:
    if any(map(str.isdigit, word)):
        return word
    return (_ENDING.sub("", word) if len(word) > _STEM - 1 else word)[:_STEM]


def recall(wanted: Sequence[str], given: Sequence[str]) -> float | None:
    """Return the share of the wanted words that are given, None where none is wanted."""
    if not wanted:
        return None
    found = set(given)
    return sum(word in found for word in wanted) / len(wanted)
