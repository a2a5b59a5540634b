"""What an Arabic sentence counts: its figures, each with what it is a number of.

Only what can be read surely is read: a number followed by the noun that it counts. Dates,
hours, numbered resolutions and sums written in several parts are left alone.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Literal

from assistant.data import read_lines
from assistant.quantities import find_number_words, find_numbers
from vectorstore.arabic import light_stem, normalize_for_search
from vectorstore.articles import Span
from vectorstore.dates import parse_date

Bound = Literal["exactly", "at least", "at most", "about"]

_TOKEN = re.compile(r"\d+(?:[.,٫٬]\d+)*|[^\W\d_]+|[^\w\s]")
_MAGNITUDE = re.compile("(?:ميه|مايه|الف|الاف|مليون|ملايين|مليار|مليارات|بليون|تريليون)ا?")
_PERCENT = re.compile("%|(?:ب|في )الم(?:يه|ايه)")
_WEAK = re.compile("[اويء]")
_TEENS = {"احد": 1.0, "احدي": 1.0, "اثنا": 2.0, "اثني": 2.0, "اثنتا": 2.0, "اثنتي": 2.0}
_NOT_COUNTED = frozenset(
    "في من علي الي عن مع بعد قبل منذ حتي او ثم كما صباحا مساء ظهرا ليلا بتوقيت اخرين اخري "
    "اخر اخرون عام سنه عاما مرات مره لم لن لا ما ان قد هو هي كل".split()
)  # after a number: no noun that two articles can disagree on
_BEFORE_NO_COUNT = frozenset("الساعه عام سنه العام رقم القرار الماده الدوره الفصل بتاريخ".split())
_PEOPLE = frozenset(map(light_stem, "شخصا شخص اشخاص فردا مواطنا مواطنين اخرين اخرون انسان".split()))
_KINDS = {
    "people killed": "قتل مقتل قتيل قتيلا قتلي قتلت يقتل مصرع مصرعهم وفاه توفي وفيات ضحيه ضحايا "
    "شهيد شهيدا شهداء حتفه حتفهم مصرعه اودت اودي بحياه",
    "people injured": "جرح جريح جريحا جرحي اصيب اصابه اصابات مصاب مصابا مصابين مصابون اصابت",
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split()}
_BOUNDS: tuple[tuple[Bound, str], ...] = (
    ("at least", r"(?:اكثر من|(?:لا|لم) [يت]قل عن|ما [يت]زيد (?:عن|علي)|[يت]?فوق|ازيد من) ?$"),
    ("at most", r"(?:اقل من|(?:لا|لم) [يت](?:تجاوز|زيد عن|زيد علي|زد عن|زد علي)|دون) ?$"),
    ("about", r"(?:نحو|حوالي|قرابه|زهاء|يقارب|تقارب|يناهز|تناهز|تقريبا|قريبا من) ?$"),
)
_BETWEEN = frozenset(
    "عن في ما لا يقل اكثر اقل من نحو حوالي قرابه زهاء يزيد علي الي عدد حصيله يتجاوز يقارب".split()
)  # may stand between a kind's word and its number
_UNTELLING = _NOT_COUNTED | _BETWEEN  # around a figure, of what it counts
_TALLY = frozenset("عدد حصيله".split())  # of what comes next, whatever else comes before the number
_REACHING = frozenset("الي بلغ بلغت".split())  # the number that a tally comes to
_TALLY_CONTEXT = 16  # words between a tally and its number
_HAPPENED = {
    "people killed": r"قتلوا|(?:لقوا )?(?:حتفهم|مصرعهم)|توفوا|ماتوا|استشهدوا",
    "people injured": r"اصيبوا|جرحوا",
}  # behind the people whom a number counts
_BEHIND = {
    kind: re.compile(rf"(?:علي الا(?:قل|كثر) )?(?:{verbs})\b") for kind, verbs in _HAPPENED.items()
}
_CONTEXT = 6  # words on each side of a figure that say what happened to what it counts
_ROUNDED = 0.05  # of the value: what the press rounds large numbers by
_APPROXIMATE = 0.2  # of the value: as near as "about" may lie
_LARGE = 1000.0


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and what it counts.

    `counted` is the same string for forms of the same noun; `noun` is the word as it stands,
    or in English what is known of it. `context` holds the stems around it.
    """

    value: float
    counted: str
    noun: str
    bound: Bound
    context: frozenset[str]


