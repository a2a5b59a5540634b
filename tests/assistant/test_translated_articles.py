"""Whole articles in English as answers: every sentence cited and checked, and remembered."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.answers import Progressed, SentenceDone
from assistant.app import App, build_assistant
from assistant.assistant import final_answer
from assistant.citations import CitedSpan
from assistant.errors import TranslationError
from assistant.translation.memory import RememberingTranslator, TranslationMemory
from tests.fakes import RecordingTranslator
from vectorstore.articles import Article

TEXT = "زيارة الوزير إلى الرباط\n\nوصل الوزير إلى الرباط. ولم يوقع شيئا. غادر الوزير بعد يومين.\n"


@pytest.fixture
def app(make_app: Callable[..., App], tmp_path: Path) -> App:
    app = make_app()
    file = tmp_path / "visit.txt"
    file.write_text(TEXT, "utf-8")
    app.ingestor.ingest([str(file)])
    vars(app)["translator"] = RememberingTranslator(
        RecordingTranslator(), TranslationMemory(tmp_path / "memory.db")
    )
    vars(app)["assistant"] = build_assistant(app)
    return app


@pytest.fixture
def article(app: App) -> Article:
    return app.catalog.articles()[0]


def test_every_sentence_is_cited_in_order_and_checked(app: App, article: Article) -> None:
    events = list(app.assistant.translate_cited(article))
    answer = final_answer(iter(events))
    assert [c.quote for c in answer.citations] == [
        article.text[s.start : s.end] for s in article.sentences
    ]
    assert [s.citations for s in answer.sentences] == [
        (n,) for n in range(1, len(article.sentences) + 1)
    ]
    assert all(s.support != "unchecked" or s.text.isascii() for s in answer.sentences)
    assert sum(isinstance(e, SentenceDone) for e in events) == len(article.sentences)


def test_a_translation_is_recalled_once_it_was_made(app: App, article: Article) -> None:
    spans = [CitedSpan(article, span) for span in article.sentences]
    assert [app.assistant.recall_translation(span) for span in spans] == [None] * len(spans)
    answer = final_answer(app.assistant.translate_cited(article))
    recalled = [app.assistant.recall_translation(span) for span in spans]
    assert [text for text in recalled if text] == [
        s.text for s, span in zip(answer.sentences, spans, strict=True) if span.language != "en"
    ]


def test_a_recalled_sentence_has_the_verdict_that_it_had(app: App, article: Article) -> None:
    answer = final_answer(app.assistant.translate_cited(article))
    checked = [app.assistant.recall_checked(CitedSpan(article, span)) for span in article.sentences]
    assert any(checked)
    for sentence, known in zip(answer.sentences, checked, strict=True):
        if known is not None:
            told = (sentence.text, sentence.support, sentence.checks, sentence.reasons)
            assert (known.text, known.support, known.checks, known.reasons) == told


def test_a_title_is_translated_once_and_recalled(app: App, article: Article) -> None:
    assert app.assistant.recall_title(article) is None
    title = app.assistant.translate_title(article)
    assert title
    assert app.assistant.recall_title(article) == title


def test_a_language_that_cant_be_translated_is_an_error_with_what_to_do(
    app: App, article: Article
) -> None:
    french = Article("f", "f.txt", "Titre", None, None, "fr", "Bonjour à tous.", ())
    with pytest.raises(TranslationError, match="chat model"):
        app.assistant.translate_cited(french)


def test_progress_of_the_other_way_is_told(app: App, article: Article) -> None:
    steps = list(app.assistant.translate(article))
    assert [s.done for s in steps if isinstance(s, Progressed)] == [1, 2, 3, 4]
