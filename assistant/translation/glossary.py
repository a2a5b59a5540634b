"""Names put into Latin letters before a sentence is translated.

A small translator guesses at names: بنحمو became "Ben Affleck". It copies Latin words that stand
in the Arabic, though. So what is surely a name is written in them beforehand: places from the
lexicon, and people, told by their given names, romanised as the press of North Africa and the
Levant does it. A surname that an article gave once is known wherever it stands alone.
"""

from __future__ import annotations

import functools
import re
from importlib.resources import files

from vectorstore.arabic import normalize_for_search
from vectorstore.names import place_mentions, place_nouns

_WORD = re.compile(r"[\u0621-\u0652\u0670-\u06d3]+")
_CONJUNCTION = re.compile("^[وف](?=.{3})")
# What is left of a prefix when the name behind it no longer is Arabic.
_PREFIXES = (("بال", "في "), ("لل", "ل "), ("ال", ""), ("ب", "في "), ("ل", "ل "), ("", ""))
_OF_A_FATHER = re.compile(r"\s+(?:بن|بنت|ابن)\s")  # what it follows is a given name
_PARTICLES = {
    "بن": "ben",
    "بنت": "bint",
    "ابن": "Ibn",
    "ابو": "Abu",
    "بو": "Bou",
    "ال": "Al",
    "آل": "Al",
}
_ORDINALS = {"الاول": "I", "الثاني": "II", "الثالث": "III", "الرابع": "IV", "الخامس": "V",
             "السادس": "VI", "السابع": "VII", "الثامن": "VIII"}  # fmt: skip
_NOT_SURNAMES = frozenset(
    "في من على الي عن ان انه انها التي الذي الذين هو هي هم قد وقد كان كانت قال وقال يقول اكد واكد "
    "اوضح واوضح اضاف واضاف اشار واشار صرح ذكر وذكر اعتبر واعتبر كشف اعلن واعلن دعا شدد عبر راي يري "
    "ثم او كما حيث بعد قبل مع منذ خلال حول ضد بين عند لدي هذا هذه ذلك تلك يوم امس اليوم لم لا لن "
    "الي كل غير رئيس وزير مدير عضو زعيم قائد الرئيس الوزير بان فان عام سنه رضي رحمه صلي عليه النبي "
    "الرسول وصل زار التقي استقبل بحث ترأس اكدت قالت اضافت اوضحت".split()
)
_TITLES = frozenset(
    "الرئيس الوزير وزير وزيره رئيس السيد السيده الامير الاميره الملك الشيخ الدكتور دكتور الجنرال "
    "الفريق اللواء العقيد المشير المستشار الاستاذ النائب السفير المحامي الصحفي الصحافي الحاج "
    "الخارجيه الداخليه الدفاع الماليه العدل الصحه التعليم الوزراء الجمهوريه البرلمان قال واوضح "
    "اوضح وقال اكد واكد اشار واشار".split()
)
_LONGEST_ARTICLE = 200_000  # characters looked through for names
_LETTERS = {
    "ا": "a", "أ": "a", "إ": "i", "آ": "a", "ب": "b", "ت": "t", "ث": "th", "ج": "j", "ح": "h",
    "خ": "kh", "د": "d", "ذ": "dh", "ر": "r", "ز": "z", "س": "s", "ش": "sh", "ص": "s", "ض": "d",
    "ط": "t", "ظ": "z", "ع": "a", "غ": "gh", "ف": "f", "ق": "q", "ك": "k", "ل": "l", "م": "m",
    "ن": "n", "ه": "h", "ة": "a", "و": "ou", "ي": "i", "ى": "a", "ئ": "i", "ؤ": "o", "ء": "",
    "گ": "g", "ڤ": "v", "پ": "p", "چ": "ch",
}  # fmt: skip
_MARKS = re.compile("[\u0640\u064b-\u0652\u0670]")
_VOWELS = tuple("aeiou")


def write_names(sentence: str, context: str = "") -> str:
    """Return an Arabic sentence with its sure names in Latin letters, the rest as it was.

    Args:
        sentence: one sentence.
        context: the article that it stands in, where names are introduced.
    """
    surnames = _surnames(context[:_LONGEST_ARTICLE]) if context else {}
    names = _people(sentence, surnames)
    pieces, position = [], 0
    for match in _WORD.finditer(sentence):
        written = names.get(match.start()) or _place(match.group(), sentence[match.end() :])
        if written:
            pieces += [sentence[position : match.start()], written]
            position = match.end()
    return "".join([*pieces, sentence[position:]])


