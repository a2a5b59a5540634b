"""Numbers in English and Arabic texts, in digits and in words, as values to compare.

A number may be read in several ways (1.250 is one thousand or one and a quarter), and two
languages write it differently ("12,500" and ١٢ ألفا و٥٠٠). So each mention holds every value that
it may stand for, and two texts agree where their readings meet.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from assistant.clocks import clock_in_digits, read_time
from vectorstore.arabic import normalize_for_search

Kind = Literal["unit", "teen", "ten", "hundred", "magnitude", "ordinal", "fraction", "vague"]

_TOKEN = re.compile(
    r"(?P<digits>\d+(?:[.,:]\d+)*)(?:(?P<suffix>bn|tn|[mk])(?![^\W\d_])|(?:st|nd|rd|th|s)\b)?"
    r"|[^\W\d_]+"
)
_MADE_OF = re.compile(r"(?<=[a-z]{3})(?:fold|(?:some|ball)s?)$|(?<=[ء-ي]{3})ا$")  # fourballs, ثلاثا
_BETWEEN = re.compile(r"[\s\u200f\u200e-]*")
_DUAL = re.compile(r"(?<!\w)\w{2,}(?:ان|ين|تا)(?!\w)")
_SMALLEST_SURE_WORD = 3.0  # "one" and "two" are also pronouns, articles and duals
_SUFFIXES = {"k": 1e3, "m": 1e6, "bn": 1e9, "tn": 1e12}


def _listed(words: str, start: float = 1.0, step: float = 1.0) -> dict[str, float]:
    """Read lists of words for consecutive values, the words of one value parted by strokes."""
    values = {}
    for i, group in enumerate(words.split()):
        values.update({normalize_for_search(w): start + i * step for w in group.split("|")})
    return values


_UNITS = _listed(
    "one|واحد|واحدة|أحد|إحدى two|both|اثنان|اثنين|اثنتان|اثنتين|اثنا|اثني|اثنتا|اثنتي|كلا|كلتا "
    "three|ثلاث|ثلاثة four|أربع|أربعة five|خمس|خمسة six|ست|ستة seven|سبع|سبعة "
    "eight|ثمان|ثماني|ثمانية nine|تسع|تسعة ten|عشر|عشرة"
)
_TEENS = _listed(
    "eleven twelve|dozen|دزينة thirteen fourteen fifteen sixteen seventeen eighteen nineteen", 11
)
_TENS = _listed(
    "twenty|عشرون|عشرين thirty|ثلاثون|ثلاثين forty|أربعون|أربعين fifty|خمسون|خمسين "
    "sixty|ستون|ستين seventy|سبعون|سبعين eighty|ثمانون|ثمانين ninety|تسعون|تسعين",
    20,
    10,
)
_HUNDREDS = _listed(
    "hundred|مئة|مائة|مئه مئتان|مئتين|مائتان|مائتين|مائتا|مائتي ثلاثمئة|ثلاثمائة "
    "أربعمئة|أربعمائة خمسمئة|خمسمائة ستمئة|ستمائة سبعمئة|سبعمائة ثمانمئة|ثمانمائة|ثمانيمائة "
    "تسعمئة|تسعمائة",
    100,
    100,
)
_MAGNITUDES = (
    _listed("thousand|ألف|ألفا|آلاف ألفان|ألفين|ألفي|ألفا", 1e3, 1e3)
    | _listed("million|مليون|مليونا|ملايين مليونان|مليونين|مليوني", 1e6, 1e6)
    | _listed("billion|مليار|مليارا|مليارات|بليون|بلايين ملياران|مليارين|ملياري", 1e9, 1e9)
    | _listed("trillion|تريليون|تريليونا|تريليونات", 1e12)
    | _listed("ألفا", 1e3)
)
_ORDINALS = _listed(
    "first|once|أول|أولى|حادي|حادية second|twice|double|doubled|pair|couple|ثاني|ثانية|ثان "
    "third|thrice|triple|tripled|ثالث|ثالثة "
    "fourth|quadruple|quadrupled|رابع|رابعة fifth|خامس|خامسة sixth|سادس|سادسة "
    "seventh|سابع|سابعة eighth|ثامن|ثامنة "
    "ninth|تاسع|تاسعة tenth|عاشر|عاشرة eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth"
)
_FRACTIONS = _listed("half|نصف|منتصف", 0.5) | _listed("quarter|ربع|أرباع", 0.25) | _listed(
    "ثلث|ثلثي|ثلثا|ثلثين|thirds", 1 / 3
)  # fmt: skip
_VAGUE = (
    _listed("dozens|tens|عشرات", 10)
    | _listed("hundreds|مئات|مئاات", 100)
    | _listed("thousands|آلاف", 1e3)
    | _listed("millions|ملايين", 1e6)
    | _listed("billions|مليارات", 1e9)
)
_DECADES = _listed(
    "twenties|عشرينات|عشرينيات thirties|ثلاثينات|ثلاثينيات forties|أربعينات|أربعينيات "
    "fifties|خمسينات|خمسينيات sixties|ستينات|ستينيات seventies|سبعينات|سبعينيات "
    "eighties|ثمانينات|ثمانينيات nineties|تسعينات|تسعينيات",
    20,
    10,
)
_LEXICON: dict[str, tuple[Kind, float]] = {
    **{w: ("vague", v) for w, v in _VAGUE.items()},
    **{w: ("vague", v) for w, v in _DECADES.items()},
    **{w: ("fraction", v) for w, v in _FRACTIONS.items()},
    **{w: ("ordinal", v) for w, v in _ORDINALS.items()},
    **{w: ("magnitude", v) for w, v in _MAGNITUDES.items()},
    **{w: ("hundred", v) for w, v in _HUNDREDS.items()},
    **{w: ("ten", v) for w, v in _TENS.items()},
    **{w: ("teen", v) for w, v in _TEENS.items()},
    **{w: ("unit", v) for w, v in _UNITS.items()},
}
_THOUSANDS = re.compile("[وفبل]?(?:ال|لل)?(?:الاف|ملايين|مليارات)")
_ARABIC_TEN = frozenset(normalize_for_search(w) for w in ("عشر", "عشرة"))
_ARTICLES = ("ال", "بال", "لل", "كال", "ب", "ل", "")
_PERCENT = re.compile(r"(?:في ال|ب ?ال)(?:ميه|مايه)")
_CENTURY = re.compile(r"قرن\s+$")
_SPACED = re.compile(r"(?<!\d)(?<!\d )(\d{1,3})(?: (\d{3}))+(?! ?\d)")  # 300 000, or 116 123
_DECADE = re.compile(r"\bdecades?\b|(?<!\w)[وفبل]?(?:ال)?(?:عقد|عقود)(?!\w)")
_TWO_DECADES = re.compile(r"(?<!\w)[وفبل]?(?:ال)?عقد[يا]ن(?!\w)")
_SPAN_OF_YEARS = re.compile(r"\b(1\d|20)\d\d[-–]$")  # 1950-53


@dataclass(slots=True)
class Number:
    """A number as a text has it.

    Attributes:
        written: its words or digits.
        value: what it most likely stands for.
        readings: every value that it may stand for.
        digits: whether it is written in digits.
        sure: whether a translation must have it.
        parts: the hour and the minutes of a time.
    """

    written: str
    value: float
    readings: set[float]
    digits: bool = False
    sure: bool = True
    parts: frozenset[float] = frozenset()

    def is_among(self, values: frozenset[float]) -> bool:
        """Tell whether one of these values may be this number, or two of them its parts."""
        return bool(self.readings & values or (self.parts and self.parts <= values))


def find_quantities(text: str) -> list[Number]:
    """Return the numbers that a text mentions, in order."""
    folded = clock_in_digits(_PERCENT.sub("%", normalize_for_search(text)))
    folded = _SPACED.sub(lambda match: match.group().replace(" ", ""), folded)
    runs: list[_Run] = []
    run = _Run()
    for match in _TOKEN.finditer(folded):
        adjacent = bool(_BETWEEN.fullmatch(folded, run.end, match.start()))
        if not (adjacent and run.goes_on(match)):
            run = _Run()
            run.start(match)
            runs.append(run)
    return [run.number(folded) for run in runs if run.last]


def find_numbers(text: str) -> frozenset[float]:
    """Return the values that a text's digits stand for, magnitudes multiplied in.

    `1.5 million`, `1,500,000` and ١٫٥ مليون are the same value.
    """
    return frozenset(n.value for n in find_quantities(text) if n.digits)


def find_number_words(text: str) -> frozenset[float]:
    """Return the values of 3 and more that a text's number words may stand for."""
    words = [n.readings for n in find_quantities(text) if not n.digits and n.sure]
    return frozenset(v for v in set().union(*words) if v >= _SMALLEST_SURE_WORD)


