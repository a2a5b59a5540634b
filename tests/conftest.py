"""What many tests share: the models unpacked once, a collection with the samples in it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

from assistant.app import SAMPLES, App, open_app
from assistant.settings import load_settings
from assistant.translation.base_model import assemble_base
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
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def cache(shared: Path) -> Path:
    """A cache with the models put together, once a run."""
    folder = shared / "cache"
    with FileLock(shared / "cache.lock"):
        assemble_base(folder / "models")
    return folder


@pytest.fixture(scope="session")
def translations(shared: Path, cache: Path) -> Path:
    """All sentences of the samples in English, as the bundled model writes them, once a run.

    In a collection's folder they spare its app the translating; see `put_translations`.
    """
    made = shared / "translated" / "translations.db"
    with FileLock(shared / "translated.lock"):
        if not made.exists():
            app = open_app(load_settings(data=made.parent, cache=cache))
            app.ingestor.ingest([str(SAMPLES)])
            for article in app.catalog.articles():
                list(app.assistant.translate(article))
    return made


def put_translations(translations: Path, data: Path) -> Path:
    """Copy remembered translations into a collection's folder, and return the folder."""
    data.mkdir(parents=True, exist_ok=True)
    with (
        closing(sqlite3.connect(translations)) as made,
        closing(sqlite3.connect(data / "translations.db")) as copy,
    ):
        made.backup(copy)
    return data


@pytest.fixture
def make_app(tmp_path: Path, cache: Path) -> Callable[..., App]:
    def make(**flags: object) -> App:
        return open_app(load_settings(**({"data": tmp_path / "data", "cache": cache} | flags)))

    return make


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory, cache: Path, translations: Path) -> App:
    """An app over the two sample articles, all of them translated; not to be written to."""
    data = put_translations(translations, tmp_path_factory.mktemp("samples"))
    app = open_app(load_settings(data=data, cache=cache))
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
