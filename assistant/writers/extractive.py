"""The bundled writer: it chooses sentences of the articles and has them translated.

Its model translates and can do nothing else, so nothing is ever composed: each sentence of an
answer is the translation of the one span that it cites.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.citations import CitedSpan
from assistant.digest import find_dissenting, group_copies, in_copies, merge_repeated
from assistant.quantities import find_quantities
from assistant.translation.memory import RememberingTranslator
from assistant.verification import SENTENCE_END
from assistant.writers.evidence import QuestionBank, asks_number, missing_names
from assistant.writers.kinds import Kind, kind_asked, lacking_kind, lead_asked
from assistant.writers.passages import nearest_spans
from assistant.writers.selection import SUMMARY_LENGTHS, choose_answers, choose_summary
from assistant.writers.translated import write_translated
from assistant.writers.writer import Draft, Length, NoAnswer, Started, Written
from prompts import load_prompt
from vectorstore.articles import Article, Hit
from vectorstore.catalog import Catalog
from vectorstore.embeddings import Embedder
from vectorstore.names import place_mentions
from vectorstore.store import Vectors

MARGIN = 0.02  # of score: sentences this far below the best are left out
# Chosen on the development questions of the evaluation suite.
PASSAGE_WEIGHT = 0.3  # a sentence is read in its passage
RANK_COST = 0.003  # of score, for each passage that was found before its own
PLACE_COST = 0.01  # of score, where the article names none of the places asked about
NUMBER_BONUS = 0.02  # of score, for a number where a number is asked for
LEAST_STANDING = 0.7  # sigmas above the bank of other questions
LEAST_TOPIC_STANDING = 2.5  # the same for a digest's topic, whose few words lie nearer to all
_NEAREST = 3  # sentences shown with a refusal
_PER_ARTICLE = 2  # sentences of one article in a digest
_LONGEST_HEADING = 5  # words of a line that heads a part of an article
_NO_HEADING = re.compile(r"[\d\"”“«»]")  # a figure, or words that somebody said


@dataclass(frozen=True, slots=True)
class Choice:
    """The sentences chosen; with a `refusal`, its reason, they are only the nearest."""

    spans: tuple[CitedSpan, ...]
    refusal: str | None


class ExtractiveWriter:
    """Answers with translated sentences of the articles.

    Args:
        translator: what puts the chosen sentences into English.
        embedder: what the choice is made by.
        catalog: where is looked up whether any article has a name at all.
        limit: sentences in an answer at most.
    """

    prompts: dict[str, str]

    def __init__(
        self,
        translator: RememberingTranslator,
        embedder: Embedder,
        catalog: Catalog,
        limit: int = 3,
    ) -> None:
        self.name = f"extractive+{translator.name}"
        self.prompts = {"translate_bundled": load_prompt("translate_bundled").sha256}
        self._translator = translator
        self._embedder = embedder
        self._bank = QuestionBank(embedder)
        self._catalog = catalog
        self._limit = limit

    def load(self) -> None:
        """Embed the bank of questions."""
        self._bank.load()

    def answer(self, question: str, hits: Sequence[Hit]) -> Iterator[Written]:
        """Translate the sentences that answer a question, best first."""
        choice = self.choose(question, hits)
        if choice.refusal is not None:
            yield NoAnswer(choice.refusal, choice.spans)
            return
        yield from write_translated(self._translator, choice.spans)

    def choose(self, question: str, hits: Sequence[Hit]) -> Choice:
        """Return the sentences to answer with, or why there are none and what comes nearest.

        Headlines are passed over: they lie near many questions and answer few.
        """
        kind = kind_asked(question)
        spans = _sentences(hits)
        told = _without_headlines(spans)
        if _carried(kind, told) or not _carried(kind, spans):
            spans = told  # no headline is all that says it
        vectors = self._embed(spans)
        asked = self._embedder.embed_query(question)
        scores = self._score(question, asked, spans, vectors, hits)
        nearest = [int(i) for i in np.argsort(-scores, kind="stable")[:_NEAREST]]
        refusal = self._refusal(question, asked, vectors[nearest[0]]) or lacking_kind(kind, hits)
        chosen = nearest
        if refusal is None:
            chosen = choose_answers(scores, vectors, self._limit, MARGIN)
            chosen = _led_by(kind or lead_asked(question), spans, scores, chosen)[: self._limit]
        return Choice(tuple(spans[i] for i in chosen), refusal)

    def summarize(self, article: Article, length: Length) -> Iterator[Written]:
        """Translate the sentences that stand for an article's parts, in its order."""
        whole = [CitedSpan(article, span) for span in article.sentences]
        spans = [span for span in whole if not _heads_part(span)] or whole
        sizes = [len(s.quote) for s in spans]
        chosen = choose_summary(self._embed(spans), sizes, SUMMARY_LENGTHS[length])
        yield from write_translated(self._translator, [spans[i] for i in chosen])

    def digest(self, topic: str, hits: Sequence[Hit]) -> Iterator[Written]:
        """Translate each story's best sentences on a topic, with all that report them.

        A topic that no article is about is refused.
        """
        refusal = self._off_topic(topic, hits)
        if refusal is not None:
            yield NoAnswer(refusal, nearest_spans(hits))
            return
        groups = self._digest_groups(topic, hits)
        begun = iter(groups)
        group: tuple[CitedSpan, ...] = ()
        for written in write_translated(self._translator, [spans[0] for spans in groups]):
            match written:
                case Started():
                    group = next(begun)
                    yield Started(group)
                case Draft():
                    yield replace(written, spans=group)
                case _:
                    yield written

    def _digest_groups(self, topic: str, hits: Sequence[Hit]) -> list[tuple[CitedSpan, ...]]:
        """Return the sentences of a digest, each with those that say the same elsewhere.

        Headlines are passed over: copies have each its own. A sentence that contradicts a
        chosen one is added, however far from the topic.
        """
        found = {hit.article.id: hit.article for hit in hits}
        stories = group_copies(list(found.values()))
        story_of = {article.id: story for story in stories for article in story}
        asked = self._embedder.embed_query(topic)
        best: list[CitedSpan] = []
        for story in stories:
            spans = _sentences([hit for hit in hits if hit.article.id == story[0].id])
            spans = _without_headlines(spans)
            vectors = self._embed(spans)
            chosen = choose_answers(vectors @ asked, vectors, _PER_ARTICLE, MARGIN)
            best += [spans[i] for i in sorted(chosen)]
        best = [copy for span in best for copy in in_copies(span, story_of[span.article.id])]
        others = _without_headlines(_sentences([h for h in hits if h.article.id in story_of]))
        for span in find_dissenting(best, others, self._embedder.embed_sentences):
            best += in_copies(span, story_of[span.article.id])
        best = list(dict.fromkeys(best))
        groups = merge_repeated(best, self._embed(best))
        return [tuple(best[i] for i in group) for group in groups]

    def _score(
        self,
        question: str,
        asked: Vectors,
        spans: Sequence[CitedSpan],
        vectors: Vectors,
        hits: Sequence[Hit],
    ) -> Vectors:
        """Return how well each sentence fits, by itself and by where it stands."""
        passages = {
            (hit.article.id, span.start): PASSAGE_WEIGHT * (hit.similarity or 0.0)
            - RANK_COST * rank
            for rank, hit in enumerate(hits)
            for span in hit.passage.sentences
        }
        extra = np.array([passages[s.article.id, s.span.start] for s in spans], dtype=np.float32)
        places = place_mentions(question)
        if places:
            articles = {s.article.id: s.article for s in spans}
            lacking = {i: len(places - place_mentions(a.text)) for i, a in articles.items()}
            shares = [lacking[s.article.id] / len(places) for s in spans]
            extra -= PLACE_COST * np.array(shares, dtype=np.float32)
        if asks_number(question):
            numbers = [any(n.sure for n in find_quantities(s.quote)) for s in spans]
            extra += NUMBER_BONUS * np.array(numbers, dtype=np.float32)
        return vectors @ asked + extra

    def _refusal(self, question: str, asked: Vectors, best: Vectors) -> str | None:
        missing = missing_names(question, self._catalog)
        if missing:
            return f"No article of the collection mentions {' or '.join(missing)}."
        if self._bank.standing(asked, best) < LEAST_STANDING:
            return "Nothing in the articles comes close enough to this question."
        return None

    def _off_topic(self, topic: str, hits: Sequence[Hit]) -> str | None:
        """Return why no article is about a topic; None where hits weren't searched for by it."""
        if all(hit.similarity is None for hit in hits):
            return None
        missing = missing_names(topic, self._catalog)
        if missing:
            return f"No article of the collection mentions {' or '.join(missing)}."
        vectors = self._embed(_sentences(hits))
        asked = self._embedder.embed_query(topic)
        best = vectors[int(np.argmax(vectors @ asked))]
        if self._bank.standing(asked, best) < LEAST_TOPIC_STANDING:
            return "No article of the collection is about this topic."
        return None

    def _embed(self, spans: Sequence[CitedSpan]) -> Vectors:
        return self._embedder.embed_sentences([s.quote for s in spans])


