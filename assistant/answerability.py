"""Whether articles answer a question, told by the bundled writer's rule, without writing."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.translation.memory import RememberingTranslator
from assistant.writers.extractive import ExtractiveWriter
from vectorstore.articles import Article
from vectorstore.retriever import Retriever


class Answerability:
    """Tells what questions would be answered with.

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
        self._writer = ExtractiveWriter(translator, retriever.embedder, retriever.catalog)

    def answer(self, article: Article | None, question: str) -> Sequence[str] | None:
        """Return the sentences that would answer a question; None for a refusal.

        Args:
            article: the one article that is asked; None for all.
            question: the question.
        """
        scope = [article.id] if article is not None else None
        hits = self._retriever.search(question, self._passages, scope)
        choice = self._writer.choose(question, hits) if hits else None
        if choice is None or choice.refusal is not None:
            return None
        return [cited.quote for cited in choice.spans]
