"""Against a baseline: item by item, metric by metric, and whether it got worse.

The same cases are paired, so a run that is unchanged differs by exactly nothing. With some
fifty means looked at, one would drop by chance: each must be surer than one in twenty by as
many times (Bonferroni), by a sign-flip test over documents, which holds for few of them too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.cases import CaseError, Kind, Suite
from evals.results import Results, cluster_of
from evals.scoring import METRICS, Metric, Scores
from evals.statistics import Estimate, estimate, sign_flip
from evals.systems import MUJAZ


@dataclass(frozen=True, slots=True)
class Change:
    """How one metric moved over the cases that both runs have a score for."""

    metric: Metric
    kind: Kind
    before: float
    after: float
    difference: Estimate
    sure: bool

    @property
    def moved(self) -> bool:
        """Whether any case's score changed, by more than a baseline rounds off."""
        d = self.difference
        return any((d.mean, d.low, d.high))

    @property
    def worse(self) -> bool:
        """Whether it surely moved the wrong way."""
        return self.sure and (self.difference.mean < 0) is (self.metric.better == "high")

    @property
    def better(self) -> bool:
        """Whether it surely moved the right way."""
        return self.sure and not self.worse

    @property
    def fails(self) -> bool:
        """Whether the comparison fails for it."""
        return self.metric.gated and self.worse


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed, and the cases that only one of the two runs has."""

    changes: tuple[Change, ...]
    gone: tuple[str, ...]
    new: tuple[str, ...]

    @property
    def fails(self) -> bool:
        """Whether anything got worse, or cases that were scored are gone."""
        return bool(self.gone) or any(change.fails for change in self.changes)


def read_baseline(file: Path) -> dict[str, Scores]:
    """Return a baseline's scores by case.

    Raises:
        CaseError: it can't be read as one.
    """
    try:
        scores: dict[str, Scores] = {
            case_id: {name: float(value) for name, value in row.items()}
            for case_id, row in json.loads(file.read_text("utf-8"))["scores"].items()
        }
    except (OSError, AttributeError, ValueError, KeyError, TypeError) as error:
        raise CaseError(
            f"{str(file)!r} isn't a baseline ({error!r}); a run's `scores.json` is one"
        ) from error
    return scores


def write_baseline(file: Path, manifest: Mapping[str, Any], results: Results) -> None:
    """Write the scores of Mujaz itself, with what they were made with, times left out."""
    kept = {
        case.id: {
            name: round(value, 6)
            for name, value in results.scores[MUJAZ, case.id].items()
            if not name.endswith("seconds") and not name.endswith("_s")
        }
        for case in results.suite.cases
        if (MUJAZ, case.id) in results.scores
    }
    rows = ",\n".join(f"  {json.dumps(i)}: {json.dumps(scores)}" for i, scores in kept.items())
    head = json.dumps(manifest, ensure_ascii=False, indent=1)
    file.write_text(f'{{"manifest": {head},\n"scores": {{\n{rows}\n}}}}\n', "utf-8")


def compare(before: Mapping[str, Scores], results: Results) -> Comparison:
    """Compare Mujaz's scores of a run with a baseline's, case by case."""
    after = {i: scores for (system, i), scores in results.scores.items() if system == MUJAZ}
    pairs = [(m, kind) for m in METRICS if m.better != "neither" for kind in m.kinds]
    tested = sum(metric.gated for metric, _ in pairs)
    changes = [
        change
        for metric, kind in pairs
        if (change := _change(metric, kind, before, after, results, 0.05 / tested))
    ]
    if not changes:
        raise CaseError("the baseline has no case of this run: give it the one of these cases")
    asked = {case.id for case in results.suite.cases}
    gone = sorted(i for i in before if i in asked and i not in after)
    return Comparison(tuple(changes), tuple(gone), tuple(sorted(after.keys() - before.keys())))


def _change(
    metric: Metric,
    kind: Kind,
    before: Mapping[str, Scores],
    after: Mapping[str, Scores],
    results: Results,
    alpha: float,
) -> Change | None:
    paired = [
        (before[case.id][metric.name], after[case.id][metric.name], cluster_of(case))
        for case in _of_kind(results.suite, kind)
        if metric.name in before.get(case.id, {}) and metric.name in after.get(case.id, {})
    ]
    if not paired:
        return None
    olds, news, clusters = zip(*paired, strict=True)
    # A baseline keeps six decimals.
    moved = [round(new - old, 5) for old, new in zip(olds, news, strict=True)]
    difference = estimate(moved, clusters, results.seed)
    assert difference is not None
    sure = any(moved) and sign_flip(moved, clusters, results.seed) < alpha
    return Change(metric, kind, sum(olds) / len(olds), sum(news) / len(news), difference, sure)


def _of_kind(suite: Suite, kind: Kind) -> Iterable[Any]:
    return (case for case in suite.cases if case.kind == kind)
