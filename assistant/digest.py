"""What several articles say of one thing: copies made one, reporters named, figures compared.

Pure functions on articles, spans and vectors; no model is called here. A disagreement is
stated only where two Arabic sentences count the same thing, are about the same event as far
as places, dates and words can tell, and give figures that can't both be right: a reader is
misled more by a false alarm than by a figure that nobody compared.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations
from urllib.parse import urlsplit

from assistant.answers import Disagreement, GivenFigure, Sentence
from assistant.citations import CitedSpan
from assistant.figures import Figure, differ, find_figures, show_value, stem_noun
from assistant.quantities import find_number_words, find_numbers
from assistant.writers.selection import REPEATED
from vectorstore.arabic import tokenize
from vectorstore.articles import Article
from vectorstore.copies import NEAR_COPY, resemblance, sketch
from vectorstore.names import place_mentions
from vectorstore.outlets import outlet_names
from vectorstore.store import Vectors

MOST_ARTICLES = 200  # looked at for one digest
MOST_STORIES = 12  # reported by one digest; copies of one text are one story
SAME_MATTER = 0.87  # cosine from which two sentences may be about the same event
_SAME_EVENT_DAYS = 7
_MOST_DISSENTING = 6  # sentences that contradict a chosen one, in one digest
_MOST_UNTOLD = 2  # pairs that contradict each other where neither was chosen
_SHARED_STEMS = 5  # of two sentences about one place, where none is known
_SHARED_WORDS = 2  # around a figure, where the noun alone doesn't say what happened
_SAYS_IT_ALL = ("people killed", "people injured")
_DIGITS = re.compile(r"\d+")

Embed = Callable[[list[str]], Vectors]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two sentences, by their numbers in a list, that give different figures for one thing."""

    one: int
    other: int
    figures: tuple[Figure, Figure]


# --------------------------------------------------------------------- stories
def group_copies(articles: Sequence[Article], most: int = MOST_STORIES) -> list[list[Article]]:
    """Return the articles as stories in order, near copies of one text together.

    Articles past the first `most` stories are left out, unless they are copies of one of them.
    """
    stories: list[list[Article]] = []
    sketches: list[list[frozenset[int]]] = []
    for article in articles:
        own = sketch(article.text)
        for story, known in zip(stories, sketches, strict=True):
            if any(resemblance(own, other) >= NEAR_COPY for other in known):
                story.append(article)
                known.append(own)
                break
        else:
            if len(stories) < most:
                stories.append([article])
                sketches.append([own])
    return stories


def in_copies(span: CitedSpan, story: Iterable[Article]) -> list[CitedSpan]:
    """Return a sentence as each copy of its article has it, whatever its numbers there."""
    copies = [_same_sentence(span, article) for article in story]
    return [copy for copy in copies if copy is not None]


def _same_sentence(span: CitedSpan, article: Article) -> CitedSpan | None:
    if span.article.id == article.id:
        return span
    wanted = _numberless(span.quote)
    likest, found = NEAR_COPY, None
    for candidate in (CitedSpan(article, s) for s in article.sentences):
        likeness = resemblance(wanted, _numberless(candidate.quote))
        if likeness > likest or (found is None and likeness >= likest):
            likest, found = likeness, candidate
    return found


def merge_repeated(spans: Sequence[CitedSpan], vectors: Vectors) -> list[list[int]]:
    """Return the sentences' numbers in order, those of different articles that agree together.

    They agree where they are near in meaning or copies in wording, and have the same numbers
    and places: a sentence is shown once for all of its group.
    """
    groups: list[list[int]] = []
    facts = [_facts(span.quote) for span in spans]
    worded = [_numberless(span.quote) for span in spans]
    for i, span in enumerate(spans):
        for group in groups:
            first = group[0]
            near = (
                float(vectors[i] @ vectors[first]) >= REPEATED
                or resemblance(worded[i], worded[first]) >= NEAR_COPY
            )
            if near and facts[i] == facts[first]:
                if all(spans[j].article.id != span.article.id for j in group):
                    group.append(i)
                    break
        else:
            groups.append([i])
    return groups


def _numberless(sentence: str) -> frozenset[int]:
    return sketch(_DIGITS.sub("0", sentence))


def _facts(sentence: str) -> tuple[frozenset[float], frozenset[str]]:
    return find_numbers(sentence) | find_number_words(sentence), place_mentions(sentence)


