"""Were the right passages found, and how high? Computed by ir-measures (pytrec_eval)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

DEPTH = 10  # hits that are judged
SHOWN = 6  # hits that an answer may stand on


def score_ranking(found: Sequence[str], relevant: Collection[str]) -> dict[str, float]:
    """Return hit@6, recall@6, MRR@10 and nDCG@10 of one query's ranking.

    Args:
        found: passage ids, best first.
        relevant: the ids of the passages that carry the answer, at least one.
    """
    import ir_measures
    from ir_measures import RR, R, Success, nDCG

    names: dict[Any, str] = {
        Success @ SHOWN: f"hit@{SHOWN}",
        R @ SHOWN: f"recall@{SHOWN}",
        RR @ DEPTH: "mrr",
        nDCG @ DEPTH: f"ndcg@{DEPTH}",
    }
    qrels = {"q": dict.fromkeys(relevant, 1)}
    # ir-measures sorts by score itself: give it scores in the order that was found.
    run = {"q": {identity: -float(rank) for rank, identity in enumerate(found[:DEPTH])}}
    if not found:
        return dict.fromkeys(names.values(), 0.0)
    return {
        names[metric.measure]: float(metric.value)
        for metric in ir_measures.iter_calc(list(names), qrels, run)
    }
