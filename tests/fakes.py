"""Stand-ins that record what they were asked; no test has one of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.embeddings import Embeddings
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

from assistant.answers import Event, Models
from assistant.history import Turn
from assistant.translation.translator import OnText, Source, Translation
from assistant.translation.turns import Reader
from assistant.writers.writer import Length
from vectorstore.arabic import light_stem, tokenize
from vectorstore.articles import Article
from vectorstore.embeddings import Embedder


class BagEmbeddings(Embeddings):
    """A hashed bag of stemmed words: texts that share words are near."""

    dimension = 256

    def __init__(self) -> None:
        self.documents: list[str] = []

    def embed_query(self, text: str) -> list[float]:
        vector = np.full(self.dimension, 1e-3)
        for token in tokenize(text):
            digest = hashlib.sha256(light_stem(token).encode()).digest()
            vector[int.from_bytes(digest[:4], "big") % self.dimension] += 1
        return list(vector / np.linalg.norm(vector))

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.documents += texts
        return [self.embed_query(text) for text in texts]


def bag_embedder(name: str = "bag") -> Embedder:
    return Embedder(name, BagEmbeddings.dimension, "", "", BagEmbeddings())


class RecordingTranslator:
    """'Translates' by putting the text in brackets, word by word; records what it was given."""

    slots = 2

    def __init__(self, name: str = "recording", languages: Sequence[str] = ("ar",)) -> None:
        self.name = name
        self.languages = languages
        self.translated: list[str] = []

    def load(self) -> None:
        pass

    def can_translate(self, language: str) -> bool:
        return language in self.languages

    def prepare(self, source: Source) -> str:
        return source.text

    def translate(
        self,
        prepared: str,
        language: str,
        on_text: OnText | None = None,
        reader: Reader | None = None,
    ) -> Translation:
        self.translated.append(prepared)
        result = f"<{prepared}>"
        if on_text:
            for i in range(0, len(result), 7):
                on_text(result[i : i + 7])
        return Translation(result)


class ScriptedChatModel(BaseChatModel):
    """Streams the scripted replies, one a call, in pieces of a few characters."""

    replies: list[str]
    piece: int = 5
    prompts: list[str] = []
    failure: Callable[[], Exception] | None = None

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        text = "".join(str(c.message.content) for c in self._stream(messages, stop))
        return ChatResult(generations=[ChatGeneration(message=AIMessage(text))])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        self.prompts.append(str(messages[-1].content))
        reply = self.replies[min(len(self.prompts), len(self.replies)) - 1]
        for i in range(0, len(reply), self.piece):
            chunk = AIMessageChunk(reply[i : i + self.piece])
            yield ChatGenerationChunk(message=chunk)
        if self.failure:
            raise self.failure()


class ScriptedAssistant:
    """Gives the scripted events to whatever it is asked, and then fails if it is to.

    `asked` records what it was asked, `closed` how often the work behind a stream was ended.
    """

    def __init__(self, *events: Event, error: Exception | None = None) -> None:
        self.events = events
        self.error = error
        self.asked: list[tuple[Any, ...]] = []
        self.closed = 0
        self.models = Models("scripted", "scripted", "scripted", {})

    def ask(
        self, question: str, history: Sequence[Turn], article_ids: Sequence[str] | None
    ) -> Iterator[Event]:
        return self._stream("ask", question, list(history), article_ids)

    def digest(self, topic: str, article_ids: Sequence[str] | None) -> Iterator[Event]:
        return self._stream("digest", topic, article_ids)

    def summarize(self, article: Article, length: Length) -> Iterator[Event]:
        return self._stream("summarize", article.id, length)

    def translate_cited(self, article: Article) -> Iterator[Event]:
        return self._stream("translate", article.id)

    def recall_title(self, article: Article) -> str | None:
        return f"The title of {article.id}"

    def doubts_title(self, article: Article) -> bool:
        return "strike" in article.title

    def _stream(self, *asked: Any) -> Iterator[Event]:
        self.asked.append(asked)
        try:
            yield from self.events
            if self.error is not None:
                raise self.error
        finally:
            self.closed += 1
