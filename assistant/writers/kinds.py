"""What kind of answer a question asks for, and whether a sentence carries one of that kind.

A question close to the articles' topic is told from one that they answer by what can be read:
who asks for a price isn't answered where no sum of money is given. Only kinds with marks of
their own are here: sums of money, shares, scores, and counts of the injured, the
dead or a noun that is known in Arabic.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from assistant.contraries import INJURED, KILLED, Side
from assistant.data import read_lines
from assistant.quantities import find_quantities
from assistant.transliteration import likeness
from assistant.writers.evidence import asked_person
from vectorstore.arabic import light_stem, normalize_for_search, tokenize
from vectorstore.articles import Hit
from vectorstore.names import LEXICON_LANGUAGES

READ = 3  # passages, beside the whole of the best one's article
_NEAR = 3  # words before a noun among which its number may stand
_NUMBER_OF = frozenset("عدد number".split())
# Nouns whose counts can be told, those together that the press takes for one another. People are
# counted by too many nouns (the dead, Syrians, voters) to be here.
_COUNTED = tuple(
    frozenset(group.split())
    for group in (
        "soldiers officers fighters", "workers employees", "votes", "seats", "schools",
        "pupils students children", "hospitals", "villages", "houses buildings families",
        "ships boats", "vehicles", "medals", "metres kilometres miles feet inches yards",
        "tonnes kilograms", "days weeks months years minutes hours seconds",
    )
)  # fmt: skip
_MORE_FORMS = {
    "soldiers": "قوات القوات عسكري عسكريا عسكريين عنصر عنصرا عناصر troops",
    "workers": "عامله عاملين وظيفه وظائف فرصه فرص منصب مناصب jobs staff",
    "years": "عقد عقدا عقود عقدين قرن قرنا قرون decades",
}
_MONEY = re.compile(
    r"[$£€¥]|\b(?:dollar|euro|pound|dirham|dinar|riyal|ruble|rupee|yuan|yen)s?\b|"
    r"(?<!\w)(?:و?(?:ال|بال|لل|ب|ل)?)(?:دولار|يورو|جنيه|استرليني|درهم|دراهم|دينار|دنانير|ريال|"
    r"ليره|ليرات|روبل|روبيه|فرنك|بيزو)"
)
_SHARE = re.compile(
    r"%|\bper ?cent\b|\bpercentage\b|\b(?:half|third|quarter|majority|most|all|none)\b|"
    r"(?:ب|في ?ا?ل?|بال)(?:ميه|مايه)(?!\w)|نسبه|نصف|ثلث|ربع|اغلب|معظم|غالبيه|اكثريه|جميع|كل "
)
_SCORE = re.compile(r"(?<![\d/-])\d{1,3}(?: ?[-–:/] ?| (?:to|مقابل|الي|ضد|ل) )\d{1,3}(?![\d/-])")
_ASKS_MONEY = re.compile(
    r"\bhow much (?:does|do|did|will|would|is|was|were|are)\b.*\b(?:cost|paid|pay|worth|earn)\b|"
    r"\b(?:what|which|how (?:large|big|high|much)(?: \w+)?|what (?:sum|amount|price) of)"
    r"(?: (?:was|is|were|are) the| the| total| annual| financial)* "
    r"(?:price|cost|salary|fine|bail|fee|budget|compensation|sum of money|amount of money)\b|"
    r"\bhow much money\b|\bwhat (?:did|does|do|will) .*\bcost\b|"
    r"(?<!\w)بكم(?!\w)|(?<!\w)(?:ما|كم)(?: (?:هي|هو|بلغ|بلغت|تبلغ|يبلغ))?(?: قيمه| حجم| مقدار)? "
    r"(?:ال)?(?:ميزاني|مبلغ|سعر|ثمن|تكلف|كلف|راتب|غرام|كفال|تعويض)"
)
_ASKS_SHARE = re.compile(
    r"\b(?:what|which|by what) (?:percentage|share|proportion|fraction)s?\b|\bwhat per ?cent\b|"
    r"(?<!\w)(?:ما|كم)(?: (?:هي|بلغت|تبلغ))? (?:ال)?نسبه"
)
_ASKS_SCORE = re.compile(
    r"\b(?:(?:final |overall )?score\b|by what margin\b)|"
    r"(?:ما|باي|كم)(?: كانت)? (?:ال)?نتيجه"
)
_ASKS_INJURED = re.compile(
    r"\bhow many (?:(?:people|persons|others|civilians|residents|were|are|have|been|got|more) )*"
    r"(?:injured|wounded|hurt)"
    r"(?= *[?.,]* *$| (?:and|or|in|on|at|by|when|after|during|from|near)\b)|"
    r"(?<!\w)كم (?:عدد )?(?:(?:شخصا|شخص) )?(?:ال)?(?:اصيب|مصاب|جرح)"
)
_ASKS_KILLED = re.compile(
    r"\bhow many (?:(?:people|persons|others|civilians|residents|were|are|have|been|more) )*"
    r"(?:killed|died|dead)(?= *[?.,]* *$| (?:and|or|in|on|at|by|when|after|during|from|near)\b)|"
    r"(?<!\w)كم (?:عدد )?(?:(?:شخصا|شخص) )?(?:ال)?(?:قتل|قتيل|مات|توفي|لقي|ضحايا)"
)
_FURTHER = re.compile(r"[,،] (?:and|و)|[,،] ?و")  # what is asked beside it
_ASKS_NOUN = re.compile(r"(?<!\w)كم (?:(?:بلغ|كان|هو) )?(?:عدد (\w{3,})|(\w{3,}ا)(?!\w))")
_SOUNDS_ALIKE = 0.75
_ASKS_COUNT = re.compile(r"\bhow many (?P<words>(?:[a-z'’-]+ ?){1,6})|كم (?:عدد )?(?P<noun>\w+)")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of answer: what it is called, and how a sentence that carries one is told."""

    name: str
    carried_by: Callable[[str], bool]


