"""How alike a name in Latin letters and an Arabic word sound.

Arabic writes long vowels and no short ones, and transliterators differ: Bourita and بوريطة,
Kavanaugh and كافانو. Both sides are spelt in a few classes of sounds, and the cheapest way from
one to the other is counted, in which a vowel or an h costs little and a consonant a lot.

The costs were set by hand on the training documents of NTREX-128; `evals/seeded.py` measures
what they catch.
"""

from __future__ import annotations

import functools
import itertools
import re

from vectorstore.arabic import normalize_for_search
from vectorstore.names import part_words

_ARABIC_WORD = re.compile(r"[\u0621-\u064a\u066e-\u06d3]{2,}")
_GLUED = 8  # letters: a longer word may be several, written without spaces
_SURELY_GLUED = 10
_UNREADABLE = 16  # letters: of a whole sentence without spaces any name is taken that fits in
_MARKS = re.compile("[\u0640\u064b-\u0652\u0670]")
_ARABIC_SOUNDS = {
    **dict.fromkeys("جغقكخگ", "k"), **dict.fromkeys("سصز", "s"), **dict.fromkeys("دضذظ", "d"),
    **dict.fromkeys("تطث", "t"), **dict.fromkeys("بپ", "b"), **dict.fromkeys("فڤ", "f"),
    "ش": "x", "چ": "x", "ل": "l", "م": "m", "ن": "n", "ر": "r", "ه": "h", "ح": "h",
    **dict.fromkeys("اأآىةع", "a"), **dict.fromkeys("إئي", "i"), **dict.fromkeys("ؤو", "u"),
}  # fmt: skip
_LATIN_PAIRS = {
    "tch": "X", "sch": "X", "sh": "X", "ch": "X", "kh": "K", "gh": "K", "dh": "D", "th": "T",
    "ph": "F", "oo": "U", "ou": "U", "ee": "I", "ea": "I", "ck": "K", "ow": "U", "aw": "U",
    "qu": "KU",
}  # fmt: skip
_LATIN_SOUNDS = {
    **dict.fromkeys("gjqkc", "k"), **dict.fromkeys("sz", "s"), **dict.fromkeys("eiy", "i"),
    **dict.fromkeys("ouw", "u"), "p": "b", "v": "f", "x": "ks",
}  # fmt: skip
# Letters that other languages' names sound otherwise: Michael, Heather, Xi, Johannes, Wright.
_ALTERNATIVES = (
    ("ch", "k"), ("gh", ""), ("th", "d"), ("x", "sh"), ("j", "y"), ("ll", "y"), ("c", "s"),
    ("igh", "y"), ("ough", "o"), ("augh", "o"), ("kn", "n"), ("wr", "r"), ("cz", "ch"), ("cz", "s"),
    ("c", "j"),
    ("ough", "of"), ("tion", "shen"), ("ic", "ich"),
)  # fmt: skip
_MOST_ALTERNATIVES = 24
_ENDING = re.compile(r"(?:s|ans?|ians?|ese)$")
_PREFIXES = ("ال", "آل", "بال", "لل", "كال", "ب", "ل", "ك")
_VOWELS = frozenset("aiuh")
_OMITTED = {"a": 0.2, "i": 0.25, "u": 0.35, "h": 0.3}
_ADDED = {"a": 0.25, "i": 0.35, "u": 0.4, "h": 0.4}
_OTHER_VOWEL, _NEAR_CONSONANT, _VOWEL_FOR_CONSONANT = 0.35, 0.5, 1.3
_NEAR = frozenset(map(frozenset, ("td", "sx", "kx", "fb", "ks", "sd", "xd")))
_VOWEL_WEIGHT = 0.35  # of a vowel in a name's length, where a consonant counts 1
_SHORTEST = 1.3  # a name's length at least


def likeness(name: str, text: str, least: float = 0.0) -> float:
    """Return how well the best word of an Arabic text sounds like a name: 1 for the same.

    Two words that follow each other count as one too, and words glued together are looked into.
    Less than `least`, and less than 0, isn't told apart: looking for no more is quicker.
    """
    words, glued, unreadable = _sounds_of(text)
    spellings = _spellings(name)
    if not words or not spellings:
        return 0.0
    if spellings & words or any(len(s) > 2 and s in w for w in unreadable for s in spellings):
        return 1.0
    consonants = {re.sub("[aiuh]", "", s) for s in spellings}
    if any(len(c) > (2 if sure else 3) and c in w for c in consonants for w, sure in glued):
        return 1.0
    return max(_likeness(s, words, least) for s in spellings)


