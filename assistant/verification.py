"""Does an English sentence say what its cited spans say? Checked without a model.

The checks catch what a small translator gets wrong most and a reader without the language
can't see: numbers, names, negation. They don't prove a sentence true.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from assistant.answers import Check, Checks, Support
from assistant.quantities import find_number_words, find_numbers
from vectorstore.arabic import normalize_for_search
from vectorstore.names import (
    arabic_skeletons,
    name_candidates,
    place_mentions,
    place_name,
    skeleton,
)

_ARABIC_NEGATION = re.compile(
    r"(?<!\w)[وف]?(?:لم|لن|ليس|ليست|ليسوا|دون|بدون|عدم|بعدم|لعدم|غير|نفي|تنفي|ينفي|نفت|رفض|رفضت|"
    r"يرفض|لا(?!\s+(?:يزال|تزال|يزالون|سيما|بد|شك|محاله))|انعدام|قلما)(?!\w)"
)
_ENGLISH_NEGATION = re.compile(
    r"\b(?:not|no|never|none|neither|nor|without|cannot|nobody|nothing|den(?:y|ies|ied|ying)|"
    r"refus\w*|reject\w*|lack\w*|fail\w*|absence|rarely|seldom|hardly|un(?:able|likely|certain\w*|"
    r"known|clear|safe|stable|happy|willing|fair|acceptable|precedented)|in(?:stability|security|"
    r"ability)|im(?:possible|proper)|non)\b|n['’]t\b",
    re.IGNORECASE,
)
_ARABIC_WORD = re.compile(r"[\u0621-\u064a]{2,}")
_SENTENCE_START = re.compile(r"(?:^|[.!?:“\"]\s*)$")
_ARTICLES = ("al", "el")
_COMMON_CAPITALISED = frozenset(
    "i monday tuesday wednesday thursday friday saturday sunday january february march april may "
    "june july august september october november december president minister prime king queen "
    "prince general mr mrs ms dr professor islam islamic muslim muslims christian jewish god "
    "kingdom state states republic government parliament ministry army centre center party "
    "university city north south east west northern southern eastern western the a an foreign "
    "security council national international union strategic studies".split()
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the checks found, with a reason in words for each that failed."""

    support: Support
    checks: Checks
    reasons: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the verdict as the command line and the API print it."""
        return {
            "support": self.support,
            "checks": asdict(self.checks),
            "reasons": list(self.reasons),
        }


def check(sentence: str, quotes: Sequence[str], context: str = "") -> Verdict:
    """Compare an English sentence with the spans that it cites.

    Args:
        sentence: the English.
        quotes: the cited spans in their own language; none leaves the sentence unchecked.
        context: the articles that the spans are from: a name that stands there, though not
            in the span, is doubtful rather than wrong.

    Returns:
        `unsupported` where a number differs or a name comes from nowhere, `partial` where a
        name comes from elsewhere in the article or a negation was lost or added, `supported`
        where at least one check applied and all passed, `unchecked` where none applied.
    """
    source = " ".join(quotes)
    if not source.strip():
        return Verdict("unchecked", Checks(), ("it cites nothing",))
    numbers, number_reasons = _check_numbers(sentence, source)
    names, missing, elsewhere = _check_names(sentence, source, context)
    negation, negation_reasons = _check_negation(sentence, source)
    reasons = [*number_reasons, *missing, *elsewhere, *negation_reasons]
    checks = Checks(numbers, names, negation)
    return Verdict(_support(checks, bool(missing)), checks, tuple(reasons))


def _support(checks: Checks, invented: bool) -> Support:
    if checks.numbers == "mismatch" or invented:
        return "unsupported"
    if "mismatch" in (checks.names, checks.negation):
        return "partial"
    return "supported" if "ok" in (checks.numbers, checks.names, checks.negation) else "unchecked"


def _check_numbers(sentence: str, source: str) -> tuple[Check, list[str]]:
    english, original = find_numbers(sentence), find_numbers(source)
    english_words, original_words = find_number_words(sentence), find_number_words(source)
    added = english - original - original_words
    lost = original - english - english_words
    reasons = [f"the source doesn't have the number {_plain(n)}" for n in sorted(added)]
    reasons += [f"the source's number {_plain(n)} is missing" for n in sorted(lost)]
    if reasons:
        return "mismatch", reasons
    return ("ok" if english or original else "n/a"), []


def _check_names(sentence: str, source: str, context: str) -> tuple[Check, list[str], list[str]]:
    """Return the verdict, the names found nowhere, and those found elsewhere in the article."""
    places = place_mentions(sentence)
    here = place_mentions(source)
    around = place_mentions(context) if places - here else frozenset()
    missing = [place_name(p) for p in sorted(places - here - around)]
    elsewhere = [place_name(p) for p in sorted((places - here) & around)]
    people = _people(sentence)
    for name in people:
        if not _carries(source, name):
            (elsewhere if _carries(context, name) else missing).append(name)
    verdict: Check = "mismatch" if missing or elsewhere else "ok" if places or people else "n/a"
    return (
        verdict,
        [f"the source doesn't name {name}" for name in missing],
        [f"the cited passage doesn't name {name}, though its article does" for name in elsewhere],
    )


def _people(sentence: str) -> list[str]:
    """Return the words of an English sentence that are names of people and the like."""
    found = []
    for word in name_candidates(sentence):
        at_start = _SENTENCE_START.search(sentence[: sentence.index(word)])
        parts = [part for part in word.split("-") if part != part.lower() or part in _ARTICLES]
        name = "-".join(parts)
        common = name.lower() in _COMMON_CAPITALISED or bool(place_mentions(name))
        if not common and not (at_start and "-" not in name):
            found.append(name)
    return list(dict.fromkeys(found))


def _carries(text: str, name: str) -> bool:
    """Tell whether a text has a name, in Latin letters or by its consonants in Arabic."""
    if name.lower() in text.lower():
        return True
    wanted = {s for part in name.split("-") if (s := skeleton(part))}
    whole = skeleton(re.sub(r"^(?:[Aa]l|[Ee]l)-", "", name))
    sounds = set().union(*(arabic_skeletons(w) for w in _ARABIC_WORD.findall(text)), set())
    return whole in sounds or wanted <= sounds or not whole


def _check_negation(sentence: str, source: str) -> tuple[Check, list[str]]:
    if not _ARABIC_WORD.search(source):
        return "n/a", []
    english = bool(_ENGLISH_NEGATION.search(sentence))
    original = bool(_ARABIC_NEGATION.search(normalize_for_search(source)))
    if english and not original:
        return "mismatch", ["it negates something and the source doesn't"]
    if original and not english:
        return "mismatch", ["the source negates something that it doesn't"]
    return ("ok" if english else "n/a"), []


def _plain(number: float) -> str:
    return f"{number:g}" if number < 1e6 else f"{number:,.0f}"
