"""Does an English text say the contrary of its Arabic source: more for fewer, fell for rose?

Both sides have the same number, so the check of numbers sees nothing. What is compared is on
which side of a scale each text stands; one that names both sides, or neither, isn't judged.
The units of time are told apart in the same way: two months aren't two years.
"""

from __future__ import annotations

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
            r"اكثر من|ازيد من|ما لا يقل عن|[يت]?قل عن|ما يزيد (?:عن|علي)|[يت]زيد (?:عن|علي)|[يت]فوق|"
            r"[يت]تجاوز|تجاوزت?|علي الاقل|فوق",
        ),
        _side(
            "fewer than",
            rf"(?:fewer than|less than|under|below|at most|no more than|up to|not more than){_NUMBER}|"
            r"at most",
            r"اقل من|دون|لا [يت]تجاوز|لم [يت]تجاوز|لا [يت]زيد (?:عن|علي)|[يت]قل عن|علي الاكثر|ما يصل الي",
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
_UNITS: dict[str, tuple[str, str]] = {
    "seconds": ("second", "ثاني(?:ه|تان|تين)|ثوان\\w?"),
    "minutes": ("minute", "دقيق(?:ه|تان|تين)|دقائق"),
    "hours": ("hour", "ساع(?:ه|تان|تين|ات)"),
    "days": ("day", "يوم(?:ا|ان|ين)?|ايام"),
    "weeks": ("week", "اسبوع(?:ا|ان|ين)?|اسابيع"),
    "months": ("month", "شهر(?:ا|ان|ين)?|اشهر|شهور"),
    "years": ("year", "عام(?:ا|ان|ين)?|اعوام|سن(?:ه|تان|تين|وات|ين)|سنه"),
}
_COUNTED_ARABIC = re.compile(
    r"(?:\d[\d.,]*|(?:ثلاث|اربع|خمس|ست|سبع|ثماني|تسع|عشر)ه?|\w+[يو]ن)\s+(?P<unit>\w+)|"
    r"(?P<dual>\w+(?:ين|ان))|(?P<one>\w+) واحده?"
)


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
    stated = {u for u, (name, _) in _UNITS.items() if re.search(rf"\b{name}", small)}
    meant = {u for u, (_, name) in _UNITS.items() if _as_word(name).search(folded)}
    counted = {u for u in stated - meant if re.search(rf"\b{_COUNT}[ -]{_UNITS[u][0]}", small)}
    missing = {u for word in _counted_words(folded) for u in meant - stated if _is_unit(word, u)}
    return (min(counted), min(missing)) if counted and missing else None


def _as_word(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)[وفبلك]?(?:ال|لل)?(?:{name})(?!\w)")


def _is_unit(word: str, unit: str) -> bool:
    return bool(re.fullmatch(rf"[وفبل]?(?:ال)?(?:{_UNITS[unit][1]})", word))


def _counted_words(folded: str) -> set[str]:
    return {word for m in _COUNTED_ARABIC.finditer(folded) if (word := m[m.lastgroup or 0])}
