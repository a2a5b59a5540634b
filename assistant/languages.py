"""How languages are named and which way they're read, the same wherever they're shown."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import Literal

Direction = Literal["rtl", "ltr"]
_RIGHT_TO_LEFT = frozenset("ar arc ary arz ckb dv fa he ku ps sd syr ug ur yi".split())
_UNKNOWN = {"en": "unknown language", "ar": "لغة غير معروفة"}
_CODE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")


def reading_direction(language: str, text: str) -> Direction:
    """Return which way a text is read: its language's, else its first strong letter's."""
    if runs_right_to_left(language):
        return "rtl"
    strong = (b for b in map(unicodedata.bidirectional, text) if b in ("L", "R", "AL"))
    return "rtl" if language in ("", "und") and next(strong, "L") != "L" else "ltr"


def language_tag(code: str) -> str:
    """Return a language's code for a `lang` attribute, `und` for what can't be one."""
    return code if _CODE.fullmatch(code) else "und"


def runs_right_to_left(language: str) -> bool:
    """Tell whether a language is known to be written from right to left."""
    return language.split("-")[0].lower() in _RIGHT_TO_LEFT


@functools.cache
def language_name(code: str, within: str = "en") -> str:
    """Return a language's name in English, or in another language; `und` is unknown."""
    from babel import Locale

    if code == "und":
        return _UNKNOWN[within]
    return str(Locale(within).languages.get(code, code))
