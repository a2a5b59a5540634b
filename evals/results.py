"""A run's scores, averaged over whatever cases one wants to look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from evals.cases import Case, Kind, Suite
from evals.scoring import METRICS, Metric, Scores
from evals.statistics import Estimate, estimate

Where = Callable[[Case], bool]


@dataclass(frozen=True, slots=True)
class Results:
    """The scores by system and case, and the seed of the intervals."""

    suite: Suite
    scores: dict[tuple[str, str], Scores]
    seed: int = 0

    @property
    def systems(self) -> list[str]:
        """The systems in the order in which they were run."""
        return list(dict.fromkeys(system for system, _ in self.scores))

    def mean(self, system: str, metric: str, kind: Kind, where: Where) -> Estimate | None:
        """Return a metric's mean over one system's cases of a kind; None where none is scored."""
        values, clusters = [], []
        for case in self.suite.cases:
            if case.kind != kind or not where(case):
                continue
            value = self.scores.get((system, case.id), {}).get(metric)
            if value is not None:
                values.append(value)
                clusters.append(cluster_of(case))
        return estimate(values, clusters, self.seed)

    def table(self, kind: Kind, where: Where) -> list[tuple[Metric, dict[str, Estimate]]]:
        """Return a row for each metric that any system was scored by, its means by system."""
        rows = []
        for metric in METRICS:
            if kind not in metric.kinds:
                continue
            means = {s: self.mean(s, metric.name, kind, where) for s in self.systems}
            found = {system: mean for system, mean in means.items() if mean is not None}
            if found:
                rows.append((metric, found))
        return rows


def cluster_of(case: Case) -> str:
    """Return what a case shares its difficulty with: its first document, else itself."""
    return case.article_ids[0] if case.article_ids else case.id


def number(value: float) -> str:
    """Return a score as tables show it: three digits that count."""
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3f}"
