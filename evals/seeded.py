"""Seeded errors: what the checks catch, and how often they cry wolf.

    python -m evals.seeded

The 590 sentences of the held-out documents beside their English originals, checked as an answer
is, with the article at hand, or, with `--alone`, as `mujaz verify` does. As they are, every mark
is a false alarm; then each is spoilt in every way that applies to it, one at a time, and
should be marked. Thresholds are chosen on the documents marked `dev` and reported on `test`.

Some pairs don't say the same: a translator wrote 30 feet for 80, or left a Friday out. A reader
looked at every pair that is marked (`evals/datasets/seeded-readings.jsonl`); where the mark is
right, the pair is left out of the second line of false alarms. A mark that nobody has read
counts as false.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from assistant.alignment import Alignment
from assistant.app import open_app
from assistant.english_names import names_in
from assistant.negation import has_negation
from assistant.settings import load_settings
from assistant.verification import Verifier
from evals.cases import DATASETS
from vectorstore.names import place_mentions

FILE = DATASETS / "ntrex-translation.jsonl"
READINGS = DATASETS / "seeded-readings.jsonl"
SEED = 128
DRAWS = {"country or nationality": 3, "name": 3}  # where what is drawn decides
_MONTHS = (
    "January February March April May June July August September October November December".split()
)
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_UNITS = "three four five six seven eight nine ten".split()
_COUNTRIES = (
    "Libya Morocco Algeria Tunisia Egypt Sudan Jordan Lebanon Iraq Qatar Kuwait Yemen France Spain "
    "Italy Greece Russia Ukraine Poland Sweden Norway Japan Brazil Mexico Canada Iran India Kenya "
    "Nigeria Chile Peru Cuba Vietnam China Germany Britain Scotland Bolivia Indonesia Macedonia "
    "Israel Syria Turkey Pakistan Afghanistan Australia Ireland Wales England America".split()
)
_NATIONALITIES = (
    "Libyan Moroccan Algerian Tunisian Egyptian Sudanese Jordanian Lebanese Iraqi Qatari Kuwaiti "
    "Yemeni French Spanish Italian Greek Russian Ukrainian Polish Swedish Norwegian Japanese "
    "Brazilian Mexican Canadian Iranian Indian Kenyan Nigerian Chilean Peruvian Cuban Chinese "
    "German British Scottish Bolivian Indonesian Macedonian Israeli Syrian Turkish American "
    "Australian Irish Welsh English European African Asian".split()
)
_TIMES = "second minute hour day week month year".split()
_CONTRARY = {
    "more than": "fewer than", "fewer than": "more than", "less than": "more than",
    "at least": "at most", "at most": "at least", "rose": "fell", "fell": "rose",
    "increased": "decreased", "decreased": "increased",
}  # fmt: skip
_AUXILIARY = re.compile(
    r"\b(is|are|was|were|has|have|had|will|would|can|could|should|may|might|must)\b(?! not|n['’]t)"
)
_NEGATION = re.compile(r"\b(?:not|never|no) |n['’]t\b", re.IGNORECASE)
_CLAUSE = re.compile(r",\s[^,]{30,}?(?=,|[.!?]['\"”]?$)|\s-\s[^-]{30,}(?=[.!?]['\"”]?$)")


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence, its English, the sentence next to it, its document and its split."""

    source: str
    english: str
    neighbour: str
    document: str
    split: str


@dataclass(frozen=True, slots=True)
class Spoilt:
    """An English sentence and the source that it is to be checked against."""

    english: str
    source: str


@dataclass(slots=True)
class Tally:
    """How many of how many were marked, by split."""

    marked: dict[str, int] = field(default_factory=lambda: {"dev": 0, "test": 0})
    total: dict[str, int] = field(default_factory=lambda: {"dev": 0, "test": 0})

    def add(self, split: str, marked: bool) -> None:
        """Count one sentence."""
        self.marked[split] += marked
        self.total[split] += 1

    def cell(self, split: str) -> str:
        """Return the share as a table shows it."""
        total = self.total[split]
        return f"{self.marked[split] / total:.3f} ({total})" if total else "—"


Spoil = Callable[[Pair, random.Random, Sequence[str]], str | None]


