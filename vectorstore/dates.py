"""Dates as pages, feeds and files write them, as ISO 8601 (`2021-06-11`)."""

from __future__ import annotations

import re
from datetime import date, datetime

from vectorstore.arabic import normalize_for_search

_MONTHS: dict[str, int] = {}
for _number, _names in enumerate(
    (
        "يناير جانفي كانون-الثاني january janvier enero januar jan janv ocak gennaio janeiro",
        "فبراير فيفري شباط february fevrier febrero februar feb fevr subat febbraio fevereiro",
        "مارس آذار march mars marzo marz mar mart marco",
        "أبريل إبريل أفريل نيسان april avril abril apr avr nisan aprile",
        "مايو ماي أيار ماية may mai mayo mayis maggio maio",
        "يونيو يونيه جوان حزيران june juin junio juni jun haziran giugno junho",
        "يوليو يوليوز يوليه جويلية تموز july juillet julio juli jul juil temmuz luglio julho",
        "أغسطس غشت أوت آب august aout agosto aug agustos",
        "سبتمبر شتنبر أيلول september septembre septiembre sept sep eylul settembre setembro",
        "أكتوبر تشرين-الأول october octobre octubre oktober oct okt ekim ottobre outubro",
        "نوفمبر نونبر تشرين-الثاني november novembre noviembre nov kasim novembro",
        "ديسمبر دجنبر كانون-الأول december decembre diciembre dezember dec dez aralik dezembro",
    ),
    start=1,
):
    for _name in _names.split():
        _MONTHS[normalize_for_search(_name.replace("-", " "))] = _number

_MONTH = "|".join(sorted(map(re.escape, _MONTHS), key=len, reverse=True))
_ISO = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?!\d)")
_DAY_MONTH = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:er|st|nd|rd|th|\.)?\s+(?:de\s+)?({_MONTH})\.?,?\s+(?:de\s+)?(\d{{4}})(?!\d)"
)
_MONTH_DAY = re.compile(rf"\b({_MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})(?!\d)")
_CJK = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]")

_DATE_WORDS = normalize_for_search(
    "الاثنين|الإثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت|الأحد|يوم|نشر|نشرت|في|بتاريخ|تاريخ|"
    "النشر|آخر|تحديث|الساعة|على|م|ص|مساء|صباحا|بتوقيت|غرينتش|منذ|"
    "monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tue|wed|thu|fri|sat|sun|"
    "published|posted|updated|last|on|at|date|am|pm|gmt|utc|"
    "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|publie|le|a|mis|jour|"
    "lunes|martes|miercoles|jueves|viernes|sabado|domingo|publicado|el"
)
_REST = re.compile(rf"(?:\b(?:{_DATE_WORDS})\b|\d{{1,2}}\s*[:h]\s*\d{{2}}(?::\d{{2}})?|[\W_])*")

_PLACE_BEFORE = re.compile(r"[\W_]*(?:[^\W\d_]+[\W_]+){0,3}[^\W\d_]+[\W_]*[،,/|(\-–—]\s*")
_DASH_AFTER = re.compile(r"\s*\)?\s*(?:\([^()]{1,30}\)\s*)?[-–—:/|]")
_DATELINE_LETTERS = 120


def parse_date(text: str) -> str | None:
    """Return the first date in a string as ISO 8601, None where there is none.

    Understands ISO 8601, RFC 822, PDF dates, day-month-year with digits, and month names in
    Arabic (Levantine, Egyptian and Maghrebi), English, French, Spanish, Italian,
    Portuguese, German and Turkish, in any digits. A day and a month that could be
    exchanged are read day first, as the press outside the United States writes them.
    """
    return _find(normalize_for_search(text[:200]))[0]


def parse_date_line(line: str) -> str | None:
    """Return the date a line states if it states nothing else than a date and a time."""
    folded = normalize_for_search(line)
    found, start, end = _find(folded)
    if found is None or not _REST.fullmatch(folded[:start] + " " + folded[end:]):
        return None
    return found


def is_date_words(text: str) -> bool:
    """Tell whether a text says nothing but a weekday, a time, or that something appeared then."""
    return _REST.fullmatch(normalize_for_search(text)) is not None


def parse_dateline(paragraph: str) -> str | None:
    """Return the date of a dateline, as agencies begin a report: "Cairo, 14 March 2024 (MENA) -".

    It stands between a place of four words at most and a dash or colon.
    """
    folded = normalize_for_search(paragraph[:_DATELINE_LETTERS])
    found, start, end = _find(folded)
    dateline = _PLACE_BEFORE.fullmatch(folded, 0, start) and _DASH_AFTER.match(folded, end)
    return found if dateline else None


def _find(folded: str) -> tuple[str | None, int, int]:
    pdf = re.match(r"d:(\d{4})(\d{2})(\d{2})", folded)
    for pattern, order in (
        (_ISO, (1, 2, 3)),
        (_CJK, (1, 2, 3)),
        (_DAY_FIRST, (3, 2, 1)),
        (_DAY_MONTH, (3, 2, 1)),
        (_MONTH_DAY, (3, 1, 2)),
    ):
        match = pdf or pattern.search(folded)
        if match is None:
            continue
        year, month, day = (match.group(n) for n in ((1, 2, 3) if pdf else order))
        found = _make(int(year), _MONTHS.get(month) or int(month), int(day))
        if found is not None:
            return found, match.start(), match.end()
    return None, 0, 0


def _make(year: int, month: int, day: int) -> str | None:
    if month > 12 >= day:
        month, day = day, month
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found.isoformat() if 1800 <= year <= 2200 else None


def from_datetime(moment: datetime | None) -> str | None:
    """Return a file property's time as a date."""
    return moment.date().isoformat() if moment is not None else None
