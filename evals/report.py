"""One self-contained page of a run: charts, tables with intervals, the worst answers first."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from evals.attribution import failed_step
from evals.cases import Case
from evals.comparison import Comparison
from evals.printing import KINDS
from evals.records import Record
from evals.results import Results, Where
from evals.scoring import Material, Scores
from evals.statistics import Estimate
from evals.systems import MUJAZ

_TEMPLATE = Path(__file__).parent / "report.html"
# What an item is ordered by, the worst first: the first of these that it was scored by.
_PRIMARY = ("nugget_recall", "refusal_recall", "chrf++", "token_f1", "ndcg@10")


def write_report(
    file: Path,
    results: Results,
    manifest: Mapping[str, Any],
    records: Iterable[Record],
    material: Material,
    comparison: Comparison | None,
) -> None:
    """Write the page; it loads nothing, and shows text from articles as text alone."""
    said = {record.case_id: record for record in records if record.system == MUJAZ}
    data = {
        "manifest": manifest,
        "systems": results.systems,
        "groups": [
            {"name": name, "tables": _tables(results, where)} for name, where in _groups(results)
        ],
        "items": [
            _item(results, case, said[case.id], material)
            for case in results.suite.cases
            if case.id in said
        ],
        "changes": _changes(comparison),
    }
    # "</script>" within the data would end it.
    inside = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    file.write_text(_TEMPLATE.read_text("utf-8").replace("{{data}}", inside), "utf-8")


def _groups(results: Results) -> list[tuple[str, Where]]:
    """Return the choices of cases that the page shows figures for."""
    datasets = results.suite.datasets

    def where(look: Callable[[Case], str], wanted: str) -> Where:
        return lambda case: look(case) == wanted

    groups: list[tuple[str, Where]] = [("all cases", lambda case: True)]
    groups += [(f"{split} cases", where(lambda c: c.split, split)) for split in ("test", "dev")]
    names = dict.fromkeys(datasets.values())
    groups += [(name, where(lambda c: datasets[c.id], name)) for name in names]
    languages = dict.fromkeys(case.language for case in results.suite.cases)
    groups += [(f"asked in {code}", where(lambda c: c.language, code)) for code in languages]
    return [(name, where) for name, where in groups if any(map(where, results.suite.cases))]


def _tables(results: Results, where: Where) -> dict[str, list[dict[str, Any]]]:
    return {
        kind: [
            {
                "metric": metric.name,
                "better": metric.better,
                "means": {system: _row(mean) for system, mean in means.items()},
            }
            for metric, means in rows
        ]
        for kind in KINDS
        if (rows := results.table(kind, where))
    }


def _row(mean: Estimate) -> list[float | None]:
    return [mean.mean, mean.low, mean.high, mean.items]


def _item(results: Results, case: Case, record: Record, material: Material) -> dict[str, Any]:
    scores = results.scores.get((MUJAZ, case.id), {})
    answer = record.answer or {}
    return {
        "id": case.id,
        "kind": case.kind,
        "dataset": results.suite.datasets[case.id],
        "split": case.split,
        "language": case.language,
        "type": case.type,
        "question": case.text,
        "reference": _reference(case),
        "sentences": [
            {name: s[name] for name in ("text", "citations", "support", "reasons")}
            for s in answer.get("sentences", ())
        ],
        "translation": answer.get("translation"),
        "citations": [
            {name: c[name] for name in ("n", "title", "language", "quote", "translation")}
            for c in answer.get("citations", ())
        ],
        "gold": [] if case.kind == "summary" else [span.quote for span in case.gold_spans],
        "refused": bool(answer.get("refused")),
        "reason": answer.get("reason"),
        "error": record.error,
        "failed_at": failed_step(case, record, material) or "none",
        "seconds": record.seconds,
        "scores": {name: round(value, 3) for name, value in scores.items()},
        "order": primary(scores),
    }


def primary(scores: Scores) -> float:
    """Return the score that an item is ordered by, 0 to 1; 1 where it has none of them."""
    for name in _PRIMARY:
        if name in scores:
            return scores[name] / 100 if name == "chrf++" else scores[name]
    return 1.0


def _reference(case: Case) -> str:
    if not case.answerable:
        return "(the documents don’t answer this)"
    return case.reference_answers[0]


def _changes(comparison: Comparison | None) -> Sequence[dict[str, Any]]:
    if comparison is None:
        return ()
    return [
        {
            "kind": c.kind,
            "metric": c.metric.name,
            "before": c.before,
            "after": c.after,
            "difference": _row(c.difference),
            "verdict": "worse" if c.worse else "better" if c.better else "",
        }
        for c in comparison.changes
        if c.moved
    ]
