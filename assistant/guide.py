"""What an article is about, at a glance: the guide to a source.

A guide costs a summary, so it is kept: opened again, it is there at once.
"""

from __future__ import annotations

import functools
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.answers import Answer, Answered, Event, Models, Progressed, SentenceDone
from assistant.errors import AssistantError
from assistant.mentions import Mention, mention_figures, mention_people, mention_places
from assistant.suggestions import Answering, propose, suggest
from assistant.translation.memory import RememberingTranslator
from assistant.translation.translator import Source
from assistant.writers.selection import SUMMARY_LENGTHS
from vectorstore.articles import Article, hash_id
from vectorstore.language import sentence_language

if TYPE_CHECKING:
    from pydantic import TypeAdapter

__all__ = ["Guide", "GuideMemory", "Mention", "write_guide"]

_EDITION = "3"  # raise it when guides are made otherwise: remembered ones are then made anew


@dataclass(frozen=True, slots=True)
class Guide:
    """What an article is about: a short summary, who and what it names, what to ask it.

    `title_translation` is None where the title is English, or can't be translated. Each of the
    `questions` has an answer in the article.
    """

    article_id: str
    title: str
    language: str
    title_translation: str | None
    summary: Answer
    people: tuple[Mention, ...]
    places: tuple[Mention, ...]
    figures: tuple[Mention, ...]
    questions: tuple[str, ...]


def write_guide(
    article: Article,
    summary: Iterator[Event],
    translator: RememberingTranslator,
    answering: Answering,
) -> Iterator[Progressed | Guide]:
    """Write the guide to an article; the last item is the guide.

    Args:
        article: the article.
        summary: the events of its short summary.
        translator: puts the title into English.
        answering: what a question would be answered with, from this article alone.

    Raises:
        AssistantError: the summary ended without an answer.
        ModelError: a model failed.
    """
    language = sentence_language(article.title, article.language)
    foreign = language != "en" and translator.can_translate(language)
    total = min(SUMMARY_LENGTHS["short"], len(article.sentences)) + foreign
    title = None
    if foreign:
        yield Progressed("translating", 0, total)
        title = translator.translate(Source(article.title, language, article.text)).text
    done, answer = int(foreign), None
    yield Progressed("translating", done, total)
    for event in summary:
        if isinstance(event, SentenceDone):
            done += 1
            yield Progressed("translating", min(done, total), total)
        elif isinstance(event, Answered):
            answer = event.answer
    if answer is None:
        raise AssistantError(f"the summary of {article.title!r} ended without an answer; try again")
    translated = [(c.quote, c.translation) for c in answer.citations if c.translation]
    if title:
        translated.append((article.title, title))
    people = mention_people(article, translated)
    places, figures = mention_places(article), mention_figures(article)
    yield Progressed("choosing_questions", 0, 1)
    candidates = propose(article, title or article.title, people, places, figures)
    questions = tuple(suggest(candidates, answering))
    yield Guide(
        article_id=article.id,
        title=article.title,
        language=article.language,
        title_translation=title,
        summary=answer,
        people=people,
        places=places,
        figures=figures,
        questions=questions,
    )


class GuideMemory:
    """Guides on disk, one an article; shared by threads and processes.

    Args:
        path: the SQLite file; made where it isn't there yet.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, timeout=30, check_same_thread=False)
        self._lock = threading.Lock()
        with self._lock, self._connection:
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute(
                "CREATE TABLE IF NOT EXISTS guides"
                " (article_id TEXT PRIMARY KEY, made_by TEXT NOT NULL, guide TEXT NOT NULL)"
            )

    def recall(self, article: Article, models: Models) -> Guide | None:
        """Return the guide that these models wrote to this article, or None."""
        query = "SELECT guide FROM guides WHERE article_id = ? AND made_by = ?"
        with self._lock:
            key = (article.id, _made_by(article, models))
            row = self._connection.execute(query, key).fetchone()
        return _adapter().validate_json(row[0]) if row else None

    def remember(self, article: Article, models: Models, guide: Guide) -> None:
        """Keep a guide in place of the article's earlier one."""
        kept = _adapter().dump_json(guide).decode()
        row = (article.id, _made_by(article, models), kept)
        with self._lock, self._connection:
            self._connection.execute("INSERT OR REPLACE INTO guides VALUES (?, ?, ?)", row)


def _made_by(article: Article, models: Models) -> str:
    """Return what a guide depends on beside the text: the models, and what citations repeat."""
    told = (article.title, article.source, article.outlet or "", article.date or "")
    return hash_id(_EDITION, repr(sorted(asdict(models).items())), *told)


@functools.cache
def _adapter() -> TypeAdapter[Guide]:
    """Return what reads and writes guides as JSON: it takes longer to make than to use."""
    from pydantic import TypeAdapter

    return TypeAdapter(Guide)
