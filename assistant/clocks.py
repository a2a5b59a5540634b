"""Times of day in English and Arabic words and in digits: half past five, الخامسة والنصف, 17:30."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vectorstore.arabic import normalize_for_search

_TIME = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")
_HOURS = {
    normalize_for_search(word): hour
    for hour, words in enumerate(
        "one|الواحدة two|الثانية three|الثالثة four|الرابعة five|الخامسة six|السادسة seven|السابعة "
        "eight|الثامنة nine|التاسعة ten|العاشرة eleven|الحادية_عشرة twelve|الثانية_عشرة".split(),
        start=1,
    )
    for word in words.replace("_", " ").split("|")
}
_MINUTES = {"نصف": 30, "ربع": 15, "ثلث": 20, "half": 30, "quarter": 15}
_HOUR = "|".join(sorted(_HOURS, key=len, reverse=True))
_ARABIC_CLOCK = re.compile(
    rf"(?P<hour>{_HOUR}) (?P<way>و|الا) ?(?P<minute>(?:ال)?(?:نصف|ربع|ثلث)ا?)(?!\w| (?:مليون|الف))"
)
_ENGLISH_CLOCK = re.compile(
    rf"(?:an? )?\b(?P<minute>half|quarter)[ -](?P<way>past|after|to)[ -]"
    rf"(?P<hour>\d{{1,2}}|{_HOUR})\b"
)


@dataclass(frozen=True, slots=True)
class Time:
    """A time as numbers: by clocks of 12 and of 24 hours, and its hour and minutes apart."""

    readings: frozenset[float]
    parts: frozenset[float]


def read_time(written: str) -> Time | None:
    """Read a time in digits (5:30); None for another number, such as a score."""
    match = _TIME.fullmatch(written)
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2])
    hours = {hour, hour - 12 if hour > 12 else hour + 12}
    readings = frozenset(h + minute / 100 for h in hours)
    return Time(readings, frozenset((float(hour), float(minute))))


def clock_in_digits(folded: str) -> str:
    """Return a folded text with half past five, or الخامسة والنصف, as 5:30."""
    return _ENGLISH_CLOCK.sub(_clock, _ARABIC_CLOCK.sub(_clock, folded))


def _clock(match: re.Match[str]) -> str:
    hour = int(match["hour"]) if match["hour"].isdecimal() else _HOURS[match["hour"]]
    minute = next(m for name, m in _MINUTES.items() if name in match["minute"])
    if match["way"] in ("to", "الا"):
        hour, minute = (hour - 2) % 12 + 1, 60 - minute
    return f"{hour}:{minute:02}"
