"""What a question names that a follow-up may refer to: places, people, offices, years.

Read by the lexicon of places and by how names are written, without a parser: in English a
person is a run of capitalised words, in Arabic the words after "who is" or after "said".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from vectorstore.arabic import normalize_for_search
from vectorstore.names import place_mentions, place_name, place_nouns

Kind = Literal["place", "person", "office", "year"]

_ARABIC = re.compile("[\u0621-\u064a]")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
_DEMONYM = re.compile(r"(?:[ei]an|ese|ish|[^aeiou]i|ch|ss|er|an)s?$")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_OFFICE = re.compile(
    r"\bthe (?:(?:foreign|prime|interior|defen[cs]e|finance|former|new) )?(?:minister|president|"
    r"king|queen|ambassador|spokes(?:man|woman|person)|governor|mayor|general|judge|director|"
    r"chairman|secretary|expert|coach|author|commander)\b",
    re.IGNORECASE,
)
_NO_NAME = frozenset(
    "who what when where why how which whose whom did does do is are was were has have had will "
    "can could would should the a an and but or if in on at to of for from by with about it he she "
    "they his her their there this that i tell please also january february march april may june "
    "july august september october november december monday tuesday wednesday thursday friday "
    "saturday sunday president minister foreign prime king queen prince general mr mrs ms dr "
    "professor judge colonel".split()
)
_ORGANISATION = frozenset(
    "centre center institute ministry council bank union organisation organization university "
    "party group movement agency court parliament committee studies club".split()
)
_ARABIC_STOP = frozenset(map(normalize_for_search, (
    "عن في من على إلى مع بعد قبل أن إن بأن حول خلال أمام لدى ضد هو هي ثم أو عند بشأن أيضا ذلك هذا"
).split()))  # fmt: skip
_ARABIC_PERSON = re.compile(
    r"(?:من (?:هو|هي)|(?:ماذا|متى|أين|لماذا) (?:قال|قالت|صرح|صرحت|أعلن|أعلنت|طلب|طلبت|فعل|فعلت|"
    r"زار|زارت))\s+([^؟?.،]+)"
)
_STATES = frozenset("المملكة مملكة جمهورية الجمهورية دولة سلطنة".split())  # before a country's name
_TAILS = frozenset("العربية المتحدة".split())  # after it
_LONGEST_NAME = 4  # words


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a text: `text[start:end]`, without clitics and possessive marks.

    `identity` is the place's id, else the name itself. `noun` is false for an adjective of
    a place (Libyan), which no noun can stand in for.
    """

    kind: Kind
    text: str
    start: int
    end: int
    identity: str
    noun: bool = True


def is_arabic(text: str) -> bool:
    """Tell whether a text is written in Arabic letters."""
    return bool(_ARABIC.search(text))


def find_places(text: str) -> list[Mention]:
    """Return the places that a text names, in order."""
    words = list(_WORD.finditer(text))
    found: list[Mention] = []
    i = 0
    while i < len(words):
        run = _place_run(text, words[i : i + _LONGEST_NAME])
        if run is None:
            i += 1
            continue
        length, identity = run
        found.append(_place(text, words[i].start(), words[i + length - 1].end(), identity))
        i += length
    return found


def find_people(text: str) -> list[Mention]:
    """Return the people that a text names, in order, each once."""
    if is_arabic(text):
        return _arabic_people(text)
    places = find_places(text)
    runs: list[list[re.Match[str]]] = []
    for word in _WORD.finditer(text):
        base = _POSSESSIVE.sub("", word.group())
        named = base[0].isupper() and base != base.upper() and base.lower() not in _NO_NAME
        if not named or any(p.start <= word.start() < p.end for p in places):
            continue
        if runs and not text[runs[-1][-1].end() : word.start()].strip():
            runs[-1].append(word)
        else:
            runs.append([word])
    people = [_person(text, run) for run in runs if not _opens_sentence(text, run)]
    kept = [p for p in people if not _ORGANISATION & set(p.text.lower().split())]
    return list({p.text: p for p in kept}.values())


