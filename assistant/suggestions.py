"""Questions worth asking of an article, each checked to have an answer in it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.mentions import Mention
from assistant.people import speaks
from vectorstore.articles import Article, Span

_MONEY = ("dollars", "euros", "pounds", "dirhams", "dinars", "riyals")
_KINDS = {"people killed": "How many people were killed",
          "people injured": "How many people were injured",
          "deaths": "How many people died"}  # fmt: skip
_HEAD = 2  # sentences at an article's beginning, whose place is that of the news
_TITLE_AT = 6  # after two of each kind
_TRIED = 15  # questions of the first kinds about one article
_MORE = 2  # of each kind that helps out
_UNITS = frozenset(
    "days weeks months years minutes hours seconds metres meters kilometres kilometers miles feet "
    "inches yards hectares tonnes kilograms barrels points degrees inhabitants pages".split()
)  # how many of these is no question by itself
_WITH_ARTICLE = frozenset(
    "Gulf Sahel Sahara Maghreb Netherlands Philippines Gambia Bahamas Maldives Comoros".split()
)
_LONGEST_TITLE = 120  # characters

# The sentences that a question would be answered with; None where it would be refused.
Answering = Callable[[str], Sequence[str] | None]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question, and the words of which an answer must have one; with none, any will do."""

    question: str
    about: tuple[str, ...]


def suggest(candidates: Iterable[Candidate], answering: Answering, most: int = 3) -> Iterator[str]:
    """Yield the first questions that have an answer about what they ask about."""
    kept = 0
    for candidate in candidates:
        if kept == most:
            return
        answer = answering(candidate.question)
        if answer is None:
            continue
        if not candidate.about or any(b in a for a in answer for b in candidate.about):
            kept += 1
            yield candidate.question


def propose(
    article: Article,
    title: str | None,
    people: Sequence[Mention],
    places: Sequence[Mention],
    figures: Sequence[Mention],
) -> list[Candidate]:
    """Return questions about an article in plain English, the likeliest first.

    Who, how many and where take turns, so that three of them are of three kinds.
    """
    about_people = [_about(m, _ask_person(article, m)) for m in people]
    asked = ((m, _ask_figure(m.text, _place_of(m, article, places))) for m in figures)
    about_figures = [_about(m, question) for m, question in asked if question]
    about_places = [_about(m, f"What is reported about {_placed(m.text)}?") for m in places]
    turns = itertools.zip_longest(about_people, about_figures, about_places)
    mixed = [candidate for turn in turns for candidate in turn if candidate is not None]
    if title and len(title) <= _LONGEST_TITLE:
        mixed.insert(_TITLE_AT, Candidate(f"What is the news about “{title.rstrip('.')}”?", ()))
    mixed = mixed[:_TRIED]
    mixed += [_about(m, f"Who is {m.text}?") for m in people[:_MORE]]
    mixed += [_about(m, f"What happened in {_placed(m.text)}?") for m in places[:_MORE]]
    return list({candidate.question: candidate for candidate in mixed}.values())


def _ask_person(article: Article, mention: Mention) -> str:
    spans = [Span(c.start, c.end) for c in mention.citations]
    if any(speaks(article.text, span) for span in spans):
        return f"What did {mention.text} say?"
    return f"What is said about {mention.text}?"


def _ask_figure(text: str, place: str | None) -> str | None:
    """Return what asks for a figure; None for a mere measure, such as three hours.

    A place tells which news is meant to who sees the question alone.
    """
    for kind, question in _KINDS.items():
        if text.endswith(kind):
            return f"{question} in {place}?" if place else f"{question}?"
    news = f" in the news from {place}" if place else ""
    if text.endswith(("%", "percent", "per cent")):
        return f"What percentage is reported{news}?"
    noun = text.split(" ")[-1]
    if noun == "people":
        return None  # what happened to them isn't known: nobody asks how many are mentioned
    if noun in _MONEY or text[0] in "$€£":
        return f"How much money is mentioned{news}?"
    mentioned = f"How many {noun} are mentioned{news}?"
    return None if noun in _UNITS or f"{noun}s" in _UNITS else mentioned


def _place_of(figure: Mention, article: Article, places: Sequence[Mention]) -> str | None:
    """Return the place that a figure's sentence names, or else the article's first sentences."""
    at = figure.citations[0].start
    own = next(s for s in article.sentences if s.start <= at < s.end)
    for near in ((own,), article.sentences[:_HEAD]):
        for place in places:
            if any(s.start <= c.start < s.end for s in near for c in place.citations):
                return _placed(place.text)
    return None


def _placed(name: str) -> str:
    """Return a place's name as it stands in a sentence: the United States, France."""
    last = name.split(" ")[-1]
    article = last in ("Kingdom", "States", "Emirates", "Republic", "East", "Islands")
    return f"the {name}" if article or name in _WITH_ARTICLE else name


def _about(mention: Mention, question: str) -> Candidate:
    return Candidate(question, tuple(c.quote for c in mention.citations))
