import json
import threading
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import numpy as np
import pytest

from vectorstore.e5 import E5, Vectors
from vectorstore.embeddings import SentenceMemory, get_embedder
from vectorstore.errors import EmbedderError, VectorstoreError


def test_the_bundled_embedder_has_unit_vectors_and_prefixes(tmp_path: Path) -> None:
    embedder = get_embedder("bundled", tmp_path)
    documents = embedder.embed_documents(["المغرب يحارب الإرهاب", "وصفة كعكة الشوكولاتة"])
    question = embedder.embed_query("Which country fights terrorism?")
    assert documents.shape == (2, embedder.dimension)
    assert np.linalg.norm(documents, axis=1) == pytest.approx(np.ones(2), abs=1e-5)
    assert documents[0] @ question > documents[1] @ question
    langchain = embedder.model.embed_query("Which country fights terrorism?")
    assert np.array(langchain) == pytest.approx(question, abs=1e-6)


def test_a_sentence_is_embedded_once_and_read_with_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedder = get_embedder("bundled", tmp_path)
    texts = ["المغرب يحارب الإرهاب", "Morocco fights terrorism", "وصفة كعكة الشوكولاتة"]
    vectors = embedder.embed_documents(texts)
    assert embedder.embed_sentences([]).shape == (0, embedder.dimension)
    embedder.embed_words(texts[:1])
    embedder.embed_sentences(texts[1:2])
    read: list[str] = []

    def embed(self: E5, embedded: Sequence[str], progress: object = None) -> Vectors:
        read.extend(embedded)
        return vectors[2:]

    monkeypatch.setattr(E5, "encode_document", embed)
    again = embedder.embed_sentences([*texts, texts[2]])
    np.testing.assert_array_equal(again, vectors[[0, 1, 2, 2]])
    assert read == texts[2:]


def test_the_sentences_asked_for_longest_ago_are_forgotten() -> None:
    memory = SentenceMemory(most=2)
    one = np.ones(2, np.float32)
    memory.remember({"a": one, "b": one})
    assert memory.recall(["a", "x"]).keys() == {"a"}
    memory.remember({"c": one})
    assert memory.recall(["a", "b", "c"]).keys() == {"a", "c"}


def test_a_bank_is_embedded_once_and_kept(tmp_path: Path) -> None:
    texts = ["What is it?", "Who was there?"]
    first = get_embedder("bundled", tmp_path).embed_bank(texts, queries=True)
    (kept,) = tmp_path.glob("bank-*.npy")
    assert np.array_equal(first, get_embedder("bundled", tmp_path).embed_queries(texts))
    np.save(kept, first + 1)
    again = get_embedder("bundled", tmp_path)
    assert np.array_equal(again.embed_bank(texts, queries=True), first + 1), "from the file"
    assert not np.array_equal(again.embed_bank(texts), first + 1), "documents are another bank"
    kept.write_bytes(b"junk")
    assert np.array_equal(again.embed_bank(texts, queries=True), first), "made again"
    assert len(list(tmp_path.glob("bank-*"))) == 2


@pytest.mark.parametrize("name", ["magic", "openai:", "nobody:model", ""])
def test_an_unknown_name_lists_the_known(tmp_path: Path, name: str) -> None:
    with pytest.raises(VectorstoreError, match=r"known are bundled, sentence-transformers:MODEL"):
        get_embedder(name, tmp_path)


def test_a_missing_package_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "langchain_ollama", None)
    with pytest.raises(VectorstoreError, match=r"pip install 'mujaz\[ollama\]'"):
        get_embedder("ollama:some-model", tmp_path)


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("openai:m", None),  # no key
        ("openai:m", "http://127.0.0.1:9/v1"),
        ("ollama:m", "http://127.0.0.1:9"),
        ("sentence-transformers:no/such-model", None),
    ],
)
def test_what_can_t_be_had_is_one_named_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, url: str | None
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(EmbedderError, match=rf"'{name}' .*(failed|isn't installed)") as told:
        get_embedder(name, tmp_path, url, "none" if url else None)
    assert "\n" not in str(told.value)


class Endpoint(BaseHTTPRequestHandler):
    """An OpenAI-compatible embeddings server: a text's vector is its length and its vowels."""

    asked: list[dict[str, object]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append(body)
        texts = body["input"] if isinstance(body["input"], list) else [body["input"]]
        rows = [
            {"object": "embedding", "index": i, "embedding": [3.0 * len(t), 4.0 * len(t)]}
            for i, t in enumerate(texts)
        ]
        reply = json.dumps({"object": "list", "data": rows, "model": "m", "usage": {}}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def endpoint() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Endpoint)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()


def test_an_openai_compatible_server(tmp_path: Path, endpoint: str) -> None:
    embedder = get_embedder("openai:m", tmp_path, endpoint, "none")
    assert (embedder.name, embedder.dimension) == ("openai:m", 2)
    assert embedder.embed_documents(["نص", "text"]) == pytest.approx(
        np.array([[0.6, 0.8], [0.6, 0.8]])
    )
    assert Endpoint.asked[-1]["input"] == ["نص", "text"], "text is sent, not token ids"


def test_any_sentence_transformers_model_and_the_bundled_one_agree(tmp_path: Path) -> None:
    pytest.importorskip("sentence_transformers", reason="mujaz[sentence-transformers] isn't there")
    from evals.benchmarks.torch_e5 import write_sentence_transformer

    folder = tmp_path / "e5"
    write_sentence_transformer(folder)
    torch = get_embedder(f"sentence-transformers:{folder}", tmp_path)
    bundled = get_embedder("bundled", tmp_path)
    assert (torch.dimension, torch.query_prefix) == (384, bundled.query_prefix)
    assert torch.document_prefix == bundled.document_prefix
    texts = ["يلعب المغرب أدوارا طلائعية", "The minister asked for help."]
    likeness = torch.embed_documents(texts) @ bundled.embed_documents(texts).T
    assert np.diag(likeness).min() > 0.99
    assert torch.embed_query(texts[0]) @ bundled.embed_query(texts[0]) > 0.99
    assert torch.embed_query(texts[0]) @ torch.embed_documents(texts)[0] < 0.999
