"""Any LangChain chat model as the writer: passages numbered into a prompt, `[n]` read back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from langchain_core.language_models import BaseChatModel

from assistant.citations import (
    CitedSpan,
    SentenceStream,
    narrow,
    parse_marks,
    resolve_numbers,
)
from assistant.digest import reporters
from assistant.writers.streaming import stream_text
from assistant.writers.writer import Draft, Length, NoAnswer, Started, Text, Written
from prompts import load_prompt
from vectorstore.articles import Article, Hit, Passage
from vectorstore.embeddings import Embedder
from vectorstore.store import Vectors

REFUSAL = "NO ANSWER"
SUMMARY_LENGTHS = {"short": "three", "medium": "five to six", "long": "nine to eleven"}
LONGEST_REPLY = 6_000  # characters: a model that doesn't stop is stopped
LONGEST_PART = 12_000  # characters of an article in one prompt: some 4,000 tokens
_NEAREST = 3


class ChatModelWriter:
    """Writes with a chat model, and resolves what it cites to exact spans.

    Args:
        model: any LangChain chat model.
        name: what the settings call it.
        embedder: what finds the cited sentence within a cited passage.
    """

    def __init__(self, model: BaseChatModel, name: str, embedder: Embedder) -> None:
        self.name = name
        self._model = model
        self._embedder = embedder
        self._answer = load_prompt("answer")
        self._summary = load_prompt("summary")
        self._digest = load_prompt("digest")
        prompts = (self._answer, self._summary, self._digest)
        self.prompts = {p.name: p.sha256 for p in prompts}

    def load(self) -> None:
        """Do nothing: the model is a service."""

    def answer(self, question: str, hits: Sequence[Hit]) -> Iterator[Written]:
        """Have the model answer from the passages."""
        prompt = self._answer.fill(question=question, passages=number_passages(hits))
        yield from self._written(prompt, hits)

    def digest(self, topic: str, hits: Sequence[Hit]) -> Iterator[Written]:
        """Have the model report who says what of a topic, and where they disagree.

        Each passage is shown with its outlet and day. Those that don't fit into one prompt
        are left out; the answer's coverage counts their articles.
        """
        fitting = _parts(hits)[0]
        shown = [
            replace(hit, article=replace(hit.article, title=f"{who} | {hit.article.title}"))
            for hit in fitting
            for who in reporters([CitedSpan(hit.article, hit.passage.sentences[0])])
        ]
        prompt = self._digest.fill(topic=topic, passages=number_passages(shown))
        for written in self._written(prompt, fitting):
            match written:
                case Draft(_, spans):
                    yield Started(spans)
                    yield Text(written.text)
                    yield written
                case NoAnswer():
                    yield written

    def summarize(self, article: Article, length: Length) -> Iterator[Written]:
        """Have the model summarise an article, its sentences numbered as passages."""
        parts = _parts(sentence_hits(article))
        wanted = SUMMARY_LENGTHS[length] if len(parts) == 1 else "one to three"
        for hits in parts:
            prompt = self._summary.fill(
                title=article.title, passages=number_passages(hits), length=wanted
            )
            yield from self._written(prompt, hits)

    def _written(self, prompt: str, hits: Sequence[Hit]) -> Iterator[Written]:
        sentences = SentenceStream()
        vectors: dict[str, Vectors] = {}  # of the cited passages' sentences, by passage
        length = 0
        for piece in stream_text(self._model, prompt):
            length += len(piece)
            for sentence in sentences.feed(piece):
                yield from self._drafted(sentence, hits, vectors)
            if length > LONGEST_REPLY:
                break
        for sentence in sentences.finish():
            yield from self._drafted(sentence, hits, vectors)

    def _drafted(
        self, sentence: str, hits: Sequence[Hit], vectors: dict[str, Vectors]
    ) -> Iterator[Written]:
        if sentence.strip(" .*").upper() == REFUSAL:
            nearest = tuple(CitedSpan(h.article, h.passage.sentences[0]) for h in hits[:_NEAREST])
            yield NoAnswer("The model found no answer in the passages.", nearest)
            return
        marked = parse_marks(sentence)
        if not marked.text:
            return
        found, dropped = resolve_numbers(marked.numbers, hits)
        yield Started()
        yield Text(marked.text)
        yield Draft(marked.text, self._narrowed(marked.text, found, vectors), dropped)

    def _narrowed(
        self, sentence: str, hits: Sequence[Hit], vectors: dict[str, Vectors]
    ) -> tuple[CitedSpan, ...]:
        if not hits:
            return ()
        spans = []
        asked = self._embedder.embed_query(sentence)
        for hit in hits:
            if hit.passage.id not in vectors:
                text, inside = hit.article.text, hit.passage.sentences
                quotes = [text[s.start : s.end] for s in inside]
                vectors[hit.passage.id] = self._embedder.embed_documents(quotes)
            spans.append(narrow(hit, asked, vectors[hit.passage.id]))
        return tuple(dict.fromkeys(spans))


def number_passages(hits: Sequence[Hit]) -> str:
    """Return the passages as the prompt shows them, each behind its number and title.

    Brackets within a passage are made round, so that no quoted text can pass for a mark.
    """
    blocks = []
    for n, hit in enumerate(hits, start=1):
        text = hit.passage.text.replace("[", "(").replace("]", ")")
        title = hit.article.title.replace("[", "(").replace("]", ")")
        blocks.append(f"[{n}] {title}\n{text}")
    return "\n\n".join(blocks)


def _parts(hits: Sequence[Hit]) -> list[list[Hit]]:
    """Cut an article that is too long for one prompt into consecutive parts that aren't."""
    parts: list[list[Hit]] = [[]]
    size = 0
    for hit in hits:
        if parts[-1] and size + len(hit.passage.text) > LONGEST_PART:
            parts.append([])
            size = 0
        parts[-1].append(hit)
        size += len(hit.passage.text)
    return parts


def sentence_hits(article: Article) -> list[Hit]:
    """Return an article's sentences, each as a passage of its own."""
    hits = []
    for i, span in enumerate(article.sentences):
        text = article.text[span.start : span.end]
        passage = Passage(f"{article.id}-{i}", article.id, i, span.start, span.end, text, (span,))
        hits.append(Hit(passage, article, score=0.0))
    return hits
