"""Does an English sentence say what its cited spans say? Checked without a model that writes.

The checks catch what a small translator gets wrong most and a reader without the language can't
see: numbers, dates, names, negation, clauses left out, the wrong passage. They don't prove a
sentence true. `evals/seeded.py` measures what they catch and how often they cry wolf;
docs/decisions/0007 has how the thresholds were chosen.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from assistant.alignment import Alignment, Standing, find_rivals
from assistant.answers import UNSURE, Check, Checks, Support
from assistant.calendars import (
    date_name,
    numeric_dates,
    possible_dates,
    same_calendar,
    stated_dates,
)
from assistant.citations import CitedSpan
from assistant.contraries import compare_sides, compare_units
from assistant.english_names import names_in
from assistant.naming import function_words, is_arabic_word, latin_given_names
from assistant.negation import compare_negation, has_negation
from assistant.quantities import Number, find_quantities, readings
from assistant.subjects import made_up_subject
from assistant.transliteration import likeness
from vectorstore.arabic import normalize_for_search
from vectorstore.language import detect_language
from vectorstore.names import (
    found_places,
    glued_places,
    place_mentions,
    place_name,
    related_places,
)

_ARABIC = re.compile(r"[\u0621-\u064a]{2,}")
_LATIN = re.compile(r"[A-Za-z]{2,}")
_MOST_ARABIC = 0.2  # of an English sentence: a name, a word that it explains
_COUNTRY = re.compile("[A-Z]{2}")
_CAPITAL_INSIDE = re.compile(r"\s\W?[A-Z]\w")
_ADJECTIVE = re.compile("(?:ian|ican|ish|ese)$")  # translated, where Jordan may be a man's name
_DOLLARS = re.compile(r"دولار\S*\s+[أا]م[ير]+كي\S*")  # "$" in English
_NO_PLACES = frozenset(("اردنا", "اليمني"))  # "we wanted" as often as Jordan, "the right" as Yemeni
_SURE_LIKENESS = 0.95  # where much is compared: every place of the lexicon
_ARTICLE_LIKENESS = 0.9  # the same of an article, for a name that its passage leaves to "he"
_ECHO = re.compile(r"\b(\w{4,})(?:,? (?:and|or|of|in)? ?)\1\b", re.IGNORECASE)
CONFIDENCE_WEIGHT = 0.2  # of a mean log-probability beside a standing
SENTENCE_END = re.compile(r"[.!?؟…:]\W*$")  # a headline has none, and leaves more out
_SHORTEST_MEASURED = 60  # characters of a source whose translation's length tells something
_LONGEST_HEADLINE = 110  # characters
_USUAL_LENGTH = 1.09  # English characters for one of Arabic, in the median of the press
_STRETCH = 0.03  # of margin for a sentence e times as long as usual, or as short
_PLAIN_WORD = re.compile(r"(?<![\w'’<])(?!\w+n['’]t\b)[^\W\d_]{2,}(?:-[^\W\d_]+)*")
_NAMED = 3  # words in a reason
_VAGUE = "not all its words have a clear match in the source"  # said where nothing else is
_FEW_WORDS = 6  # say too little to tell what they are about


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What counts as a fault; chosen on half of the held-out documents, see `evals/seeded.py`.

    Attributes:
        name: likeness of sound from which a name is the source's (`transliteration.likeness`).
        given_name: the same of a known given name, whose Arabic is known to sound like it.
        least_alignment: margin under which a sentence isn't about its passage
            (`Alignment.standing`): 1 in 400 true pairs stands below 0.05, half of a
            translation at 0.04 and more, a sentence of another article at 0.005.
        alignment: the same for a translation whose article isn't known.
        doubtful_alignment: margin under which such a translation may be of something else, an
            unusual length taken off: 1 in 100 true pairs, 9 in 10 wrong ones.
        rival: margin by which a sentence beside the passage goes better with it: no true pair
            of the training documents, 1 in 300 of the held-out ones, 98 in 100 wrong ones.
        shortest: English characters for one of the source, under which something is left out.
        longest: the same, over which something is repeated or made up.
        confidence: mean log-probability of its tokens under which a translation is unsure.
        word: cosine to the nearest word of the source, under which a word of a machine's
            translation may stand for nothing there.
        foreign_word: the same under which it is named: of 52 true translations one has such a
            word, of 127 false ones 59.
        sureness: a translation's standing and a fifth of that, under which it is unsure too.
    """

    name: float = 0.62
    given_name: float = 0.8
    least_alignment: float = 0.03
    alignment: float = 0.05
    doubtful_alignment: float = 0.069
    rival: float = 0.01
    shortest: float = 0.55
    longest: float = 2.2
    confidence: float = -0.4
    sureness: float = 0.086
    word: float = 0.54
    foreign_word: float = 0.4


