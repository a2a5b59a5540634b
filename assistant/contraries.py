"""Does an English text say the contrary of its Arabic source: more for fewer, fell for rose?

Both sides have the same number, so the check of numbers sees nothing. What is compared is on
which side of a scale each text stands; one that names several sides, or none, isn't judged.
The units that numbers count are told apart in the same way: two months aren't two years, nor are
cubic metres cubic feet.
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


KILLED = _side(
    "killed",
    r"killed|kills|dead|died|dies|deaths?|murdered|slain",
    r"قتل\w*|مقتل\w*|قتيل\w*|[يت]قتل\w*|قاتل\w*|حتفه\w*|مصرع\w*|وفاه|وفات\w*|وفيات|توفي\w*|"
    r"مات(?:ت|وا)?|موت|موت(?:ي|ه|ها|هم)|[يت]موت\w*|استشه\w*|شهيد\w*|شهداء|ضحيه|ضحايا|اغتيال\w*|"
    r"جثث|جثه|اعدام\w*|اود[تي]|بحياه",
)
INJURED = _side(
    "injured",
    r"injured|injuries|injury|wounded|wounds|hurt",
    r"[ات]صيب\w*|اصاب(?:ه|ات|ته\w*)|مصاب\w*|جرح\w*|جريح\w*|مجروح\w*|بجراح|جروح",
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
    (KILLED, INJURED),
    (
        _side("daily", r"daily|per day|every day", r"يوميا|يوميه|كل يوم"),
        _side("weekly", r"weekly|per week|every week", r"اسبوعيا|اسبوعيه|كل اسبوع"),
        _side("monthly", r"monthly|per month|every month", r"شهريا|شهريه|كل شهر"),
        _side(
            "annual",
            r"annual(?:ly)?|yearly|per year|every year|per annum|each year",
            r"سنوي(?:ا|ه)?|كل عام|كل سنه",
        ),
    ),  # "يومي" and "شهري" also name two days and two months
    (
        _side("AD", r"(?-i:AD|CE|A\.D)", r"ميلادي(?:ه)?|بعد الميلاد"),
        _side("BC", r"(?-i:BCE?|B\.C)", r"قبل الميلاد|ق[. ] ?م"),
    ),
)
_COUNT = (
    r"(?:\d[\d.,]*|\b(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+ty))"
    r"(?: ?(?:hundred|thousand|million|billion|trillion|k|m|bn|tn))*"
)
_NUMERAL = (
    r"(?:\d[\d.,]*|(?:ال)?(?:ثلاث|اربع|خمس|ست|سبع|ثماني|تسع|عشر)ه?|\w+[يو]ن|ميه|مايه|\w+ما?يه|"
    r"الف|الفا|الاف|مليونا|مليارا?|مليارات)"
)
_WEEKDAY = r"(?! (?:ال)?(?:اثنين|ثلاثاء|اربعاء|خميس|جمعه|سبت|احد))"


class Unit(NamedTuple):
    """A unit: its English words, its Arabic one, and the forms that count by themselves."""

    english: str
    arabic: str
    several: str = "(?!)"


# By what they measure: only units of one measure contradict one another.
_MEASURES: dict[str, dict[str, Unit]] = {
    "time": {
        "seconds": Unit(r"seconds\w*", "ثانيه واحده", "ثانيت[اي]ن|ثوان|ثواني"),
        "minutes": Unit(r"minute\w*", "دقيقه", "دقيقت[اي]ن|دقايق"),
        "hours": Unit(r"hour\w*", "ساعه", "ساعت[اي]ن|ساعات"),
        "days": Unit(r"day\w*", f"يوما?{_WEEKDAY}", "يوم[اي]ن|ايام"),
        "weeks": Unit(r"week\w*", "اسبوعا?", "اسبوع[اي]ن|اسابيع"),
        "months": Unit(r"month\w*", "شهرا?", "شهر[اي]ن|اشهر|شهور"),
        "years": Unit(r"year\w*", "عاما?|سنه", "عام[اي]ن|اعوام|سنت[اي]ن|سنوات|سنين"),
    },
    "length": {
        "kilometres": Unit(
            "kilomet(?:er|re)s?|kms?|kph|kmh", "كيلو ?مترا?|كم|كلم", "كيلو ?متر(?:[اي]ن|ات)"
        ),
        "metres": Unit("met(?:er|re)s?", "(?<!كيلو )مترا?", "متر[اي]ن|امتار"),
        "centimetres": Unit("centimet(?:er|re)s?|cm", "سنتيم?مترا?|سنتي?مترا?|سم", "سنتيمترات"),
        "miles": Unit("miles?|mph", "ميلا?", "ميل[اي]ن|اميال"),
        "feet": Unit("feet|foot", "قدما?", "قدم[اي]ن|اقدام"),
        "inches": Unit("inch(?:es)?", "بوصه|انشا?", "بوصت[اي]ن|بوصات"),
        "yards": Unit("yards?", "يارده", "ياردت[اي]ن|ياردات"),
    },
    "dimension": {
        "square": Unit("square|sq", r"\w+ (?:ال)?مربع(?:ا|ه|ين)?"),
        "cubic": Unit("cubic", r"\w+ (?:ال)?مكعب(?:ا|ه|ين)?"),
    },
    "area": {
        "hectares": Unit("hectares?", "هكتارا?", "هكتار(?:[اي]ن|ات)"),
        "acres": Unit("acres?|feddans?", "فدانا?|ايكر|اكر", "فدان[اي]ن|افدنه"),
        "dunams": Unit("dunams?|dunums?|donums?", "دونما?", "دونم[اي]ن|دونمات"),
    },
    "volume": {
        "barrels": Unit("barrels?|bpd", "برميلا?", "برميل[اي]ن|براميل"),
        "litres": Unit("lit(?:er|re)s?", "لي?ترا?", "لي?تر(?:[اي]ن|ات)"),
        "gallons": Unit("gallons?", "[غج]الونا?", "[غج]الون(?:[اي]ن|ات)"),
    },
    "weight": {
        "tonnes": Unit("tonn?es?|tons?", "طنا?", "طن[اي]ن|اطنان"),
        "kilograms": Unit(
            "kilogram(?:me)?s?|kilos?|kgs?", "كيلو(?! ?متر)(?: ?[غج]راما?)?|كغ|كلغ|كجم",
            "كيلو[غج]رام(?:[اي]ن|ات)",
        ),
        "grams": Unit("gram(?:me)?s?", "(?<!كيلو )[غج]راما?", "[غج]رام(?:[اي]ن|ات)"),
        "pounds": Unit("pounds?|lbs?", "رطلا?|باوند|باوندا", "رطل[اي]ن|ارطال"),
        "ounces": Unit("ounces?", "اونصه|اوقيه", "اونصت[اي]ن|اونصات|اوقيات"),
    },
    "money": {
        "dollars": Unit("dollars?|usd|bucks", "دولارا?", "دولار(?:[اي]ن|ات)"),
        "euros": Unit("euros?", "يورو"),
        "pounds": Unit("pounds?", "جنيها?|ليره|استرليني\\w*", "جنيه(?:[اي]ن|ات)|ليرات|ليرت[اي]ن"),
        "lira": Unit("liras?|lire", "ليره", "ليرات|ليرت[اي]ن"),
        "dirhams": Unit("dirhams?", "درهما?", "درهم[اي]ن|دراهم"),
        "dinars": Unit("dinars?", "دينارا?", "دينار[اي]ن|دنانير"),
        "riyals": Unit("riyals?|rials?", "ريالا?", "ريال(?:[اي]ن|ات)"),
        "roubles": Unit("rou?bles?", "روبلا?", "روبلات"),
        "rupees": Unit("rupees?", "روبيه", "روبيات"),
        "yuan": Unit("yuans?|renminbi", "يوانا?|رنمينبي"),
        "yen": Unit("yen", "ينا?"),
        "francs": Unit("francs?", "فرنكا?", "فرنكات"),
        "shekels": Unit("shekels?", "شي[كق]لا?", "شي[كق]لات|شواكل"),
    },
    "temperature": {
        "Celsius": Unit("celsius|centigrade|c", "درجات ميويه|درجه (?:ميويه|سيليزيه|سلسيوس)"),
        "Fahrenheit": Unit("fahrenheit|f", "درجات فهرنهايت|درجه فهرنهايت\\w*"),
    },
}  # fmt: skip
_SYMBOLS = {"$": ("dollars", "دولار"), "€": ("euros", "يورو"), "£": ("pounds", "جنيه")}
_SYMBOL_FIRST = re.compile(r"([$€£]) ?(\d[\d.,]*(?: ?(?:million|billion|trillion|k|m|bn|tn)\b)?)")
_LEAD = r"(?<!\w)[وفبلك]?(?:ال|لل)?"


def compare_sides(english: str, source: str) -> tuple[str, str] | None:
    """Return on which side the English stands and on which the source, where they differ."""
    folded = normalize_for_search(source)
    for sides in _SCALES:
        stated = {side.name for side in sides if side.english.search(english)}
        meant = {side.name for side in sides if side.arabic.search(folded)}
        if len(stated) == len(meant) == 1 and stated != meant:
            return stated.pop(), meant.pop()
    return None


def compare_units(english: str, source: str) -> tuple[str, str] | None:
    """Return a unit that only the English counts in, and one of its kind that only the source does.

    A text that converts (5 euros, 5.5 dollars) has both units, and isn't judged.
    """
    small = _spell_symbols(english.lower(), 0)
    folded = _spell_symbols(normalize_for_search(source), 1)
    for units in _MEASURES.values():
        stated = {name for name, unit in units.items() if _stated(unit).search(small)}
        if not stated:
            continue
        meant = {name for name, unit in units.items() if _named(unit).search(folded)}
        added = {name for name in stated - meant if _counted(units[name]).search(small)}
        missing = {name for name in meant - stated if _counts_in(units[name]).search(folded)}
        if added and missing:
            return min(added), min(missing)
    return None


def _spell_symbols(text: str, language: int) -> str:
    """Write the symbols of money as the words, behind their numbers."""
    text = _SYMBOL_FIRST.sub(r"\2 \1", text)
    for symbol, words in _SYMBOLS.items():
        text = text.replace(symbol, f" {words[language]} ")
    return re.sub(" +", " ", text)


@functools.cache
def _stated(unit: Unit) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W\d_])(?:{unit.english})(?!\w)")


@functools.cache
def _counted(unit: Unit) -> re.Pattern[str]:
    return re.compile(rf"{_COUNT}[ -]?(?:°|\w+ )?(?<![^\W\d_])(?:{unit.english})(?!\w)")


@functools.cache
def _named(unit: Unit) -> re.Pattern[str]:
    return re.compile(rf"{_LEAD}(?:{unit.arabic}|{unit.several})(?!\w)")


@functools.cache
def _counts_in(unit: Unit) -> re.Pattern[str]:
    one, several = unit.arabic, unit.several
    return re.compile(
        rf"(?:{_LEAD}(?:{several})|(?<!\w){_NUMERAL} (?:{one})|{_LEAD}(?:{one}) واحده?)(?!\w)"
    )
