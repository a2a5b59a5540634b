"""How names look in two scripts: places by a lexicon, people by their consonants.

An Arabic text and an English one share few words, but they share names. Places come from the
Unicode CLDR (through babel) and a short list of our own for what CLDR hasn't; other names are
compared by a skeleton of consonant classes that survives transliteration: بنحمو and
Benhammou are both `bnm`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from importlib.resources import files

from vectorstore.arabic import normalize_for_search
from vectorstore.articles import hash_id

LEXICON_LANGUAGES = frozenset(("ar", "en"))
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ARABIC = re.compile(r"[\u0621-\u064a]")
_CAPITALISED = re.compile(r"\b[A-Z][\w'’-]*[a-z][\w'’-]*")
_POSSESSIVE = re.compile(r"['’]s?$")
_NISBA = re.compile(r"(?:يتين|يون|يين|يات|يه|ي|ا|ه)$")
_TERRITORY = re.compile("[A-Z]{2}")
_AMBIGUOUS_PLACES = frozenset("مالي عمان بنين قطر كوبا ايل توغو جبل جزر الدانمرك افريقي".split())
_SURE_CITIES = frozenset(("rabat", "riyadh", "gaza"))
_LONGEST_NAME = 4  # words
_GLUED = 9  # letters: a longer word may be several, written without spaces
_MARKS = re.compile("[\u0640\u064b-\u0652\u0670]")
_AFTER_END = re.compile("([\u064c\u064d]|\u064bا|ة|ى)(?=[ء-ي])")
_BEFORE_START = re.compile("([ء-ي]{3})(?=[أإ][ء-ي]{2}|ال[ء-ي]{3})")
_JOINED_PREPOSITION = re.compile(
    "(?<=[ء-ي]{3})(?:في|من|على|عن)(?![ء-ي])|(?<![ء-ي])(?:في|من|على|عن|مع|أن)(?=[ء-ي]{3})"
)
_RELATED = tuple(
    frozenset(group.split())
    for group in (
        "GB england", "GB scotland", "GB wales", "GB northern-ireland", "150 EU eu", "MA maghreb",
        "US washington", "CN beijing", "RU moscow", "arabs 145", "EH sahara 015",
        "PS gaza", "CD CG", "MK macedonia",
    )
)  # fmt: skip

# Sounds that transliterations of Arabic don't tell apart reliably share a class.
_LATIN_PAIRS = (
    ("tch", "x"), ("sch", "x"), ("sh", "x"), ("ch", "x"), ("kh", "k"), ("gh", "k"), ("dh", "d"),
    ("th", "t"), ("ph", "f"), ("ou", ""), ("oo", ""), ("ck", "k"),
)  # fmt: skip
_LATIN = str.maketrans({
    **dict.fromkeys("aeiouyhw'’-", ""), **dict.fromkeys("gjqkc", "k"), **dict.fromkeys("sz", "s"),
    "p": "b", "v": "f", "x": "ks",
})  # fmt: skip
_ARABIC_CLASSES = str.maketrans({
    **dict.fromkeys("جغقكخگ", "k"), **dict.fromkeys("سصز", "s"), **dict.fromkeys("دضذظ", "d"),
    **dict.fromkeys("تطث", "t"), **dict.fromkeys("بپ", "b"), **dict.fromkeys("فڤ", "f"),
    "ش": "x", "چ": "x", "ل": "l", "م": "m", "ن": "n", "ر": "r",
    **dict.fromkeys("اويهعءئؤآأإةىح", ""),
})  # fmt: skip
_DOUBLED = re.compile(r"(.)\1+")
_CLITICS = ("وال", "بال", "كال", "فال", "ال", "لل")


def place_mentions(text: str) -> frozenset[str]:
    """Return the ids of the places, peoples and organisations that a text names.

    Ids are CLDR territory codes (`MA` for Morocco, المغرب, Moroccan, المغربية; `150` for
    Europe) and our own list's (`tripoli`). Arabic words are read with their prefixes off, and
    an adjective (nisba) counts as its country.
    """
    return frozenset(found_places(text))


def found_places(text: str) -> dict[str, str]:
    """Return the places that a text names by id, each with the words that name it first."""
    plain = _MARKS.sub("", text)
    found: dict[str, str] = {}
    for identity, words in _located(plain):
        found.setdefault(identity, " ".join(word.group() for word in words))
    latin, _ = _lexicon()
    for word in _WORD.findall(plain):
        found.update({p: word for p in _hyphened(latin, word) if p not in found})
    return found


def locate_places(text: str) -> list[tuple[str, int, int]]:
    """Return each place that a text names by a noun, with where the name starts and ends.

    The ids are those of `place_mentions`. An adjective names no place here (a Libyan minister
    isn't Libya), nor does a word that means something else as often; what is written onto an
    Arabic name, such as a conjunction, isn't part of it.
    """
    places = []
    for identity, words in _located(text):
        start, end = words[0].start(), words[-1].end()
        before = _before_noun(words, identity)
        if before is not None:
            places.append((identity, start + before, end))
    return places


def _located(text: str) -> Iterator[tuple[str, list[re.Match[str]]]]:
    """Yield the places of a text with the words that name them, in reading order."""
    latin, arabic = _lexicon()
    words = list(_WORD.finditer(text))
    i = 0
    while i < len(words):
        run = [word.group() for word in words[i : i + _LONGEST_NAME]]
        name, length = None, 1
        if _ARABIC.search(run[0]):
            name, length = _longest(arabic, [_arabic_forms(w) for w in run])
        elif run[0] != run[0].lower():
            name, length = _longest(latin, [_latin_forms(w) for w in run])
        if name:
            yield name, words[i : i + length]
        i += length


def _before_noun(words: Sequence[re.Match[str]], identity: str) -> int | None:
    """Return how many letters stand before a place's name; None where it is no noun."""
    first = words[0].group()
    if not _ARABIC.search(first):
        name = " ".join(_POSSESSIVE.sub("", word.group()) for word in words)
        acronym = name.isupper() and len(name) < 5
        return 0 if acronym or name.lower() == place_name(identity).lower() else None
    folded = normalize_for_search(first)
    nouns = place_nouns()
    _, arabic = _lexicon()
    for prefix in ("", "و", "ف", "ب", "ل", "ك", "وب", "ول"):
        rest = folded.removeprefix(prefix)
        if not folded.startswith(prefix) or len(rest) < 3:
            continue
        if len(words) > 1 and _key([rest, *(word.group() for word in words[1:])]) in arabic:
            return len(prefix)
        if rest in nouns and nouns[rest] == place_name(identity):
            return len(prefix)
    for prefix in ("لل", "ولل"):  # the article's own letter is gone
        if folded.startswith(prefix) and nouns.get("ال" + folded[len(prefix) :]):
            return len(prefix)
    return None


def part_words(text: str) -> str:
    """Return an Arabic text with spaces where two words surely, or likely, were written as one.

    Feeds and PDF files lose spaces. Words end after a teh marbuta, an alef maqsura or a
    nunation, begin with an alef with hamza or an article, and may be joined to a preposition. A
    word may be cut wrongly too, so what is found is to be taken beside the text as it stands.
    """
    apart = _AFTER_END.sub(r"\1 ", text)
    return _JOINED_PREPOSITION.sub(" ", _BEFORE_START.sub(r"\1 ", apart))


def place_name(identity: str) -> str:
    """Return the English name of a place's id; the id itself where there is none."""
    return _english_names().get(identity, identity)


def glued_places(text: str) -> frozenset[str]:
    """Return the ids of places named within longer Arabic words, where spaces were lost."""
    words = [w for w in map(normalize_for_search, _WORD.findall(text)) if len(w) >= _GLUED]
    found = frozenset(i for name, i in _glued_names() if any(name in word for word in words))
    return found | place_mentions(part_words(text))


@functools.cache
def _glued_names() -> list[tuple[str, str]]:
    """Return the Arabic names without spaces, with articles inside and without, and their ids."""
    _, arabic = _lexicon()
    parts = [([word.lstrip("~") for word in key], identity) for key, identity in arabic.items()]
    names = ((joint.join(words), identity) for words, identity in parts for joint in ("", "ال"))
    return list(dict.fromkeys(pair for pair in names if len(pair[0]) > 4))


def latin_place_words() -> list[tuple[str, str]]:
    """Return the English one-word names of places and peoples, in small letters, with their ids."""
    latin, _ = _lexicon()
    return [(words[0], identity) for words, identity in latin.items() if len(words) == 1]


def related_places(identity: str) -> frozenset[str]:
    """Return a place's id with those that the press uses for it: Britain for England, say."""
    return frozenset((identity,)).union(*(group for group in _RELATED if identity in group))


def skeleton(word: str) -> str:
    """Return the consonant classes of a word in Arabic or Latin script."""
    if _ARABIC.search(word):
        classes = normalize_for_search(word).translate(_ARABIC_CLASSES)
        classes = re.sub(r"[^a-z]", "", classes)
    else:
        single = _DOUBLED.sub(r"\1", normalize_for_search(word))
        classes = re.sub(r"c(?=[eiy])", "s", single)
        for pair, sound in _LATIN_PAIRS:
            classes = classes.replace(pair, sound.upper())
        classes = classes.translate(_LATIN).lower()
        classes = re.sub(r"[^a-z]", "", classes)
    return classes


def arabic_skeletons(word: str) -> set[str]:
    """Return the skeletons of an Arabic word as it stands and without its prefixes."""
    plain = normalize_for_search(word)
    forms = {plain} | {plain[len(c) :] for c in _CLITICS if plain.startswith(c)}
    forms |= {form[1:] for form in forms if form[:1] in ("و", "ب", "ل", "ف", "ك") and len(form) > 3}
    return {s for s in map(skeleton, forms) if len(s) > 1}


def name_candidates(text: str) -> list[str]:
    """Return the capitalised words of a Latin-script text that may be names, in order.

    A sentence's first word counts too: whoever asks decides what to make of it. Words of
    places and peoples that `place_mentions` knows are left out.
    """
    known = _place_words()
    words = (_POSSESSIVE.sub("", w) for w in _CAPITALISED.findall(text))
    return [w for w in words if not known.issuperset(w.lower().split("-"))]


def _longest(
    lexicon: dict[tuple[str, ...], str], forms: list[tuple[str, ...]]
) -> tuple[str | None, int]:
    """Return the id of the longest name that begins here, and its number of words.

    Each word may have several forms.
    """
    for length in range(len(forms), 0, -1):
        combinations: list[tuple[str, ...]] = [()]
        for variants in forms[:length]:
            combinations = [(*done, v) for done in combinations for v in variants]
        for name in combinations:
            if name in lexicon:
                return lexicon[name], length
    return None, 1


def _hyphened(lexicon: dict[tuple[str, ...], str], word: str) -> list[str]:
    """Return the ids of both parts of Russian-Turkish; Guinea-Bissau is a name of its own."""
    parts = word.split("-")
    if len(parts) == 1 or (word.lower(),) in lexicon:
        return []
    found = [part.lower() for part in parts if _may_be_place(part)]
    return [lexicon[part,] for part in found if (part,) in lexicon]


@functools.cache
def _place_words() -> frozenset[str]:
    latin, _ = _lexicon()
    return frozenset(part for name in latin for word in name for part in word.split("-"))


def _latin_forms(word: str) -> tuple[str, ...]:
    """Return a word's forms: as it is, without a possessive, and its parts around a hyphen."""
    forms = [word, _POSSESSIVE.sub("", word)]
    forms += [part for form in forms for part in form.split("-")]
    return tuple(dict.fromkeys(form.lower() for form in forms if _may_be_place(form)))


def _may_be_place(word: str) -> bool:
    return len(word) > 3 or word == word.upper()  # Un isn't the UN


@functools.lru_cache(maxsize=50_000)
def _arabic_forms(word: str) -> tuple[str, ...]:
    """Return an Arabic word's forms: as it is, without prefixes, without a nisba's ending."""
    plain = normalize_for_search(word)
    forms = [plain]
    for conjunction in ("", "و", "ف"):
        if plain.startswith(conjunction):
            rest = plain[len(conjunction) :]
            forms += [rest[len(c) :] for c in ("", "ب", "ل", "ك") if rest.startswith(c)]
            forms += [rest[len(c) :] for c in ("ال", "بال", "كال", "لل") if rest.startswith(c)]
    unique = dict.fromkeys(form for form in forms if len(form) > 2)
    cut = [(form, _NISBA.sub("", form)) for form in unique]
    cut += [(form, form.removesuffix("يا")) for form in unique]  # أوروبيا, "in Europe"
    stems = dict.fromkeys("~" + stem for form, stem in cut if 2 < len(stem) < len(form))
    return (*unique, *stems)


@functools.cache
def _english_names() -> dict[str, str]:
    from babel import Locale

    names = {identity: english[0] for identity, english, _ in _own_list()}
    return names | dict(Locale("en").territories)


@functools.cache
def _lexicon() -> tuple[dict[tuple[str, ...], str], dict[tuple[str, ...], str]]:
    """Return names as tuples of words, with their ids: for Latin script and for Arabic.

    Arabic keys that begin with `~` are stems: they match a word without its nisba ending.
    """
    from babel import Locale

    latin: dict[tuple[str, ...], str] = {}
    arabic: dict[tuple[str, ...], str] = {}
    for identity, name in Locale("en").territories.items():
        latin[_words(name)] = identity
    for identity, name in Locale("ar").territories.items():
        _add_arabic(arabic, name, identity)
    for identity, english, arabic_names in _own_list():
        latin.update({_words(name): identity for name in english})
        for name in arabic_names:
            _add_arabic(arabic, name, identity)
    latin |= {(f"{w[0]}s",): i for w, i in latin.items() if len(w) == 1 and w[0].endswith("an")}
    latin.pop(("world",), None)
    arabic.pop(("عالم",), None)
    arabic.pop(("~عالم",), None)
    return latin, arabic


def _add_arabic(lexicon: dict[tuple[str, ...], str], name: str, identity: str) -> None:
    words = _key(_WORD.findall(name))
    if name.startswith(("=", "!")):  # exactly this form: its stem means something else too
        lexicon[words] = identity
        return
    lexicon[words] = identity
    sure = len(words) == 1 and words[0] not in _AMBIGUOUS_PLACES
    stem = _NISBA.sub("", words[0]) if sure else ""
    if len(stem) > 2:
        lexicon.setdefault(("~" + stem,), identity)


def _key(words: Sequence[str]) -> tuple[str, ...]:
    """Return Arabic words as the lexicon has them: folded, without their article."""
    return tuple(normalize_for_search(re.sub("^ال(?=...)", "", word)) for word in words)


def _words(name: str) -> tuple[str, ...]:
    return tuple(word.lower() for word in _WORD.findall(name))


def arabic_place_names(english: str) -> frozenset[str]:
    """Return the Arabic names, folded, of the place that has this English name of one word."""
    latin, _ = _lexicon()
    identity = latin.get((english.lower(),))
    return _arabic_names().get(identity, frozenset()) if identity else frozenset()


@functools.cache
def _arabic_names() -> dict[str, frozenset[str]]:
    """Return the places' Arabic names by id, without an article."""
    names: dict[str, frozenset[str]] = {}
    for words, identity in _lexicon()[1].items():
        if not words[0].startswith("~"):
            names[identity] = names.get(identity, frozenset()) | {" ".join(words)}
    return names


@functools.cache
def lexicon_digest() -> str:
    """Return what tells one edition of our own list of places from another."""
    return hash_id((files("vectorstore") / "data" / "places.txt").read_text("utf-8"))


@functools.cache
def _own_list() -> list[tuple[str, list[str], list[str]]]:
    """Read `data/places.txt`: id | English names | Arabic names, names parted by commas."""
    rows = []
    for line in (files("vectorstore") / "data" / "places.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            identity, english, arabic = (part.strip() for part in line.split("|"))
            rows.append((identity, _names(english), _names(arabic)))
    return rows


def _names(column: str) -> list[str]:
    return [name.strip() for name in column.split(",") if name.strip()]


@functools.cache
def place_nouns() -> dict[str, str]:
    """Return the Arabic one-word names that are surely a place's, folded, with the English.

    Adjectives are left out (a Libyan minister isn't Libya), and so are the words that mean
    something else as often: مالي is Mali and "financial".
    """
    from babel import Locale

    english = _english_names()
    nouns = {
        normalize_for_search(name): english[identity]
        for identity, name in Locale("ar").territories.items()
        if _TERRITORY.fullmatch(identity) and len(_WORD.findall(name)) == 1
    }
    for identity, _, arabic in _own_list():
        for name in arabic:
            sure = name[0] not in "=!" or identity in _SURE_CITIES
            if name[0] == "!" or (sure and " " not in name and not name.endswith("ي")):
                nouns[normalize_for_search(name.lstrip("=!"))] = english[identity]
    return {name: place for name, place in nouns.items() if name not in _AMBIGUOUS_PLACES}