THRESHOLDS = Thresholds()


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


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind of check: its verdict, what is false, and what is doubtful."""

    check: Check
    false: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()


class Verifier:
    """Compares English sentences with their sources.

    Args:
        alignment: tells whether two sentences are about the same; None leaves that unchecked.
        thresholds: what counts as a fault.
    """

    def __init__(
        self, alignment: Alignment | None = None, thresholds: Thresholds = THRESHOLDS
    ) -> None:
        self._alignment = alignment
        self._thresholds = thresholds

    def check_spans(
        self,
        sentence: str,
        spans: Sequence[CitedSpan],
        translated: bool = False,
        confidence: float | None = None,
    ) -> Verdict:
        """Compare a sentence of an answer with the spans that it cites.

        Args:
            sentence: the English.
            spans: what it cites; none leaves it unchecked.
            translated: it is the translation of them, and should lack nothing.
            confidence: how sure the translator was: the mean log-probability of its tokens.
        """
        articles = {span.article.id: span.article for span in spans}.values()
        context = "\n".join(f"{article.title}\n{article.text}" for article in articles)
        quotes = [span.quote for span in spans]
        languages = {span.source.language for span in spans}
        language = languages.pop() if len(languages) == 1 else "mixed"
        return self.check(sentence, quotes, context, language, translated, confidence)

    def check(
        self,
        sentence: str,
        quotes: Sequence[str],
        context: str = "",
        language: str | None = None,
        translated: bool = True,
        confidence: float | None = None,
    ) -> Verdict:
        """Compare an English sentence with texts in their own language.

        Args:
            sentence: the English.
            quotes: the texts; none leaves the sentence unchecked.
            context: the articles that they are from: a person named there may be meant by
                "he" in the texts; a place named there alone is doubtful.
            language: theirs (ISO 639-1), found out unless given.
            translated: the sentence is their translation, and should lack nothing.
            confidence: how sure the translator was: the mean log-probability of its tokens.

        Returns:
            `unsupported` where it says what the texts don't: a number, a date, a name, another
            matter; `partial` where something may be lost or turned round; `supported` where
            checks applied and all passed, `unchecked` where none applied.
        """
        source = " ".join(quotes)
        if not source.strip():
            return Verdict("unchecked", Checks(), ("it cites nothing",))
        language = language or detect_language(source)
        source = same_calendar(source, sentence)
        numbers = _join(
            _join(
                _check_numbers(sentence, source, language, translated),
                _check_dates(sentence, source, language, translated),
            ),
            _check_scales(sentence, source, language),
        )
        names = self._check_names(sentence, source, context, language, translated)
        negation = _check_negation(sentence, source, language, translated)
        words = Finding("n/a")
        if translated:  # before the standing, which needs the vectors that come with the words
            words = self._check_words(sentence, source, language, confidence)
        standing = None
        if self._alignment:
            rivals = find_rivals(quotes, context, language)
            standing = self._alignment.standing(sentence, quotes, rivals)
        others = [self._check_alignment(sentence, source, standing, translated)]
        if translated:
            others += [self._check_length(sentence, source, language), _check_subject(sentence)]
            others += [self._check_confidence(sentence, source, confidence, standing), words]
        findings = [numbers, names, negation, _check_language(sentence), *others]
        reasons = [reason for f in findings for reason in (*f.false, *f.doubtful)]
        reasons = [r for r in reasons if r != _VAGUE] or reasons
        checks = Checks(numbers.check, names.check, negation.check)
        return Verdict(_support(findings), checks, tuple(reasons))

    def _check_names(
        self, sentence: str, source: str, context: str, language: str, translated: bool
    ) -> Finding:
        if language not in ("ar", "en"):
            return _check_latin_names(sentence, source, context)
        places = _check_places(sentence, source, context, translated)
        named, given = names_in(sentence), latin_given_names()
        limits = self._thresholds
        nowhere = [
            n
            for n in named
            if not _carries(
                _without_words(source), n, limits.given_name if n in given else limits.name
            )
            and not _carries(_without_words(context), n, _ARTICLE_LIKENESS)
        ]
        found = Finding(
            "mismatch" if nowhere else "ok" if named else "n/a",
            tuple(f"the source doesn't name {name}" for name in nowhere),
        )
        return _join(places, found)

    def _check_alignment(
        self, sentence: str, source: str, standing: Standing | None, translated: bool
    ) -> Finding:
        """Tell whether the passage is what the sentence is about, and better than its neighbours.

        Where it has none, a translation's length has to speak for it too.
        """
        if standing is None or len(sentence.split()) < _FEW_WORDS:
            return Finding("n/a")
        limits = self._thresholds
        alone = translated and standing.lead is None
        if standing.margin < (limits.alignment if alone else limits.least_alignment):
            return Finding("mismatch", ("the cited passage is about something else",))
        if standing.lead is not None and standing.lead < -limits.rival:
            return Finding("mismatch", (), ("a sentence beside the cited one goes better with it",))
        if alone:
            stretch = math.log(len(sentence) / len(" ".join(source.split())) / _USUAL_LENGTH)
            if standing.margin - _STRETCH * stretch**2 < limits.doubtful_alignment:
                return Finding("mismatch", (), ("the cited passage may be about something else",))
        return Finding("ok")

    def _check_length(self, sentence: str, source: str, language: str) -> Finding:
        if language != "ar" or len(source) < _SHORTEST_MEASURED:
            return Finding("n/a")
        ratio = len(sentence) / len(" ".join(source.split()))
        headline = len(source) < _LONGEST_HEADLINE and not SENTENCE_END.search(source)
        if ratio < self._thresholds.shortest and not headline:
            return Finding("mismatch", (), ("it is short for its source: a clause may be missing",))
        if ratio > self._thresholds.longest:
            return Finding("mismatch", (), ("it is long for its source: it may add something",))
        return Finding("ok")

    def _check_confidence(
        self, sentence: str, source: str, confidence: float | None, standing: Standing | None
    ) -> Finding:
        """Tell whether a machine translation is to be trusted, by three signs that it gives.

        How sure the translator was and how near the English lies to its source are added up: a
        fluent falsehood has one of them, seldom both.
        """
        if confidence is None:
            return Finding("n/a")
        limits = self._thresholds
        unsure = confidence < limits.confidence
        if standing is not None:
            unsure |= standing.margin + CONFIDENCE_WEIGHT * confidence < limits.sureness
        if unsure or (repeats_itself(sentence) and not repeats_itself(source, 3)):
            return Finding("mismatch", (), (UNSURE,))
        return Finding("n/a")

    def _check_words(
        self, sentence: str, source: str, language: str, confidence: float | None
    ) -> Finding:
        """Name the words of a machine translation that no word of its source stands for.

        People put things in words that aren't the source's: theirs can't be judged by this.
        """
        if self._alignment is None or confidence is None or language != "ar":
            return Finding("n/a")
        matches = self._alignment.match_words(sentence, source)
        plain = _plain_words(sentence, [written for written, _ in matches])
        nearness = [(n, word) for word, (_, n) in zip(plain, matches, strict=True) if word]
        foreign = [word for n, word in sorted(nearness) if n < self._thresholds.foreign_word]
        if foreign:
            told = " or ".join(map(repr, list(dict.fromkeys(foreign))[:_NAMED]))
            return Finding("mismatch", (), (f"nothing in the source seems to stand for {told}",))
        if min(nearness, default=(1.0, ""))[0] < self._thresholds.word:
            return Finding("mismatch", (), (_VAGUE,))
        return Finding("n/a")


def _support(findings: Iterable[Finding]) -> Support:
    findings = list(findings)
    if any(f.false for f in findings):
        return "unsupported"
    if any(f.doubtful for f in findings):
        return "partial"
    return "supported" if any(f.check == "ok" for f in findings) else "unchecked"


def _join(first: Finding, second: Finding) -> Finding:
    """Return two findings of one kind as one."""
    checks = (first.check, second.check)
    check: Check = "mismatch" if "mismatch" in checks else "ok" if "ok" in checks else "n/a"
    return Finding(check, first.false + second.false, first.doubtful + second.doubtful)


def repeats_itself(text: str, length: int = 4) -> bool:
    """Tell whether a text has a run of that many words twice, or one long word after itself."""
    words = [word.lower() for word in re.findall(r"\w+", text)]
    runs = list(zip(*(words[i:] for i in range(length)), strict=False))
    return len(set(runs)) < len(runs) or bool(_ECHO.search(text))


def _plain_words(sentence: str, written: Iterable[str]) -> list[str]:
    """Return a sentence's words bare, "" for names and for those without content."""
    named = (*names_in(sentence), *found_places(sentence).values())
    names = {part for name in named for part in (name, *re.split(r"[-\s]", name))}
    found = (_PLAIN_WORD.search(word) for word in written)
    plain = [match.group() if match else "" for match in found]
    empty = function_words()
    return ["" if names & {w, *w.split("-")} or w.lower() in empty else w for w in plain]


