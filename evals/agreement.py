"""How far the metrics agree with a reader who judged answers by hand.

    python -m evals.agreement evals/runs/RUN

The judgements are in `evals/datasets/judgements.jsonl`: a case's id, the answer as it was read,
and three marks of 0, 0.5 or 1: is every sentence `true` to its source, does the answer `answer`
the question, is it `cited` from passages that carry it. A judgement of another answer than the
run gave is left out, and counted.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.app import open_app
from assistant.settings import load_settings
from evals.cases import DATASETS, place
from evals.cli import default_suite
from evals.records import Record, read_records
from evals.scoring import METRICS, Material, score_all
from evals.systems import MUJAZ

FILE = DATASETS / "judgements.jsonl"
MARKS = ("true", "answers", "cited")
_LEAST = 10  # pairs that a correlation is worth printing for


def main() -> None:
    """Print each metric's rank correlation with each mark, and the checks' precision."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("run", type=Path, metavar="RUN", help="a finished run's folder")
    folder: Path = parser.parse_args().run
    records = {r.case_id: r for r in read_records(folder / "items.jsonl") if r.system == MUJAZ}
    rows = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]
    said = {case_id: _text(record) for case_id, record in records.items()}
    judged = [row for row in rows if said.get(row["case_id"]) == row["answer"]]
    print(f"{len(judged)} judgements; {len(rows) - len(judged)} of another answer left out\n")

    app = open_app(load_settings(data=folder / "collection"))
    suite = default_suite()
    articles = app.catalog.articles()
    suite = dataclasses.replace(suite, cases=tuple(place(c, articles) for c in suite.cases))
    material = Material.of(app.catalog, app.embedder)
    scores = score_all(suite.cases, [records[row["case_id"]] for row in judged], material)

    for mark in MARKS:
        values = [row[mark] for row in judged if row[mark] is not None]
        print(f"{mark}: mean {sum(values) / len(values):.2f} over {len(values)}")
    print("\n| metric | n | " + " | ".join(MARKS) + " |\n|---|---|---|---|---|")
    for metric in METRICS:
        pairs = [(row, scores[MUJAZ, row["case_id"]].get(metric.name)) for row in judged]
        known = [(row, value) for row, value in pairs if value is not None]
        cells = [_correlation(known, mark) for mark in MARKS]
        if any(cells):
            print(f"| {metric.name} | {len(known)} | {' | '.join(c or '—' for c in cells)} |")
    print_checks(judged, records)


def print_checks(judged: Sequence[dict[str, Any]], records: dict[str, Record]) -> None:
    """Print how the verdicts of an answer's sentences go with whether they were found true."""
    print("\n| worst verdict in the answer | true | partly | false |\n|---|---|---|---|")
    order = ("supported", "unchecked", "partial", "unsupported")
    counts = {verdict: [0, 0, 0] for verdict in order}
    for row in judged:
        answer = records[row["case_id"]].answer or {}
        verdicts = [s["support"] for s in answer.get("sentences", ())]
        if verdicts and row["true"] is not None:
            worst = max(verdicts, key=order.index)
            counts[worst][round(2 - 2 * row["true"])] += 1
    for verdict, row_counts in counts.items():
        print(f"| {verdict} | {' | '.join(map(str, row_counts))} |")


def rank_correlation(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Return Spearman's coefficient, ties given their mean rank; None where one is constant."""
    ranks = [_ranks(np.asarray(values, dtype=float)) for values in (one, other)]
    if any(r.std() == 0 for r in ranks):
        return None
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def _ranks(values: np.ndarray[Any, np.dtype[np.float64]]) -> np.ndarray[Any, Any]:
    unique, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks: np.ndarray[Any, Any] = (ends - (counts - 1) / 2)[inverse]
    return ranks


def _correlation(known: Sequence[tuple[dict[str, Any], float]], mark: str) -> str | None:
    pairs = [(row[mark], value) for row, value in known if row[mark] is not None]
    if len(pairs) < _LEAST:
        return None
    found = rank_correlation([a for a, _ in pairs], [b for _, b in pairs])
    return None if found is None else f"{found:+.2f}"


def _text(record: Record) -> str:
    return str((record.answer or {}).get("answer", ""))


if __name__ == "__main__":
    main()