def find_figures(text: str) -> list[Figure]:
    """Return the figures of an Arabic sentence whose noun is sure, in reading order."""
    return [figure for figure, _, _ in _read_figures(text)[0]]


def locate_figures(text: str) -> list[tuple[Figure, Span]]:
    """Return the same with where each stands in the text: its number, and its noun behind it."""
    figures, words = _read_figures(text)
    if not words:  # marks came between the letters: nothing can be pointed at
        return []
    found = []
    for figure, start, end in figures:
        last = end - 1
        following = [normalize_for_search(word.group()) for word in words[end : end + 2]]
        if figure.counted == "%":
            last = end + (following[:1] == ["في"])
        elif following:
            at = int(following[0] == "من")
            noun = following[at] if at < len(following) else ""
            of_kind = figure.counted in _KINDS and not (
                noun in _KIND_OF or light_stem(noun) in _PEOPLE
            )
            last = last if of_kind else end + at
        last = min(last, len(words) - 1)
        found.append((figure, Span(words[start].start(), words[last].end())))
    return found


def _read_figures(
    text: str,
) -> tuple[list[tuple[Figure, int, int]], list[re.Match[str]]]:
    """Return the figures, each with its number's first token and the one after its last.

    The second part are the tokens in the text as it is, none where they aren't the same.
    """
    tokens = _TOKEN.findall(normalize_for_search(text))
    matches = list(_TOKEN.finditer(text))
    if len(matches) != len(tokens):
        matches = []
    words = [match.group() for match in matches] or tokens
    figures = []
    i = 0
    while i < len(tokens):
        read = _read_number(tokens, i)
        if read is None:
            i += 1
            continue
        value, end = read
        figure = None if value is None else _figure(tokens, words, i, end, value)
        if figure is not None:
            figures.append((figure, i, end))
        i = end
    return figures, matches


def differ(one: Figure, other: Figure) -> bool:
    """Tell whether two figures for the same thing can't both be right.

    "At least 12" and 15 can; "at least 12" and "at least 15" are still two reports.
    """
    if one.bound != other.bound and "about" not in (one.bound, other.bound):
        exact, bound = (one, other) if one.bound == "exactly" else (other, one)
        if exact.bound != "exactly":
            return False
        least = bound.bound == "at least"
        return exact.value < bound.value if least else exact.value > bound.value
    largest = max(one.value, other.value)
    apart = abs(one.value - other.value) / max(largest, 1e-9)
    if "about" in (one.bound, other.bound):
        return apart > _APPROXIMATE
    return apart > (_ROUNDED if largest >= _LARGE else 0.0)


def show_value(value: float) -> str:
    """Return a number as a reader of English writes it."""
    return f"{value:,.0f}" if value == int(value) else f"{value:g}"


def stem_noun(word: str) -> str:
    """Return one string for the forms of an Arabic noun: قتيل, قتيلا and قتلى are one.

    What broken plurals change most are the long vowels, so they go, where 2 letters remain.
    """
    stem = light_stem(word.removesuffix("ا") if len(word) > 3 else word)
    bare = _WEAK.sub("", stem)
    return bare if len(bare) >= 2 else stem


@functools.cache
def _counted_nouns() -> dict[str, str]:
    """Return the English of the nouns that numbers count, by folded Arabic form."""
    nouns = {}
    for line in read_lines("counted_nouns"):
        english, _, forms = line.partition(" | ")
        nouns.update({normalize_for_search(form): english for form in forms.split()})
    return nouns


def _read_number(tokens: list[str], start: int) -> tuple[float | None, int] | None:
    """Return a number's value and where it ends; the value is None where it isn't sure."""
    if tokens[start][0].isdigit():
        end = start + 1
        if end < len(tokens) and _MAGNITUDE.fullmatch(tokens[end]):
            end += 1
        values = find_numbers(" ".join(tokens[start:end]))
        value = next(iter(values)) if len(values) == 1 else None
    else:
        value, end = _read_words(tokens, start)
        if end == start:
            return None
    if _continues(tokens[end : end + 2]):
        joined = tokens[end] in ("و", "-", "–", "/", ":")
        return None, end + 1 + joined
    return value, end


