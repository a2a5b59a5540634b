"""Conversations on disk: each owner's own, found by their words, and rated.

One SQLite file, as the articles have: it survives a kill at any moment, and FTS5 finds words.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from assistant.conversation import Conversation, Exchange, titled
from assistant.conversation_file import ConversationFile
from assistant.errors import UnknownConversationError
from vectorstore.arabic import light_stem, tokenize

Verdict = Literal["right", "wrong"]
UNDO = timedelta(days=1)  # how long a deleted conversation can be had back at least
_TERMS = 20  # words of a search that count at most
_FIRST = "SELECT question FROM exchanges e WHERE conversation = c.key ORDER BY position, key"


@dataclass(frozen=True, slots=True)
class Kept:
    """A conversation in a list; `updated`: when it grew last or was deleted, in UTC."""

    id: str
    title: str
    updated: str
    exchanges: int


@dataclass(frozen=True, slots=True)
class Rating:
    """What a reader thinks of an answer; `given` is when, ISO 8601 in UTC."""

    verdict: Verdict
    why: str
    given: str


@dataclass(frozen=True, slots=True)
class Rated:
    """A rated exchange. Whose it is isn't told: ratings are read by who runs the server."""

    conversation_id: str
    exchange: Exchange
    rating: Rating


class ConversationStore:
    """Every owner's conversations; safe to use from many threads and processes.

    An owner is whatever text tells readers apart. Each method but `rated` sees that owner's
    conversations alone: another's are as unknown to it as those that never were.

    Args:
        path: the SQLite file; made with its folder where it isn't there yet. Conversations
            deleted more than a day ago are purged from it.
        now: the clock.

    Raises:
        ConversationStoreError: the file was made by another version, isn't one of ours, or, from
            every method that writes, can't be written to.
    """

    def __init__(self, path: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._file = ConversationFile(path)
        self._now = now
        with self._file.transaction() as connection:
            limit = _stamp(now() - UNDO)
            connection.execute("DELETE FROM conversations WHERE deleted < ?", (limit,))

    # ---------------------------------------------------------------- reading
    def saved(self, owner: str, wanted: str = "", limit: int = 100) -> list[Kept]:
        """Return an owner's conversations, those that grew last first.

        Args:
            owner: whose.
            wanted: words that all stand in the titles, questions or answers, whole or begun,
                in any case and any spelling of the same Arabic word; "" for every conversation.
            limit: how many at most.
        """
        terms = list(dict.fromkeys(tokenize(wanted)))[:_TERMS]
        if wanted.strip() and not terms:
            return []
        matching = "AND c.key IN (SELECT conversation FROM words WHERE terms MATCH ?) " * len(terms)
        rows = self._file.connection.execute(
            f"SELECT c.id, c.named, ({_FIRST} LIMIT 1), c.updated,"
            " (SELECT count(*) FROM exchanges WHERE conversation = c.key) AS exchanges"
            " FROM conversations c WHERE owner = ? AND deleted IS NULL"
            f" AND (exchanges > 0 OR named <> '') {matching}"
            "ORDER BY updated DESC, key DESC LIMIT ?",
            (owner, *map(_expression, terms), limit),
        )
        return [_kept(*row) for row in rows]

    def deleted(self, owner: str) -> list[Kept]:
        """Return an owner's conversations that `restore` can bring back, the last deleted first."""
        rows = self._file.connection.execute(
            f"SELECT c.id, c.named, ({_FIRST} LIMIT 1), c.deleted,"
            " (SELECT count(*) FROM exchanges WHERE conversation = c.key)"
            " FROM conversations c WHERE owner = ? AND deleted >= ?"
            " ORDER BY deleted DESC, key DESC",
            (owner, _stamp(self._now() - UNDO)),
        )
        return [_kept(*row) for row in rows]

    def latest(self, owner: str) -> str | None:
        """Return the id of the conversation that grew last, None where there is none."""
        return next((kept.id for kept in self.saved(owner, limit=1)), None)

    def load(self, owner: str, conversation_id: str) -> Conversation:
        """Return a conversation as it was saved last.

        Raises:
            UnknownConversationError: this owner has no such conversation.
        """
        named = self.name(owner, conversation_id)
        key = self._key(owner, conversation_id)
        query = "SELECT body FROM exchanges e WHERE conversation = ? ORDER BY position, key"
        bodies = self._file.connection.execute(query, (key,)).fetchall()
        exchanges = [Exchange.from_dict(json.loads(body)) for (body,) in bodies]
        return Conversation(exchanges, conversation_id, named)

    def name(self, owner: str, conversation_id: str) -> str:
        """Return the name that a conversation was given, "" for none; quick however long it is.

        Raises:
            UnknownConversationError: this owner has no such conversation.
        """
        key = self._key(owner, conversation_id)
        query = "SELECT named FROM conversations WHERE key = ?"
        (named,) = self._file.connection.execute(query, (key,)).fetchone() or ("",)
        return str(named)

    def exchange(self, owner: str, conversation_id: str, exchange_id: str) -> Exchange:
        """Return one exchange of a conversation as it was saved last.

        Raises:
            UnknownConversationError: this owner has no such conversation or exchange.
        """
        key = self._exchange_key(owner, conversation_id, exchange_id)
        query = "SELECT body FROM exchanges WHERE key = ?"
        (body,) = self._file.connection.execute(query, (key,)).fetchone()
        return Exchange.from_dict(json.loads(body))

    # ---------------------------------------------------------------- writing
    def save(
        self, owner: str, conversation: Conversation, exchange: Exchange | None = None
    ) -> None:
        """Keep a conversation as it is now.

        Exchanges are added and brought up to date; one that isn't kept in the conversation goes
        only where it's named as `exchange`, so that a conversation that is open twice loses
        nothing. A name is kept with a new conversation; `rename` changes it.

        Args:
            owner: whose it is.
            conversation: it.
            exchange: the one that changed, to look at it and the one before it alone (which it
                may have stopped); it is kept as the conversation has it, and taken out where
                that has dropped it. None looks at all of them.
        """
        with self._file.transaction() as connection:
            key = self._begin(connection, owner, conversation)
            # The lock is ours from here on: what is read of the conversation now is its latest.
            exchanges = list(enumerate(conversation.exchanges))
            changed = False
            if exchange is not None:
                at = next((n for n, e in exchanges if e.id == exchange.id), None)
                if at is None:
                    changed = self._drop(connection, key, exchange.id)
                elif self._count(connection, key) >= at:
                    exchanges = exchanges[max(0, at - 1) : at + 1]
            for position, one in exchanges:
                changed |= self._write(connection, key, position, one)
            if changed:
                connection.execute(
                    "UPDATE conversations SET updated = ? WHERE key = ?", (_stamp(self._now()), key)
                )

    def rename(self, owner: str, conversation_id: str, title: str) -> None:
        """Name a conversation; an empty name gives it back its first question as title.

        Raises:
            UnknownConversationError: this owner has no such conversation.
        """
        with self._file.transaction() as connection:
            key = self._key(owner, conversation_id)
            self._name(connection, key, title)

    def delete(self, owner: str, conversation_id: str) -> None:
        """Delete a conversation; for a day `restore` can bring it back.

        Raises:
            UnknownConversationError: this owner has no such conversation.
        """
        key = self._key(owner, conversation_id)
        with self._file.transaction() as connection:
            query = "UPDATE conversations SET deleted = ? WHERE key = ?"
            connection.execute(query, (_stamp(self._now()), key))

    def restore(self, owner: str, conversation_id: str) -> None:
        """Bring a deleted conversation back.

        Raises:
            UnknownConversationError: this owner has no such conversation, or no longer.
        """
        key = self._key(owner, conversation_id, deleted_too=True)
        with self._file.transaction() as connection:
            connection.execute("UPDATE conversations SET deleted = NULL WHERE key = ?", (key,))

    # ---------------------------------------------------------------- ratings
    def rate(
        self,
        owner: str,
        conversation_id: str,
        exchange_id: str,
        verdict: Verdict,
        why: str = "",
    ) -> None:
        """Call an exchange right or wrong, in place of what it was called before.

        Raises:
            UnknownConversationError: this owner has no such conversation or exchange.
        """
        key = self._exchange_key(owner, conversation_id, exchange_id)
        with self._file.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO ratings VALUES (?, ?, ?, ?)",
                (key, verdict, _storable(why.strip()), _stamp(self._now())),
            )

    def unrate(self, owner: str, conversation_id: str, exchange_id: str) -> None:
        """Take a rating back; nothing happens where there is none.

        Raises:
            UnknownConversationError: this owner has no such conversation or exchange.
        """
        key = self._exchange_key(owner, conversation_id, exchange_id)
        with self._file.transaction() as connection:
            connection.execute("DELETE FROM ratings WHERE exchange = ?", (key,))

    def rating(self, owner: str, conversation_id: str, exchange_id: str) -> Rating | None:
        """Return what an exchange was called, None where it wasn't rated.

        Raises:
            UnknownConversationError: this owner has no such conversation.
        """
        return self.ratings(owner, conversation_id).get(exchange_id)

    def ratings(self, owner: str, conversation_id: str) -> dict[str, Rating]:
        """Return the ratings in a conversation, by the exchanges' ids.

        Raises:
            UnknownConversationError: this owner has no such conversation.
        """
        rows = self._file.connection.execute(
            "SELECT e.id, r.verdict, r.why, r.given FROM ratings r JOIN exchanges e"
            " ON e.key = r.exchange WHERE e.conversation = ?",
            (self._key(owner, conversation_id),),
        )
        return {exchange_id: Rating(*rating) for exchange_id, *rating in rows}

    def rated(self) -> Iterator[Rated]:
        """Yield every owner's rated exchanges, those rated last first; none of deleted ones."""
        rows = self._file.connection.execute(
            "SELECT c.id, e.body, r.verdict, r.why, r.given FROM ratings r"
            " JOIN exchanges e ON e.key = r.exchange JOIN conversations c ON c.key = e.conversation"
            " WHERE c.deleted IS NULL ORDER BY r.given DESC, e.key DESC"
        )
        for conversation_id, body, *rating in rows.fetchall():
            yield Rated(conversation_id, Exchange.from_dict(json.loads(body)), Rating(*rating))

    # ----------------------------------------------------------------- inside
    def _key(self, owner: str, conversation_id: str, deleted_too: bool = False) -> int:
        row = self._file.connection.execute(
            "SELECT key FROM conversations WHERE owner = ? AND id = ? AND (deleted IS NULL OR ?)",
            (owner, _storable(conversation_id), deleted_too),
        ).fetchone()
        if row is None:
            raise UnknownConversationError(
                f"there is no conversation {conversation_id!r}; choose one from the list"
            )
        return int(row[0])

    def _exchange_key(self, owner: str, conversation_id: str, exchange_id: str) -> int:
        row = self._file.connection.execute(
            "SELECT key FROM exchanges WHERE conversation = ? AND id = ?",
            (self._key(owner, conversation_id), _storable(exchange_id)),
        ).fetchone()
        if row is None:
            raise UnknownConversationError(
                f"the conversation {conversation_id!r} has no answer {exchange_id!r}; load it anew"
            )
        return int(row[0])

    def _begin(self, connection: sqlite3.Connection, owner: str, conversation: Conversation) -> int:
        """Return a conversation's key, made if it is new."""
        known = (owner, _storable(conversation.id))
        made = connection.execute(
            "INSERT INTO conversations (owner, id, named, updated) VALUES (?, ?, '', ?)"
            " ON CONFLICT (owner, id) DO NOTHING",
            (*known, _stamp(self._now())),
        ).rowcount
        query = "SELECT key FROM conversations WHERE owner = ? AND id = ?"
        (key,) = connection.execute(query, known).fetchone()
        if made and conversation.named:
            self._name(connection, key, conversation.named)
        return int(key)

    def _name(self, connection: sqlite3.Connection, key: int, name: str) -> None:
        name = titled(_storable(name))
        connection.execute("UPDATE conversations SET named = ? WHERE key = ?", (name, key))
        _index(connection, -key, key, name)

    def _write(
        self, connection: sqlite3.Connection, conversation: int, position: int, exchange: Exchange
    ) -> bool:
        """Keep one exchange; false where it is kept like this already.

        An answer is final: a conversation that was loaded while it was being written elsewhere
        has it as interrupted, and mustn't put that in its place.
        """
        body = json.dumps(exchange.to_dict(), separators=(",", ":"))
        written = connection.execute(
            "INSERT INTO exchanges (conversation, id, position, question, body)"
            " VALUES (?, ?, ?, ?, ?) ON CONFLICT (conversation, id)"
            " DO UPDATE SET body = excluded.body WHERE body <> excluded.body"
            " AND (json_extract(body, '$.answer') IS NULL"
            " OR json_extract(excluded.body, '$.answer') IS NOT NULL) RETURNING key",
            (conversation, _storable(exchange.id), position, _storable(exchange.heading), body),
        ).fetchall()
        for (key,) in written:
            said = [sentence.text for sentence in exchange.sentences]
            _index(connection, key, conversation, "\n".join((exchange.heading, *said)))
        return bool(written)

    @staticmethod
    def _drop(connection: sqlite3.Connection, conversation: int, exchange_id: str) -> bool:
        query = "DELETE FROM exchanges WHERE conversation = ? AND id = ?"
        return bool(connection.execute(query, (conversation, _storable(exchange_id))).rowcount)

    @staticmethod
    def _count(connection: sqlite3.Connection, conversation: int) -> int:
        query = "SELECT count(*) FROM exchanges WHERE conversation = ?"
        (number,) = connection.execute(query, (conversation,)).fetchone()
        return int(number)


def _index(connection: sqlite3.Connection, row: int, conversation: int, text: str) -> None:
    """Keep a text's words and their stems: a search may name either, or the beginning of one."""
    tokens = tokenize(text)
    terms = " ".join(dict.fromkeys((*tokens, *map(light_stem, tokens))))
    connection.execute(
        "INSERT OR REPLACE INTO words (rowid, terms, conversation) VALUES (?, ?, ?)",
        (row, terms, conversation),
    )


def _expression(term: str) -> str:
    stem = light_stem(term)
    return " OR ".join(f'"{word}" *' for word in dict.fromkeys((term, stem)))


def _storable(text: str) -> str:
    """Return a text that UTF-8 can hold; only lone surrogates change."""
    return text.encode("utf-8", "replace").decode()


def _kept(conversation_id: str, named: str, asked: str | None, when: str, exchanges: int) -> Kept:
    return Kept(conversation_id, titled(named) or titled(asked or ""), when, exchanges)


def _stamp(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