def _likeness(spelling: str, words: frozenset[str], least: float) -> float:
    """Return how like the best word is, passing over those with too many consonants or few.

    A consonant more or fewer costs 1 at least, so these can't be better than what was found.
    """
    length, consonants = _length(spelling), _consonants(spelling)
    best = 0.0
    for word in words:
        if abs(_consonants(word) - consonants) <= (1 - max(best, least)) * length:
            best = max(best, 1 - _distance(spelling, word) / length)
    return best


@functools.lru_cache(maxsize=50_000)
def _consonants(sounds: str) -> int:
    return sum(sound not in _VOWELS for sound in sounds)


def _length(spelling: str) -> float:
    vowels = sum(c in _VOWELS for c in spelling)
    return max(len(spelling) - vowels + _VOWEL_WEIGHT * vowels, _SHORTEST)


def _distance(latin: str, arabic: str) -> float:
    """Return the cheapest way from one spelling to the other (Wagner and Fischer, 1974)."""
    previous = [0.0]
    for y in arabic:
        previous.append(previous[-1] + _ADDED.get(y, 1.0))
    for x in latin:
        omitted = _OMITTED.get(x, 1.0)
        current = [previous[0] + omitted]
        for j, y in enumerate(arabic, start=1):
            step = previous[j - 1] + (0.0 if x == y else _exchange(x, y))
            current.append(min(previous[j] + omitted, current[-1] + _ADDED.get(y, 1.0), step))
        previous = current
    return previous[-1]


def _exchange(x: str, y: str) -> float:
    if x in _VOWELS or y in _VOWELS:
        return _OTHER_VOWEL if x in _VOWELS and y in _VOWELS else _VOWEL_FOR_CONSONANT
    return _NEAR_CONSONANT if frozenset((x, y)) in _NEAR else 1.0


@functools.lru_cache(maxsize=512)
def _sounds_of(
    text: str,
) -> tuple[frozenset[str], frozenset[tuple[str, bool]], frozenset[str]]:
    """Return a text's words in sounds, the consonants of those that may be several, and sentences.

    With the consonants, whether they surely are of several; sentences are those without spaces.
    """
    single: set[str] = set()
    for spaced in dict.fromkeys((text, part_words(text))):
        words = _ARABIC_WORD.findall(_MARKS.sub("", spaced))
        for word, following in itertools.pairwise([*words, ""]):
            forms = {_arabic(form) for form in _without_prefixes(word)}
            single |= forms | {form + _arabic(following) for form in forms if following}
    long = {w for w in _ARABIC_WORD.findall(_MARKS.sub("", text)) if len(w) >= _GLUED}
    glued = {(re.sub("[aiuh]", "", _arabic(w)), len(w) >= _SURELY_GLUED) for w in long}
    unreadable = {_arabic(w) for w in long if len(w) >= _UNREADABLE}
    return frozenset(single), frozenset(glued), frozenset(unreadable)


def _without_prefixes(word: str) -> set[str]:
    bare = {word} | {word[1:] for c in "وف" if word.startswith(c)}
    return bare | {
        b[len(p) :] for b in bare for p in _PREFIXES if b.startswith(p) and len(b) - len(p) > 1
    }


def _arabic(word: str) -> str:
    sounds = (_ARABIC_SOUNDS.get(c, "") for c in word.replace("تش", "چ"))
    return re.sub(r"(.)\1+", r"\1", "".join(sounds))


@functools.lru_cache(maxsize=4096)
def _spellings(name: str) -> frozenset[str]:
    """Return the ways in which a name in Latin letters may sound."""
    forms = {normalize_for_search(name)}
    for letters, sound in _ALTERNATIVES:
        if len(forms) < _MOST_ALTERNATIVES:
            forms |= {form.replace(letters, sound) for form in forms}
    forms |= {_ENDING.sub("", form) for form in forms if len(form) > 5}
    return frozenset(s for form in forms if (s := _latin(form)))


def _latin(word: str) -> str:
    sounds = re.sub(r"c(?=[eiy])", "s", re.sub(r"(.)\1+", r"\1", word))
    for letters, sound in _LATIN_PAIRS.items():
        sounds = sounds.replace(letters, sound)
    return re.sub("[^a-z]", "", "".join(_LATIN_SOUNDS.get(c, c) for c in sounds).lower())
