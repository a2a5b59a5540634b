"""Questions worth asking of an article, each checked to have an answer in it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.mentions import Mention
from assistant.people import speaks
from vectorstore.articles import Article, Span

_MONEY = ("dollars", "euros", "pounds", "dirhams", "dinars", "riyals")
_KINDS = {"people killed": "How many people were killed?",
          "people injured": "How many people were injured?",
          "deaths": "How many people died?"}  # fmt: skip
_LONGEST_TITLE = 120  # characters

# The spans that a question would be answered with; None where it would be refused.
Answering = Callable[[str], Sequence[Span] | None]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question, and the spans of which an answer must touch one; with none, any will do."""

    question: str
    about: tuple[Span, ...]


def suggest(candidates: Iterable[Candidate], answering: Answering, most: int = 3) -> Iterator[str]:
    """Yield the first questions that have an answer about what they ask about."""
    kept = 0
    for candidate in candidates:
        if kept == most:
            return
        answer = answering(candidate.question)
        if answer is None:
            continue
        if not candidate.about or any(_touch(a, b) for a in answer for b in candidate.about):
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
    about_figures = [_about(m, _ask_figure(m.text)) for m in figures]
    about_places = [_about(m, f"What is reported about {m.text}?") for m in places]
    turns = itertools.zip_longest(about_people, about_figures, about_places)
    mixed = [candidate for turn in turns for candidate in turn if candidate is not None]
    if title and len(title) <= _LONGEST_TITLE:
        mixed.append(Candidate(f"What is the news about “{title.rstrip('.')}”?", ()))
    return list({candidate.question: candidate for candidate in mixed}.values())


def _ask_person(article: Article, mention: Mention) -> str:
    spans = [Span(c.start, c.end) for c in mention.citations]
    if any(speaks(article.text, span) for span in spans):
        return f"What did {mention.text} say?"
    return f"What is said about {mention.text}?"


def _ask_figure(text: str) -> str:
    noun = text.lstrip("0123456789,.").strip()
    for kind, question in _KINDS.items():
        if text.endswith(kind):
            return question
    if text.endswith("%"):
        return "What percentage is reported?"
    if noun.split(" ")[-1] in _MONEY or text[0] in "$€£":
        return "How much money is it about?"
    return f"How many {text.split(' ')[-1]} are reported?"


def _about(mention: Mention, question: str) -> Candidate:
    return Candidate(question, tuple(Span(c.start, c.end) for c in mention.citations))


def _touch(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
