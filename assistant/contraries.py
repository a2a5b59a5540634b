"""Does an English text say the contrary of its Arabic source: more for fewer, fell for rose?

Both sides have the same number, so the check of numbers sees nothing. What is compared is on
which side of a scale each text stands; one that names both sides, or neither, isn't judged.
The units of time are told apart in the same way: two months aren't two years.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from vectorstore.arabic import normalize_for_search


class Side(NamedTuple):
    """One side of a scale: its name, and what it is told by in either language."""

    name: str
    english: re.Pattern[str]
    arabic: re.Pattern[str]


def _side(name: str, english: str, arabic: str) -> Side:
    return Side(
        name,
        re.compile(rf"\b(?:{english})\b", re.IGNORECASE),
        re.compile(rf"(?<!\w)[وفلب]?(?:ال)?(?:{arabic})(?!\w)"),
    )


_NUMBER = r"(?=\W{0,2}(?:\w+ )?[\d%]|\W{0,2}(?:a |one |two |three |four |five |six |ten |half))"
_SCALES = (
    (
        _side(
            "more than",
            rf"(?:more than|over|at least|upwards of|exceed\w*|in excess of){_NUMBER}",
            r"اكثر من|ازيد من|ما لا يقل عن|[يت]?قل عن|ما يزيد (?:عن|علي)|[يت]زيد (?:عن|علي)|"
            r"[يت]فوق|[يت]تجاوز|تجاوزت?|علي الاقل|فوق",
        ),
        _side(
            "fewer than",
            rf"(?:fewer than|less than|under|below|no more than|up to|not more than){_NUMBER}|"
            r"at most",
            r"اقل من|دون|لا [يت]تجاوز|لم [يت]تجاوز|لا [يت]زيد (?:عن|علي)|[يت]قل عن|علي الاكثر|"
            r"ما يصل الي",
        ),
    ),
    (
        _side(
            "rose",
            r"rose|risen|increased|climbed|surged|soared|grew|grown|jumped",
            r"ارتفع\w*|ارتفاع\w*|ازداد\w*|زاد\w*|زياده|[يت]زداد\w*|[يت]رتفع\w*|صعد\w*|قفز\w*|نما|"
            r"نمو\w*|تضاعف\w*|[يت]زيد\w*|تصاعد\w*|متزايد\w*",
        ),
        _side(
            "fell",
            r"fell|fallen|decreased|declined|dropped|plunged|plummeted|shrank|slumped",
            r"انخف\w*|تراجع\w*|تراجع\w*|هبط\w*|هبوط\w*|[يت]نخفض\w*|[يت]تراجع\w*|تدن\w*|تقلص\w*|قلت|"
            r"تضاءل\w*|سقط\w*|سقوط\w*|وقع\w*|خسر\w*|انهار\w*",
        ),
    ),
)
_COUNT = r"(?:\d[\d.,]*|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+ty)"
_NUMERAL = r"(?:\d[\d.,]*|(?:ال)?(?:ثلاث|اربع|خمس|ست|سبع|ثماني|تسع|عشر)ه?|\w+[يو]ن|ميه|مايه|الف)"
_WEEKDAY = r"(?! (?:ال)?(?:اثنين|ثلاثاء|اربعاء|خميس|جمعه|سبت|احد))"
# The English word; the Arabic one, and its forms that count by themselves, two or several.
_UNITS = {
    "seconds": ("seconds", "ثانيه واحده", "ثانيت[اي]ن|ثوان|ثواني"),
    "minutes": ("minute", "دقيقه", "دقيقت[اي]ن|دقايق"),
    "hours": ("hour", "ساعه", "ساعت[اي]ن|ساعات"),
    "days": ("day", f"يوما?{_WEEKDAY}", "يوم[اي]ن|ايام"),
    "weeks": ("week", "اسبوعا?", "اسبوع[اي]ن|اسابيع"),
    "months": ("month", "شهرا?", "شهر[اي]ن|اشهر|شهور"),
    "years": ("year", "عاما?|سنه", "عام[اي]ن|اعوام|سنت[اي]ن|سنوات|سنين"),
}
_LEAD = r"(?<!\w)[وفبلك]?(?:ال|لل)?"


def compare_sides(english: str, source: str) -> tuple[str, str] | None:
    """Return on which side the English stands and on which the source, where they differ."""
    folded = normalize_for_search(source)
    for first, second in _SCALES:
        stated = {side.name for side in (first, second) if side.english.search(english)}
        meant = {side.name for side in (first, second) if side.arabic.search(folded)}
        if len(stated) == len(meant) == 1 and stated != meant:
            return stated.pop(), meant.pop()
    return None


def compare_units(english: str, source: str) -> tuple[str, str] | None:
    """Return a unit of time that only the English counts in, and one that only the source does."""
    folded, small = normalize_for_search(source), english.lower()
    stated = {u for u, (name, _, _) in _UNITS.items() if re.search(rf"\b{name}", small)}
    meant = {u for u in _UNITS if _names_unit(u).search(folded)}
    added = {u for u in stated - meant if re.search(rf"\b{_COUNT}[ -]{_UNITS[u][0]}", small)}
    missing = {u for u in meant - stated if _counts_in(u).search(folded)}
    return (min(added), min(missing)) if added and missing else None


@functools.cache
def _names_unit(unit: str) -> re.Pattern[str]:
    _, one, several = _UNITS[unit]
    return re.compile(rf"{_LEAD}(?:{one}|{several})(?!\w)")


@functools.cache
def _counts_in(unit: str) -> re.Pattern[str]:
    _, one, several = _UNITS[unit]
    return re.compile(
        rf"(?:{_LEAD}(?:{several})|(?<!\w){_NUMERAL} (?:{one})|{_LEAD}(?:{one}) واحده?)(?!\w)"
    )