# ------------------------------------------------------------------- reporters
def reporters(spans: Iterable[CitedSpan]) -> tuple[str, ...]:
    """Return who reports what the spans say: an outlet, host or title, and the day.

    An Arabic outlet goes by the name that it has in Latin letters, where that is known.
    """
    articles = {span.article.id: span.article for span in spans}.values()
    return tuple(dict.fromkeys(_reporter(article) for article in articles))


def _reporter(article: Article) -> str:
    host = urlsplit(article.source).hostname if "://" in article.source else None
    outlet, *_ = outlet_names(article.outlet) or ("",)
    name = outlet or (host or "").removeprefix("www.") or article.title
    day = _day(article.date)
    return f"{name}, {day.day} {day:%B %Y}" if day else name


def _day(stated: str | None) -> date | None:
    try:
        return date.fromisoformat((stated or "")[:10])
    except ValueError:
        return None


# --------------------------------------------------------------- disagreements
def find_conflicts(spans: Sequence[CitedSpan], embed: Embed) -> list[Conflict]:
    """Return the pairs of sentences of different articles that disagree on a figure.

    Args:
        spans: sentences; those that aren't Arabic are passed over.
        embed: returns the unit vectors of texts, one row each; called once, and only where
            some pair is left to compare.
    """
    figures = [_single(find_figures(s.quote)) if s.article.language == "ar" else {} for s in spans]
    known = functools.cache(_all_values)
    pairs = [
        Conflict(i, j, (figures[i][counted], figures[j][counted]))
        for i, j in combinations(range(len(spans)), 2)
        for counted in figures[i].keys() & figures[j].keys()
        if spans[i].article.id != spans[j].article.id
        and _conflicting(spans[i], spans[j], figures[i][counted], figures[j][counted], known)
    ]
    if not pairs:
        return []
    wanted = sorted({n for pair in pairs for n in (pair.one, pair.other)})
    vectors = embed([spans[n].quote for n in wanted])
    row = {n: k for k, n in enumerate(wanted)}
    return [p for p in pairs if float(vectors[row[p.one]] @ vectors[row[p.other]]) >= SAME_MATTER]


def find_dissenting(
    chosen: Sequence[CitedSpan], others: Sequence[CitedSpan], embed: Embed
) -> list[CitedSpan]:
    """Return the sentences, not chosen, that contradict one another or a chosen one.

    Of what contradicts a chosen one, one an article; of the rest, a pair for each thing counted.
    """
    taken = set(chosen)
    spans = [*chosen, *(span for span in others if span not in taken)]
    against: dict[str, CitedSpan] = {}
    untold: dict[str, tuple[CitedSpan, CitedSpan]] = {}
    told: set[str] = set()
    for conflict in find_conflicts(spans, embed):
        counted = conflict.figures[0].counted
        if conflict.other < len(chosen):
            told.add(counted)
        elif conflict.one < len(chosen):
            told.add(counted)
            dissenting = spans[conflict.other]
            against.setdefault(dissenting.article.id, dissenting)
        else:
            untold.setdefault(counted, (spans[conflict.one], spans[conflict.other]))
    pairs = [pair for counted, pair in untold.items() if counted not in told][:_MOST_UNTOLD]
    found = [*list(against.values())[:_MOST_DISSENTING], *(span for pair in pairs for span in pair)]
    return list(dict.fromkeys(found))


def disagreements(spans: Sequence[CitedSpan], embed: Embed) -> tuple[Disagreement, ...]:
    """Return what cited sentences disagree on; `spans[n - 1]` is citation n."""
    return _gather(find_conflicts(spans, embed), spans)


def contradict(
    cited: Sequence[CitedSpan], found: Sequence[CitedSpan], embed: Embed
) -> tuple[tuple[CitedSpan, ...], tuple[Disagreement, ...]]:
    """Return the sentences found that contradict cited ones, and what they all disagree on.

    The dissenting are one an article; their citations' numbers follow those of the cited.
    """
    taken = set(cited)
    spans = [*cited, *(span for span in dict.fromkeys(found) if span not in taken)]
    last = len(cited)
    conflicts = [c for c in find_conflicts(spans, embed) if c.one < last]
    told = {
        (spans[n].article.id, c.figures[0].counted)
        for c in conflicts if c.other < last for n in (c.one, c.other)
    }  # fmt: skip
    dissenting: dict[str, int] = {}
    for conflict in conflicts:
        article = spans[conflict.other].article.id
        if conflict.other >= last and (article, conflict.figures[0].counted) not in told:
            dissenting.setdefault(article, conflict.other)
    kept = list(dissenting.values())[:_MOST_DISSENTING]
    number = {n: n for n in range(last)} | {n: last + k for k, n in enumerate(kept)}
    numbered = [replace(c, other=number[c.other]) for c in conflicts if c.other in number]
    dissent = tuple(spans[n] for n in kept)
    return dissent, _gather(numbered, [*cited, *dissent])


