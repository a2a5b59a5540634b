"""Texts into vectors: the bundled model by default, others by name.

Each is a LangChain `Embeddings` that keeps queries and documents apart, plus what an index
must record of it.
"""

from __future__ import annotations

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import numpy as np
from langchain_core.embeddings import Embeddings

from vectorstore.articles import hash_id
from vectorstore.errors import EmbedderError, VectorstoreError, describe
from vectorstore.store import Vectors

if TYPE_CHECKING:
    from vectorstore.e5 import E5, WordVectors

BUNDLED = "bundled"
_REMEMBERED = 4_000  # sentences, 2 KB each


class SentenceMemory:
    """The vectors of the sentences that were embedded last; safe to share between threads."""

    def __init__(self, most: int = _REMEMBERED) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._vectors: OrderedDict[str, Vectors] = OrderedDict()

    def recall(self, texts: Sequence[str]) -> dict[str, Vectors]:
        """Return what is known of some sentences."""
        with self._lock:
            known = {text: self._vectors[text] for text in texts if text in self._vectors}
            for text in known:
                self._vectors.move_to_end(text)
        return known

    def remember(self, vectors: dict[str, Vectors]) -> None:
        """Keep sentences' vectors, and forget those that weren't asked for longest."""
        with self._lock:
            self._vectors |= vectors
            while len(self._vectors) > self._most:
                self._vectors.popitem(last=False)


