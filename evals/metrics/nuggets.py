"""Which of the facts that an answer should carry does it carry, and does it cite them?

A nugget is one fact with the spans that state it (TREC's nugget evaluation, Voorhees 2003).
Without a judge, two things can be told of each: how much of its wording is in the answer, and
whether a span that states it is cited. The first is low where a translation is bad, the second
only where the wrong sentence was chosen.
"""

from __future__ import annotations

from collections.abc import Sequence

from evals.cases import Nugget
from evals.metrics.citations import Cited, touches
from evals.metrics.words import content_stems, recall

COVERED = 0.6  # of a nugget's content words; see evals/datasets/judgements.jsonl for how it agrees


def nugget_recall(answer: str, nuggets: Sequence[Nugget]) -> float | None:
    """Return the mean share of the nuggets' content words that the answer has."""
    shares = _shares(answer, nuggets)
    return sum(shares) / len(shares) if shares else None


def nugget_coverage(answer: str, nuggets: Sequence[Nugget]) -> float | None:
    """Return the share of nuggets whose content words the answer has for the most part."""
    shares = _shares(answer, nuggets)
    return sum(share >= COVERED for share in shares) / len(shares) if shares else None


def nuggets_cited(cited: Sequence[Cited], nuggets: Sequence[Nugget]) -> float | None:
    """Return the share of nuggets of which a stating span is cited."""
    if not nuggets:
        return None
    found = sum(any(touches(c, span) for c in cited for span in nugget.spans) for nugget in nuggets)
    return found / len(nuggets)


def _shares(answer: str, nuggets: Sequence[Nugget]) -> list[float]:
    given = content_stems(answer)
    shares = [recall(content_stems(nugget.text), given) for nugget in nuggets]
    return [share for share in shares if share is not None]