def _gather(conflicts: Iterable[Conflict], spans: Sequence[CitedSpan]) -> tuple[Disagreement, ...]:
    clusters: list[tuple[str, dict[int, Figure]]] = []
    for conflict in conflicts:
        members = dict(zip((conflict.one, conflict.other), conflict.figures, strict=True))
        counted = conflict.figures[0].counted
        joined = [c for c in clusters if c[0] == counted and c[1].keys() & members.keys()]
        for cluster in joined:
            members |= cluster[1]
            clusters.remove(cluster)
        clusters.append((counted, members))
    return tuple(_disagreement(members, spans) for _, members in clusters)


def explain(sentence: Sentence, found: Iterable[Disagreement]) -> tuple[str, ...]:
    """Return in words what other articles give where a sentence gives a figure."""
    reasons = []
    for disagreement in found:
        own = [f.value for f in disagreement.figures if f.citation in sentence.citations]
        if not own:
            continue
        others = [
            f for f in disagreement.figures
            if f.value not in own and f.citation not in sentence.citations
        ]  # fmt: skip
        by_value: dict[str, list[int]] = {}
        for figure in others:
            by_value.setdefault(figure.value, []).append(figure.citation)
        for value, citations in by_value.items():
            marks = "".join(f"[{n}]" for n in citations)
            who = "another article gives" if len(citations) == 1 else "other articles give"
            reasons.append(f"{who} {value} where this one gives {own[0]} {marks}")
    return tuple(reasons)


def _disagreement(members: dict[int, Figure], spans: Sequence[CitedSpan]) -> Disagreement:
    ordered = sorted(members.items(), key=lambda item: (item[1].value, item[0]))
    given = tuple(
        GivenFigure(
            show_value(figure.value),
            n + 1,
            spans[n].article.id,
            spans[n].article.outlet,
            "" if figure.bound == "exactly" else figure.bound,
        )
        for n, figure in ordered
    )
    return Disagreement(ordered[0][1].noun, given)


def _single(figures: Sequence[Figure]) -> dict[str, Figure]:
    """Return the figures by what they count, where a sentence gives one value only."""
    values: dict[str, set[float]] = {}
    for figure in figures:
        values.setdefault(figure.counted, set()).add(figure.value)
    return {f.counted: f for f in figures if len(values[f.counted]) == 1}


def _all_values(article: Article) -> dict[str, set[float]]:
    values: dict[str, set[float]] = {}
    for span in article.sentences:
        for figure in find_figures(article.text[span.start : span.end]):
            values.setdefault(figure.counted, set()).add(figure.value)
    return values


def _conflicting(
    one: CitedSpan,
    other: CitedSpan,
    first: Figure,
    second: Figure,
    known: Callable[[Article], dict[str, set[float]]],
) -> bool:
    if not differ(first, second):
        return False
    if first.counted not in _SAYS_IT_ALL:
        if len(first.context & second.context) < _SHARED_WORDS:
            return False
    if not (_same_time(one.article, other.article) and _same_place(one, other)):
        return False
    # An article that gives both figures knows what each stands for.
    explained = second.value in known(one.article).get(first.counted, ())
    return not explained and first.value not in known(other.article).get(second.counted, ())


def _same_time(one: Article, other: Article) -> bool:
    """Tell whether articles are of the same days; undated ones must have a title's word alike."""
    first, second = _day(one.date), _day(other.date)
    if first and second:
        return abs((first - second).days) <= _SAME_EVENT_DAYS
    return bool(_stems(one.title) & _stems(other.title))


def _stems(text: str) -> set[str]:
    words = [word for word in tokenize(text) if len(word) > 2 and not word.isdigit()]
    return {stem_noun(word) for word in words if not place_mentions(word)}


def _same_place(one: CitedSpan, other: CitedSpan) -> bool:
    """Tell whether the sentences, or else their articles, name a place in common.

    Where either article names none that is known, the sentences' words have to tell.
    """
    for first, second in ((one.quote, other.quote), (one.article.text, other.article.text)):
        if (places := place_mentions(first)) and (others := place_mentions(second)):
            return bool(places & others)
    return len(_stems(one.quote) & _stems(other.quote)) >= _SHARED_STEMS
