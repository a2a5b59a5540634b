from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.answers import Answered, Progressed
from assistant.app import App
from assistant.assistant import Assistant
from assistant.guide import Guide, GuideMemory
from assistant.translation.memory import RememberingTranslator, TranslationMemory
from assistant.writers.extractive import ExtractiveWriter
from tests.fakes import RecordingTranslator
from vectorstore.articles import Article
from vectorstore.sentences import split_sentences

Build = Callable[[], tuple[Assistant, RecordingTranslator]]


@pytest.fixture
def build(samples: App, tmp_path: Path) -> Build:
    """Return a maker of assistants that share what is remembered, each with a new translator."""

    def make() -> tuple[Assistant, RecordingTranslator]:
        recording = RecordingTranslator()
        translator = RememberingTranslator(recording, TranslationMemory(tmp_path / "t.db"))
        writer = ExtractiveWriter(translator, samples.embedder, samples.catalog)
        guides = GuideMemory(tmp_path / "guides.db")
        verifier = samples.verifier
        assistant = Assistant(samples.retriever, writer, translator, verifier, guides=guides)
        return assistant, recording

    return make


def written(assistant: Assistant, article: Article) -> tuple[list[Progressed], Guide]:
    *progress, guide = assistant.guide(article)
    assert isinstance(guide, Guide)
    return [p for p in progress if isinstance(p, Progressed)], guide


def test_a_guide_tells_what_an_article_is_about(samples: App, build: Build) -> None:
    assistant, _ = build()
    article = next(a for a in samples.catalog.articles() if "ليبيا" in a.title)
    progress, guide = written(assistant, article)
    assert guide.title_translation == f"<{article.title}>"
    assert len(guide.summary.sentences) == 3 and not guide.summary.refused
    assert [m.text for m in guide.people] == ["Najla al-Manqoush", "Nasser Bourita"]
    assert {"Libya", "Morocco", "Rabat"} <= {m.text for m in guide.places}
    for mention in (*guide.people, *guide.places, *guide.figures):
        assert all(article.text[c.start : c.end] == c.quote for c in mention.citations)
    translating = [(p.done, p.total) for p in progress if p.stage == "translating"]
    assert translating == [(n, 4) for n in range(5)]


def test_a_suggested_question_is_answered(samples: App, build: Build) -> None:
    assistant, _ = build()
    for article in samples.catalog.articles():
        _, guide = written(assistant, article)
        assert len(guide.questions) == len(set(guide.questions)) == 3
        for question in guide.questions:
            *_, last = assistant.ask(question, article_ids=[article.id])
            assert isinstance(last, Answered) and not last.answer.refused, question


def test_a_guide_is_remembered_until_a_model_changes(samples: App, build: Build) -> None:
    article = samples.catalog.articles()[0]
    _, first = written(build()[0], article)
    again, recording = build()
    progress, second = written(again, article)
    assert second == first and progress == [] and recording.translated == []
    moved = dataclasses.replace(article, source="/elsewhere.txt")
    assert written(again, moved)[1].summary.citations[0].source == "/elsewhere.txt"
    other = build()[0]
    other.models = dataclasses.replace(other.models, translator="another")
    progress, _ = written(other, article)
    assert progress, "it was made anew"


def test_what_cant_be_translated_keeps_its_own_words(samples: App, build: Build) -> None:
    text = "Le ministre est venu. Il a parlé à Pierre Dupont de la crise au Pérou. Il est parti."
    spans = split_sentences(text, "fr")
    article = Article("fr", "/fr.txt", "Le ministre", None, None, "fr", text, spans)
    assistant, recording = build()
    _, guide = written(assistant, article)
    assert guide.title_translation is None and recording.translated == []
    assert guide.summary.sentences[0].text == "Le ministre est venu."
    assert [m.text for m in guide.people] == ["Pierre Dupont"]