@dataclass(frozen=True, slots=True)
class Embedder:
    """An embedding model with its name, dimension and the prefixes that it takes.

    `embed_query` and `embed_documents` return unit vectors, of shape (dimension,) and
    (len(texts), dimension); they raise EmbedderError where a server can't be reached or refuses.
    """

    name: str
    dimension: int
    query_prefix: str
    document_prefix: str
    model: Embeddings
    cache_dir: Path | None = None
    _memory: SentenceMemory = field(
        default_factory=SentenceMemory, init=False, repr=False, compare=False
    )

    def load(self) -> None:
        """Load the bundled model ahead of its first use; others' are loaded already."""
        if isinstance(self.model, BundledEmbeddings):
            self.model.e5  # noqa: B018 - loads

    def embed_query(self, text: str) -> Vectors:
        """Return the vector of a question."""
        vector: Vectors = _unit(np.asarray([self.model.embed_query(text)], dtype=np.float32))[0]
        return vector

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of questions, of shape (len(texts), dimension)."""
        if isinstance(self.model, BundledEmbeddings):
            return self.model.e5.encode_query(texts)
        return np.stack([self.embed_query(text) for text in texts])

    def embed_documents(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Return the vectors of passages; `progress` is told how many more are done."""
        if isinstance(self.model, BundledEmbeddings):
            return self.model.e5.encode_document(texts, progress)
        vectors = _unit(np.asarray(self.model.embed_documents(list(texts)), dtype=np.float32))
        if progress:
            progress(len(texts))
        return vectors

    def embed_sentences(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of sentences as `embed_documents` does, those of late from memory.

        A conversation comes back to the same articles: their sentences are chosen from, stand
        beside what is checked, and are compared with one another.
        """
        known = self._memory.recall(texts)
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        if missing:
            vectors = self.embed_documents(missing)
            new = {text: vector.copy() for text, vector in zip(missing, vectors, strict=True)}
            self._memory.remember(new)
            known |= new
        return np.array([known[text] for text in texts], np.float32).reshape(-1, self.dimension)

    def embed_words(self, texts: Sequence[str]) -> list[WordVectors] | None:
        """Return the words of sentences with their vectors; the sentences' own are remembered.

        None for any other model than the bundled one, and where a text is longer than it reads.
        """
        if not isinstance(self.model, BundledEmbeddings):
            return None
        e5 = self.model.e5
        if any(e5.count_tokens(text) > e5.max_tokens for text in texts):
            return None
        found = e5.encode_words(texts)
        self._memory.remember({t: read.whole for t, read in zip(texts, found, strict=True)})
        return found

    def embed_bank(self, texts: Sequence[str], queries: bool = False) -> Vectors:
        """Return the vectors of texts that others are measured against, made once and kept.

        A bank takes a third of a second to embed, more than the question that it is for.
        """
        embed = self.embed_queries if queries else self.embed_documents
        if self.cache_dir is None:
            return embed(texts)
        key = hash_id(self.name, str(queries), *texts)
        return _kept(self.cache_dir / f"bank-{key}.npy", lambda: embed(texts))


class BundledEmbeddings(Embeddings):
    """multilingual-e5-small as a LangChain embedding; loaded at first use."""

    def __init__(self, threads: int | None = None) -> None:
        self._threads = threads
        self._loading = threading.Lock()
        self._e5: E5 | None = None

    @property
    def e5(self) -> E5:
        """The model itself, with sentence-transformers' method names."""
        with self._loading:
            if self._e5 is None:
                from vectorstore.e5 import E5

                self._e5 = E5(threads=self._threads)
        return self._e5

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one vector of 384 floats for each passage."""
        vectors: list[list[float]] = self.e5.encode_document(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """Return a question's vector of 384 floats."""
        vector: list[float] = self.e5.encode_query([text])[0].tolist()
        return vector


def get_embedder(
    name: str,
    cache_dir: Path,
    base_url: str | None = None,
    api_key: str | None = None,
    threads: int | None = None,
) -> Embedder:
    """Return the embedder that a setting names.

    Args:
        name: `bundled`, `sentence-transformers:MODEL`, `openai:MODEL` or `ollama:MODEL`.
        cache_dir: where models that are fetched are kept.
        base_url: the address of an OpenAI-compatible or Ollama server.
        api_key: the key for it.
        threads: how many the bundled model works with; as many as cores unless given.

    Raises:
        VectorstoreError: the name isn't known.
        EmbedderError: its package isn't installed, or its server can't be reached or refused.
    """
    if name == BUNDLED:
        bundled = BundledEmbeddings(threads)
        return Embedder(
            "multilingual-e5-small-q4-onnx", 384, "query: ", "passage: ", bundled, cache_dir
        )
    provider, _, model_name = name.partition(":")
    if not model_name or provider not in _PROVIDERS:
        known = ", ".join([BUNDLED, *(f"{p}:MODEL" for p in _PROVIDERS)])
        raise VectorstoreError(f"unknown embedder {name!r}; known are {known}")
    with _named_failures(name):
        try:
            model, query_prefix, document_prefix = _PROVIDERS[provider](
                model_name, cache_dir, base_url, api_key
            )
        except ImportError as error:
            raise EmbedderError(
                f"the embedder {name!r} needs a package that isn't installed ({error.name}); "
                f"run: pip install 'mujaz[{provider}]'"
            ) from error
    others = OthersEmbeddings(name, model)
    dimension = len(others.embed_query("dimension"))
    return Embedder(name, dimension, query_prefix, document_prefix, others, cache_dir)


class OthersEmbeddings(Embeddings):
    """Another package's embedding model, its failures named.

    Args:
        name: what the settings call it.
        model: the model.
    """

    def __init__(self, name: str, model: Embeddings) -> None:
        self._name = name
        self._model = model

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one vector for each passage."""
        with _named_failures(self._name):
            return self._model.embed_documents(texts)

    def embed_query(self, text: str) -> list[float]:
        """Return a question's vector."""
        with _named_failures(self._name):
            return self._model.embed_query(text)


@contextmanager
def _named_failures(name: str) -> Iterator[None]:
    """Tell what fails in another's client as a failure of the embedder of this name."""
    try:
        yield
    except VectorstoreError:
        raise
    except Exception as error:  # each provider's client raises its own kinds
        raise EmbedderError(
            f"the embedder {name!r} failed ({describe(error)}); check its name, its address in "
            "MUJAZ_EMBEDDER_URL and its key in MUJAZ_API_KEY"
        ) from error


Provided = tuple[Embeddings, str, str]


def _sentence_transformers(
    name: str, cache_dir: Path, base_url: str | None, api_key: str | None
) -> Provided:
    from langchain_huggingface import HuggingFaceEmbeddings

    known: dict[str, Any] = {"model_name": name, "cache_folder": str(cache_dir / "hub")}
    model = HuggingFaceEmbeddings(**known)
    prompts: dict[str, str] = getattr(model._client, "prompts", {})
    query = _prompt_name(prompts, "query")
    document = _prompt_name(prompts, "document", "passage")
    if query:
        model.query_encode_kwargs = {"prompt_name": query}
    if document:
        model.encode_kwargs = {"prompt_name": document}
    return model, prompts.get(query, ""), prompts.get(document, "")


def _prompt_name(prompts: dict[str, str], *names: str) -> str:
    return next((name for name in names if prompts.get(name)), "")


def _openai(name: str, cache_dir: Path, base_url: str | None, api_key: str | None) -> Provided:
    from langchain_openai import OpenAIEmbeddings
    from pydantic import SecretStr

    # A server that is only compatible knows nothing of tiktoken's token ids: send it strings.
    model = OpenAIEmbeddings(
        model=name,
        base_url=base_url,
        api_key=SecretStr(api_key) if api_key else None,
        check_embedding_ctx_length=base_url is None,
    )
    return model, "", ""


def _ollama(name: str, cache_dir: Path, base_url: str | None, api_key: str | None) -> Provided:
    from langchain_ollama import OllamaEmbeddings

    return OllamaEmbeddings(model=name, base_url=base_url), "", ""


_PROVIDERS: dict[str, Callable[[str, Path, str | None, str | None], Provided]] = {
    "sentence-transformers": _sentence_transformers,
    "openai": _openai,
    "ollama": _ollama,
}


def _kept(file: Path, make: Callable[[], Vectors]) -> Vectors:
    """Return the array in a file, made where there is none or it is damaged."""
    with contextlib.suppress(OSError, ValueError, EOFError):
        kept: Vectors = np.load(file)
        return kept
    made = make()
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(f".{uuid4().hex}.npy")
    np.save(unfinished, made)
    unfinished.replace(file)
    return made


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = vectors / np.maximum(lengths, 1e-12)
    return unit
