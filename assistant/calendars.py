"""Months and weekdays in English and Arabic texts, as ids to compare.

Arabic has three sets of names for the Gregorian months (Egypt and the Gulf, the Maghreb, the
Mashriq), which the Unicode CLDR holds for each country; the months of the Hijri calendar have
one name in Arabic and many spellings in English.
"""

from __future__ import annotations

import functools
import re

from vectorstore.arabic import normalize_for_search

_COUNTRIES = ("ar", "ar_MA", "ar_DZ", "ar_SY")
_MORE_ARABIC = {
    1: "كانون ثاني", 2: "فبراير", 4: "إبريل,نيسان", 5: "ماي", 6: "يونيه", 7: "يوليه",
    10: "تشرين أول", 11: "تشرين ثاني", 12: "كانون أول",
}  # fmt: skip
_HIJRI = (
    ("محرم", "muharram"), ("صفر", "safar"), ("ربيع الأول", "rabi al-awwal"),
    ("ربيع الآخر,ربيع الثاني", "rabi al-thani"), ("جمادى الأولى", "jumada al-awwal"),
    ("جمادى الآخرة,جمادى الثانية", "jumada al-thani"), ("رجب", "rajab"),
    ("شعبان", "sha'ban,shaban,shaaban"), ("رمضان", "ramadan,ramadhan"), ("شوال", "shawwal"),
    ("ذو القعدة,ذي القعدة", "dhu al-qadah,dhul qadah"),
    ("ذو الحجة,ذي الحجة", "dhu al-hijjah,dhul hijjah"),
)  # fmt: skip
# Words that are other things as often: a name counts only beside a day, a year or "month".
_AMBIGUOUS = frozenset("may march صفر رجب محرم شعبان اب ماي مارس اوت جوان".split())
_BESIDE_A_DATE = re.compile(r"\d|\b(?:in|of|early|late|mid|last|next|this|since|until|by|شهر)\s*$")
# 13/06/2023 and 13/06, either way round, and 2023-06-13; not 2.5, nor the score 10-6.
_NUMERIC = re.compile(
    r"(?<![\d/.-])(?:(\d{1,2})([/.-])(\d{1,2})\2(?:\d{4}|\d\d)|(\d{4})([/.-])(\d{1,2})\5(\d{1,2})|"
    r"(\d{1,2})/(\d{1,2}))(?!\d|[/.-]\d)"
)
_ENGLISH = re.compile(
    r"\b(?:(jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.|"
    r"(mon|tues?|wed|thurs?|fri|sat|sun)\.)(?=\W|$)"
)
_IN_A_NAME = re.compile(r"\b((?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day) (?=[A-Z])")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LEAD = r"(?<!\w)[وفبلك]?(?:ال|لل)?"


def stated_dates(text: str) -> frozenset[str]:
    """Return the months and weekdays that a text surely names: `month 6`, `weekday 4`, `hijri 9`.

    Months are counted from January (or Muharram) as 1, weekdays from Monday as 0. What is also
    another word (May, مارس) counts beside a day or a year, and a weekday not as part of a name
    (the Sunday Times).
    """
    folded = normalize_for_search(text)
    found = {
        _names()[match["name"]]
        for match in _pattern().finditer(folded)
        if match["name"] not in _AMBIGUOUS or _is_dated(folded, match, text)
    }
    found -= {_names()[day.lower()] for day in _IN_A_NAME.findall(text)}
    return frozenset(found | {_abbreviated(m[1] or m[2]) for m in _ENGLISH.finditer(folded)})


def possible_dates(text: str) -> frozenset[str]:
    """Return the months and weekdays that a text may name, dates in digits read either way."""
    folded = normalize_for_search(text)
    found = {i for name, i in _names().items() if len(name) > 4 and name in folded}
    found |= {_names()[match["name"]] for match in _pattern().finditer(folded)}
    numbers = {int(n) for digits in _numeric(folded) for n in re.findall(r"\d+", digits)}
    return stated_dates(text) | found | {f"month {n}" for n in numbers if 1 <= n <= 12}