def kind_asked(question: str) -> Kind | None:
    """Return the kind of answer that a question asks for, None where it has no sure marks."""
    folded = _FURTHER.split(normalize_for_search(question))[0]
    if _ASKS_MONEY.search(folded):
        return Kind("sum of money", _finder(_MONEY))
    if _ASKS_SHARE.search(folded):
        return Kind("percentage", _finder(_SHARE))
    if _ASKS_SCORE.search(folded):
        return Kind("score", _finder(_SCORE))
    if _ASKS_INJURED.search(folded):
        return Kind("number of people injured", functools.partial(_counts_people, INJURED))
    if _ASKS_KILLED.search(folded):
        return Kind("number of people killed", functools.partial(_counts_people, KILLED))
    counted = _ASKS_COUNT.search(folded)
    return _count_of(counted) if counted else None


def lead_asked(question: str) -> Kind | None:
    """Return what the first sentence should have where it may be told, and none is refused for it.

    It is the name of a "Who is ...?", or a number beside the noun of an Arabic "How many ...?".
    """
    person = asked_person(question)
    if person:
        return Kind(" ".join(person), functools.partial(_names, tuple(person)))
    counted = _ASKS_NOUN.search(normalize_for_search(question))
    if counted is None:
        return None
    noun = counted[1] or counted[2]
    return Kind(f"number of {noun}", functools.partial(_numbers, light_stem(noun)))


def lacking_kind(kind: Kind | None, hits: Sequence[Hit]) -> str | None:
    """Return in words what kind of answer the best passages lack, None where they have it.

    The whole of the best passage's article is read too, for the passages of one article lie near
    one another. Of languages other than Arabic and English nothing is told.
    """
    if kind is None or any(hit.article.language not in LEXICON_LANGUAGES for hit in hits):
        return None
    best = [(hit.article, hit.passage.sentences) for hit in hits[:READ]]
    best += [(hit.article, hit.article.sentences) for hit in hits[:1]]
    quotes = {article.text[s.start : s.end] for article, spans in best for s in spans}
    if any(kind.carried_by(quote) for quote in quotes):
        return None
    return f"The passages nearest to this question give no {kind.name}."


def _finder(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda sentence: bool(pattern.search(normalize_for_search(sentence)))


def _count_of(counted: re.Match[str]) -> Kind | None:
    """Return the count of the first known noun of "how many Turkish soldiers"; None without one."""
    nouns = _counted_nouns()
    words = (counted["words"] or counted["noun"]).split()
    for word in words:
        english = nouns.get(word) or nouns.get(word.removeprefix("ال"))
        alike = next((group for group in _COUNTED if english in group), None)
        if english is not None and alike is not None:
            forms = frozenset(form for form, name in nouns.items() if name in alike)
            asked = word if word.isascii() else english
            return Kind(f"number of {asked}", functools.partial(_counts, forms))
    return None


def _names(person: Sequence[str], sentence: str) -> bool:
    return all(likeness(name, sentence, _SOUNDS_ALIKE) >= _SOUNDS_ALIKE for name in person)


def _numbers(stem: str, sentence: str) -> bool:
    return any(light_stem(word) == stem for word in tokenize(sentence)) and _has_number([sentence])


def _counts_people(happened: Side, sentence: str) -> bool:
    folded = normalize_for_search(sentence)
    told = happened.english.search(folded) or happened.arabic.search(folded)
    return told is not None and _has_number([sentence])


def _counts(forms: Iterable[str], sentence: str) -> bool:
    """Tell whether a number counts one of a noun's forms: before it, or behind "number of"."""
    words = tokenize(sentence)
    for i, word in enumerate(words):
        if not _is_form(word, forms):
            continue
        before = words[max(0, i - _NEAR) : i]
        behind = words[i + 1 : i + 1 + 2 * _NEAR] if _NUMBER_OF & set(before) else []
        if _has_number(before) or _has_number(behind) or word.endswith(("ان", "ين")):
            return True
    return False


def _is_form(word: str, forms: Iterable[str]) -> bool:
    for prefix in ("", "و", "ب", "ل", "ال", "وال", "بال", "لل"):
        bare = word.removeprefix(prefix)
        if word.startswith(prefix):
            if (
                bare in forms
                or bare.removesuffix("ان") in forms
                or bare.removesuffix("ين") in forms
            ):
                return True
    return False


def _has_number(words: Iterable[str]) -> bool:
    return any(number.sure for number in find_quantities(" ".join(words)))


@functools.cache
def _counted_nouns() -> dict[str, str]:
    """Return the English plural of the nouns that numbers count, by any form of them."""
    nouns = {}
    for line in read_lines("counted_nouns"):
        english, _, forms = line.partition(" | ")
        for form in (english, *forms.split()):
            nouns[normalize_for_search(form)] = english
    for english, more in _MORE_FORMS.items():
        nouns.update((normalize_for_search(form), english) for form in more.split())
    return nouns