def readings(text: str, numbers: Iterable[Number]) -> frozenset[float]:
    """Return every value that a text's numbers may stand for, one and two where they may hide."""
    values = set().union(*(n.readings | n.parts for n in numbers), {1.0})
    folded = normalize_for_search(text)
    if _DUAL.search(folded):
        values.add(2.0)  # the Arabic dual
    if _TWO_DECADES.search(folded):
        values.add(20.0)
    if _DECADE.search(folded):  # "three decades" are 30 years
        values |= {10 * value for value in values if value < 10}
    return frozenset(values)


@dataclass(slots=True)
class _Run:
    """Number words in a row, as far as they have been read: `total` + `current` is their value."""

    begin: int = 0
    end: int = 0
    total: float = 0.0
    current: float = 0.0
    last: Kind | Literal["digits", ""] = ""
    scale: float = 1.0  # the magnitude that was read last
    others: set[float] = field(default_factory=set)
    digits: bool = False
    joining: bool = False

    def start(self, match: re.Match[str]) -> None:
        """Begin with this word or these digits; a word that is no number begins nothing."""
        self.begin, self.end = match.start(), match.end()
        if match["digits"]:
            self.current, *others = _values(match["digits"])
            factor = _SUFFIXES.get(match["suffix"] or "", 1.0)
            self.others = {*others, self.current} if factor > 1 else set(others)
            self.current *= factor
            self.digits, self.last = True, "digits"
            return
        kind, value, _ = _look_up(match.group())
        if kind == "magnitude":
            self.total, self.scale = value, _scale(value)
        elif kind:
            self.current = value
        self.last = kind or ""

    def goes_on(self, match: re.Match[str]) -> bool:
        """Read one more word into the number, if it belongs to it."""
        if not self.last or self.last == "vague":
            return False
        word = match.group()
        in_half = self.joining and match.string.startswith(" half", match.end())
        if word in ("a", "of") and (self.last == "fraction" or in_half):  # half a million
            self.end = match.end()
            return True
        half_follows = match.string.startswith(" a half", match.end())
        joinable = self.last in ("hundred", "magnitude") or half_follows
        if word in ("and", "و") and joinable and not self.joining:
            self.joining, self.end = True, match.end()
            return True
        if match["digits"]:
            value = _values(match["digits"])[0]
            if not (self.joining and self.last == "magnitude" and value < self.scale):
                return False
            kind: Kind | Literal["digits", ""] | None = "digits"
            self.current = value
        else:
            kind, value, joined = _look_up(word)
            joined = joined or self.joining
            if kind is None or not self._fits(kind, value, joined, word):
                return False
            self._add(kind, value, joined)
        self.last = "ordinal" if self.last == "ordinal" else kind or ""
        self.end, self.joining = match.end(), False
        return True

    def _add(self, kind: Kind, value: float, joined: bool) -> None:
        if self.last == "fraction" and self.total:
            pass  # three million and a half: the Arabic says the million again
        elif kind == "magnitude":
            self.total += self.current + value if joined else (self.current or 1.0) * value
            self.current, self.scale = 0.0, _scale(value)
        elif kind == "hundred" and not joined and 1 <= self.current < 100:
            self.current *= value
        elif kind == "fraction":
            self.current += value * self.scale
        else:
            self.current += value

    def _fits(self, kind: Kind, value: float, joined: bool, word: str) -> bool:
        if self.last == "ordinal":  # الثانية عشرة is the twelfth, الرابع والثلاثين the 34th
            tenth = word in _ARABIC_TEN and not joined
            return self.current < 10 and (tenth or (kind == "ten" and joined))
        if self.last == "fraction":
            return kind == "magnitude" and not joined and (not self.total or self.scale == value)
        match kind:
            case "magnitude":
                return self.last != "magnitude" or joined
            case "hundred":  # fifteen hundred
                return (joined and self.last == "magnitude") or 1 <= self.current < 100
            case "ten":
                arabic_order = joined and 1 <= self.current % 100 < 10
                return arabic_order or self.last in ("hundred", "magnitude")
            case "unit" | "teen":
                if word in _ARABIC_TEN and self.last == "unit" and not joined:
                    return True
                if self.digits and not joined:  # 1.7 million four years ago
                    return False
                after_ten = self.last == "ten" and value < 10 and not joined
                return after_ten or self.last in ("hundred", "magnitude")
            case "fraction":
                return joined
        return False

    def number(self, folded: str) -> Number:
        """Return the number that was read from a text."""
        value = self.total + self.current
        written = folded[self.begin : self.end]
        readings = self.others | {value}
        if self.last == "vague" and 20 <= value <= 90:
            readings.add(1900 + value)
        if written == "third":
            readings.add(1 / 3)
        if self.last == "fraction" and value < 1:
            readings.add(100 * value)  # per cent
        if years := _SPAN_OF_YEARS.search(folded[max(0, self.begin - 5) : self.begin]):
            readings.add(float(years[1]) * 100 + value)
        if time := read_time(written):
            return Number(written, value, set(time.readings), self.digits, parts=time.parts)
        return Number(written, value, readings, self.digits, self._is_sure(value, folded))

    def _is_sure(self, value: float, folded: str) -> bool:
        if not value or _CENTURY.search(folded[max(0, self.begin - 8) : self.begin]):
            return False
        if self.digits:
            return True
        if self.last == "ordinal" and not folded[self.begin].isascii():
            return False
        if self.last in ("fraction", "vague") and not self.total:
            return False
        if _THOUSANDS.fullmatch(folded[self.begin : self.end]):  # آلاف المزارعين
            return False
        return value >= _SMALLEST_SURE_WORD


