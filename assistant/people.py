"""The people whom a text names, told by what stands around names.

Arabic has no capitals, so a name is taken for one where something says so: a given name that is
no ordinary word in front of another word, a title, or a verb of saying before it. A surname
that came with a given name is known wherever it stands alone. What isn't sure is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from assistant.naming import (
    cues,
    english_words,
    given_names,
    is_arabic_word,
    latin_given_names,
    roles,
    sure_surnames,
    surnames,
)
from assistant.translation.glossary import romanize
from vectorstore.arabic import normalize_for_search
from vectorstore.articles import Span
from vectorstore.names import place_mentions

_ARABIC = re.compile(r"[\u0621-\u064a]")
_WORD = re.compile(r"[\u0621-\u0652\u0670-\u06d3]+")
_PREFIXES = ("و", "ف", "ل", "ب", "ك", "ول", "وب")
_PARTICLES = {
    "بن": "ben", "ابن": "Ibn", "ابو": "Abu", "بو": "Bou", "ال": "Al", "آل": "Al", "دي": "de",
    "بنت": "bint", "ولد": "Ould", "الشيخ": "Cheikh", "فان": "van", "فون": "von", "دا": "da",
    "لو": "Le",
}  # fmt: skip
_ORDINALS = {"الاول": "I", "الثاني": "II", "الثالث": "III", "الرابع": "IV", "الخامس": "V",
             "السادس": "VI", "السابع": "VII", "الثامن": "VIII"}  # fmt: skip
_ALL_CAPITALS = ("de", "lb")
_HEADS = ("الرييس", "الوزير", "الوزيره", "الملك")  # their country may stand before the name
_VERBS = re.compile("^(?:ي(?:..+)|س[يت]..+|ال.*(?:ون|ات)|وال.+|بال.+|لل.+|كال.+|و.+|است..+)$")
_PRONOUN = re.compile("..(?:ها|هم|هن|نا|كم)$")
_TANWIN = re.compile("[\u064b-\u064d]")
_ONTO_HAMZA = ("لإ", "لأ", "بإ", "بأ", "كأ")  # prepositions written onto a noun
_SHORTEST = 3  # letters of a surname that stands alone
_LONGEST = 4  # words behind a given name
_NAME = re.compile(
    r"[A-ZÀ-ÖØ-Þ][\w’'-]*[a-zß-öø-ÿ](?: (?:(?:de|da|del|van|von|bin|ben|al|el|la|di|den)[ -])*"
    r"(?:[A-Z]\. )?[A-ZÀ-ÖØ-Þ][\w’-]*[a-zß-öø-ÿ])+"
)


@dataclass(slots=True)
class Person:
    """Somebody whom a text names: the English name, and everywhere it stands, in order."""

    name: str
    words: tuple[str, ...]  # the name as the text writes it, word by word
    spans: list[Span] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    text: str
    folded: str
    joined: bool  # only a blank parts it from the one before
    apposed: bool  # a comma does: وزير الخارجية، ناصر بوريطة


def find_people(text: str, language: str) -> list[Person]:
    """Return the people that a text names, the most mentioned first.

    Where every noun has a capital, as in German, nobody can be told.
    """
    if language in _ALL_CAPITALS:
        return []
    people = _arabic_people(text) if _ARABIC.search(text) else _latin_people(text)
    for person in people:
        person.spans.sort(key=lambda span: span.start)
    return sorted(people, key=lambda p: (-len(p.spans), p.spans[0].start))


def speaks(text: str, span: Span) -> bool:
    """Tell whether a verb of saying stands right before a name of an Arabic text."""
    *_, before = ["", *_WORD.findall(text[max(0, span.start - 30) : span.start])]
    return normalize_for_search(before) in cues("saying")


def _arabic_people(text: str) -> list[Person]:
    tokens = list(_tokens(text))
    people: dict[str, Person] = {}
    taken: set[int] = set()
    i = 0
    while i < len(tokens):
        read = _read_name(tokens, i)
        if read is None:
            i += 1
            continue
        start, end, latin = read
        _add(people, text, Span(start, tokens[end - 1].end), " ".join(latin))
        taken |= set(range(i, end))
        i = end
    for n, token in enumerate(tokens):
        if n not in taken:
            _add_alone(people, token)
    return list(people.values())


def _tokens(text: str) -> Iterator[_Token]:
    end = 0
    for match in _WORD.finditer(text):
        gap = text[end : match.start()]
        joined = bool(end) and gap in (" ", "\u00a0", ". ")
        folded = normalize_for_search(match.group())
        apposed = gap.strip() in ("،", ",")
        yield _Token(match.start(), match.end(), match.group(), folded, joined, apposed)
        end = match.end()


def _read_name(tokens: list[_Token], i: int) -> tuple[int, int, list[str]] | None:
    """Return where a name begins in the text and ends among the tokens, and its English words."""
    token = tokens[i]
    addressed, in_role = _before(tokens, i)
    for prefix in ("", *_PREFIXES):
        if not token.folded.startswith(prefix) or len(token.folded) - len(prefix) < 2:
            continue
        form = token.folded[len(prefix) :]
        if form in sure_surnames():
            return token.start + len(prefix), i + 1, [surnames()[form]]
        given, used = _given(form, tokens, i)
        if given is None or (prefix and given[1]):
            continue
        latin = [given[0]]
        end = _extend(tokens, i + used, latin)
        told = in_role or addressed or (i > 0 and tokens[i - 1].folded in cues("saying"))
        next_known = len(latin) > 1 and _known_name(tokens[i + used].folded)
        if given[1] and not (told or next_known):
            continue
        if len(latin) > 1 or used > 1 or addressed:
            return token.start + len(prefix), end, latin
    if addressed and _name_like(token.folded) and not token.folded.startswith("ال"):
        latin = [_spell(token)]
        end = i + 1
        if end < len(tokens) and tokens[end].joined and _known_name(tokens[end].folded):
            latin.append(_spell(tokens[end]))
            end += 1
        return token.start, end, latin
    return None


def _before(tokens: list[_Token], i: int) -> tuple[bool, bool]:
    """Tell whether a form of address stands right before a word, and whether any role does.

    The country of a president may stand between: الرئيس الأمريكي دونالد ترامب.
    """
    if not (tokens[i].joined or tokens[i].apposed):
        return False, False
    for n in range(i - 1, max(-1, i - 5), -1):
        word = tokens[n].folded
        for form in (word, word[1:], "ا" + word[1:] if word.startswith("لل") else word):
            if form in roles():
                one = n > 0 and tokens[n - 1].folded in cues("pointing")
                plain = n == i - 1 or form in _HEADS
                called = form in cues("addresses") and plain and tokens[i].joined and not one
                return called, True
        adjective = word.startswith("ال") and bool(place_mentions(tokens[n].text))
        if not (adjective or word in cues("within roles")) or not tokens[n].joined:
            break
    return False, False


def _given(form: str, tokens: list[_Token], i: int) -> tuple[tuple[str, bool] | None, int]:
    """Return the given name that begins with a word, and how many words it has."""
    following = tokens[i + 1] if i + 1 < len(tokens) and tokens[i + 1].joined else None
    if following is not None and following.folded.startswith("ال"):
        if form == "عبد" and len(following.folded) > 4:
            known = given_names().get(form + following.folded)
            return known or (f"Abdel{_plain(following)}", False), 2
        if following.folded == "الدين" and form in cues("of faith"):
            known = given_names().get(form)
            return ((known[0] if known else romanize(form)) + " al-Din", False), 2
    if _is_preposition(tokens[i]):
        return None, 1
    return given_names().get(form), 1


def _plain(token: _Token) -> str:
    return romanize(token.text).removeprefix("al-").lower()


def _extend(tokens: list[_Token], end: int, latin: list[str]) -> int:
    """Add the words that follow a given name and belong to it; return where the name ends."""
    whole, words, last = end, len(latin), min(end + _LONGEST, len(tokens))
    while end < last:
        token = tokens[end]
        if not token.joined or "." in token.text:
            break
        compound, used = _given(token.folded, tokens, end)
        end += used
        if compound is not None and used > 1:  # عبد الفتاح
            latin.append(compound[0])
            whole, words = end, len(latin)
            continue
        if token.folded in _PARTICLES:
            latin.append(_PARTICLES[token.folded])
            continue
        if token.folded in _ORDINALS:
            latin.append(_ORDINALS[token.folded])
            whole, words = end, len(latin)
            break
        known = token.folded in given_names() and not _is_preposition(token)
        if not known and (not _name_like(token.folded) or _is_inflected(token, tokens)):
            break
        latin.append(_spell(token))
        whole, words = end, len(latin)
        following = tokens[end] if end < len(tokens) and tokens[end].joined else None
        more = following is not None and following.folded in surnames()
        if not known and not more:
            break
    del latin[words:]
    return whole


def _is_preposition(token: _Token) -> bool:
    """Tell whether a word is على, which folding makes the same as علي, Ali."""
    return token.folded == "علي" and token.text.endswith("ى")


def _is_inflected(token: _Token, tokens: list[_Token]) -> bool:
    """Tell whether a word is no name: it has a case's ending, or a preposition's letter.

    The latter where its rest is a word that the text has elsewhere: لهدف.
    """
    if _TANWIN.search(token.text) or token.text[:2] in _ONTO_HAMZA:
        return True
    if not token.folded.startswith(("ل", "ب", "ك")):
        return False
    rest = token.folded[1:]
    return any(t.folded in (rest, "ال" + rest) for t in tokens)


def _name_like(folded: str) -> bool:
    """Tell whether a word may be a surname: not a known word, verb, place or plural."""
    if (
        len(folded) < 2
        or folded in cues("no surnames") | cues("saying") | roles()
        or folded in cues("within roles")
    ):
        return False
    if _known_name(folded):
        return True
    if is_arabic_word(folded):
        return False
    return not (_VERBS.match(folded) or _PRONOUN.match(folded) or place_mentions(folded))


def _known_name(folded: str) -> bool:
    return folded in surnames() or (folded in given_names() and not given_names()[folded][1])


def _spell(token: _Token) -> str:
    known = surnames().get(token.folded)
    given = given_names().get(token.folded)
    return known or (given[0] if given else romanize(token.text))


def _add(people: dict[str, Person], text: str, span: Span, name: str) -> None:
    """Note a mention of a whole name, under its last word."""
    words = tuple(text[span.start : span.end].split())
    folded = [normalize_for_search(word) for word in words]
    key = " ".join(folded[-2:]) if folded[-1] in _ORDINALS else folded[-1]
    person = people.setdefault(key, Person(name, words))
    if len(words) > len(person.words):
        person.name, person.words = name, words
    person.spans.append(span)


def _add_alone(people: dict[str, Person], token: _Token) -> None:
    """Note a surname that stands alone, if it came with a given name elsewhere."""
    for prefix in ("", *_PREFIXES):
        key = token.folded[len(prefix) :]
        if token.folded.startswith(prefix) and len(key) >= _SHORTEST and key in people:
            people[key].spans.append(Span(token.start + len(prefix), token.end))
            return


def _latin_people(text: str) -> list[Person]:
    """Return the names of several capitalised words that aren't places, institutions or words.

    A name may have a word in it only behind a given name: Peter Bone.
    """
    people: dict[str, Person] = {}
    no_person, given = cues("no person") | cues("titles"), latin_given_names()
    for match in _NAME.finditer(text):
        words, start = match.group().split(" "), match.start()
        first = next((n for n, word in enumerate(words) if word in given), None)
        if first is None:
            first = next((n for n, w in enumerate(words) if w.rstrip(".") not in no_person), 0)
        start += sum(len(word) + 1 for word in words[:first])
        words = words[first:]
        common = "'s" in match.group() or "’s" in match.group()
        common |= words[0] not in given and any(w.lower() in english_words() for w in words)
        if len(words) < 2 or cues("no person") & set(words) or common or place_mentions(words[0]):
            continue
        person = people.setdefault(words[-1], Person(" ".join(words), tuple(words)))
        person.spans.append(Span(start, match.end()))
    covered = [span for person in people.values() for span in person.spans]
    for surname, person in people.items():
        for match in re.finditer(rf"\b{re.escape(surname)}\b", text):
            if not any(s.start <= match.start() < s.end for s in covered):
                person.spans.append(Span(match.start(), match.end()))
    return list(people.values())
