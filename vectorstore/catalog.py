"""The collection's own store: articles, passages and the keyword index, in one SQLite file.

The vectors live elsewhere and can be made again from what is here. SQLite because it is in
Python, survives a kill at any moment, and brings a keyword index ranked by BM25 (FTS5).
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from vectorstore.articles import Article, Passage, Span
from vectorstore.bin import SCHEMA as _BIN
from vectorstore.bin import discard, empty, find_binned, list_binned, take_out
from vectorstore.errors import UnknownArticleError, VectorstoreError
from vectorstore.listing import SCHEMA as _LISTING
from vectorstore.listing import (
    Facets,
    Listed,
    Order,
    Shelf,
    Wanted,
    browse,
    count_facets,
    enlist,
    enlist_english,
    enlist_missing,
)

SCHEMA_VERSION = "1"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS files (
    path TEXT PRIMARY KEY, digest TEXT NOT NULL, articles INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS articles (
    id TEXT PRIMARY KEY, file TEXT NOT NULL, source TEXT NOT NULL UNIQUE, title TEXT NOT NULL,
    outlet TEXT, date TEXT, language TEXT NOT NULL, text TEXT NOT NULL, sentences TEXT NOT NULL,
    added TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ')));
CREATE INDEX IF NOT EXISTS articles_by_file ON articles (file);
CREATE TABLE IF NOT EXISTS passages (
    id TEXT PRIMARY KEY, position INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL,
    sentences TEXT NOT NULL,
    article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE);
CREATE INDEX IF NOT EXISTS passages_by_article ON passages (article_id);
CREATE TABLE IF NOT EXISTS sketches (
    hash INTEGER NOT NULL,
    article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE);
CREATE INDEX IF NOT EXISTS sketches_by_hash ON sketches (hash);
CREATE INDEX IF NOT EXISTS sketches_by_article ON sketches (article_id);
CREATE VIRTUAL TABLE IF NOT EXISTS keywords USING fts5 (
    passage_id UNINDEXED, stems, names, places, tokenize = "unicode61 remove_diacritics 0");
"""
_ARTICLE = "id, source, title, outlet, date, language, text, sentences"


