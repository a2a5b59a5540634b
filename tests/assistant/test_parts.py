"""Other models while the page is open: what goes on, what is taken over, what is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.answers import Answered, SentenceDone
from assistant.app import App
from assistant.assistant import final_answer
from assistant.errors import SettingsError
from assistant.parts import Parts
from assistant.settings import load_settings
from assistant.translation.memory import RememberingTranslator, TranslationMemory
from tests.fakes import RecordingTranslator
from tests.model_server import QUESTION, TRUE, ModelServer, run_server, say

KEPT = ("catalog", "embedder", "retriever", "verifier", "translator")


@pytest.fixture
def other() -> Iterator[ModelServer]:
    yield from run_server()


@pytest.fixture
def parts(samples: App, tmp_path: Path, cache: Path) -> Parts:
    """Return the parts of an app that keeps its preferences by itself, over the samples."""
    app = App(load_settings(data=tmp_path, cache=cache))
    memory = TranslationMemory(tmp_path / "translations.db")
    shared = {name: getattr(samples, name) for name in ("catalog", "embedder", "retriever")}
    vars(app).update(shared, translator=RememberingTranslator(RecordingTranslator(), memory))
    return Parts(app)


Change = Callable[[ModelServer], None]


@pytest.fixture
def change(parts: Parts) -> Change:
    def to(server: ModelServer) -> None:
        parts.reconfigure({"writer": "openai:x", "writer_url": server.url})

    return to


def test_the_next_answer_is_the_new_model_s(
    parts: Parts, change: Change, server: ModelServer, n: int, tmp_path: Path
) -> None:
    server.act(say(f"{TRUE} [{n}]."))
    assert parts.assistant.models.writer.startswith("extractive")
    before = {name: getattr(parts.app, name) for name in KEPT}
    change(server)
    answer = final_answer(parts.assistant.ask(QUESTION))
    assert answer.models.writer == "openai:x"
    assert "asked Morocco" in answer.text
    assert all(getattr(parts.app, name) is part for name, part in before.items())
    assert load_settings(data=tmp_path).writer == "openai:x"


def test_an_answer_that_is_being_written_goes_on(
    parts: Parts, change: Change, server: ModelServer, other: ModelServer, n: int
) -> None:
    server.act(say(f"{TRUE} [{n}]. {TRUE} again [{n}]."))
    change(server)
    events = parts.assistant.ask(QUESTION)
    assert any(isinstance(event, SentenceDone) for event in events)
    change(other)
    *_, last = events
    assert isinstance(last, Answered)
    assert (len(server.prompts) > 0, other.prompts) == (True, [])


def test_what_can_t_be_built_changes_nothing(parts: Parts, tmp_path: Path) -> None:
    before = parts.app
    for changes, message in (
        ({"writer": "gpt"}, "unknown writer 'gpt'"),
        ({"writer": "cohere:command"}, "pip install langchain-cohere"),
        ({"translator": "writer"}, "needs a chat model as the writer"),
        ({"passages": 0}, "passages"),
    ):
        with pytest.raises(SettingsError, match=message):
            parts.reconfigure(changes)
    assert parts.app is before
    assert not (tmp_path / "preferences.json").exists()


def test_the_numbers_count_from_the_next_answer_on(parts: Parts) -> None:
    parts.reconfigure({"sentences": 1})
    answer = final_answer(parts.assistant.ask(QUESTION))
    assert len(answer.sentences) == 1


def test_the_way_back_to_the_bundled_models(
    parts: Parts, change: Change, server: ModelServer
) -> None:
    change(server)
    parts.reconfigure({"writer": None, "writer_url": None})
    assert parts.assistant.models.writer.startswith("extractive")
    assert parts.app.settings.writer_url is None
