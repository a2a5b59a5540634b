"""Which words of an English sentence are names of people and things, rather than of places.

English writes names with a capital, and much else: the first word, titles, headlines. What is
left when common words are taken away is a name.
"""

from __future__ import annotations

import re

from assistant.naming import english_words
from vectorstore.names import name_candidates, place_mentions

_SEVERAL_CAPITALS = re.compile(r"^(?!Mc|Mac|O['’])\w*[A-Z]\w*[A-Z]")
_ENDINGS = ("", "ing", "ed", "ly", "ably", "ening", "s", "es", "er", "ers", "ist", "ists", "ics")
_BEGINNINGS = re.compile("^(?:after|anti|inter|mid|multi|non|out|over|post|super|un|under)(?=.{4})")
# Of a word inside an institution's name too: Pretrial Facility, Demilitarised Zone.
_FIXED_BEGINNINGS = re.compile("^(?:anti|de|inter|multi|non|pre|super|un)(?=.{5})")
_OPENING = re.compile(r"(?:^|[.!?:;]\s|[\"“”'‘(\[-]\s?)\W*([A-Z][\w'’-]*)(?!\w| [A-Z])")
_HEADLINE = 0.8  # of a headline's longer words begin with a capital
_HEADLINE_WORDS = 4


def names_in(sentence: str) -> list[str]:
    """Return the words of an English sentence that are names of people and the like."""
    if _is_headline(sentence):
        return []
    found, opening = [], set(_OPENING.findall(sentence))
    for word in name_candidates(sentence):
        parts = (word, *word.split("-"))
        if any(_is_common(part.lower()) for part in parts if len(part) > 2):
            continue
        if _is_common(_FIXED_BEGINNINGS.sub("", word.lower())):
            continue
        if word in opening and _is_common(_BEGINNINGS.sub("", word.lower())):
            continue
        if len(word) < 3 or _SEVERAL_CAPITALS.match(word) or place_mentions(word):
            continue
        found.append(word)
    return list(dict.fromkeys(found))


def _is_common(word: str) -> bool:
    """Tell whether a word is an ordinary one, or made of one by a usual ending."""
    bases = {word.removesuffix(ending) for ending in _ENDINGS}
    return any(b in english_words() or f"{b}e" in english_words() for b in bases if len(b) > 2)


def _is_headline(sentence: str) -> bool:
    """Tell whether every word has a capital, as in the headlines of the American press."""
    words = [w for w in re.findall(r"[A-Za-z]+", sentence) if len(w) > 3]
    capitals = sum(w[0].isupper() for w in words)
    return len(words) >= _HEADLINE_WORDS and capitals >= _HEADLINE * len(words)