def _carried(kind: Kind | None, spans: Sequence[CitedSpan]) -> bool:
    return kind is not None and any(kind.carried_by(span.quote) for span in spans)


def _led_by(
    kind: Kind | None, spans: Sequence[CitedSpan], scores: Vectors, chosen: list[int]
) -> list[int]:
    """Return what was chosen behind the best sentence of the kind asked for, if it begins without.

    That one is among them already where any of them is of the kind.
    """
    if kind is None or not chosen or kind.carried_by(spans[chosen[0]].quote):
        return chosen
    carriers = [i for i in chosen if kind.carried_by(spans[i].quote)]
    carriers = carriers or [i for i in range(len(spans)) if kind.carried_by(spans[i].quote)]
    lead = sorted(carriers, key=lambda i: -scores[i])[:1]
    return [*lead, *(i for i in chosen if i not in lead)]


def _without_headlines(spans: list[CitedSpan]) -> list[CitedSpan]:
    """Leave headlines out where their article has more to say: they name what is told below.

    An article without one is called by its first sentence, which ends as sentences do.
    """
    telling = [span for span in spans if not _is_headline(span)]
    articles = {span.article.id for span in telling}
    return [s for s in spans if s.article.id not in articles or not _is_headline(s)]


def _is_headline(span: CitedSpan) -> bool:
    """Tell whether a sentence is its article's title, or a line that heads a part of it."""
    if SENTENCE_END.search(span.quote):
        return False
    return span.quote == span.article.title.strip() or _heads_part(span)


def _heads_part(span: CitedSpan) -> bool:
    text, quote = span.article.text, span.quote
    start, end = span.span.start, span.span.end
    alone = text[start - 1 : start] == "\n" == text[end : end + 1]
    return alone and len(quote.split()) <= _LONGEST_HEADING and not _NO_HEADING.search(quote)


def _sentences(hits: Sequence[Hit]) -> list[CitedSpan]:
    spans = {
        (hit.article.id, span.start, span.end): CitedSpan(hit.article, span)
        for hit in hits
        for span in hit.passage.sentences
    }
    return list(spans.values())