@dataclass(frozen=True, slots=True)
class Keywords:
    """What the keyword index holds of one passage, each a string of terms between spaces."""

    stems: str
    names: str
    places: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One article with all that is kept of it."""

    article: Article
    file: str
    passages: Sequence[Passage]
    keywords: Sequence[Keywords]
    sketch: frozenset[int]


class Catalog:
    """Articles and passages on disk; safe to read from many threads and processes.

    Args:
        path: the SQLite file; made with its folder where it isn't there yet.

    Raises:
        VectorstoreError: the file was made by another version, or isn't a catalog.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise VectorstoreError(
                f"{str(path.parent)!r} can't be a collection's folder ({error.strerror}); choose "
                "another with --data"
            ) from error
        try:
            with self._connection as connection:
                connection.executescript(_SCHEMA + _LISTING + _BIN)
                enlist_missing(connection)
                empty(connection)
        except sqlite3.DatabaseError as error:
            raise VectorstoreError(
                f"{str(path)!r} can't be opened as a collection ({error}); "
                "move it away and ingest again, or choose another folder with --data"
            ) from error
        version = self.recall("schema") or self.remember("schema", SCHEMA_VERSION)
        if version != SCHEMA_VERSION:
            raise VectorstoreError(
                f"{str(path)!r} has schema {version}, this Mujaz reads {SCHEMA_VERSION}; "
                "use the version that made it, or ingest into another folder with --data"
            )

    @property
    def _connection(self) -> sqlite3.Connection:
        if not hasattr(self._local, "connection"):
            connection = sqlite3.connect(self._path, timeout=30)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA foreign_keys = ON")
            self._local.connection = connection
        found: sqlite3.Connection = self._local.connection
        return found

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._connection as connection:
            yield connection

    # ------------------------------------------------------------------ facts
    def recall(self, key: str) -> str | None:
        """Return what was remembered under `key`, or None."""
        row = self._connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def remember(self, key: str, value: str) -> str:
        """Keep `value` under `key` and return it."""
        with self._transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))
        return value

    # ------------------------------------------------------------------ files
    def file_digest(self, path: str) -> str | None:
        """Return the digest a file had when its articles were last read, or None."""
        query = "SELECT digest FROM files WHERE path = ?"
        row = self._connection.execute(query, (path,)).fetchone()
        return row[0] if row else None

    def record_file(self, path: str, digest: str, articles: int) -> None:
        """Note that all of a file is in the collection, so that it can be passed over."""
        with self._transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO files VALUES (?, ?, ?)", (path, digest, articles)
            )

    def files(self) -> list[str]:
        """Return every file or address that articles came from."""
        return [row[0] for row in self._connection.execute("SELECT DISTINCT file FROM articles")]

    def articles_of(self, file: str) -> dict[str, str]:
        """Return the ids of a file's articles by their source."""
        rows = self._connection.execute("SELECT source, id FROM articles WHERE file = ?", (file,))
        return dict(rows.fetchall())

    # --------------------------------------------------------------- articles
    def add(self, entries: Iterable[Entry], removed: Iterable[str] = ()) -> None:
        """Add articles and remove others, all or nothing."""
        with self._transaction() as connection:
            self._delete(connection, removed)
            for entry in entries:
                self._insert(connection, entry)

    def _insert(self, connection: sqlite3.Connection, entry: Entry) -> None:
        a = entry.article
        connection.execute(
            "INSERT INTO articles (file, id, source, title, outlet, date, language, text,"
            " sentences) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (entry.file, a.id, a.source, a.title, a.outlet, a.date, a.language, a.text,
             _dump(a.sentences)),
        )  # fmt: skip
        enlist(connection, [(a.id, a.title, a.outlet, a.source)])
        connection.executemany(
            "INSERT INTO passages (id, position, start, stop, sentences, article_id)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [
                (p.id, p.position, p.start, p.end, _dump(p.sentences), p.article_id)
                for p in entry.passages
            ],
        )
        ids = [p.id for p in entry.passages]
        _index(connection, zip(ids, entry.keywords, strict=True))
        connection.executemany(
            "INSERT INTO sketches VALUES (?, ?)", [(value, a.id) for value in entry.sketch]
        )

    def add_english_titles(self, titles: Mapping[str, str]) -> None:
        """Have articles found on the list by the English of their titles too, by their ids."""
        with self._transaction() as connection:
            enlist_english(connection, titles)

    def remove(self, article_ids: Iterable[str]) -> None:
        """Remove articles with their passages and keywords, all or nothing."""
        with self._transaction() as connection:
            self._delete(connection, article_ids)

    def discard(self, article_ids: Iterable[str]) -> None:
        """Remove articles likewise, but keep them in the bin for a day."""
        ids = list(article_ids)
        with self._transaction() as connection:
            discard(connection, ids)
            self._delete(connection, ids)

    def removed(self) -> tuple[Listed, ...]:
        """Return what is in the bin, the last removed first."""
        return list_binned(self._connection)

    def binned(self, article_id: str) -> tuple[Article, str] | None:
        """Return an article of the bin's with its file, or None."""
        with self._transaction() as connection:
            row = find_binned(connection, article_id)
        return (_article(row[:-1]), row[-1]) if row else None

    def restore(self, entry: Entry) -> None:
        """Add an article of the bin's again, and its file's record with the last of its file."""
        with self._transaction() as connection:
            self._insert(connection, entry)
            take_out(connection, entry.article.id)

    def _delete(self, connection: sqlite3.Connection, article_ids: Iterable[str]) -> None:
        for article_id in article_ids:
            connection.execute(
                "DELETE FROM keywords WHERE passage_id IN"
                " (SELECT id FROM passages WHERE article_id = ?)",
                (article_id,),
            )
            connection.execute(
                "DELETE FROM files WHERE path IN (SELECT file FROM articles WHERE id = ?)",
                (article_id,),
            )
            connection.execute("DELETE FROM articles WHERE id = ?", (article_id,))

    def article(self, article_id: str) -> Article:
        """Return the article whose id is, or uniquely begins with, `article_id`.

        Raises:
            UnknownArticleError: there is none, or more than one.
        """
        rows = self._connection.execute(
            f"SELECT {_ARTICLE} FROM articles WHERE substr(id, 1, ?) = ? LIMIT 2",
            (len(article_id), article_id),
        ).fetchall()
        if len(rows) != 1 or not article_id:
            problem = "more than one article's id begins" if rows and article_id else "no article"
            raise UnknownArticleError(
                f"{problem} with {article_id!r}; `mujaz articles` lists them all"
            )
        return _article(rows[0])

    def find(self, article_id: str) -> Article | None:
        """Return the article with exactly this id, or None."""
        query = f"SELECT {_ARTICLE} FROM articles WHERE id = ?"
        row = self._connection.execute(query, (article_id,)).fetchone()
        return _article(row) if row else None

    def articles(self) -> list[Article]:
        """Return every article, the newest first, then by title."""
        rows = self._connection.execute(
            f"SELECT {_ARTICLE} FROM articles ORDER BY date IS NULL, date DESC, title, id"
        )
        return [_article(row) for row in rows]

    def browse(
        self,
        wanted: str = "",
        language: str | None = None,
        outlet: str | None = None,
        since: str | None = None,
        until: str | None = None,
        limit: int = 50,
        offset: int = 0,
        order: Order = "date",
    ) -> Shelf:
        """Return a page of the list of articles without reading any text.

        Args:
            wanted: words that must all stand in the title, the outlet or the source's name, in
                any spelling that Arabic readers take for the same.
            language: a code such as `ar`.
            outlet: exactly as `facets` gives it.
            since: an ISO date, or its beginning (`2021`); articles without a date are left out.
            until: likewise; that day, month or year still counts.
            limit: how many at most.
            offset: how many to pass over.
            order: by `date`, the newest first, or as they were `added`, the last first.
        """
        chosen = Wanted(wanted, language, outlet, since, until)
        return browse(self._connection, chosen, limit, offset, order)

    def facets(self) -> Facets:
        """Return what the list can be narrowed by, with the number of articles of each."""
        return count_facets(self._connection)

    def file_of(self, article: Article) -> str:
        """Return the file or address that an article came from."""
        query = "SELECT file FROM articles WHERE id = ?"
        (file,) = self._connection.execute(query, (article.id,)).fetchone()
        return str(file)

    def count(self) -> int:
        """Return how many articles there are."""
        (number,) = self._connection.execute("SELECT count(*) FROM articles").fetchone()
        return int(number)

    def languages(self) -> frozenset[str]:
        """Return the languages of the articles."""
        rows = self._connection.execute("SELECT DISTINCT language FROM articles")
        return frozenset(row[0] for row in rows)

    def similar(self, sketch: frozenset[int]) -> dict[str, int]:
        """Return how many of a sketch's values each article shares, for those that share any."""
        marks = ",".join("?" * len(sketch))
        rows = self._connection.execute(
            f"SELECT article_id, count(*) FROM sketches WHERE hash IN ({marks}) GROUP BY 1",
            tuple(sketch),
        )
        return dict(rows.fetchall())

    # --------------------------------------------------------------- passages
    def replace_keywords(self, extract: Callable[[str], Keywords]) -> None:
        """Extract the keywords of every passage anew, all or nothing."""
        with self._transaction() as connection:
            # First: nobody else adds a passage meanwhile.
            connection.execute("DELETE FROM keywords")
            rows = connection.execute(
                "SELECT p.id, substr(a.text, p.start + 1, p.stop - p.start)"
                " FROM passages p JOIN articles a ON a.id = p.article_id"
            ).fetchall()
            _index(connection, [(identity, extract(text)) for identity, text in rows])

    def passages(self, passage_ids: Iterable[str]) -> dict[str, tuple[Passage, Article]]:
        """Return those of the passages that are here, each with its article, by id."""
        wanted = tuple(passage_ids)
        marks = ",".join("?" * len(wanted))
        rows = self._connection.execute(
            "SELECT p.id, p.position, p.start, p.stop, p.sentences, a.id, a.source, a.title,"
            " a.outlet, a.date, a.language, a.text, a.sentences"
            " FROM passages p JOIN articles a ON a.id = p.article_id"
            f" WHERE p.id IN ({marks})",
            wanted,
        )
        found = {}
        for row in rows:
            article = _article(row[5:])
            passage = _passage(row[:5], article)
            found[passage.id] = (passage, article)
        return found

    def passages_of(self, article: Article) -> list[Passage]:
        """Return an article's passages in reading order."""
        rows = self._connection.execute(
            "SELECT id, position, start, stop, sentences FROM passages WHERE article_id = ?"
            " ORDER BY position",
            (article.id,),
        )
        return [_passage(row, article) for row in rows]

    def passage_ids(self) -> set[str]:
        """Return the ids of all passages."""
        return {row[0] for row in self._connection.execute("SELECT id FROM passages")}

    def match(self, expression: str, limit: int) -> list[str]:
        """Return the passages that match an FTS5 expression, best BM25 score first.

        Names weigh most, then places, then words: the rarer kind tells passages apart.
        """
        rows = self._connection.execute(
            "SELECT passage_id FROM keywords WHERE keywords MATCH ?"
            " ORDER BY bm25(keywords, 0, 1.0, 2.0, 1.5), passage_id LIMIT ?",
            (expression, limit),
        )
        return [row[0] for row in rows]

    def match_articles(self, expression: str) -> set[str]:
        """Return the ids of the articles with a passage that matches an FTS5 expression."""
        rows = self._connection.execute(
            "SELECT DISTINCT p.article_id FROM keywords k JOIN passages p ON p.id = k.passage_id"
            " WHERE keywords MATCH ?",
            (expression,),
        )
        return {row[0] for row in rows}


def _index(connection: sqlite3.Connection, keywords: Iterable[tuple[str, Keywords]]) -> None:
    connection.executemany(
        "INSERT INTO keywords (passage_id, stems, names, places) VALUES (?, ?, ?, ?)",
        [(identity, k.stems, k.names, k.places) for identity, k in keywords],
    )


def _article(row: Sequence[str]) -> Article:
    identity, source, title, outlet, date, language, text, sentences = row
    return Article(identity, source, title, outlet, date, language, text, _load(sentences))


def _passage(row: Sequence[str], article: Article) -> Passage:
    identity, position, start, end, sentences = row
    text = article.text[int(start) : int(end)]
    return Passage(
        identity, article.id, int(position), int(start), int(end), text, _load(sentences)
    )


def _dump(spans: Iterable[Span]) -> str:
    return json.dumps([[s.start, s.end] for s in spans], separators=(",", ":"))


def _load(spans: str) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in json.loads(spans))