def change_number(pair: Pair, chance: random.Random, names: Sequence[str]) -> str | None:
    """Put another number of about the same size in place of one."""
    numbers = list(re.finditer(r"(?<![\d.,:A-Za-z-])\d+(?:[.,]\d+)*(?![\d:])", pair.english))
    words = list(re.finditer(r"\b(?:" + "|".join(_UNITS) + r")\b", pair.english, re.IGNORECASE))
    if not numbers and not words:
        return None
    match = chance.choice(numbers + words)
    if match in words:
        new = chance.choice([u for u in _UNITS if u != match.group().lower()])
    else:
        digits = re.sub(r"\D", "", match.group())
        shifted = str((int(digits[-1]) + chance.randint(1, 8)) % 10)
        new = match.group()[:-1] + shifted
        if len(digits) > 1:
            first = str(int(digits[0]) % 9 + 1)
            new = first + match.group()[1:] if chance.random() < 0.5 else new
    return pair.english[: match.start()] + new + pair.english[match.end() :]


def change_date(pair: Pair, chance: random.Random, names: Sequence[str]) -> str | None:
    """Put another month, weekday or year in place of one."""
    listed = "|".join([*_MONTHS, *_DAYS]).replace("May", r"May(?= \d)")
    found = list(re.finditer(rf"\b(?:{listed}|(?:19|20)\d\d)\b", pair.english))
    if not found:
        return None
    match = chance.choice(found)
    old = match.group()
    kind = _MONTHS if old in _MONTHS else _DAYS if old in _DAYS else None
    new = chance.choice([w for w in kind if w != old]) if kind else str(int(old) - 1)
    return pair.english[: match.start()] + new + pair.english[match.end() :]


def change_place(pair: Pair, chance: random.Random, names: Sequence[str]) -> str | None:
    """Put another country or nationality in place of one."""
    for listed in (_COUNTRIES, _NATIONALITIES):
        found = list(re.finditer(rf"\b(?:{'|'.join(listed)})\b", pair.english))
        if found:
            match = chance.choice(found)
            there = place_mentions(pair.english) | place_mentions(pair.source)
            others = [c for c in listed if not place_mentions(c) & there]
            return (
                pair.english[: match.start()] + chance.choice(others) + pair.english[match.end() :]
            )
    return None


def change_name(pair: Pair, chance: random.Random, names: Sequence[str]) -> str | None:
    """Put another person's or thing's name in place of one, wherever it stands."""
    here = names_in(pair.english)
    others = [n for n in names if n not in pair.english]
    if not here:
        return None
    return re.sub(rf"\b{re.escape(chance.choice(here))}\b", chance.choice(others), pair.english)


def turn_round(pair: Pair, chance: random.Random, names: Sequence[str]) -> str | None:
    """Drop a sentence's negation, or negate one that has none."""
    if _NEGATION.search(pair.english):
        spoilt = _NEGATION.sub("", pair.english)
        return spoilt if not has_negation(spoilt) else None
    if _AUXILIARY.search(pair.english):
        return _AUXILIARY.sub(r"\1 not", pair.english, count=1)
    return None


def drop_negation(pair: Pair, chance: random.Random, names: Sequence[str]) -> str | None:
    """Drop a sentence's negation."""
    return turn_round(pair, chance, names) if _NEGATION.search(pair.english) else None


def add_negation(pair: Pair, chance: random.Random, names: Sequence[str]) -> str | None:
    """Negate a sentence that has no negation."""
    return None if _NEGATION.search(pair.english) else turn_round(pair, chance, names)


def change_unit(pair: Pair, chance: random.Random, names: Sequence[str]) -> str | None:
    """Count in another unit of time."""
    counts = r"\d|\b(?:one|two|three|four|five|six)"
    found = list(re.finditer(rf"(?:{counts}) (?P<unit>{'|'.join(_TIMES)})s?\b", pair.english))
    if not found:
        return None
    match = chance.choice(found)
    new = chance.choice([unit for unit in _TIMES if unit != match["unit"]])
    return pair.english[: match.start("unit")] + new + pair.english[match.end("unit") :]


def turn_scale(pair: Pair, chance: random.Random, names: Sequence[str]) -> str | None:
    """Put fewer for more before a number, or fell for rose, or the reverse."""
    found = list(re.finditer(rf"\b(?:{'|'.join(_CONTRARY)})(?= (?:by |to )?\$?\d)", pair.english))
    if not found:
        return None
    match = chance.choice(found)
    return pair.english[: match.start()] + _CONTRARY[match.group()] + pair.english[match.end() :]


