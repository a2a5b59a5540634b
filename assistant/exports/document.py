"""What an export holds, whatever its format: the words to show, and the answers' JSON.

All that is to be shown is made plain here, once: no control character, no mark that turns the
direction of what follows, no lone surrogate. A kept article's text has none of these, so its
quotes stay as they are; the JSON is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

from assistant.answers import Citation, Sentence, cited, lead, uncarried
from assistant.conversation import Conversation, Exchange, counted, titled
from assistant.languages import Direction, language_name, language_tag, reading_direction
from vectorstore.articles import Article, source_name
from vectorstore.cleaning import normalize_text
from vectorstore.outlets import outlet_names

if TYPE_CHECKING:
    from assistant.assistant import Translated
    from assistant.conversation_store import Rating

VERDICTS = {
    "supported": "no fault found: it passed every check that applied",
    "partial": "partly supported",
    "unsupported": "unsupported",
    "unchecked": "not checked",
}
_DIFFERS = "no fault found, but another article differs"
_UNSURE = "translator unsure"
_NO_REASON = "nothing in it could be compared with its source"


Titles = Callable[[Article], str | None]
"""Returns an article's title in English; None where it is, or isn't known."""


class Finder(Protocol):
    """What finds articles by their ids, as the catalog does."""

    def find(self, article_id: str) -> Article | None:
        """Return the article with exactly this id, or None."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text to be shown, with its language and which way it's read."""

    text: str
    language: str = "en"

    @property
    def direction(self) -> Direction:
        """Which way it's read."""
        return reading_direction(self.language, self.text)


@dataclass(frozen=True, slots=True)
class Statement:
    """An English sentence: the numbers of its sources, and its verdict with the reasons.

    `lead` is who reports it, often in Arabic: it's set apart, or it would turn the English round.
    """

    text: str
    citations: tuple[int, ...]
    verdict: str
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A cited passage: whose it is, the original words, and `english`, what they mean.

    `title_english` is "" where the title is English, or its English isn't known. `facts` are the
    outlet, the date, and the file's name or the address, where they're known.
    """

    n: int
    title: Words
    title_english: str
    facts: tuple[str, ...]
    quote: Words
    english: str

    @property
    def heading(self) -> str:
        """What the original words are, for a reader."""
        return f"{language_name(self.quote.language)} original"


@dataclass(frozen=True, slots=True)
class Part:
    """A question and its answer; `id` tells it apart in the document, for links.

    `notes` are all else that is to be said: how it was understood, what it covers, what was
    left out. `row` is the answer as JSON.
    """

    id: str
    question: Words
    statements: tuple[Statement, ...]
    refusal: str
    disagreements: tuple[str, ...]
    notes: tuple[str, ...]
    sources: tuple[Source, ...]
    row: dict[str, Any]

    @property
    def sources_heading(self) -> str:
        """What the sources are."""
        return "The nearest passages, which don’t answer" if self.refusal else "Sources"


@dataclass(frozen=True, slots=True)
class Document:
    """What is exported; `exported` is when, ISO 8601 in UTC."""

    title: Words
    exported: str
    parts: tuple[Part, ...]

    @property
    def when(self) -> str:
        """When it was exported, for a reader, and how far to trust it."""
        return (
            f"Exported by Mujaz on {self.exported[:10]} at {self.exported[11:16]} UTC. Chosen and "
            "translated by machine: look at the source before you rely on a sentence."
        )


def conversation_document(
    conversation: Conversation,
    articles: Finder,
    titles: Titles,
    now: datetime | None = None,
    ratings: Mapping[str, Rating] | None = None,
) -> Document:
    """Return a conversation as a document; one exchange alone makes one of a summary.

    Args:
        conversation: it.
        articles: finds the cited articles, for the language of their titles; one that has
            been removed may be missing.
        titles: gives their titles' English.
        now: when it's exported.
        ratings: what the reader called the answers, by the exchanges' ids.
    """
    rated = ratings or {}
    parts = (
        _part(f"q{n}", exchange, articles, titles, rated.get(exchange.id))
        for n, exchange in enumerate(conversation.exchanges, start=1)
    )
    title = plain(conversation.title) or "Conversation"
    return Document(_undetermined(title), _stamp(now), tuple(parts))


def translation_document(
    translated: Translated,
    title_english: str | None,
    checked: Mapping[int, Sentence],
    now: datetime | None = None,
) -> Document:
    """Return a translated article as a document: its English, then the originals.

    Args:
        translated: it.
        title_english: its title's English; None where it is, or can't be translated.
        checked: its sentences with their verdicts, by their citations' numbers.
        now: when it's exported.
    """
    article = translated.article
    citations = translated.sentences
    statements = (
        _statement(checked[c.n], {}, judged=True)
        if c.n in checked
        else Statement(plain(c.translation or _untranslated(c)), (c.n,), "")
        for c in citations
    )
    title = f"Translation: {plain(article.title)}"
    row = {
        "article_id": article.id,
        "translation": translated.text,
        "translator": translated.translator,
        "sentences": [asdict(sentence) for sentence in checked.values()],
        "citations": [_citation_row(c) for c in citations],
    }
    part = Part(
        id="q1",
        question=_undetermined(plain(article.title)),
        statements=tuple(statements),
        refusal="",
        disagreements=(),
        notes=(
            *((f"Its title in English: {plain(title_english)}",) if title_english else ()),
            f"Translated by {plain(translated.translator)}.",
        ),
        sources=tuple(_source(c, article, english="") for c in citations),
        row=row,
    )
    return Document(_undetermined(titled(title)), _stamp(now), (part,))


def plain(text: str) -> str:
    """Return a text on one line, with nothing in it that can't be seen."""
    return " ".join(normalize_text(text).split())