def _read_words(tokens: list[str], start: int) -> tuple[float | None, int]:
    """Add up a run of number words (خمسة وعشرون is 25); multiply by a magnitude after it."""
    total, end = 0.0, start
    if _MAGNITUDE.fullmatch(tokens[start]):
        return None, start
    if tokens[start] in _TEENS:
        if start + 1 == len(tokens) or tokens[start + 1] not in ("عشر", "عشره"):
            return None, start
        total, end = _TEENS[tokens[start]] + 10, start + 2
    while end < len(tokens) and (values := find_number_words(tokens[end])):
        if tokens[end].endswith(("ميه", "مايه")):
            return None, end + 1
        total += next(iter(values))
        end += 1
    if end > start and end < len(tokens) and _MAGNITUDE.fullmatch(tokens[end]):
        total *= next(iter(find_numbers(f"1 {tokens[end].removesuffix('ا')}")))
        end += 1
    return total or None, end


def _continues(following: list[str]) -> bool:
    """Tell whether a number goes on: 3-5, 3 ملايين و200 ألف, ثلاثة آلاف وخمسمئة."""
    if not following:
        return False
    first, second = following[0], following[-1]
    if first in ("-", "–", "/", ":") or first[0].isdigit():
        return True
    word = first.removeprefix("و")
    if first == "و":
        return second[0].isdigit()
    return word != first and bool(
        _MAGNITUDE.fullmatch(word) or word.endswith(("ميه", "مايه")) or find_number_words(word)
    )


def _kind(before: list[str]) -> str | None:
    """Return what happened to the people that a number right after these words counts."""
    for token in reversed(before):
        for form in (token, token[1:]):
            if form in _KIND_OF and (form == token or token[0] in "وف"):
                return _KIND_OF[form]
        if token not in _BETWEEN:
            return None
    return None


def _tallied(before: list[str]) -> str | None:
    """Return what a tally before a number is of.

    "The number of the dead in the city rose to", or "the number of the dead came to" in either
    order of its words.
    """
    tallies = [n for n, token in enumerate(before) if token in _TALLY]
    if not tallies or len(before) < tallies[-1] + 2:
        return None
    verb, of = before[: tallies[-1]][-1:], before[tallies[-1] + 1 :]
    reached = [n for n, token in enumerate(of) if token in _REACHING]
    at_end = bool(reached) and all(token in _BETWEEN for token in of[reached[-1] + 1 :])
    at_once = len(of) <= _CONTEXT and any(token.removeprefix("و") in _REACHING for token in verb)
    if not (at_end or at_once):
        return None
    counted = of[0].removeprefix("ال")
    return _KIND_OF.get(counted) or _KIND_OF.get(counted.removesuffix("ين"))


def _behind(after: list[str]) -> str | None:
    """Return what happened to the people whom these words name, where a verb says so next."""
    rest = " ".join(after)
    return next((kind for kind, verbs in _BEHIND.items() if verbs.match(rest)), None)


def _figure(
    tokens: list[str], words: list[str], start: int, end: int, value: float
) -> Figure | None:
    before, after = tokens[max(0, start - _CONTEXT) : start], tokens[end : end + _CONTEXT + 1]
    if before and before[-1] in _BEFORE_NO_COUNT:
        return None
    bound: Bound = next(
        (b for b, pattern in _BOUNDS if re.search(pattern, " ".join(before))), "exactly"
    )
    context = frozenset(
        stem_noun(t) for t in (*before, *after[1:]) if len(t) > 3 and t not in _UNTELLING
    )
    if _PERCENT.match(" ".join(after)):
        return Figure(value, "%", "percent", bound, context)
    clause = tokens[max(0, start - _TALLY_CONTEXT) : start]
    kind = _kind(before) or _tallied(clause)
    at = end + 1 if after[:1] == ["من"] else end
    noun = tokens[at] if at < len(tokens) else ""
    if noun in _KIND_OF:
        return Figure(value, _KIND_OF[noun], _KIND_OF[noun], bound, context)
    if kind is None and light_stem(noun) in _PEOPLE:
        kind = _behind(tokens[at + 1 : at + 5])
    if kind is not None and (light_stem(noun) in _PEOPLE or not noun.isalpha()):
        return Figure(value, kind, kind, bound, context)
    if not _can_be_counted(noun, definite=at > end) or parse_date(f"1 {noun} 2000"):
        return None
    stem, english = stem_noun(noun), _counted_nouns().get(noun)
    return Figure(value, english or stem, english or words[at], bound, context - {stem})


def _can_be_counted(noun: str, definite: bool) -> bool:
    """Tell whether a word after a number is its noun: that one carries no article."""
    if len(noun) < 2 or not noun.isalpha() or noun in _NOT_COUNTED:
        return False
    return definite or not noun.startswith(("ال", "وال", "بال", "لل"))
