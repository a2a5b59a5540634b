"""The assistant: ask, summarize, digest, translate; each a stream of events."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.answerability import Answerability
from assistant.answers import Answer, Answered, Citation, Event, Models, Progressed, Sentence
from assistant.chain import Query, Review, build_chain
from assistant.citations import CitedSpan, Numbering
from assistant.coverage import cover_articles, cover_parts
from assistant.digest import MOST_ARTICLES, contradict, disagreements
from assistant.errors import AssistantError, QuestionError, TranslationError
from assistant.guide import Guide, GuideMemory, write_guide
from assistant.history import Turn, standalone_by_model, standalone_by_rule
from assistant.mentions import mention_figures, mention_people, mention_places
from assistant.suggestions import propose, suggest
from assistant.topics import Topics
from assistant.translation.memory import RememberingTranslator
from assistant.translation.translator import Source, Translation
from assistant.verification import Verifier
from assistant.writers.translated import write_translated
from assistant.writers.writer import Length, Writer
from vectorstore.articles import Article, Hit, Passage, Span
from vectorstore.cleaning import normalize_text
from vectorstore.language import detect_language, sentence_language
from vectorstore.retriever import Retriever
from vectorstore.sentences import split_sentences

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

LONGEST_QUESTION = 2_000  # characters
_DIGEST_HITS = 40  # passages


@dataclass(frozen=True, slots=True)
class Translated:
    """A translated article: its sentences as citations, each with its English."""

    article: Article
    sentences: tuple[Citation, ...]
    translator: str

    @property
    def text(self) -> str:
        """The English, its paragraphs kept as the original has them."""
        pieces: list[str] = []
        end = 0
        for citation in self.sentences:
            gap = self.article.text[end : citation.start]
            pieces += ["\n\n" if "\n" in gap else " " if end else "", citation.translation or ""]
            end = citation.end
        return "".join(pieces)


class Assistant:
    """Answers from one collection; the page, the command line and the evals all call this.

    Args:
        retriever: searches the collection.
        writer: writes from passages.
        translator: puts sentences into English.
        verifier: checks what was written against what it cites.
        chat_model: rewrites follow-ups; None leaves that to rules.
        passages: how many passages an answer may stand on.
        guides: keeps the guides to articles; None makes each anew.
    """

    def __init__(
        self,
        retriever: Retriever,
        writer: Writer,
        translator: RememberingTranslator,
        verifier: Verifier,
        chat_model: BaseChatModel | None = None,
        passages: int = 6,
        guides: GuideMemory | None = None,
    ) -> None:
        self.retriever = retriever
        self.writer = writer
        self._translator = translator
        self._verifier = verifier
        self._chat_model = chat_model
        self._passages = passages
        self._guides = guides
        self._topics = Topics(retriever.embedder)
        self._doubted: dict[str, bool] = {}  # titles' English, by article
        self.models = Models(
            writer.name, translator.name, retriever.embedder.name, dict(writer.prompts)
        )

    def load(self) -> None:
        """Load every model ahead of the first question.

        Raises:
            ModelError: a model's files are missing or damaged.
        """
        self.writer.load()
        self._translator.load()
        self._topics.load()

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        article_ids: Sequence[str] | None = None,
    ) -> Iterator[Event]:
        """Answer a question in English, whatever its language; the last event is `Answered`.

        Where a passage found gives another figure than one cited, the answer tells.

        Args:
            question: up to 2,000 characters.
            history: the conversation before it, oldest first.
            article_ids: answer from these articles only.

        Raises:
            QuestionError: the question is empty or too long.
            ModelError: a model failed.
        """
        question = checked(question)
        if self._chat_model is None:
            alone = standalone_by_rule(question, history)
        else:
            alone = standalone_by_model(question, history, self._chat_model)
        chain = build_chain(
            lambda q: self.retriever.search(q.standalone, self._passages, q.article_ids),
            lambda q, hits: self.writer.answer(q.standalone, hits),
            self._translator,
            self._verifier,
            self.models,
            review=self._review_answer,
        )
        understood = alone if alone != question else None
        wanted = tuple(article_ids) if article_ids else None
        return chain.stream(Query(question, alone, wanted, understood))

    def summarize(self, article: Article, length: Length = "medium") -> Iterator[Event]:
        """Summarise a whole article in English; the last event is `Answered`.

        Raises:
            ModelError: a model failed.
        """
        chain = build_chain(
            lambda q: [_whole(article)],
            lambda q, hits: self.writer.summarize(article, length),
            self._translator,
            self._verifier,
            self.models,
            review=lambda hits, cited: Review(cover_parts(article, cited)),
        )
        return chain.stream(Query(f"Summarize: {article.title}", article.title))

    def digest(
        self, topic: str | None = None, article_ids: Sequence[str] | None = None
    ) -> Iterator[Event]:
        """Report who says what of a topic; the last event is `Answered`.

        Near copies are reported once, and figures that articles disagree on are told. Without
        a topic, each article is represented by its own head, the newest first. What a digest
        can't hold is left out and counted in the answer's `coverage`.

        Raises:
            QuestionError: the topic is too long.
            ModelError: a model failed.
        """
        topic = checked(topic) if topic else ""
        wanted = tuple(article_ids) if article_ids else None
        chain = build_chain(
            lambda q: self._digest_hits(topic, q.article_ids),
            lambda q, hits: self.writer.digest(topic or "the main news", hits),
            self._translator,
            self._verifier,
            self.models,
            review=lambda hits, cited: self._review_digest(topic, wanted, hits, cited),
            attributed=True,
        )
        return chain.stream(Query(topic or "Digest", topic, wanted))

    def search_topic(self, topic: str, article_ids: Sequence[str] | None = None) -> list[Hit]:
        """Return the passages of the articles that a topic is about, the nearest first."""
        found = self.retriever.search(topic, _DIGEST_HITS, article_ids)
        return self._topics.on_topic(topic, found)

    def translate_cited(self, article: Article) -> Iterator[Event]:
        """Translate an article as an answer: every sentence cited and checked.

        The last event is `Answered`.

        Raises:
            TranslationError: the models that are set up can't translate its language.
            ModelError: a model failed.
        """
        self._check_translatable(article)
        spans = [CitedSpan(article, span) for span in article.sentences]
        chain = build_chain(
            lambda q: [_whole(article)],
            lambda q, hits: write_translated(self._translator, spans),
            self._translator,
            self._verifier,
            self.models,
        )
        return chain.stream(Query(f"Translate: {article.title}", article.title))

    def translate_sentence(self, span: CitedSpan) -> str:
        """Translate one sentence of an article.

        Raises:
            TranslationError: the models that are set up can't translate its language.
            ModelError: a model failed.
        """
        self._check_translatable(span.article)
        return self._translator.translate(span.source).text

    def recall_translation(self, span: CitedSpan) -> str | None:
        """Return a sentence's English where it was translated before, else None."""
        known = self._recall(span)
        return known.text if known is not None else None

    def _recall(self, span: CitedSpan) -> Translation | None:
        if span.language == "en" or not self._translator.can_translate(span.language):
            return None
        return self._translator.recall(span.source)

    def recall_checked(self, span: CitedSpan) -> Sentence | None:
        """Return a sentence's English with its verdict, where it was translated before."""
        known = self._recall(span)
        if known is None:
            return None
        verdict = self._verifier.check_spans(known.text, [span], True, known.confidence)
        return Sentence(known.text, (), verdict.support, verdict.checks, verdict.reasons)

    def recall_title(self, article: Article) -> str | None:
        """Return an article's title in English where it was translated before, else None."""
        title = _title(article)
        if title.language == "en" or not self._translator.can_translate(title.language):
            return None
        known = self._translator.recall(title)
        return known.text if known is not None else None

    def doubts_title(self, article: Article) -> bool:
        """Tell whether a title's English says what the original doesn't ("unsupported").

        That takes a fifth of a second where it wasn't compared before. False where the title
        isn't translated, or isn't the first line of its text.
        """
        if article.id not in self._doubted:
            checked = None
            if article.text.startswith(article.title):
                checked = self.recall_checked(CitedSpan(article, Span(0, len(article.title))))
            if checked is None:
                return False
            self._doubted[article.id] = checked.support == "unsupported"
        return self._doubted[article.id]

    def translate_title(self, article: Article) -> str | None:
        """Return an article's title in English; None where it is, or can't be translated.

        Raises:
            ModelError: a model failed.
        """
        title = _title(article)
        if title.language == "en" or not self._translator.can_translate(title.language):
            return None
        return self._translator.translate(title).text

    def translate(self, article: Article) -> Iterator[Progressed | Translated]:
        """Translate an article sentence by sentence; the last item is the translation.

        Raises:
            TranslationError: the models that are set up can't translate its language.
            ModelError: a model failed.
        """
        numbering = Numbering()
        spans = [CitedSpan(article, span) for span in article.sentences]
        self._check_translatable(article)
        for span in spans:
            readable = self._translator.can_translate(span.language) and span.language != "en"
            numbering.number(span, None if readable else span.quote)
        waiting = numbering.untranslated()
        for piece in self._translator.stream([source for _, source in waiting]):
            if piece.done is not None:
                numbering.translate(waiting[piece.index][0], piece.done.text)
                yield Progressed("translating", piece.index + 1, len(waiting))
        yield Translated(article, tuple(numbering.citations), self._translator.name)

    def check_translation(self, translated: Translated) -> dict[int, Sentence]:
        """Return a translation's sentences with their verdicts, by their citations' numbers.

        An English sentence, and one that could not be translated, have none.
        """
        article = translated.article
        found = {
            c.n: self.recall_checked(CitedSpan(article, Span(c.start, c.end)))
            for c in translated.sentences
        }
        return {n: replace(s, citations=(n,)) for n, s in found.items() if s is not None}

    def recall_guide(self, article: Article) -> Guide | None:
        """Return an article's guide where it was made before, else None."""
        return self._guides.recall(article, self.models) if self._guides else None

    def guide(self, article: Article) -> Iterator[Progressed | Guide]:
        """Tell at a glance what an article is about; the last item is the guide.

        Raises:
            ModelError: a model failed.
        """
        known = self.recall_guide(article)
        if known is not None:
            yield known
            return
        summary = self.summarize(article, "short")
        answering = functools.partial(self._answerability.answer, article)
        for item in write_guide(article, summary, self._translator, answering):
            if isinstance(item, Guide) and self._guides:
                self._guides.remember(article, self.models, item)
            yield item

    def first_question(self, article: Article) -> str | None:
        """Return a question about an article that is answered; nothing is translated for it.

        It is asked of the whole collection, as a reader who selects no article would.
        """
        named = (mention_people(article), mention_places(article), mention_figures(article))
        answering = functools.partial(self._answerability.answer, None)
        return next(suggest(propose(article, None, *named), answering), None)

    @functools.cached_property
    def _answerability(self) -> Answerability:
        return Answerability(self.retriever, self._translator, self._passages)

    def translate_text(self, text: str) -> str:
        """Return a text of any length in English, sentence by sentence, its lines kept.

        Raises:
            QuestionError: the text is empty.
            TranslationError: the models that are set up can't translate its language.
            ModelError: a model failed.
        """
        text = normalize_text(text)
        if not text:
            raise QuestionError("the text is empty; write what you want translated")
        language = detect_language(text)
        spans = split_sentences(text, language)
        article = Article("", "", "", None, None, language, text, spans)
        *_, last = self.translate(article)
        return last.text if isinstance(last, Translated) else ""

    def _check_translatable(self, article: Article) -> None:
        if article.language != "en" and not self._translator.can_translate(article.language):
            raise TranslationError(
                f"{self._translator.name!r} can't translate from {article.language!r}; set a "
                "chat model as the writer and translator='writer'"
            )

    def _digest_hits(self, topic: str, article_ids: Sequence[str] | None) -> list[Hit]:
        if topic:
            return self.search_topic(topic, article_ids)
        catalog = self.retriever.catalog
        articles = [a for a in catalog.articles() if not article_ids or a.id in article_ids]
        return [Hit(catalog.passages_of(a)[0], a, score=1.0) for a in articles[:MOST_ARTICLES]]

    def _review_answer(self, hits: Sequence[Hit], cited: Sequence[CitedSpan]) -> Review:
        """Tell where a passage that was found contradicts what an answer cites."""
        found = [CitedSpan(hit.article, span) for hit in hits for span in hit.passage.sentences]
        embed = self.retriever.embedder.embed_sentences
        dissenting, told = contradict(cited, found, embed)
        return Review(disagreements=told, dissenting=dissenting)

    def _review_digest(
        self,
        topic: str,
        article_ids: Sequence[str] | None,
        hits: Sequence[Hit],
        cited: Sequence[CitedSpan],
    ) -> Review:
        coverage = cover_articles((hit.article.id for hit in hits), cited)
        if not topic:
            every = len(set(article_ids)) if article_ids else self.retriever.catalog.count()
            coverage = replace(coverage, of=every)
        embed = self.retriever.embedder.embed_sentences
        return Review(coverage, disagreements(cited, embed))


