"""Who and what an article names, each with the exact spans where it does.

Everything here is found by rule and by lexicon, so that it costs no model call, and what isn't
sure is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.answers import Citation
from assistant.figures import Figure, locate_figures, show_value
from assistant.people import find_people
from assistant.transliteration import likeness
from vectorstore.arabic import normalize_for_search
from vectorstore.articles import Article, Span
from vectorstore.names import locate_places, place_name

MOST = 8  # mentions of a kind
_CITED = 3  # spans of a mention
_ALIKE = 0.8  # likeness from which a word of a translation is a name's
_CAPITALISED = re.compile(r"[A-Z][\w’'-]+")
_NO_PLACES = frozenset(
    "arabs UN EU un eu nato african-union arab-league isis al-qaeda hezbollah hamas".split()
)
_KINDS = frozenset(("people killed", "people injured"))
_WEEKDAY = ("ال", "امس")
_LENGTHS = frozenset("metres kilometres miles feet inches yards".split())
_DIMENSION = re.compile(r"\s+((?:مكعب|مربع)(?:ا|ة)?)(?!\w)")
_ENGLISH_FIGURE = re.compile(
    r"(?<![\w.,$€£])[$€£]?\d[\d,.]*\d?(?: (?:thousand|million|billion|trillion))?"
    r"(?:%|(?: percent| per cent| [a-z]{3,}s)\b)"
)
_NOT_COUNTED = re.compile(r"(?:was|is|has|as|its|his|this|thus|does|plus|across|versus|less)$")


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody, some place or some figure that an article names, with where it does.

    `text` is English, `original` as the article writes it at its fullest; each citation is a
    span of the article, the first one first.
    """

    text: str
    original: str
    citations: tuple[Citation, ...]


def mention_people(
    article: Article, translated: Sequence[tuple[str, str]] = ()
) -> tuple[Mention, ...]:
    """Return the people that an article names, the most mentioned first.

    Args:
        article: the article.
        translated: sentences of it with their English, whose spelling of a name is taken.
    """
    return tuple(
        _mention(article, _spelling(person.name, person.words, translated), person.spans)
        for person in find_people(article.text, article.language)[:MOST]
    )


def mention_places(article: Article) -> tuple[Mention, ...]:
    """Return the places that an article names, the most mentioned first."""
    people = find_people(article.text, article.language)
    names = [span for person in people for span in person.spans]
    found: dict[str, list[Span]] = {}
    for identity, start, end in locate_places(article.text):
        named = any(name.start <= start < name.end for name in names)
        if identity not in _NO_PLACES and not named:
            found.setdefault(identity, []).append(Span(start, end))
    return _ranked(article, {place_name(i): spans for i, spans in found.items()})


def mention_figures(article: Article) -> tuple[Mention, ...]:
    """Return an article's figures whose English is sure, the most mentioned first."""
    found: dict[str, list[Span]] = {}
    for sentence in article.sentences:
        text = article.text[sentence.start : sentence.end]
        for words, span in _figures(text, article.language):
            start = sentence.start + span.start
            found.setdefault(words, []).append(Span(start, sentence.start + span.end))
    return _ranked(article, found)


def _figures(sentence: str, language: str) -> Iterable[tuple[str, Span]]:
    if language == "en":
        for match in _ENGLISH_FIGURE.finditer(sentence):
            if not _NOT_COUNTED.search(match.group()):
                yield match.group(), Span(match.start(), match.end())
        return
    for figure, span in locate_figures(sentence):
        noun = _english_noun(figure)
        after = normalize_for_search(sentence[span.end : span.end + 20]).lstrip()
        if noun == "cases" and after.startswith("وفاه"):
            noun = "deaths"
        if sentence[: span.end].endswith(" يوم") and after.startswith(_WEEKDAY):
            continue  # the number before it counts something else: الدقيقة 89 يوم السبت
        if noun in _LENGTHS and (dimension := _DIMENSION.match(sentence[span.end :])):
            noun = f"{'cubic' if dimension[1].startswith('مكعب') else 'square'} {noun}"
            span = Span(span.start, span.end + dimension.end())
        if noun is not None:
            yield _in_words(figure, noun), span


def _in_words(figure: Figure, noun: str) -> str:
    bound = "" if figure.bound == "exactly" else f"{figure.bound} "
    between = "" if noun == "%" else " "
    single = noun.removesuffix("s") if figure.value == 1 and noun.endswith("s") else noun
    return f"{bound}{show_value(figure.value)}{between}{single}"


def _english_noun(figure: Figure) -> str | None:
    if figure.counted in _KINDS or figure.counted == "%":
        return figure.counted
    return figure.noun if figure.noun.isascii() else None


def _ranked(article: Article, found: dict[str, list[Span]]) -> tuple[Mention, ...]:
    order = sorted(found.items(), key=lambda item: (-len(item[1]), item[1][0].start))
    return tuple(_mention(article, text, spans) for text, spans in order[:MOST])


def _mention(article: Article, text: str, spans: Sequence[Span]) -> Mention:
    citations = tuple(
        Citation(
            n=n,
            article_id=article.id,
            title=article.title,
            source=article.source,
            language=article.language,
            start=span.start,
            end=span.end,
            quote=article.text[span.start : span.end],
            translation=text,
            outlet=article.outlet,
            date=article.date,
        )
        for n, span in enumerate(spans[:_CITED], start=1)
    )
    fullest = max(spans, key=lambda span: span.end - span.start)
    return Mention(text, article.text[fullest.start : fullest.end], citations)


def _spelling(name: str, words: Sequence[str], translated: Sequence[tuple[str, str]]) -> str:
    """Return a name as the translations spell it, word by word, where they have it."""
    parts = name.split()
    if len(parts) != len(words):
        return name
    for n, word in enumerate(words):
        english = " ".join(english for quote, english in translated if word in quote)
        known = [(likeness(e, word), e) for e in _CAPITALISED.findall(english)]
        if known and max(known)[0] >= _ALIKE and parts[n] not in english:
            parts[n] = max(known)[1]
    return " ".join(parts)
