"""The collection as a list to look through: titles, outlets and dates, without any text.

What a row is searched by is folded once, when its article comes in, and kept beside it, so that
a collection of thousands answers while somebody types.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal, NamedTuple

from vectorstore.arabic import normalize_for_search
from vectorstore.cleaning import normalize_text
from vectorstore.names import arabic_place_names
from vectorstore.outlets import arabic_outlets

SCHEMA = """
CREATE TABLE IF NOT EXISTS listing (
    article_id TEXT PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE, folded TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS articles_in_order ON articles (date IS NULL, date DESC, title, id);
CREATE INDEX IF NOT EXISTS articles_as_added
    ON articles (added DESC, date IS NULL, date DESC, title, id);
"""
Order = Literal["date", "added"]
_BY_DATE = "a.date IS NULL, a.date DESC, a.title, a.id"
_ORDERS: dict[Order, str] = {"date": _BY_DATE, "added": f"a.added DESC, {_BY_DATE}"}
_ROW = "a.id, a.title, a.source, a.outlet, a.date, a.language"


class Listed(NamedTuple):
    """One article on the list, without its text."""

    id: str
    title: str
    source: str
    outlet: str | None
    date: str | None
    language: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """The part of the list that was asked for, and how many there are in all."""

    articles: tuple[Listed, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Facets:
    """What a collection can be narrowed by: each value with its articles, the most first.

    `dates` are the earliest and the latest, None where no article is dated.
    """

    languages: tuple[tuple[str, int], ...]
    outlets: tuple[tuple[str, int], ...]
    dates: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What articles to list.

    Args:
        words: each must stand in the title, its English where that was added, the outlet or the
            source's name; a place or an outlet by its English name too.
        language: a code such as `ar`.
        outlet: exactly as the facets give it.
        since: an ISO date, or its beginning: `2021` takes the whole year.
        until: likewise, and it counts as well.
    """

    words: str = ""
    language: str | None = None
    outlet: str | None = None
    since: str | None = None
    until: str | None = None

    def condition(self) -> tuple[str, list[str]]:
        """Return this as a condition of SQL with its values.

        A date that is known to the year or month only is taken where any of its days would be.
        """
        words = normalize_for_search(normalize_text(self.words)).split()
        named = [sorted({word} | arabic_place_names(word) | arabic_outlets(word)) for word in words]
        conditions = [
            f"({' OR '.join(['instr(l.folded, ?) > 0'] * len(names))})" for names in named
        ]
        values = [name for names in named for name in names]
        for condition, value in (
            ("a.language = ?", self.language),
            ("a.outlet = ?", self.outlet),
            ("a.date >= substr(?, 1, length(a.date))", self.since or None),
        ):
            if value is not None:
                conditions.append(condition)
                values.append(value)
        if self.until:
            conditions.append("substr(a.date, 1, length(?)) <= ?")
            values += [self.until, self.until]
        return " AND ".join(conditions) or "1", values


def enlist(
    connection: sqlite3.Connection, articles: Iterable[tuple[str, str, str | None, str]]
) -> None:
    """Put articles on the list: each one's id, title, outlet and source."""
    connection.executemany(
        "INSERT OR REPLACE INTO listing VALUES (?, ?)",
        [(identity, _fold(title, outlet, source)) for identity, title, outlet, source in articles],
    )


def enlist_english(connection: sqlite3.Connection, titles: Mapping[str, str]) -> None:
    """Add the English of titles, by the articles' ids, to what these are searched by.

    Where all is known, nothing is written, so a reader of the list waits for no ingest.
    """
    folded = {identity: f"\n{normalize_for_search(title)}" for identity, title in titles.items()}
    lacking = "SELECT 1 FROM listing WHERE article_id = ? AND instr(folded, ?) = 0"
    new = [(f, i) for i, f in folded.items() if connection.execute(lacking, (i, f)).fetchone()]
    if new:
        connection.executemany("UPDATE listing SET folded = folded || ? WHERE article_id = ?", new)


def enlist_missing(connection: sqlite3.Connection) -> None:
    """Put the articles on the list that an earlier version has stored."""
    rows = connection.execute(
        "SELECT id, title, outlet, source FROM articles"
        " WHERE id NOT IN (SELECT article_id FROM listing)"
    ).fetchall()
    if rows:
        enlist(connection, rows)


def browse(
    connection: sqlite3.Connection, wanted: Wanted, limit: int, offset: int, order: Order = "date"
) -> Shelf:
    """Return the wanted articles: the newest first, then by title, or the last added first."""
    condition, values = wanted.condition()
    searched = " JOIN listing l ON l.article_id = a.id" if wanted.words.strip() else ""
    of = f"FROM articles a{searched} WHERE {condition}"
    (total,) = connection.execute(f"SELECT count(*) {of}", values).fetchone()
    rows = connection.execute(
        f"SELECT {_ROW} {of} ORDER BY {_ORDERS[order]} LIMIT ? OFFSET ?",
        [*values, limit, offset],
    )
    return Shelf(tuple(Listed(*row) for row in rows), int(total))


def count_facets(connection: sqlite3.Connection) -> Facets:
    """Return the languages, outlets and dates of the articles."""

    def counted(column: str) -> tuple[tuple[str, int], ...]:
        rows = connection.execute(
            f"SELECT {column}, count(*) FROM articles WHERE {column} IS NOT NULL AND {column} <> ''"
            " GROUP BY 1 ORDER BY 2 DESC, 1"
        )
        return tuple((value, number) for value, number in rows)

    first, last = connection.execute("SELECT min(date), max(date) FROM articles").fetchone()
    return Facets(
        counted("language"), counted("outlet"), (first, last) if first is not None else None
    )


def _fold(title: str, outlet: str | None, source: str) -> str:
    """Return what an article is searched by; of a path its name alone, which readers see."""
    name = source if "://" in source else PurePath(source).name
    return normalize_for_search("\n".join((title, outlet or "", name)))
