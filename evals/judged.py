"""The bundled translator's falsehoods: how many of them the checks show without a mark.

    python -m evals.judged

A reader marked its translations of two groups of the 590 held-out sentences as true, partly true
or false: every sixth, whatever they are, and all others that it was sure of (a mean
log-probability of -0.4 and more, and one below it that passes). Whatever passes the checks today
has such a mark, so the falsehoods among the 590 that pass are all counted; the limits were
chosen on the documents marked `dev`. A last group is nine short articles in Arabic that were
written for this, every sentence of them marked, and that no limit was chosen on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.alignment import Alignment
from assistant.app import open_app
from assistant.settings import load_settings
from assistant.verification import Verifier
from evals.cases import DATASETS
from evals.seeded import Pair, read_pairs

FILE = DATASETS / "translation-judgements.jsonl"
UNSEEN = DATASETS / "unseen-judgements.jsonl"
_WORTH = {1.0: "true", 0.5: "partly", 0.0: "false"}


@dataclass(frozen=True, slots=True)
class Judged:
    """A translation with its source, how sure the translator was, and a reader's mark."""

    pair: Pair
    drawn: str
    translation: str
    confidence: float
    true: float


def read_judged(pairs: Sequence[Pair]) -> list[Judged]:
    """Return the marked translations of some of the held-out sentences."""
    rows = map(json.loads, FILE.read_text("utf-8").splitlines())
    return [
        Judged(pairs[r["sentence"]], r["drawn"], r["translation"], r["confidence"], r["true"])
        for r in rows
    ]


def read_unseen() -> list[Judged]:
    """Return the marked translations of the articles that no limit was chosen on."""
    rows = list(map(json.loads, UNSEEN.read_text("utf-8").splitlines()))
    return [
        Judged(
            Pair(r["source"], "", "", r["article"], "unseen"),
            "unseen",
            r["translation"],
            r["confidence"],
            r["true"],
        )
        for r in rows
    ]


def count_unmarked(judged: Iterable[Judged], verifier: Verifier) -> dict[str, tuple[int, int]]:
    """Return how many translations pass the checks, and of how many, by what they are worth."""
    counts = dict.fromkeys(_WORTH.values(), (0, 0))
    for j in judged:
        sources = [j.pair.source]
        verdict = verifier.check(j.translation, sources, language="ar", confidence=j.confidence)
        passed, total = counts[_WORTH[j.true]]
        marked = verdict.support in ("partial", "unsupported")
        counts[_WORTH[j.true]] = (passed + (not marked), total + 1)
    return counts


def main() -> None:
    """Print the tables."""
    app = open_app(load_settings())
    verifier = Verifier(Alignment(app.embedder))
    pairs = read_pairs()
    judged = read_judged(pairs) + read_unseen()
    print("| shown without a mark | true | partly | false | false of all |\n|---|---|---|---|---|")
    for name, drawn, splits in (
        ("every sixth", ("sixth",), ("dev", "test")),
        ("dev", ("sixth", "sure"), ("dev",)),
        ("test", ("sixth", "sure"), ("test",)),
        ("all", ("sixth", "sure"), ("dev", "test")),
        ("unseen", ("unseen",), ("unseen",)),
    ):
        these = [j for j in judged if j.drawn in drawn and j.pair.split in splits]
        counts = count_unmarked(these, verifier)
        every = len(these) if len(drawn) == 1 else sum(p.split in splits for p in pairs)
        cells = " | ".join(f"{passed} of {total}" for passed, total in counts.values())
        print(f"| {name} | {cells} | {counts['false'][0] / every:.3f} ({every}) |")


if __name__ == "__main__":
    main()
