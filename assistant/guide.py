"""What an article is about, at a glance: the guide to a source."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.answers import Answer, Citation


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody, some place or some figure that an article names, with where it does.

    `text` is English, `original` as the article writes it first; each citation is a span of the
    article, the first one first.
    """

    text: str
    original: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Guide:
    """What an article is about: a short summary, who and what it names, what to ask it.

    `title_translation` is None where the title is English, or can't be translated.
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
