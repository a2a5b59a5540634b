import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from assistant.app import SAMPLES, App
from vectorstore.articles import Passage, Span
from vectorstore.errors import IndexMismatchError, VectorstoreError
from vectorstore.store import IndexIdentity, VectorStore, connect

IDENTITY = IndexIdentity("test", 3, "", "", 100)


def passage(n: int, article: str = "a") -> Passage:
    return Passage(f"p{n}", article, n, 0, 1, "x", (Span(0, 1),))


def unit(*values: float) -> np.ndarray:
    vector = np.array(values, dtype=np.float32)
    return vector / np.linalg.norm(vector)


@pytest.fixture
def store(tmp_path: Path) -> VectorStore:
    return VectorStore(connect(tmp_path), IDENTITY, "test")


def test_search_is_by_cosine(store: VectorStore) -> None:
    vectors = np.stack([unit(1, 0, 0), unit(1, 1, 0), unit(0, 0, 1)])
    store.upsert([passage(i, "ab"[i % 2]) for i in range(3)], vectors)
    found = store.query(unit(1, 0, 0), 2)
    assert list(found) == ["p0", "p1"]
    assert found["p0"] == pytest.approx(1.0, abs=1e-5)
    assert found["p1"] == pytest.approx(2**-0.5, abs=1e-5)
    assert list(store.query(unit(1, 0, 0), 5, ["b"])) == ["p1"]


def test_upsert_overwrites_and_delete_forgets(store: VectorStore) -> None:
    store.upsert([passage(1)], unit(1, 0, 0)[None])
    store.upsert([passage(1)], unit(0, 1, 0)[None])
    assert store.vectors(["p1", "nobody"])["p1"] == pytest.approx(unit(0, 1, 0))
    assert store.count() == 1
    store.delete(["p1", "nobody"])
    assert store.ids() == set()


def test_another_embedder_is_refused_and_reindexing_mends_it(
    make_app: Callable[..., App],
) -> None:
    make_app().ingestor.ingest([str(SAMPLES)])
    other = make_app(passage_tokens=120)
    with pytest.raises(IndexMismatchError, match="mujaz reindex"):
        other.store.count()
    before = other.catalog.passage_ids()
    mended = other.build_ingestor(other.open_store()).reindex()
    assert mended == other.store.count() > len(before)
    assert other.store.ids() == other.catalog.passage_ids()
    with pytest.raises(IndexMismatchError):
        make_app().store.count()


def test_a_lost_index_is_noticed_and_made_again(make_app: Callable[..., App]) -> None:
    app = make_app()
    app.ingestor.ingest([str(SAMPLES)])
    app.store.delete(app.store.ids())
    again = make_app()
    with pytest.raises(IndexMismatchError, match=r"is empty.*mujaz reindex"):
        again.store.count()
    again.build_ingestor(again.open_store()).reindex()
    assert make_app().retriever.search("Libya asks Morocco")[0].article.language == "ar"


def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(VectorstoreError, match=r"127\.0\.0\.1:9.*chroma run"):
        connect(tmp_path, "127.0.0.1:9")


@pytest.fixture
def chroma_server(tmp_path: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    chroma = Path(sys.executable).parent / "chroma"
    command = [chroma, "run", "--path", tmp_path / "server", "--host", "127.0.0.1"]
    run = subprocess.Popen(
        [*map(str, command), "--port", str(port)], stdout=subprocess.DEVNULL, cwd=tmp_path
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.2)
    yield f"127.0.0.1:{port}"
    run.terminate()
    run.wait(10)


def test_the_same_collection_in_a_chroma_server(
    make_app: Callable[..., App], chroma_server: str, tmp_path: Path
) -> None:
    app = make_app(chroma_server=chroma_server)
    app.ingestor.ingest([str(SAMPLES)])
    assert app.store.count() == len(app.catalog.passage_ids()) > 0
    hit = app.retriever.search("Who is Mohamed Benhammou?", 1)[0]
    assert "بنحمو" in hit.passage.text
    assert not (tmp_path / "data" / "index").exists()