def _check_language(sentence: str) -> Finding:
    """Tell whether a sentence is in English, not a quotation that only passed for it."""
    arabic = sum(map(len, _ARABIC.findall(sentence)))
    if arabic <= _MOST_ARABIC * len(sentence):
        return Finding("n/a")
    return Finding("mismatch", (), ("part of it isn't in English",))


def _check_subject(sentence: str) -> Finding:
    """Tell whether a pronoun stands where the source has somebody else for a subject."""
    found = made_up_subject(sentence)
    if found is None:
        return Finding("n/a")
    pronoun, counted = found
    return Finding("mismatch", (), (f"{pronoun!r} seems to stand for {counted!r}",))


# --------------------------------------------------------------------- numbers and dates
def _check_numbers(sentence: str, source: str, language: str, translated: bool) -> Finding:
    sentence, english_dates = numeric_dates(sentence)
    source, original_dates = numeric_dates(source)
    english, original = find_quantities(sentence), find_quantities(source)
    if language not in ("ar", "en"):  # number words of other languages aren't known
        english = [n for n in english if n.digits]
        original = [n for n in original if n.digits]
    added = _without_equal(english, readings(source, original) | original_dates)
    values = readings(sentence, english) | english_dates
    lost = _without_equal(original, values) if translated else []
    compared = any(n.sure for n in (*english, *original))
    return Finding(
        "mismatch" if added or lost else "ok" if compared else "n/a",
        tuple(f"the source doesn't have the number {n.written}" for n in added),
        tuple(f"the source's number {_plain(n)} is missing" for n in lost),
    )