def _title(article: Article) -> Source:
    return Source(article.title, sentence_language(article.title, article.language), article.text)


def _whole(article: Article) -> Hit:
    text = article.text
    passage = Passage(article.id, article.id, 0, 0, len(text), text, article.sentences)
    return Hit(passage, article, score=1.0)


def checked(question: str) -> str:
    """Return a question without surrounding space and what can't be seen in it.

    Raises:
        QuestionError: it is empty, has no words or is too long.
    """
    question = normalize_text(question)
    if not question:
        raise QuestionError("the question is empty; write what you want to know")
    if not any(map(str.isalnum, question)):
        raise QuestionError(
            f"the question {question[:20]!r} has no words in it; write what you want to know"
        )
    if len(question) > LONGEST_QUESTION:
        raise QuestionError(
            f"the question has {len(question):,} characters, {LONGEST_QUESTION:,} are allowed; "
            "shorten it, or add the text as an article and ask about that"
        )
    return question


def final_answer(events: Iterator[Event]) -> Answer:
    """Run a stream to its end and return its answer.

    Raises:
        AssistantError: the stream ended without one.
    """
    last: Event | None = None
    for event in events:
        last = event
    if not isinstance(last, Answered):
        raise AssistantError(f"the answer ended in {type(last).__name__}; ask again")
    return last.answer
