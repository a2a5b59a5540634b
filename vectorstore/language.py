"""What language a text is in, told by its script first and by lingua only for Latin script."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lingua import LanguageDetector

_SAMPLE = 4000
_MIN_LETTERS = 3
_SHORT_LATIN = 24

_SCRIPTS: dict[str, str] = {
    "latin": "A-Za-z\u00c0-\u024f\u1e00-\u1eff",
    "arabic": "\u0620-\u064a\u066e-\u06d3\u06d5\u06ee-\u06ff\u0750-\u077f\ufb50-\ufdff"
    "\ufe70-\ufefc",
    "han": "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff",
    "kana": "\u3041-\u3096\u30a1-\u30fa\uff66-\uff9d",
    "hangul": "\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3",
    "cyrillic": "\u0400-\u052f",
    "hebrew": "\u05d0-\u05f2",
    "greek": "\u0370-\u03ff\u1f00-\u1fff",
    "devanagari": "\u0900-\u097f",
}
_ONE_LANGUAGE: dict[str, str] = {
    "bn": "\u0980-\u09ff",
    "pa": "\u0a00-\u0a7f",
    "gu": "\u0a80-\u0aff",
    "ta": "\u0b80-\u0bff",
    "te": "\u0c00-\u0c7f",
    "kn": "\u0c80-\u0cff",
    "ml": "\u0d00-\u0d7f",
    "si": "\u0d80-\u0dff",
    "th": "\u0e00-\u0e7f",
    "lo": "\u0e80-\u0eff",
    "bo": "\u0f00-\u0fff",
    "my": "\u1000-\u109f",
    "ka": "\u10a0-\u10ff\u1c90-\u1cbf",
    "am": "\u1200-\u137f",
    "km": "\u1780-\u17ff",
    "hy": "\u0530-\u058f",
}
_COUNTERS = {
    name: re.compile(f"[{ranges}]") for name, ranges in {**_SCRIPTS, **_ONE_LANGUAGE}.items()
}

# Letters only the language uses, and words of it that Arabic doesn't have.
_ARABIC_SCRIPT: dict[str, tuple[str, str]] = {
    "ar": ("ةىأإؤ", "في من على إلى الى أن ان التي الذي هذا هذه عن مع ما لا كان بعد قال"),
    "fa": ("پچژگ", "است را این که از می به در برای با آن های شد شده اين كه مي است‌ و"),
    "ur": ("ٹڈڑںےہھ", "ہے کے میں کی اور کا سے کو نے پر"),
    "ps": ("ځڅډړږښګڼۍ", "د په او چې سره ته دی کې"),
    "ku": ("ڕڵۆێ", "لە بە کە بۆ لەگەڵ ئەو"),
    "ug": ("ۇۈۋڭ", "ۋە بىلەن بۇ ئۈچۈن"),
    "sd": ("ٿڏڊٻڄڪ", "۾ جي ۽ آهي"),
}
_CYRILLIC_SCRIPT: dict[str, str] = {
    "uk": "іїєґ",
    "be": "ў",
    "sr": "јљњђћ",
    "mk": "ѓќѕ",
    "kk": "әғқңұүһ",
    "ru": "ыэё",
}
_LATIN_CODES = ("en fr de es it pt nl tr id sv pl ro cs vi sw ms da").split()
_WORDS = re.compile(r"[^\W\d_]+(?:\u200c[^\W\d_]+)*")


def detect_language(text: str, declared: str | None = None) -> str:
    """Return the ISO 639-1 code of the language most of the text is in, or `und`.

    A text's own letters are believed before what its page declares (`declared`, such as
    `ar-MA`): templates are often wrong. What is declared decides where the letters can't.
    Only the first 4,000 characters count. Latin script loads lingua once (about 100 MB).
    """
    sample = text[:_SAMPLE]
    code = (declared or "").strip().lower().replace("_", "-").split("-")[0]
    counts = Counter({name: len(p.findall(sample)) for name, p in _COUNTERS.items()})
    cjk = counts["han"] + counts["kana"] + counts["hangul"]
    script, share = counts.most_common(1)[0]
    if max(share, cjk) < _MIN_LETTERS:
        return code if re.fullmatch("[a-z]{2}", code) else "und"
    # A Chinese character says about as much as three letters.
    if cjk * 3 > max(counts[name] for name in counts if name not in ("han", "kana", "hangul")):
        return _tell_cjk(counts, cjk)
    return _tell_by_script(script, sample, code, counts)


def sentence_language(sentence: str, language: str) -> str:
    """Return the language of one sentence of an article in this language.

    It is the article's, but where most of the sentence's letters are Arabic ones and the
    article is in another script: an English report quotes an Arabic one.
    """
    if language in _ARABIC_SCRIPT:
        return language
    arabic = len(_COUNTERS["arabic"].findall(sentence))
    letters = sum(map(str.isalpha, sentence))
    return _tell_arabic(sentence, "ar") if 2 * arabic > letters else language


def _tell_by_script(script: str, sample: str, declared: str, counts: Counter[str]) -> str:
    match script:
        case "arabic":
            return _tell_arabic(sample, declared)
        case "cyrillic":
            return _tell_cyrillic(sample, declared)
        case "latin":
            return _tell_latin(sample, declared, counts["latin"])
        case "devanagari":
            return _tell_devanagari(sample)
        case "hebrew":
            return "yi" if re.search("[װײ]|אַ|אָ", sample) else "he"
        case "greek":
            return "el"
        case _:
            return script


def _tell_cjk(counts: Counter[str], total: int) -> str:
    if counts["hangul"] * 3 > total:
        return "ko"
    return "ja" if counts["kana"] * 20 > total else "zh"


def _tell_arabic(sample: str, declared: str) -> str:
    words = Counter(_WORDS.findall(sample))
    scores = {
        code: 2 * sum(words[word] for word in common.split())
        + sum(sample.count(letter) for letter in letters)
        for code, (letters, common) in _ARABIC_SCRIPT.items()
    }
    # Yeh and kaf in their Persian forms are shared by all but Arabic.
    shared = sample.count("ی") + sample.count("ک")
    scores["fa"] += shared // 2
    best = max(scores, key=lambda code: (scores[code], code == declared, code == "ar"))
    if scores[best] == 0:
        return declared if declared in _ARABIC_SCRIPT else "ar"
    return best


def _tell_cyrillic(sample: str, declared: str) -> str:
    lowered = sample.lower()
    scores = {
        code: sum(lowered.count(letter) for letter in letters)
        for code, letters in _CYRILLIC_SCRIPT.items()
    }
    if scores["ru"] == 0 and lowered.count("ъ") * 200 > len(lowered):
        return "bg"
    if scores["be"] and scores["be"] * 12 > scores["uk"]:
        return "be"
    if scores["mk"] and scores["mk"] * 8 > scores["sr"]:
        return "mk"
    best = max(scores, key=lambda code: (scores[code], code == "ru"))
    if scores[best] == 0:
        return declared if declared in (*_CYRILLIC_SCRIPT, "bg") else "ru"
    return best


def _tell_devanagari(sample: str) -> str:
    words = Counter(re.findall("[\u0900-\u0963]+", sample))
    scores = {
        "hi": sum(words[w] for w in ("है", "के", "में", "की", "का", "और", "हैं", "को")),
        "mr": sum(words[w] for w in ("आहे", "आणि", "आहेत", "च्या", "या", "होते")),
        "ne": sum(words[w] for w in ("छ", "र", "छन्", "गरेको", "भएको", "हो")),
    }
    return max(scores, key=lambda code: (scores[code], code == "hi"))


def _tell_latin(sample: str, declared: str, letters: int) -> str:
    if letters < _SHORT_LATIN and declared in _LATIN_CODES:
        return declared
    encodable = sample.encode("utf-8", "replace").decode()  # lingua refuses lone surrogates
    found = _detector().detect_language_of(encodable)
    if found is not None:
        return str(found.iso_code_639_1.name.lower())
    return declared if re.fullmatch("[a-z]{2}", declared) else "und"


@cache
def _detector() -> LanguageDetector:
    from lingua import IsoCode639_1, LanguageDetectorBuilder

    codes = [getattr(IsoCode639_1, code.upper()) for code in _LATIN_CODES]
    builder = LanguageDetectorBuilder.from_iso_codes_639_1(*codes)
    return builder.with_low_accuracy_mode().build()