def _without_equal(numbers: Iterable[Number], values: frozenset[float]) -> list[Number]:
    return [n for n in numbers if n.sure and not n.is_among(values)]


def _check_dates(sentence: str, source: str, language: str, translated: bool) -> Finding:
    if language not in ("ar", "en"):
        return Finding("n/a")
    english, original = stated_dates(sentence), stated_dates(source)
    added = sorted(english - possible_dates(source))
    lost = sorted(original - possible_dates(sentence)) if translated else []
    return Finding(
        "mismatch" if added or lost else "ok" if english or original else "n/a",
        tuple(f"the source doesn't say {date_name(d)}" for d in added),
        tuple(f"the source's {date_name(d)} is missing" for d in lost),
    )


def _check_scales(sentence: str, source: str, language: str) -> Finding:
    """Compare what numbers measure: more or fewer, risen or fallen, metres or feet."""
    differences = (compare_sides(sentence, source), compare_units(sentence, source))
    if language != "ar" or not any(differences):
        return Finding("n/a")
    told = (f"it says {d[0]!r} where the source says {d[1]!r}" for d in differences if d)
    return Finding("mismatch", tuple(told))


def _plain(number: Number) -> str:
    if number.parts:
        return number.written
    return f"{number.value:g}" if number.value < 1e6 else f"{number.value:,.0f}"