def romanize(word: str) -> str:
    """Return an Arabic name in Latin letters, capitalised: المنقوش is al-Manqoush.

    Arabic doesn't write short vowels; an `a` stands for each that a cluster must have.
    """
    plain = _MARKS.sub("", word)
    article = plain.startswith("ال") and len(plain) > 4
    plain = plain[2:] if article else plain
    ben = plain.startswith("بن") and len(plain) > 4
    plain = plain[2:] if ben else plain
    first = {"و": "w", "ي": "y"}.get(plain[0])
    sounds = [first or _LETTERS.get(plain[0], "")] + [_LETTERS.get(c, "") for c in plain[1:]]
    latin = ""
    for sound, following in zip(sounds, [*sounds[1:], ""], strict=True):
        cluster = _is_consonant(sound) and _is_consonant(following)
        latin += sound + ("a" if cluster and latin[-1:] not in _VOWELS else "")
    name = "Ben" + latin if ben else latin[:1].upper() + latin[1:]
    return f"al-{name}" if article else name


def _is_consonant(sound: str) -> bool:
    return bool(sound) and sound[0] not in _VOWELS


def _people(sentence: str, surnames: dict[str, str]) -> dict[int, str]:
    """Return what the words of people's names become, by where they begin."""
    given = _given_names()
    found: dict[int, str] = {}
    matches = list(_WORD.finditer(sentence))
    before = ""
    i = 0
    while i < len(matches):
        word = normalize_for_search(matches[i].group())
        bare = _CONJUNCTION.sub("", word)
        sure = given.get(word) or given.get(bare)
        son = _OF_A_FATHER.match(sentence, matches[i].end())
        if sure and (not sure[1] or before in _TITLES or son):
            lead = "و" if word not in given else ""
            found[matches[i].start()] = lead + sure[0]
            i = _rest_of_name(sentence, matches, i, given, found)
        elif word in surnames:
            found[matches[i].start()] = surnames[word]
        before = normalize_for_search(matches[min(i, len(matches) - 1)].group())
        i += 1
    return found


def _rest_of_name(
    sentence: str,
    matches: list[re.Match[str]],
    first: int,
    given: dict[str, tuple[str, bool]],
    found: dict[int, str],
) -> int:
    """Add the words that follow a given name and belong to it; return the last one's number."""
    last = first
    for i in range(first + 1, min(first + 4, len(matches))):
        if sentence[matches[i - 1].end() : matches[i].start()].strip():
            break
        word = normalize_for_search(matches[i].group())
        if word in _NOT_SURNAMES or len(word) < 2:
            break
        last = i
        if word in _PARTICLES:
            found[matches[i].start()] = _PARTICLES[word]
        elif word in _ORDINALS:
            found[matches[i].start()] = _ORDINALS[word]
            break
        else:
            known = given.get(word)
            found[matches[i].start()] = known[0] if known else romanize(matches[i].group())
            if not known:
                break
    return last


@functools.lru_cache(maxsize=64)
def _surnames(text: str) -> dict[str, str]:
    """Return the surnames that a text gives together with a given name, by folded spelling."""
    words = {m.start(): normalize_for_search(m.group()) for m in _WORD.finditer(text)}
    given = _given_names()
    found: dict[str, str] = {}
    for start, written in _people(text, {}).items():
        word = words[start]
        known = word in given or word in _PARTICLES or word in _ORDINALS
        if not known and _CONJUNCTION.sub("", word) not in given and not place_mentions(word):
            found[word] = written
    return found


def _place(word: str, after: str) -> str | None:
    folded = normalize_for_search(word)
    if folded == "المغرب" and re.match(r"\s+(?:العربي|الكبير)", after):
        return None
    nouns = place_nouns()
    for lead, rest in (("", folded), (folded[:1], folded[1:])):
        if lead not in ("", "و", "ف"):
            break
        for prefix, kept in _PREFIXES:
            name = rest.removeprefix(prefix)
            if prefix in ("بال", "لل", "ال"):
                name = "ال" + name
            if rest.startswith(prefix) and name in nouns:
                return f"{lead}{kept}{nouns[name]}" if lead or kept else nouns[name]
    return None


@functools.cache
def _given_names() -> dict[str, tuple[str, bool]]:
    """Return Latin spellings by folded Arabic name, each with whether it is a word too."""
    names = {}
    text = (files("assistant") / "translation" / "given_names.txt").read_text("utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            for entry in line.split("|"):
                arabic, latin = entry.split()
                names[normalize_for_search(arabic.lstrip("?"))] = (latin, arabic.startswith("?"))
    return names
