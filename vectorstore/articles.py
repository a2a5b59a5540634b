"""The nouns of the collection: an article, its passages, and a hit of a search."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of characters, `text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """One article as a loader found it, before cleaning.

    `source` tells where it was found: an absolute path, a URL, or either with `#record`
    for one record of a feed. `date` is ISO 8601 (`2021-06-11`), as far as it is known;
    `outlet` the publication's name or host. What a loader can't find stays None. `hidden`
    are texts that stand in the file but that its reader doesn't see; they aren't in `text`.
    """

    text: str
    source: str
    title: str | None = None
    outlet: str | None = None
    date: str | None = None
    language: str | None = None
    hidden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it is kept; citations' offsets count the characters of `text`.

    `text` is composed (NFC), free of control and invisible characters, and without page
    furniture. `language` is an ISO 639-1 code, `und` where none could be told.
    `sentences` are the spans of its sentences in reading order: they don't overlap, carry
    no white space at their ends, and everything else in `text` is white space.
    """

    id: str
    source: str
    title: str
    outlet: str | None
    date: str | None
    language: str
    text: str
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """Some consecutive whole sentences of one article: what is embedded and retrieved.

    `text == article.text[start:end]`; `sentences` are spans in the article, not in the passage.
    """

    id: str
    article_id: str
    position: int
    start: int
    end: int
    text: str
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that a search found, with its article and its score (higher is better).

    `similarity` is the cosine between query and passage, None where only the keyword leg
    found it. `score` is what the hits are ordered by and means nothing between searches.
    """

    passage: Passage
    article: Article
    score: float
    similarity: float | None = None


def hash_id(*parts: str) -> str:
    """Return 16 hexadecimal digits that stand for these strings, in this order."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode()
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()[:16]


def source_name(source: str) -> str:
    """Return where an article is from as a reader may know it: an address or a file's name."""
    if source.startswith(("http://", "https://")):
        return source
    return re.split(r"[/\\]", source)[-1]
