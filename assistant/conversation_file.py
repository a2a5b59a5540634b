"""The SQLite file that conversations are kept in: its tables, its version, its connections."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.errors import ConversationStoreError

SCHEMA_VERSION = "1"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS conversations (
    key INTEGER PRIMARY KEY, owner TEXT NOT NULL, id TEXT NOT NULL, named TEXT NOT NULL,
    updated TEXT NOT NULL, deleted TEXT, UNIQUE (owner, id));
CREATE INDEX IF NOT EXISTS conversations_by_update ON conversations (owner, updated);
CREATE TABLE IF NOT EXISTS exchanges (
    key INTEGER PRIMARY KEY, id TEXT NOT NULL, position INTEGER NOT NULL,
    question TEXT NOT NULL, body TEXT NOT NULL,
    conversation INTEGER NOT NULL REFERENCES conversations (key) ON DELETE CASCADE,
    UNIQUE (conversation, id));
CREATE TABLE IF NOT EXISTS ratings (
    exchange INTEGER PRIMARY KEY REFERENCES exchanges (key) ON DELETE CASCADE,
    verdict TEXT NOT NULL, why TEXT NOT NULL, given TEXT NOT NULL);
-- The words of an exchange stand under its key, those of a conversation's name under -key.
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (
    terms, conversation UNINDEXED, prefix = '2 3', tokenize = "unicode61 remove_diacritics 0");
CREATE TRIGGER IF NOT EXISTS exchange_gone AFTER DELETE ON exchanges
    BEGIN DELETE FROM words WHERE rowid = old.key; END;
CREATE TRIGGER IF NOT EXISTS conversation_gone AFTER DELETE ON conversations
    BEGIN DELETE FROM words WHERE rowid = -old.key; END;
"""


class ConversationFile:
    """An open file; each thread has a connection of its own.

    Args:
        path: the file; made with its folder where it isn't there yet.

    Raises:
        ConversationStoreError: the file was made by another version, or isn't one of ours.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with self.connection as connection:
                connection.executescript(_SCHEMA)
                version = _version(connection)
        except (OSError, sqlite3.DatabaseError) as error:
            raise ConversationStoreError(
                f"{str(path)!r} can't be opened as conversations ({error}); move it away, or "
                "choose another folder with --data"
            ) from error
        if version != SCHEMA_VERSION:
            raise ConversationStoreError(
                f"{str(path)!r} has schema {version}, this Mujaz reads {SCHEMA_VERSION}; use the "
                "version that made it, or move the file away"
            )

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection; what it writes takes the file's lock at once."""
        if not hasattr(self._local, "connection"):
            connection = sqlite3.connect(self._path, timeout=30, isolation_level="IMMEDIATE")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA foreign_keys = ON")
            self._local.connection = connection
        found: sqlite3.Connection = self._local.connection
        return found

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Write all or nothing.

        Raises:
            ConversationStoreError: the disk is full, or a lock isn't given up.
        """
        try:
            with self.connection as connection:
                yield connection
        except sqlite3.OperationalError as error:
            raise ConversationStoreError(
                f"{str(self._path)!r} can't be written ({error}); see that its disk has room and "
                "no other program holds it, and try again"
            ) from error


def _version(connection: sqlite3.Connection) -> str:
    connection.execute("INSERT OR IGNORE INTO meta VALUES ('schema', ?)", (SCHEMA_VERSION,))
    query = "SELECT value FROM meta WHERE key = 'schema'"
    (version,) = connection.execute(query).fetchone()
    return str(version)