def drop_clause(pair: Pair, chance: random.Random, names: Sequence[str]) -> str | None:
    """Leave out a clause of at least 30 characters."""
    found = list(_CLAUSE.finditer(pair.english))
    if not found:
        return None
    match = chance.choice(found)
    return pair.english[: match.start()] + pair.english[match.end() :]


KINDS: dict[str, Spoil] = {
    "number": change_number,
    "date": change_date,
    "country or nationality": change_place,
    "name": change_name,
    "negation dropped": drop_negation,
    "negation added": add_negation,
    "unit of time": change_unit,
    "more for fewer, rose for fell": turn_scale,
    "clause dropped": drop_clause,
}
GOALS = {
    "of pairs that say the same": "at most 0.05", "as it is": "at most 0.05",
    "number": 0.98, "date": 0.95, "country or nationality": 0.98, "name": 0.85,
    "negation dropped": 0.8, "negation added": 0.8, "wrong passage": 0.95,
}  # fmt: skip


def read_pairs() -> list[Pair]:
    """Return the held-out sentences with their English, document by document."""
    pairs = []
    for line in FILE.read_text("utf-8").splitlines():
        case = json.loads(line)
        sources = case["text"].splitlines()
        references = case["reference_answers"][0].splitlines()
        for i, (source, english) in enumerate(zip(sources, references, strict=True)):
            neighbour = sources[i + 1] if i + 1 < len(sources) else sources[i - 1]
            pairs.append(Pair(source, english, neighbour, case["text"], case["split"]))
    return pairs


def read_differing(pairs: Sequence[Pair]) -> frozenset[Pair]:
    """Return the pairs that a reader found to say something else, as their marks have it."""
    rows = map(json.loads, READINGS.read_text("utf-8").splitlines())
    return frozenset(pairs[row["sentence"]] for row in rows if row["differs"])


def spoil_all(pairs: Sequence[Pair]) -> Iterator[tuple[str, Pair, Spoilt]]:
    """Yield every pair as it is and spoilt in every way that applies to it.

    Each kind draws by itself, so that another one added doesn't change it.
    """
    chances = {kind: random.Random(f"{SEED} {kind}") for kind in KINDS}
    names = sorted({name for pair in pairs for name in names_in(pair.english)})
    for pair in pairs:
        yield "as it is", pair, Spoilt(pair.english, pair.source)
        yield "wrong passage", pair, Spoilt(pair.english, pair.neighbour)
        for kind, spoil in KINDS.items():
            drawn = [spoil(pair, chances[kind], names) for _ in range(DRAWS.get(kind, 1))]
            for spoilt in dict.fromkeys(drawn):
                if spoilt is not None and spoilt != pair.english:
                    yield kind, pair, Spoilt(spoilt, pair.source)


def main() -> None:
    """Print the table; with `--show`, what was missed and what was marked without need."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--show", metavar="KIND", help="print the faults of one kind, of `dev`")
    parser.add_argument("--alone", action="store_true", help="without the article around")
    options = parser.parse_args()
    show: str | None = options.show
    app = open_app(load_settings())
    verifier = Verifier(Alignment(app.embedder))
    tallies: dict[str, Tally] = {}
    causes: dict[str, int] = {}
    pairs = read_pairs()
    differing = read_differing(pairs)
    for kind, pair, spoilt in spoil_all(pairs):
        context = "" if options.alone else pair.document
        verdict = verifier.check(spoilt.english, [spoilt.source], context, "ar")
        marked = verdict.support in ("partial", "unsupported")
        tallies.setdefault(kind, Tally()).add(pair.split, marked)
        if kind == "as it is" and pair not in differing:
            tallies.setdefault("of pairs that say the same", Tally()).add(pair.split, marked)
        if kind == "as it is" and marked:
            for reason in verdict.reasons:
                cause = re.sub(r"[A-Z0-9].*|number .*|name .*", "…", reason)
                causes[cause] = causes.get(cause, 0) + 1
        if kind == show and pair.split == "dev" and marked == (kind == "as it is"):
            print(f"{'; '.join(verdict.reasons)}\n  {spoilt.source}\n  {spoilt.english}")
    print("| kind | dev (n) | test (n) | goal |\n|---|---|---|---|")
    for kind, tally in tallies.items():
        name = "false alarms" if kind == "as it is" else kind
        print(f"| {name} | {tally.cell('dev')} | {tally.cell('test')} | {GOALS.get(kind, '—')} |")
    print(f"\nfalse alarms by cause: {json.dumps(causes, ensure_ascii=False)}")


if __name__ == "__main__":
    main()
