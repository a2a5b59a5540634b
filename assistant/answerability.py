"""Whether an article answers a question, told by the bundled writer's rule, without writing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from langchain_core.embeddings import Embeddings

from assistant.translation.memory import RememberingTranslator
from assistant.writers.extractive import ExtractiveWriter
from vectorstore.articles import Article
from vectorstore.embeddings import Embedder
from vectorstore.retriever import Retriever

_MOST = 2_000  # sentences whose vectors are kept


class Answerability:
    """Tells what questions would be answered with, from one article alone.

    Args:
        retriever: searches the collection.
        translator: what the writer would translate with; nothing is translated here.
        passages: how many passages an answer may stand on.
    """

    def __init__(
        self, retriever: Retriever, translator: RememberingTranslator, passages: int
    ) -> None:
        self._retriever = retriever
        self._passages = passages
        own = retriever.embedder
        recalling = replace(own, model=_RecallingEmbeddings(own))
        self._writer = ExtractiveWriter(translator, recalling, retriever.catalog)

    def answer(self, article: Article, question: str) -> Sequence[str] | None:
        """Return the article's sentences that would answer a question; None for a refusal."""
        hits = self._retriever.search(question, self._passages, [article.id])
        choice = self._writer.choose(question, hits) if hits else None
        if choice is None or choice.refusal is not None:
            return None
        return [cited.quote for cited in choice.spans]


class _RecallingEmbeddings(Embeddings):
    """An embedder that knows the sentences again: each question is put to the same ones."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, list[float]] = {}

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        known = dict(self._known)
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known |= zip(new, self._embedder.embed_documents(new).tolist(), strict=True)
        self._known = known if len(known) <= _MOST else {}
        return [known[text] for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return [float(value) for value in self._embedder.embed_query(text)]