def find_offices(text: str) -> list[Mention]:
    """Return the offices that a text speaks of ("the minister"), in order."""
    return [Mention("office", m[0], m.start(), m.end(), m[0]) for m in _OFFICE.finditer(text)]


def find_years(text: str) -> list[Mention]:
    """Return the years in a text, in order."""
    return [Mention("year", m[0], m.start(), m.end(), m[0]) for m in _YEAR.finditer(text)]


def attach(prefix: str, name: str) -> str:
    """Return an Arabic name behind a clitic: ل and الأردن make للأردن."""
    if prefix.endswith("ل") and name.startswith("ال"):
        return f"{prefix}{name[1:]}"
    return prefix + name


def _place_run(text: str, words: list[re.Match[str]]) -> tuple[int, str] | None:
    """Return how many of the words are a place's name, and its id; the full name if it's there."""
    shortest = None
    for length in range(1, len(words) + 1):
        run = text[words[0].start() : words[length - 1].end()]
        ids = place_mentions(run) - {"arabs"}  # part of several states' names
        if len(ids) != 1:
            continue
        (identity,) = ids
        if _POSSESSIVE.sub("", run).casefold() == place_name(identity).casefold():
            return length, identity
        last = words[length - 1].group()
        if words[0].group() in _STATES or (shortest and last in _TAILS):
            shortest = length, identity
        elif shortest is None and (length == 1 or not _names_place(text, words[1:length])):
            shortest = length, identity
    return shortest


def _names_place(text: str, words: list[re.Match[str]]) -> bool:
    return bool(place_mentions(text[words[0].start() : words[-1].end()]))


def _place(text: str, start: int, end: int, identity: str) -> Mention:
    surface = text[start:end]
    if is_arabic(surface):
        prefix, name = _split_clitic(surface, identity)
        noun = normalize_for_search(name) in place_nouns() or " " in name
        return Mention("place", name, start + len(prefix), end, identity, noun)
    base = _POSSESSIVE.sub("", surface)
    noun = base.casefold() == place_name(identity).casefold() or not _DEMONYM.search(base)
    return Mention("place", base, start, start + len(base), identity, noun)


def _split_clitic(word: str, identity: str) -> tuple[str, str]:
    """Return an Arabic place's clitic and its name: بالمغرب is ب and المغرب."""
    for length in (2, 1):
        prefix, rest = word[:length], word[length:]
        if re.fullmatch("[وف]?[بلك]?", prefix) and place_mentions(rest) == {identity}:
            if prefix.endswith("ل") and rest.startswith("ل") and not place_mentions(rest[1:]):
                continue
            if prefix.endswith("ل") and rest.startswith("ل"):
                return prefix, "ا" + rest
            return prefix, rest
    if word.startswith("لل") and place_mentions(word[2:]) == {identity}:
        return "ل", "ال" + word[2:]
    return "", word


def _person(text: str, run: list[re.Match[str]]) -> Mention:
    start = run[0].start()
    end = start + len(_POSSESSIVE.sub("", text[start : run[-1].end()]))
    return Mention("person", text[start:end], start, end, text[start:end])


def _opens_sentence(text: str, run: list[re.Match[str]]) -> bool:
    """Tell whether a run is one word at a sentence's start, capitalised for that alone."""
    before = text[: run[0].start()].rstrip()
    return len(run) == 1 and len(text.split()) > 1 and (not before or before[-1] in ".!?:]")


def _arabic_people(text: str) -> list[Mention]:
    people = []
    for match in _ARABIC_PERSON.finditer(text):
        words: list[str] = []
        for word in match[1].split():
            if normalize_for_search(word) in _ARABIC_STOP or len(words) == _LONGEST_NAME:
                break
            words.append(word)
        name = " ".join(words)
        if words and not place_mentions(name):
            start = match.start(1)
            people.append(Mention("person", name, start, start + len(name), name))
    return people
