"""The keyword leg: words of the passages' own language, and names in any script.

BM25 over an Arabic text is useless for a question in English unless something is shared
between the two: numbers, places and personal names are, once brought to one form.
"""

from __future__ import annotations

import re

from vectorstore.arabic import light_stem, normalize_for_search, tokenize
from vectorstore.catalog import Catalog, Keywords
from vectorstore.names import (
    arabic_skeletons,
    lexicon_digest,
    name_candidates,
    place_mentions,
    skeleton,
)

_ARABIC_WORD = re.compile(r"[\u0621-\u064a]{3,}")
_SHORTEST_SKELETON = 2  # consonants; one alone matches everything


def extract_keywords(text: str) -> Keywords:
    """Return the terms under which a passage (or a question) is found."""
    stems = [light_stem(token) for token in tokenize(text)]
    names = set()
    for word in _ARABIC_WORD.findall(normalize_for_search(text)):
        names |= arabic_skeletons(word)
    names |= {skeleton(word) for word in name_candidates(text)}
    return Keywords(
        " ".join(stems),
        " ".join(sorted(n for n in names if len(n) >= _SHORTEST_SKELETON)),
        " ".join(sorted(map(_place_term, place_mentions(text)))),
    )


def refresh_keywords(catalog: Catalog) -> None:
    """Extract a collection's keywords again, where another lexicon of places made them.

    A place that the lexicon has learned would otherwise be told missing from all articles.
    """
    if catalog.recall("lexicon") != lexicon_digest():
        catalog.replace_keywords(extract_keywords)
        catalog.remember("lexicon", lexicon_digest())


def search_keywords(catalog: Catalog, query: str, limit: int) -> list[str]:
    """Return the ids of the passages that share most with the query, best first."""
    wanted = extract_keywords(query)
    if _ARABIC_WORD.search(query):
        names = ""  # stems tell more than skeletons where both are Arabic
    else:
        names = wanted.names
    parts = [
        f"{column} : ({' OR '.join(quoted)})"
        for column, terms in (("stems", wanted.stems), ("names", names), ("places", wanted.places))
        if (quoted := [f'"{term}"' for term in dict.fromkeys(terms.split())])
    ]
    return catalog.match(" OR ".join(parts), limit) if parts else []


def articles_with_place(catalog: Catalog, place: str) -> set[str]:
    """Return the ids of the articles that name this place."""
    return catalog.match_articles(f'places : "{_place_term(place)}"')


def mentions_name(catalog: Catalog, name: str) -> bool:
    """Tell whether any passage has a name with these consonants."""
    sound = skeleton(name)
    return len(sound) < _SHORTEST_SKELETON or bool(catalog.match(f'names : "{sound}"', 1))


def _place_term(place: str) -> str:
    return f"p{place}".replace("-", "").lower()
