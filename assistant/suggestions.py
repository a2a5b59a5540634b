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
_TITLE_AT = 6  # after two of each kind
_TRIED = 15  # questions about one article
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
    about_figures = [_about(m, _ask_figure(m.text)) for m in figures]
    about_places = [_about(m, f"What is reported about {m.text}?") for m in places]
    turns = itertools.zip_longest(about_people, about_figures, about_places)
    mixed = [candidate for turn in turns for candidate in turn if candidate is not None]
    if title and len(title) <= _LONGEST_TITLE:
        mixed.insert(_TITLE_AT, Candidate(f"What is the news about “{title.rstrip('.')}”?", ()))
    return list({candidate.question: candidate for candidate in mixed}.values())[:_TRIED]


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
    return Candidate(question, tuple(c.quote for c in mention.citations))