def spoken(text: str) -> Words:
    """Return words that should be English, and aren't where nothing could translate them."""
    words = Words(text, "und")
    return words if words.direction == "rtl" else Words(text)


def _part(
    part_id: str, exchange: Exchange, articles: Finder, titles: Titles, rating: Rating | None
) -> Part:
    found = {c.article_id: articles.find(c.article_id) for c in exchange.citations}
    known = {i: titles(article) or "" for i, article in found.items() if article is not None}
    named = {c.title: known[c.article_id] for c in exchange.citations if known.get(c.article_id)}
    answer = exchange.answer
    # A translation's sentences are what its sources mean: they aren't told twice, nor judged.
    translation = exchange.kind == "translate" and bool(exchange.sentences)
    english = "" if translation else None
    refusal = ""
    if answer is not None and answer.refused:
        refusal = plain(answer.reason or "The passages carry no answer.")
    return Part(
        id=part_id,
        question=_undetermined(plain(exchange.heading)),
        statements=tuple(_statement(s, named, not translation) for s in exchange.sentences),
        refusal=refusal,
        disagreements=tuple(plain(d.words) for d in answer.disagreements) if answer else (),
        notes=(*_notes(exchange), *_judgement(rating)),
        sources=tuple(
            _source(c, found[c.article_id], english, known.get(c.article_id, ""))
            for c in exchange.citations
        ),
        row=_row(exchange) | ({"rating": asdict(rating)} if rating is not None else {}),
    )


def _statement(sentence: Sentence, titles: Mapping[str, str], judged: bool) -> Statement:
    reporters = tuple(_in_english(reporter, titles) for reporter in sentence.reported_by)
    text, reported = plain(sentence.text), plain(lead(reporters))
    if not judged and sentence.support == "unchecked":
        return Statement(text, sentence.citations, "", reported)
    verdict = VERDICTS[sentence.support]
    reasons = [reason for reason in map(plain, sentence.reasons) if reason]
    if not reasons and sentence.support == "unchecked":
        reasons = [_NO_REASON]
    if reasons:
        name = _DIFFERS if sentence.support == "supported" else verdict.partition(":")[0]
        name = _UNSURE if sentence.only_unsure else name
        verdict = f"{name}: {'; '.join(reasons)}"
    return Statement(text, sentence.citations, verdict, reported)


def _in_english(reporter: str, titles: Mapping[str, str]) -> str:
    """Return who reports, an article's title in English; a date may come after it."""
    title = next((t for t in titles if reporter == t or reporter.startswith(f"{t}, ")), "")
    if not title:
        return reporter
    return f"{titles[title]} (title by machine){reporter.removeprefix(title)}"


def _notes(exchange: Exchange) -> Iterable[str]:
    answer = exchange.answer
    if exchange.scope:
        yield f"Asked of {counted(len(exchange.scope), 'selected article')} only."
    if exchange.understood:
        yield f"Understood as: {plain(exchange.understood)}"
    if answer is not None and answer.coverage is not None:
        yield answer.coverage.words
    if answer is not None and answer.dropped_sentences:
        yield f"Left out: {uncarried(answer.dropped_sentences)}."
    if answer is None:
        yield "Stopped before the end." if exchange.stopped else "Interrupted before the end."


def _judgement(rating: Rating | None) -> Iterable[str]:
    if rating is not None:
        why = plain(rating.why)
        yield f"The reader called it {rating.verdict}{f': {why}' if why else '.'}"


def _source(
    citation: Citation, article: Article | None, english: str | None, title_english: str = ""
) -> Source:
    title_language = article.language if article is not None else citation.language
    if english is None:
        english = plain(citation.translation or "")
        if not english and citation.language != "en":
            english = _untranslated(citation)
        if citation.language == "en":
            english = ""
    facts = (*outlet_names(citation.outlet), citation.date, source_name(citation.source))
    return Source(
        n=citation.n,
        title=Words(plain(citation.title), language_tag(title_language)),
        title_english=f"{plain(title_english)} (by machine)" if title_english else "",
        facts=tuple(plain(fact) for fact in facts if fact),
        quote=Words(normalize_text(citation.quote), language_tag(citation.language)),
        english=english,
    )


def _untranslated(citation: Citation) -> str:
    name = language_name(language_tag(citation.language))
    return f"Not translated: the models that were set up can’t read {name}."


def _undetermined(text: str) -> Words:
    """Return words whose language isn't known: they are read as their first letter is."""
    return Words(text, "und")


def _row(exchange: Exchange) -> dict[str, Any]:
    answer = exchange.answer
    row = answer.to_dict() if answer is not None else _unfinished(exchange)
    return row | {"citations": [_citation_row(c) for c in exchange.citations]}


def _unfinished(exchange: Exchange) -> dict[str, Any]:
    return {
        "question": exchange.question,
        "standalone": exchange.understood or None,
        "answer": " ".join(map(cited, exchange.sentences)),
        "sentences": [asdict(sentence) for sentence in exchange.sentences],
        "stopped": exchange.stopped,
        "interrupted": not exchange.stopped,
    }


def _citation_row(citation: Citation) -> dict[str, Any]:
    direction = reading_direction(citation.language, citation.quote)
    return asdict(citation) | {"source": source_name(citation.source), "direction": direction}


def _stamp(now: datetime | None) -> str:
    moment = (now or datetime.now(UTC)).astimezone(UTC)
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