def _scale(value: float) -> float:
    """Return the magnitude of a magnitude's word: a million for "two million" in one word."""
    return 1000.0 ** math.floor(math.log(value, 1000) + 1e-9)


def _look_up(word: str) -> tuple[Kind | None, float, bool]:
    """Return a number word's kind, its value, and whether it brings an Arabic "and" along."""
    if word in _LEXICON:
        return (*_LEXICON[word], False)
    if (made_of := _MADE_OF.sub("", word)) in _UNITS:
        return ("vague" if word.isascii() else "unit"), _UNITS[made_of], False
    for conjunction in ("", "و", "ف"):
        rest = word.removeprefix(conjunction)
        if conjunction and rest == word:
            continue
        for article in _ARTICLES:
            bare = rest.removeprefix(article)
            if rest.startswith(article) and bare in _LEXICON and not bare.isascii():
                return (*_LEXICON[bare], conjunction == "و")
    return None, 0.0, False


def _values(digits: str) -> list[float]:
    """Read digits, the likeliest value first.

    Marks group thousands (1,250) or part decimals (2.5 and 2,5); one mark before three digits
    may do either.
    """
    groups = re.split("[.,:]", digits)
    if ":" in digits:  # a time, or a score
        return [float(f"{groups[0]}.{groups[1]}"), *map(float, groups)]
    whole, decimal = float("".join(groups)), float("".join(groups[:-1]) + "." + groups[-1])
    if len(groups) == 1:
        return [whole]
    if len(groups[-1]) != 3 or (len(groups) == 2 and groups[0] == "0"):
        return [decimal]
    return [whole, decimal] if len(groups) == 2 else [whole]
