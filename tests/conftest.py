"""What many tests share: the models unpacked once, a collection with the samples in it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from assistant.app import SAMPLES, App, open_app
from assistant.settings import load_settings
from vectorstore.ingest import Ingestor, Limits
from vectorstore.store import IndexIdentity, VectorStore, connect

settings.register_profile("untimed", settings(), deadline=None)  # machines are shared
settings.load_profile("untimed")
REQUIRED = os.environ.get("MUJAZ_REQUIRE_BROWSER") == "1"


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Turn the skip of a browser test into a failure where a browser is required."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if REQUIRED and report.skipped and item.get_closest_marker("browser"):
        report.outcome = "failed"


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("MUJAZ_") and name != "MUJAZ_REQUIRE_BROWSER":
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def make_app(tmp_path: Path, cache: Path) -> Callable[..., App]:
    def make(**flags: object) -> App:
        return open_app(load_settings(**({"data": tmp_path / "data", "cache": cache} | flags)))

    return make


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> App:
    """An app whose collection holds the two sample articles; not to be written to."""
    app = open_app(load_settings(data=tmp_path_factory.mktemp("samples"), cache=cache))
    app.ingestor.ingest([str(SAMPLES)])
    return app


@pytest.fixture
def make_ingestor(tmp_path: Path) -> Callable[..., Ingestor]:
    """Return a maker of ingestors over one collection, with a quick embedder."""
    from tests.fakes import bag_embedder
    from vectorstore.catalog import Catalog

    def make(budget: int = 60) -> Ingestor:
        embedder = bag_embedder()
        catalog = Catalog(tmp_path / "articles.db")
        identity = IndexIdentity(embedder.name, embedder.dimension, "", "", budget)
        store = VectorStore(connect(tmp_path / "index"), identity, "mujaz")
        count = lambda text: len(text.split())  # noqa: E731
        lock = tmp_path / "write.lock"
        return Ingestor(catalog, store, embedder, count, lock, budget, Limits(1_000_000))

    return make