# --------------------------------------------------------------------- names
def _check_places(sentence: str, source: str, context: str, translated: bool) -> Finding:
    named, original = found_places(sentence), found_places(_DOLLARS.sub(" ", source))
    added = {
        p: word
        for p, word in named.items()
        if not related_places(p) & original.keys()
        and (_ADJECTIVE.search(word) or likeness(word, source, _SURE_LIKENESS) < _SURE_LIKENESS)
    }
    glued = glued_places(source) if added else frozenset()
    added = {p: word for p, word in added.items() if not related_places(p) & glued}
    around = place_mentions(context) if added else frozenset()
    nowhere = sorted(p for p in added if not related_places(p) & around)
    elsewhere = [_named_elsewhere(place_name(p)) for p in sorted(added) if p not in nowhere]
    nameless = translated and not named and not _CAPITAL_INSIDE.search(sentence)
    sure = [p for p, word in original.items() if normalize_for_search(word) not in _NO_PLACES]
    lost = sorted(p for p in sure if _COUNTRY.fullmatch(p)) if nameless else []
    return Finding(
        "mismatch" if added or lost else "ok" if named else "n/a",
        tuple(f"the source doesn't name {place_name(p)}" for p in nowhere),
        (*elsewhere, *(f"the source's {place_name(p)} is missing" for p in lost)),
    )


def _check_latin_names(sentence: str, source: str, context: str) -> Finding:
    """Compare names with a source in another language's Latin letters, as they are spelt."""
    if not _LATIN.search(source) or _ARABIC.search(source):
        return Finding("n/a")
    named = names_in(sentence)
    nowhere = [n for n in named if n.lower() not in f"{source} {context}".lower()]
    return Finding(
        "mismatch" if nowhere else "ok" if named else "n/a",
        (),
        tuple(f"the source doesn't spell the name {name}" for name in nowhere),
    )


def _named_elsewhere(name: str) -> str:
    return f"the cited passage doesn't name {name}, though its article does"


@functools.lru_cache(maxsize=64)
def _without_words(text: str) -> str:
    """Take the common words out of an Arabic text: "al-Mashroua" is what the word project is."""
    return _ARABIC.sub(
        lambda m: "" if is_arabic_word(normalize_for_search(m.group())) else m.group(), text
    )


def _carries(text: str, name: str, least: float) -> bool:
    """Tell whether a text has a name, in Latin letters or by its sound in Arabic."""
    if name.lower() in text.lower():
        return True
    parts = [part for part in name.split("-") if len(part) > 2] or [name]
    return any(
        all(likeness(part, text, least) >= least for part in names) for names in ([name], parts)
    )


# --------------------------------------------------------------------- negation
def _check_negation(sentence: str, source: str, language: str, translated: bool) -> Finding:
    if language != "ar":
        return Finding("n/a")
    match compare_negation(sentence, source):
        case "added":
            return Finding("mismatch", (), ("it negates something and the source doesn't",))
        case "lost" if translated:
            return Finding("mismatch", (), ("the source negates something that it doesn't",))
    return Finding("ok" if has_negation(sentence) else "n/a")
