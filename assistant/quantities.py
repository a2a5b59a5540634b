"""Numbers in English and Arabic texts, in digits and words, as plain values to compare."""

from __future__ import annotations

import re

from vectorstore.arabic import normalize_for_search

# Digits may be grouped (1,250), or have decimals (2.5 or 2,5), or both.
_DIGITS = re.compile(r"\d+(?:[.,٫٬]\d+)*")
_WORD = re.compile(r"[^\W\d_]+")
_MAGNITUDES = {
    "hundred": 1e2, "thousand": 1e3, "thousands": 1e3, "million": 1e6, "millions": 1e6,
    "billion": 1e9, "billions": 1e9, "trillion": 1e12,
    "مئه": 1e2, "مائه": 1e2, "الف": 1e3, "الاف": 1e3, "مليون": 1e6, "ملايين": 1e6,
    "مليار": 1e9, "مليارات": 1e9, "بليون": 1e9, "تريليون": 1e12,
}  # fmt: skip
_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ENGLISH = {word: float(i) for i, word in enumerate(_UNITS)} | {
    word: 10.0 * (i + 2) for i, word in enumerate(_TENS)
}
_ARABIC = {
    "اثنان": 2, "اثنين": 2, "اثنتان": 2, "اثنتين": 2, "ثلاث": 3, "ثلاثه": 3, "اربع": 4,
    "اربعه": 4, "خمس": 5, "خمسه": 5, "ست": 6, "سته": 6, "سبع": 7, "سبعه": 7, "ثماني": 8,
    "ثمانيه": 8, "تسع": 9, "تسعه": 9, "عشر": 10, "عشره": 10, "عشرون": 20, "عشرين": 20,
    "ثلاثون": 30, "ثلاثين": 30, "اربعون": 40, "اربعين": 40, "خمسون": 50, "خمسين": 50,
    "ستون": 60, "ستين": 60, "سبعون": 70, "سبعين": 70, "ثمانون": 80, "ثمانين": 80,
    "تسعون": 90, "تسعين": 90, "مئتان": 200, "مئتين": 200, "مائتي": 200, "الفان": 2000,
    "الفين": 2000, "مليونان": 2e6, "مليوني": 2e6, "مليوناً": 1e6,
}  # fmt: skip
_SMALLEST_SURE_WORD = 3.0  # "one" and "two" are also pronouns, articles and duals


def find_numbers(text: str) -> frozenset[float]:
    """Return the values that a text's digits stand for, magnitudes multiplied in.

    `1.5 million`, `1,500,000` and ١٫٥ مليون are the same value.
    """
    plain = normalize_for_search(text.replace("٫", ".").replace("٬", ","))
    values = set()
    for match in _DIGITS.finditer(plain):
        value = _value(match.group())
        following = _WORD.match(plain, match.end() + 1) if match.end() < len(plain) else None
        values.add(value * _MAGNITUDES.get(following.group() if following else "", 1.0))
    return frozenset(values)


def find_number_words(text: str) -> frozenset[float]:
    """Return the values of the number words in a text, read one by one and with magnitudes."""
    words = _WORD.findall(normalize_for_search(text))
    values = set()
    for i, word in enumerate(words):
        value = _ENGLISH.get(word) or _ARABIC.get(word) or _ARABIC.get(word.removeprefix("و"))
        if value is None:
            continue
        following = words[i + 1] if i + 1 < len(words) else ""
        if value >= 20 and following in _UNITS[1:10]:
            value += _ENGLISH[following]
            following = words[i + 2] if i + 2 < len(words) else ""
        values |= {float(value), value * _MAGNITUDES.get(following, 1.0)}
    return frozenset(v for v in values if v >= _SMALLEST_SURE_WORD)


def _value(digits: str) -> float:
    """Read digits: a last group of other than three digits after one mark is a decimal."""
    groups = re.split("[.,]", digits)
    if len(groups) > 1 and len(groups[-1]) != 3:
        return float("".join(groups[:-1]) + "." + groups[-1])
    if len(groups) == 2 and groups[0] == "0":
        return float(f"0.{groups[1]}")
    return float("".join(groups))
