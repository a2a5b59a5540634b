"""Does one text deny what the other affirms? English against Arabic.

A negation may be a word of its own (not, لم) or lie in another (refuse, رفض; unclear, غير واضح).
The first kind is plain: a translation must have it, or one of the second kind in its place.
"""

from __future__ import annotations

import re
from typing import Literal

from assistant.transliteration import likeness
from vectorstore.arabic import normalize_for_search

Difference = Literal["added", "lost", "none"]

_PLAIN_ENGLISH = re.compile(
    r"\b(?:not|no|never|none|neither|nor|cannot|nobody|nothing|nowhere|without)\b|n['’]t\b",
    re.IGNORECASE,
)
_NO_NEGATION = re.compile(
    r"\b(?:not (?:only|just|least|long (?:after|before))|no doubt|whether or not|never more so|"
    r"no (?:less|fewer|more|later|earlier|sooner) than|"
    r"if not|with or without|(?:do not|don['’]t) (?:forget|hesitate)|No\.\s?\d)",
    re.IGNORECASE,
)
_HIDDEN_ENGLISH = re.compile(
    r"\b(?:den(?:y|ies|ied|ying|ial)|refus\w+|reject\w*|lack\w*|fail\w*|absen(?:ce|t)|rarely|rare|"
    r"seldom|hardly|barely|scarcely|few|little|unless|rather than|instead of|or to what|"
    r"(?:ha[sd]|have) yet|prevent\w*|avoid\w*|impossible|forb[ai]d\w*|"
    r"ban|banned|prohibit\w*|anonym\w*|indifferen\w*|non-?\w+|\w{3,}less|in\w{3,}[ai]ble|incapac\w+|"
    r"un(?!i(?:on|q|t|v|f|c)|der|til|less|cle\b)\w{4,}|unfit|"
    r"(?:sta|kee|loo)\w* away|sidestep\w*|out-of-\w+|stuck|"
    r"in(?:ability|sufficient|adequate|correct|effective|direct|accurate|accurac|visible|valid|"
    r"evitabl|finite|credib|disput|appropriate|secur|stabilit|complete|justice|decis|human|tolera|dependen|different|"
    r"capab|consisten|definite|formal)\w*|im(?:prop|poli|mobil|partial|patien|practic|perfect)\w*|"
    r"ir(?:regular|relevan|responsib|rational|replac|reversib)\w*|il(?:legal|licit|legitim)\w*|"
    r"dis(?:agree|approv|belie|honest|satisf|regard|repute|connect|order|obey|loyal|qualif)\w*|"
    r"mis(?:take|taken|trust|lead|use)\w*)\b",
    re.IGNORECASE,
)
_PLAIN_ARABIC = re.compile(
    r"(?<!\w)[وفأ]?(?:لم|لن|ليس|ليست|ليسوا|لسنا|لست|دون|بدون|عدم|بعدم|لعدم|وعدم|لا|لئلا|ولا|بلا)(?!\w)|"
    r"(?<!\w)كلا(?=\s*[،,.!])"
)
_GLUED_ARABIC = re.compile(r"لم[يتن]|لن[يتن]|لا[يتن]|ليس")  # in a word of several, unspaced
_HIDDEN_ARABIC = re.compile(
    r"(?<!\w)[وفلب]?(?:ال)?(?:غير|[يتن]?رفض\w*|[يتن]?نف[يت]\w?|[يت]?نكر\w*|انكار\w*|[يت]?فشل\w*|"
    r"[يت]?منع\w*|ممنوع\w*|[يت]?حظر\w*|[يت]?فتقر\w*|افتقار\w*|خالي\w*|[يت]?عجز\w*|نادر\w*|قلما|"
    r"بالكاد|[يت]?تجنب\w*|مستبعد\w*|الا|سوي|انعدام|مستحيل\w*|ابدا|[يت]?ستحيل|مجهول\w*|غياب|خال\s+من|عديم\w*|[يت]نقص\w*)(?!\w)"
)
_NO_ARABIC_NEGATION = re.compile(
    r"(?<!\w)[وف]?(?:لا\s+(?:[يتنا]زال|يزالون|زال|زالت|سيما|بد|شك|محاله|[يت]قل|[يت]تجاوز|[يت]زيد|باس|متناه\w*|نهائ\w*|"
    r"تتردد\w?)|دون\s+(?:سن|ال(?:ثانيه|ثالثه|رابعه|خامسه|سادسه|سابعه|ثامنه|تاسعه|عاشره))|لم\s+(?:[يتان]زل|شمل\w*)|ا[مو]\s+لا|"
    r"(?:ليس\w{0,3}|لم\s+[يتان]كن)\s(?:[^.،؛]{0,40}?\s)?(?:فقط|فحسب|وحد\w+))(?!\w)"
)
_EXCEPTION = re.compile(  # denies all but one thing: "only"
    r"(?<!\w)[وف]?(?:(?:لا|لم|لن|ليس)\s[^.]{0,60}?(?:الا|سوي)|فقط)(?!\w)"
)
_CAPITALISED = re.compile(r"\b[A-Z][a-z]+")
_LONG_WORD = 10  # letters
_SAME_SOUND = 0.9


def compare_negation(english: str, source: str) -> Difference:
    """Tell whether an English text negates what its Arabic source doesn't, or the reverse.

    Only whether there is a negation at all is compared: languages count them differently. One
    that hides in an Arabic word stands for a plain one in English unless the English has such a
    word itself: "not unfit" isn't غير لائق.
    """
    folded = _EXCEPTION.sub(" الا ", _without_idioms(source))
    folded = _without_names(folded, english)
    stated = _NO_NEGATION.sub(" hardly ", english)
    arabic, plain = _PLAIN_ARABIC.search(folded), _PLAIN_ENGLISH.search(stated)
    hidden, hiding = _HIDDEN_ENGLISH.findall(stated), _HIDDEN_ARABIC.findall(folded)
    if plain and not arabic and len(hiding) <= len(hidden) and not _has_glued(folded):
        return "added"
    if arabic and not plain and not hidden:
        return "lost"
    return "none"


def has_negation(text: str) -> bool:
    """Tell whether a text in English or Arabic has a plain negation."""
    folded = _EXCEPTION.sub(" ", _without_idioms(text))
    return bool(_PLAIN_ENGLISH.search(text) or _PLAIN_ARABIC.search(folded))


def _without_idioms(text: str) -> str:
    return _NO_ARABIC_NEGATION.sub(" ", normalize_for_search(text))


def _without_names(folded: str, english: str) -> str:
    """Take out what sounds like a negation and is a name: لا of La Paz, دون of Don Quixote."""
    for word in {match.group() for match in _PLAIN_ARABIC.finditer(folded)}:
        if any(likeness(name, word) >= _SAME_SOUND for name in _CAPITALISED.findall(english)):
            folded = re.sub(rf"(?<!\w){word}(?!\w)", " ", folded, count=1)
    return folded


def _has_glued(folded: str) -> bool:
    return any(len(w) >= _LONG_WORD and _GLUED_ARABIC.search(w) for w in folded.split())
