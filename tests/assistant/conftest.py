"""A collection's app, connected to a model server that does as it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.app import App
from assistant.settings import load_settings
from assistant.translation.memory import RememberingTranslator, TranslationMemory
from tests.fakes import RecordingTranslator
from tests.model_server import QUESTION, ModelServer, run_server


@pytest.fixture
def server() -> Iterator[ModelServer]:
    yield from run_server()


@pytest.fixture
def n(samples: App) -> int:
    """The number of the passage that carries `TRUE`."""
    hits = samples.retriever.search(QUESTION, 3)
    return next(i for i, hit in enumerate(hits, start=1) if "المنقوش" in hit.passage.text)


@pytest.fixture
def connect(samples: App, cache: Path, tmp_path: Path, server: ModelServer) -> Callable[..., App]:
    """Return a maker of apps over the samples, whose writer is the server's model."""

    def make(**flags: object) -> App:
        wanted = {"timeout": 20, "data": samples.settings.data, "cache": cache}
        model = {"writer": "openai:x", "writer_url": server.url}
        app = App(load_settings(**wanted | model | flags))
        memory = TranslationMemory(tmp_path / "translations.db")
        translator = RememberingTranslator(RecordingTranslator(), memory)
        shared = {name: getattr(samples, name) for name in ("catalog", "embedder", "retriever")}
        vars(app).update(shared, translator=translator)
        return app

    return make
