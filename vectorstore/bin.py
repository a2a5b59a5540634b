"""What was removed, kept for a day, so that removing can be undone.

Only the articles are kept: passages, keywords and vectors follow from them, and are made anew.
"""

from __future__ import annotations

import sqlite3

from vectorstore.listing import Listed

SCHEMA = """
CREATE TABLE IF NOT EXISTS bin (
    id TEXT PRIMARY KEY, file TEXT NOT NULL, source TEXT NOT NULL, title TEXT NOT NULL,
    outlet TEXT, date TEXT, language TEXT NOT NULL, text TEXT NOT NULL, sentences TEXT NOT NULL,
    added TEXT NOT NULL, removed TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ')));
CREATE TABLE IF NOT EXISTS bin_files (
    path TEXT PRIMARY KEY, digest TEXT NOT NULL, articles INTEGER NOT NULL,
    held INTEGER NOT NULL);
"""
_COLUMNS = "id, file, source, title, outlet, date, language, text, sentences, added"
_KEPT = "-1 day"


def discard(connection: sqlite3.Connection, article_ids: list[str]) -> None:
    """Copy articles into the bin, and the records of their files; empty it of what is old.

    `held` is how many of a file's articles there were: its record holds again when they do.
    """
    empty(connection)
    for article_id in article_ids:
        connection.execute(
            f"INSERT OR REPLACE INTO bin ({_COLUMNS}) SELECT {_COLUMNS} FROM articles WHERE id = ?",
            (article_id,),
        )
        connection.execute(
            "INSERT OR REPLACE INTO bin_files SELECT f.path, f.digest, f.articles,"
            " (SELECT count(*) FROM articles b WHERE b.file = f.path)"
            " FROM files f JOIN articles a ON a.file = f.path WHERE a.id = ?",
            (article_id,),
        )


def find_binned(connection: sqlite3.Connection, article_id: str) -> tuple[str, ...] | None:
    """Return a binned article's row, its file last; None where the bin hasn't got it."""
    empty(connection)
    row: tuple[str, ...] | None = connection.execute(
        "SELECT id, source, title, outlet, date, language, text, sentences, file FROM bin"
        " WHERE id = ?",
        (article_id,),
    ).fetchone()
    return row


def list_binned(connection: sqlite3.Connection) -> tuple[Listed, ...]:
    """Return what the bin holds for now, the last removed first; nothing is written."""
    rows = connection.execute(
        "SELECT id, title, source, outlet, date, language FROM bin"
        " WHERE removed >= strftime('%Y-%m-%dT%H:%M:%SZ', 'now', ?)"
        " ORDER BY removed DESC, rowid DESC",
        (_KEPT,),
    )
    return tuple(Listed(*row) for row in rows)


def take_out(connection: sqlite3.Connection, article_id: str) -> None:
    """Give an article that is stored again its day of arrival, and its file its record.

    The record comes back with the last of the file's articles: until then the file isn't whole.
    """
    connection.execute(
        "UPDATE articles SET added = (SELECT b.added FROM bin b WHERE b.id = articles.id)"
        " WHERE id = ?",
        (article_id,),
    )
    connection.execute(
        "INSERT OR IGNORE INTO files SELECT path, digest, articles FROM bin_files"
        " WHERE path = (SELECT file FROM articles WHERE id = ?)"
        " AND held = (SELECT count(*) FROM articles b WHERE b.file = path)",
        (article_id,),
    )
    connection.execute("DELETE FROM bin WHERE id = ?", (article_id,))
    _drop_records(connection)


def empty(connection: sqlite3.Connection) -> None:
    """Forget what was removed more than a day ago; nothing is written where there is none."""
    old = "removed < strftime('%Y-%m-%dT%H:%M:%SZ', 'now', ?)"
    if connection.execute(f"SELECT 1 FROM bin WHERE {old} LIMIT 1", (_KEPT,)).fetchone():
        connection.execute(f"DELETE FROM bin WHERE {old}", (_KEPT,))
        _drop_records(connection)


def _drop_records(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM bin_files WHERE path NOT IN (SELECT file FROM bin)")
