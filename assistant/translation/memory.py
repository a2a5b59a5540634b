"""What was translated once is remembered: by text, language and all that translated it."""

from __future__ import annotations

import hashlib
import queue
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from assistant.translation.translator import OnText, Source, Translation, Translator
from assistant.translation.turns import Reader

_MOST_THREADS = 64  # sentences that wait for their turn; the translator limits those it works on


class TranslationMemory:
    """Translations on disk, shared by threads and processes."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, timeout=30, check_same_thread=False)
        self._lock = threading.Lock()
        with self._lock, self._connection:
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute(
                "CREATE TABLE IF NOT EXISTS translations"
                " (key TEXT PRIMARY KEY, translation TEXT NOT NULL, translator TEXT NOT NULL,"
                " confidence REAL)"
            )
            columns = self._connection.execute("PRAGMA table_info(translations)").fetchall()
            if "confidence" not in {column[1] for column in columns}:  # of an earlier version
                self._connection.execute("ALTER TABLE translations ADD COLUMN confidence REAL")

    def recall(self, text: str, language: str, translator: str) -> Translation | None:
        """Return the translation that this translator gave before, or None."""
        query = "SELECT translation, confidence FROM translations WHERE key = ?"
        with self._lock:
            key = _key(text, language, translator)
            row = self._connection.execute(query, (key,)).fetchone()
        return Translation(*row) if row else None

    def remember(self, text: str, language: str, translator: str, translation: Translation) -> None:
        """Keep a translation."""
        key = _key(text, language, translator)
        row = (key, translation.text, translator, translation.confidence)
        with self._lock, self._connection:
            self._connection.execute("INSERT OR REPLACE INTO translations VALUES (?, ?, ?, ?)", row)


def _key(text: str, language: str, translator: str) -> str:
    return hashlib.sha256("\0".join((translator, language, text)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Piece:
    """More of the translation of the text with this number; `done` holds the whole at its end."""

    index: int
    text: str
    done: Translation | None = None


class RememberingTranslator:
    """A translator that asks its memory first, and streams several sentences at a time.

    Streams take turns at the translator: none waits for another's end.
    """

    def __init__(self, translator: Translator, memory: TranslationMemory) -> None:
        self._translator = translator
        self._memory = memory
        self._pool = ThreadPoolExecutor(_MOST_THREADS, thread_name_prefix="translate")
        self.name = translator.name
        self.slots = translator.slots

    def load(self) -> None:
        """Load the translator's model ahead of its first use."""
        self._translator.load()

    def can_translate(self, language: str) -> bool:
        """Tell whether sentences in this language can be translated."""
        return self._translator.can_translate(language)

    def recall(self, source: Source) -> Translation | None:
        """Return a sentence's English where it was translated before, else None."""
        prepared = self._translator.prepare(source)
        return self._memory.recall(prepared, source.language, self.name)

    def translate(
        self, source: Source, on_text: OnText | None = None, reader: Reader | None = None
    ) -> Translation:
        """Return one sentence in English, from memory where it was translated before.

        Raises:
            TranslationError: its language can't be translated.
            ModelError: the model failed.
        """
        prepared = self._translator.prepare(source)
        known = self._memory.recall(prepared, source.language, self.name)
        if known is not None:
            if on_text:
                on_text(known.text)
            return known
        translation = self._translator.translate(prepared, source.language, on_text, reader)
        self._memory.remember(prepared, source.language, self.name, translation)
        return translation

    def stream(self, sources: Sequence[Source]) -> Iterator[Piece]:
        """Translate sentences side by side, yielding their pieces in order.

        No more of them are begun ahead than keep every engine at work, so that a long text
        doesn't keep others' sentences waiting for its end.

        Raises:
            TranslationError: a language can't be translated.
            ModelError: the model failed.
        """
        stopped, reader = threading.Event(), Reader()
        started: list[tuple[Future[Translation], queue.Queue[str | None]]] = []

        def start(index: int) -> None:
            pieces: queue.Queue[str | None] = queue.Queue()
            future = self._pool.submit(
                self._translate_into, sources[index], pieces, stopped, reader
            )
            started.append((future, pieces))

        try:
            for index in range(len(sources)):
                while len(started) < min(len(sources), index + 1 + self.slots):
                    start(len(started))
                future, pieces = started[index]
                while (piece := pieces.get()) is not None:
                    yield Piece(index, piece)
                yield Piece(index, "", future.result())
        finally:
            stopped.set()
            for future, _ in started:
                future.cancel()

    def _translate_into(
        self,
        source: Source,
        pieces: queue.Queue[str | None],
        stopped: threading.Event,
        reader: Reader,
    ) -> Translation:
        try:
            return (
                Translation("") if stopped.is_set() else self.translate(source, pieces.put, reader)
            )
        finally:
            pieces.put(None)
