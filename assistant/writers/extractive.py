"""The bundled writer: it chooses sentences of the articles and has them translated.

Its model translates and can do nothing else, so nothing is ever composed: each sentence of an
answer is the translation of the one span that it cites.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from assistant.citations import CitedSpan
from assistant.translation.memory import RememberingTranslator
from assistant.writers.evidence import QuestionBank, missing_names
from assistant.writers.selection import SUMMARY_LENGTHS, choose_answers, choose_summary
from assistant.writers.writer import Draft, Length, NoAnswer, Started, Text, Written
from vectorstore.articles import Article, Hit
from vectorstore.embeddings import Embedder
from vectorstore.lexical import extract_keywords
from vectorstore.store import Vectors

MARGIN = 0.02  # of score: sentences this far below the best are left out
NAME_BONUS = 0.02  # for each name of the question that a sentence carries
PASSAGE_WEIGHT = 0.3  # a sentence is read in its passage
LEAST_STANDING = 1.0  # sigmas above the bank of other questions
_NEAREST = 3  # sentences shown with a refusal
_PER_ARTICLE = 2  # sentences of one article in a digest


class ExtractiveWriter:
    """Answers with translated sentences of the articles.

    Args:
        translator: what puts the chosen sentences into English.
        embedder: what the choice is made by.
        limit: sentences in an answer at most.
    """

    prompts: dict[str, str]

    def __init__(
        self, translator: RememberingTranslator, embedder: Embedder, limit: int = 3
    ) -> None:
        from prompts import load_prompt

        self.name = f"extractive+{translator.name}"
        self.prompts = {"translate_bundled": load_prompt("translate_bundled").sha256}
        self._translator = translator
        self._embedder = embedder
        self._bank = QuestionBank(embedder)
        self._limit = limit

    def answer(self, question: str, hits: Sequence[Hit]) -> Iterator[Written]:
        """Translate the sentences that answer a question, best first."""
        spans = _sentences(hits)
        vectors = self._embed(spans)
        asked = self._embedder.embed_query(question)
        scores = self._score(question, asked, spans, vectors, hits)
        order = [int(i) for i in np.argsort(-scores, kind="stable")]
        nearest = tuple(spans[i] for i in order[:_NEAREST])
        reason = self._refusal(question, asked, vectors[order[0]], hits)
        if reason:
            yield NoAnswer(reason, nearest)
            return
        chosen = choose_answers(scores, vectors, self._limit, MARGIN)
        yield from self._translated([spans[i] for i in chosen], alone=1)

    def summarize(self, article: Article, length: Length) -> Iterator[Written]:
        """Translate the sentences that stand for an article's parts, in its order."""
        spans = [CitedSpan(article, span) for span in article.sentences]
        sizes = [len(s.quote) for s in spans]
        chosen = choose_summary(self._embed(spans), sizes, SUMMARY_LENGTHS[length])
        yield from self._translated([spans[i] for i in chosen], alone=1)

    def digest(self, topic: str, hits: Sequence[Hit]) -> Iterator[Written]:
        """Translate each found article's best sentences on a topic, article by article."""
        chosen: list[CitedSpan] = []
        asked = self._embedder.embed_query(topic)
        for article_id in dict.fromkeys(hit.article.id for hit in hits):
            spans = _sentences([hit for hit in hits if hit.article.id == article_id])
            vectors = self._embed(spans)
            best = choose_answers(vectors @ asked, vectors, _PER_ARTICLE, MARGIN)
            chosen += [spans[i] for i in sorted(best)]
        yield from self._translated(chosen, alone=1)

    def _score(
        self,
        question: str,
        asked: Vectors,
        spans: Sequence[CitedSpan],
        vectors: Vectors,
        hits: Sequence[Hit],
    ) -> Vectors:
        """Return how well each sentence fits: alone, in its passage, and by shared names."""
        around = {
            (hit.article.id, span.start): hit.similarity or 0.0
            for hit in hits
            for span in hit.passage.sentences
        }
        passages = np.array([around[s.article.id, s.span.start] for s in spans])
        wanted = _named(question)
        shared = np.array([len(wanted & _named(s.quote)) for s in spans])
        extra = PASSAGE_WEIGHT * passages + NAME_BONUS * shared
        return vectors @ asked + extra.astype(np.float32)

    def _refusal(
        self, question: str, asked: Vectors, best: Vectors, hits: Sequence[Hit]
    ) -> str | None:
        missing = missing_names(question, hits)
        if missing:
            names = " or ".join(missing)
            return f"None of the articles found mentions {names}."
        if self._bank.standing(asked, best) < LEAST_STANDING:
            return "Nothing in the articles comes close enough to this question."
        return None

    def _embed(self, spans: Sequence[CitedSpan]) -> Vectors:
        return self._embedder.embed_documents([s.quote for s in spans])

    def _translated(self, spans: Sequence[CitedSpan], alone: int) -> Iterator[Written]:
        """Translate spans in order; what is English, or can't be translated, is quoted."""
        readable = [self._translator.can_translate(s.article.language) for s in spans]
        sources = [s.source for s, r in zip(spans, readable, strict=True) if r]
        pieces = self._translator.stream(sources, alone)
        for span, translate in zip(spans, readable, strict=True):
            yield Started()
            if not translate:
                yield Text(span.quote)
                yield Draft(span.quote, (span,), translated=span.article.language == "en")
                continue
            for piece in pieces:
                if piece.done is not None:
                    yield Draft(piece.done, (span,), translated=True)
                    break
                yield Text(piece.text)


def _sentences(hits: Sequence[Hit]) -> list[CitedSpan]:
    spans = {
        (hit.article.id, span.start, span.end): CitedSpan(hit.article, span)
        for hit in hits
        for span in hit.passage.sentences
    }
    return list(spans.values())


def _named(text: str) -> set[str]:
    keywords = extract_keywords(text)
    numbers = {stem for stem in keywords.stems.split() if stem.isdigit()}
    names = {name for name in keywords.names.split() if len(name) > 2}
    return names | set(keywords.places.split()) | numbers