def numeric_dates(text: str) -> tuple[str, frozenset[float]]:
    """Return a text without its dates in digits, and the numbers that these are made of.

    Their days and years may be asked for as numbers; their months are for `possible_dates`.
    """
    folded = normalize_for_search(text)
    numbers = {float(n) for digits in _numeric(folded) for n in re.findall(r"\d+", digits)}
    return _NUMERIC.sub(" ", folded), frozenset(numbers)


def same_calendar(source: str, sentence: str) -> str:
    """Return a source without the half of a date in two calendars that a sentence leaves out.

    "23 شعبان 1444 الموافق 15 مارس 2023" is one day: either half translates it.
    """
    said = stated_dates(sentence)

    def half(match: re.Match[str]) -> str:
        kept = [h for h in (match["one"], match["other"]) if stated_dates(h) & said]
        return kept[0] if len(kept) == 1 else match.group()

    return _two_calendars().sub(half, source)


def _numeric(folded: str) -> list[str]:
    return [match.group() for match in _NUMERIC.finditer(folded)]


def date_name(identity: str) -> str:
    """Return the English name of a month or a weekday."""
    kind, number = identity.split()
    if kind == "weekday":
        return _DAYS[int(number)].capitalize()
    if kind == "hijri":
        return _HIJRI[int(number) - 1][1].split(",")[0].title()
    from babel import Locale

    return str(Locale("en").months["format"]["wide"][int(number)])


def _is_dated(folded: str, match: re.Match[str], text: str) -> bool:
    """Tell whether an ambiguous word stands where a date does."""
    before, after = folded[max(0, match.start() - 8) : match.start()], folded[match.end() :][:6]
    name = match["name"]
    if name.isascii() and not re.search(rf"\b{name.capitalize()}\b", text):
        return False
    return bool(_BESIDE_A_DATE.search(before) or re.match(r"\W{1,2}\d", after))


def _abbreviated(short: str) -> str:
    return next(i for name, i in _names().items() if name.isascii() and name.startswith(short[:3]))


@functools.cache
def _names() -> dict[str, str]:
    from babel import Locale

    names: dict[str, str] = {}
    for code in _COUNTRIES:
        months = Locale.parse(code).months["format"]["wide"]
        names.update({normalize_for_search(months[n]): f"month {n}" for n in range(1, 13)})
    for n, listed in _MORE_ARABIC.items():
        names.update({normalize_for_search(name): f"month {n}" for name in listed.split(",")})
    english = Locale("en").months["format"]["wide"]
    names.update({english[n].lower(): f"month {n}" for n in range(1, 13)})
    for day, name in Locale("ar").days["format"]["wide"].items():
        names[normalize_for_search(name).removeprefix("ال")] = f"weekday {day}"
    names |= {name: f"weekday {day}" for day, name in enumerate(_DAYS)} | {"sabbath": "weekday 5"}
    for n, listed_pair in enumerate(_HIJRI, start=1):
        for name in ",".join(listed_pair).split(","):
            names[normalize_for_search(name)] = f"hijri {n}"
    return names


@functools.cache
def _two_calendars() -> re.Pattern[str]:
    month = r"[^\W\d_]+(?:[\s/][^\W\d_]+){0,3}?"
    date = rf"\d{{1,2}}\s+(?:من\s+)?(?:شهر\s+)?{month}\s*(?:\d{{4}})?\s*(?:هـ|ه|م)?"
    between = r"[\s،,(]*(?:الموافق|المصادف)(?:ة?\s+ل?ـ?)?\s*(?:يوم\s+)?"
    return re.compile(rf"(?P<one>{date}){between}(?P<other>{date})(?!\w)\)?")


@functools.cache
def _pattern() -> re.Pattern[str]:
    weekdays = {n for n, i in _names().items() if i.startswith("weekday") and not n.isascii()}
    # احد, اثنين, ثلاثاء: numbers but for their article.
    days = "|".join(sorted(weekdays, key=len, reverse=True))
    others = "|".join(
        re.escape(n) for n in sorted(_names(), key=len, reverse=True) if n not in weekdays
    )
    return re.compile(
        rf"(?:(?<!\w)[وفبلك]?(?:ال|لل)(?=(?:{days})(?!\w))|{_LEAD}(?=(?:{others})(?!\w)))"
        rf"(?P<name>{days}|{others})s?(?!\w)"
    )
