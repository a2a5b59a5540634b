"""What each means of the bundled translator brings, on held-out sentences, and what it costs.

    python -m evals.benchmarks.decoding
    python -m evals.benchmarks.decoding --sentences 590 --rows greedy "best of two"

Every row has what the rows above it have, unless it says otherwise; `dev` sentences come first.
All of it runs on one core, one sentence after the other: the seconds are those of a sentence,
checks left out. Wrong places and numbers are those that neither the source nor the professional
English has; "unmarked" are the sentences with one of them that the checks show without a mark.
Figures: docs/decisions/0008.
"""

from __future__ import annotations

import argparse
import os
import random
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from unittest.mock import patch

from assistant.alignment import Alignment
from assistant.app import App, open_app
from assistant.quantities import find_quantities, readings
from assistant.settings import load_settings
from assistant.translation import embedded
from assistant.translation.constraints import Constraints, Tokenize
from assistant.translation.embedded import EmbeddedTranslator
from assistant.translation.judging import Judge
from assistant.translation.translator import Source, Translation
from assistant.verification import Verifier
from evals.metrics.translation import score_translation
from evals.seeded import Pair, read_pairs
from vectorstore.names import found_places, glued_places, place_mentions, related_places

SEED = 8
_ENDLESS = 10_000  # words: no sentence is cut


@dataclass(frozen=True, slots=True)
class Row:
    """A way to translate: which of the means are on."""

    name: str
    places: bool = True
    digits: bool = True
    cut: bool = True
    loops: bool = True
    candidates: int = 1


ROWS = (
    Row("greedy", places=False, digits=False, cut=False, loops=False),
    Row("+ places forbidden", digits=False, cut=False, loops=False),
    Row("+ digits forbidden", cut=False, loops=False),
    Row("+ cut at 40 words", loops=False),
    Row("+ loops cut off"),
    Row("best of two", candidates=2),
    Row("best of four", candidates=4),
)


class PartOfConstraints(Constraints):
    """The constraints, with places or digits left free."""

    def __init__(self, tokenize: Tokenize, row: Row) -> None:
        super().__init__(tokenize)
        if not row.places:
            self._places = {}
        if not row.digits:
            self._digits = {}


def translate_all(app: App, row: Row, pairs: Sequence[Pair]) -> tuple[list[Translation], float]:
    """Return the translations of a row and the seconds that one took."""
    with ExitStack() as stack:
        patched: list[tuple[str, Callable[..., object] | int]] = [
            ("Constraints", lambda tokenize: PartOfConstraints(tokenize, row))
        ]
        patched += [] if row.cut else [("LONGEST_WORDS", _ENDLESS)]
        patched += [] if row.loops else [("loop_length", lambda text: 0)]
        for name, value in patched:
            stack.enter_context(patch.object(embedded, name, value))
        judge = Judge(app.embedder, Verifier())
        translator = EmbeddedTranslator(app.settings.cache, 1, judge, row.candidates)
        translator.load()
        started = time.perf_counter()
        found = [
            translator.translate(translator.prepare(Source(pair.source, "ar", pair.document)), "ar")
            for pair in pairs
        ]
        return found, (time.perf_counter() - started) / len(pairs)


def has_wrong_place(english: str, pair: Pair) -> bool:
    """Tell whether a translation names a place that neither source nor reference does."""
    there = place_mentions(pair.source) | place_mentions(pair.english) | glued_places(pair.source)
    return any(not related_places(place) & there for place in found_places(english))


def has_wrong_number(english: str, pair: Pair) -> bool:
    """Tell whether a translation has a number that neither source nor reference has."""
    texts = (pair.source, pair.english)
    there = frozenset[float]().union(*(readings(t, find_quantities(t)) for t in texts))
    return any(n.sure and not n.is_among(there) for n in find_quantities(english))


def report(app: App, row: Row, pairs: Sequence[Pair]) -> None:
    """Print a row's line of the table."""
    translations, seconds = translate_all(app, row, pairs)
    verifier = Verifier(Alignment(app.embedder))
    scores = score_translation([t.text for t in translations], [p.english for p in pairs])
    places = numbers = unmarked = 0
    for translation, pair in zip(translations, pairs, strict=True):
        wrong = has_wrong_place(translation.text, pair), has_wrong_number(translation.text, pair)
        places += wrong[0]
        numbers += wrong[1]
        if any(wrong):
            verdict = verifier.check(
                translation.text,
                [pair.source],
                pair.document,
                "ar",
                confidence=translation.confidence,
            )
            unmarked += verdict.support not in ("partial", "unsupported")
    cells = [f"{scores['chrf++']:.2f}", f"{scores['bleu']:.2f}"]
    cells += [f"{100 * n / len(pairs):.1f}" for n in (places, numbers, unmarked)]
    print(f"| {row.name} | {' | '.join(cells)} | {seconds:.2f} |", flush=True)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sentences", type=int, default=120, metavar="N")
    parser.add_argument("--rows", nargs="+", choices=[r.name for r in ROWS], metavar="ROW")
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):  # the engines inherit it
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    pairs = read_pairs()
    random.Random(SEED).shuffle(pairs)
    pairs = sorted(pairs, key=lambda pair: pair.split != "dev")[: options.sentences]
    app = open_app(load_settings())
    print(f"{len(pairs)} sentences\n")
    print("| | chrF++ | BLEU | wrong places /100 | wrong numbers /100 | unmarked /100 | s |")
    print("|---|---|---|---|---|---|---|")
    for row in ROWS:
        if options.rows is None or row.name in options.rows:
            report(app, row, pairs)


if __name__ == "__main__":
    main()
