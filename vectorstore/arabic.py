"""Text folded for matching, never for display: normal forms, tokens and light stems.

Search, furniture matching and the direction test for PDFs all compare folded text, so
that spellings an Arabic reader takes for the same word are the same string.
"""

from __future__ import annotations

import re
import unicodedata

_ALEF = "أإآٱٲٳ"
_FOLDS = {
    **dict.fromkeys(map(ord, _ALEF), "ا"),
    **{ord("ة"): "ه", ord("ى"): "ي", ord("ی"): "ي", ord("ې"): "ي", ord("ئ"): "ي"},
    **{ord("ؤ"): "و", ord("ک"): "ك", ord("ہ"): "ه", ord("ھ"): "ه", ord("ە"): "ه"},
    **{0x0640: None, 0x200C: None, 0x200D: None, 0x00AD: None},
    **{0x0660 + n: str(n) for n in range(10)},
    **{0x06F0 + n: str(n) for n in range(10)},
    **{0x066A: "%", 0x066B: ".", 0x066C: ",", 0x0131: "i"},
}
_NON_ASCII = re.compile(r"[^\x00-\x7f]")
_NEEDS_DECOMPOSING = re.compile("[^\x00-\x7f؀-ؚ؜-ي٠-ە۝-ۿ一-鿿]")
_MARKS = re.compile(r"[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06ed]")

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af\U00020000-\U0003134f"
_TOKEN = re.compile(
    rf"(?P<cjk>[{_CJK}]+)|\d+(?:[.,]\d+)*|(?:(?![{_CJK}\d_])[\w\u0900-\u0dff\u0e00-\u0eff])+"
)

_PREFIXES = ("وال", "بال", "كال", "فال", "ال", "لل")
_SUFFIXES = ("ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي")
_ARABIC_WORD = re.compile("[ء-ي]+")


def normalize_for_search(text: str) -> str:
    """Fold the text so that spellings of one word are one string.

    Hamza forms, teh marbuta, alef maqsura, Persian letter forms, diacritics, tatweel,
    case and Latin, Greek and Cyrillic accents go; Arabic-Indic and Persian digits become
    ASCII. Offsets change: no citation may point into the result.
    """
    if not _NON_ASCII.search(text):
        return text.lower()
    if _NEEDS_DECOMPOSING.search(text):
        text = unicodedata.normalize("NFC", text)
    text = text.translate(_FOLDS)
    if _NEEDS_DECOMPOSING.search(text):
        text = unicodedata.normalize("NFKD", text.casefold())
        text = _MARKS.sub("", text.translate(_FOLDS))
        return unicodedata.normalize("NFC", text)
    return _MARKS.sub("", text).lower()


def light_stem(token: str) -> str:
    """Strip an Arabic word's commonest prefixes and suffixes; other words stay.

    The light10 stemmer of Larkey, Ballesteros and Connell, "Improving stemming for Arabic
    information retrieval: light stemming and co-occurrence analysis" (SIGIR 2002), with
    its limits: the conjunction goes where 3 letters remain, an article where 2 remain,
    each suffix in turn where 2 remain. `token` is already folded by `normalize_for_search`.
    """
    if not _ARABIC_WORD.fullmatch(token):
        return token
    if token.startswith("و") and len(token) >= 4:
        token = token[1:]
    for prefix in _PREFIXES:
        if token.startswith(prefix) and len(token) >= len(prefix) + 2:
            token = token[len(prefix) :]
            break
    for suffix in _SUFFIXES:
        if token.endswith(suffix) and len(token) >= len(suffix) + 2:
            token = token[: -len(suffix)]
    return token


def tokenize(text: str) -> list[str]:
    """Return the folded words and numbers of the text in order, without stemming.

    Chinese, Japanese and Korean runs, which aren't spaced into words, come as overlapping
    pairs of characters. A number keeps its decimal and thousands marks (`1.250`).
    """
    tokens: list[str] = []
    for match in _TOKEN.finditer(normalize_for_search(text)):
        token = match.group()
        if match.lastgroup == "cjk" and len(token) > 2:
            tokens.extend(token[i : i + 2] for i in range(len(token) - 1))
        else:
            tokens.append(token)
    return tokens
