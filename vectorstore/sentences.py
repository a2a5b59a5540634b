"""Sentences of any language as exact spans of the text.

Ours, since pysbd loses offsets on repeated text and takes seconds on long lines, blingfire
ships a binary without wheels for every platform, and neither knows Arabic stops well.
"""

from __future__ import annotations

import re

from vectorstore.articles import Span

_LINE = re.compile(r"[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")

# Stops that end a sentence wherever they stand, and those that need what follows.
_HARD = "؟。！？｡।॥۔։።፧။។៕"
_SOFT = ".!?…"
_CLOSERS = "\"'”’»›)\\]}）］】』」》〉〕"
_OPENING_QUOTES = "“‘„«"
# Closing quotes and brackets, French ones after their space, and a footnote's number.
_CLOSE = rf"(?P<close>(?:[{_CLOSERS}]|[ \u00a0\u202f]»(?=\W|$)|“(?=\s|$)|\[\d{{1,3}}\])*)"
_STOP = re.compile(rf"(?P<stop>[{_HARD}{_SOFT}]+){_CLOSE}")
_GREEK_STOP = re.compile(rf"(?P<stop>[{_HARD}{_SOFT};\u037e]+){_CLOSE}")
_LAST_WORD = re.compile(r"[^\s(\[{\"'“”«»‘’،,؛;:/]*$")
_LIST_NUMBER = re.compile(r"\s*[(\[]?(?:\d{1,3}|[A-Za-zء-ي]|[ivxIVX]{1,4})")
_ARABIC = re.compile("[ء-يٱ-ۓ]")
_JOINED_AFTER_QUOTE = re.compile("[とって、，,：]")

# Words that carry a stop of their own, in lower case and without the last stop.
_ABBREVIATIONS: dict[str, frozenset[str]] = {
    "ar": frozenset("أ.د ا.د د أ م ص ج ت هـ ق.م ب.م إلخ الخ أ.م.د ص.ب ه".split()),
    "en": frozenset(
        "mr mrs ms dr prof sr jr st rev gen col lt sgt capt cmdr gov sen rep hon pres vs no nos "
        "vol fig eq ed eds al cf i.e e.g u.s u.k u.n e.u approx inc ltd co corp dept est jan feb "
        "mar apr jun jul aug sep sept oct nov dec a.m p.m ph.d m.d b.a m.a p pp art".split()
    ),
    "fr": frozenset(
        "m mm mme mlle dr pr st ste av cf p pp p.ex ex éd fig vol env art no n° janv févr avr "
        "juil sept oct nov déc mgr me gal cdt lt r.-v".split()
    ),
    "de": frozenset(
        "hr fr dr prof st nr z.b d.h u.a u.s.w usw bzw ca vgl s abs art bd jh jan feb mär apr "
        "jun jul aug sep sept okt nov dez mio mrd ggf evtl inkl str tel o.ä i.d.r".split()
    ),
    "es": frozenset(
        "sr sra srta dr dra d dª ud uds av avda núm pág págs vol fig ej p.ej ee.uu s.a".split()
    ),
    "it": frozenset("sig sigg dott prof on avv ing art pag fig vol es ecc s.p.a".split()),
    "pt": frozenset("sr sra dr dra prof av núm n.º pág vol fig ex art exmo".split()),
    "nl": frozenset("dhr mevr mr dr drs prof bijv d.w.z o.a blz nr ca vgl".split()),
    "tr": frozenset("dr prof doç av sn no vb vs bkz m.ö m.s alb gen".split()),
    "ru": frozenset("г гг в вв им ул д стр рис т.е т.д т.п т.к др проф акад млн млрд руб".split()),
    "uk": frozenset("р рр ст ім вул д стор рис т.д т.п др проф акад млн млрд грн".split()),
}
# Where "11." is how the eleventh is written.
_ORDINAL_LANGUAGES = frozenset("de da nb nn no fi cs sk hu hr sl sr et lv is".split())


def split_sentences(text: str, language: str) -> tuple[Span, ...]:
    """Return the spans of the sentences of a text, in order.

    Spans don't overlap and carry no white space at their ends; every character outside
    them is white space. A line's end always ends a sentence, and so do the stops of
    Arabic, Latin, Chinese, Japanese, Hindi, Urdu, Armenian, Ethiopic, Burmese and Khmer
    text with the quotes and brackets that close after them. The Arabic semicolon doesn't.
    Thai and Lao have no stops: there only lines are told apart.

    Args:
        text: any text; offsets count its characters.
        language: ISO 639-1; picks the abbreviations (English and French for an unknown one).
    """
    spans: list[Span] = []
    for line in _LINE.finditer(text):
        spans.extend(_split_line(text, line.start(), line.end(), language))
    return tuple(spans)


def _split_line(text: str, start: int, end: int, language: str) -> list[Span]:
    pattern = _GREEK_STOP if language == "el" else _STOP
    spans: list[Span] = []
    begin = start
    for stop in pattern.finditer(text, start, end):
        if stop.end() >= end or not _ends_sentence(text, begin, end, stop, language):
            continue
        span = _trimmed(text, begin, stop.end())
        if span is not None:
            _add(spans, span, text)
        begin = stop.end()
    last = _trimmed(text, begin, end)
    if last is not None:
        _add(spans, last, text)
    return spans


def _trimmed(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if start < end else None


def _add(spans: list[Span], span: Span, text: str) -> None:
    """Append a span; one without a letter or digit joins the sentence before it."""
    if spans and not any(map(str.isalnum, text[span.start : span.end])):
        spans[-1] = Span(spans[-1].start, span.end)
    else:
        spans.append(span)


def _ends_sentence(text: str, begin: int, end: int, stop: re.Match[str], language: str) -> bool:
    marks, closers = stop["stop"], stop["close"]
    follower = text[stop.end()]
    if any(mark in _HARD for mark in marks):
        if _next_letter(text, stop.end(), end) in "،؛":
            return False
        return not (closers and _JOINED_AFTER_QUOTE.match(follower))
    before = text[stop.start() - 1] if stop.start() > begin else " "
    if not follower.isspace():
        return _ends_without_space(text, begin, stop, before, follower)
    upcoming = _next_letter(text, stop.end(), end)
    if upcoming.islower() or upcoming in "،؛,;:":
        return False
    if marks != "." or closers.strip("\"'”’»›"):
        return True
    return not _is_abbreviation(text, begin, stop.start(), language)


def _ends_without_space(
    text: str, begin: int, stop: re.Match[str], before: str, follower: str
) -> bool:
    """Arabic writers often leave out the space after a stop; nobody does so in a URL."""
    if follower in _OPENING_QUOTES and before.isalpha():
        return True
    if not _ARABIC.match(follower):
        return False
    if stop["close"] or before in _CLOSERS:
        return True
    word = _last_word(text, begin, stop.start())
    return stop["stop"] != "." or (len(word) >= 3 and "." not in word and word[-1].isalpha())


def _next_letter(text: str, position: int, end: int) -> str:
    """Return the first character after white space and opening quotes, or a blank."""
    while position < end and (text[position].isspace() or text[position] in "\"'“‘„«([*_-–—"):
        position += 1
    return text[position] if position < end else " "


def _last_word(text: str, begin: int, position: int) -> str:
    found = _LAST_WORD.search(text[max(begin, position - 24) : position])
    return found.group() if found else ""


def _is_abbreviation(text: str, begin: int, position: int, language: str) -> bool:
    """Tell whether the stop at `position` belongs to its word: an initial, Dr., a list's 1."""
    if position - begin <= 6 and _LIST_NUMBER.fullmatch(text, begin, position):
        return True
    word = _last_word(text, begin, position)
    if not word:
        return False
    if word.isdigit():
        return language in _ORDINAL_LANGUAGES and len(word) <= 2
    previous = text[max(begin, position - len(word) - 12) : position - len(word)].rstrip()
    if len(word) == 1 and (word.isupper() or _ARABIC.match(word)):
        return not previous[-1:].isdigit()
    if len(word) > 1 and word[0] in "ول" and _ARABIC.match(word[1]):
        bare = word[1:]  # "and" and "for" are written on to the word
        if bare in _ABBREVIATIONS["ar"] and (len(bare) == 1 or "." in bare):
            return True
    lowered = word.lower()
    known = _ABBREVIATIONS.get(language) or _ABBREVIATIONS["en"] | _ABBREVIATIONS["fr"]
    dotted = "." in word and all(len(part) == 1 for part in word.split("."))
    return lowered in known or dotted or lowered in _ABBREVIATIONS["ar"]
