"""A run's tables in the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from evals.cases import Kind
from evals.comparison import Comparison
from evals.results import Results, number
from evals.statistics import Estimate
from evals.systems import MUJAZ

KINDS: tuple[Kind, ...] = ("question", "search", "summary", "translation")


def print_results(results: Results, console: Console) -> None:
    """Print a table for each kind of case: Mujaz with its interval, the others beside it."""
    for kind in KINDS:
        rows = results.table(kind, lambda case: True)
        if not rows:
            continue
        cases = sum(case.kind == kind for case in results.suite.cases)
        table = Table(title=f"{kind}: {cases} cases", title_justify="left", pad_edge=False)
        table.add_column("metric", no_wrap=True)
        systems = [s for s in results.systems if any(s in means for _, means in rows)]
        for system in systems:
            table.add_column(system, justify="right")
        table.add_column("n", justify="right")
        for metric, means in rows:
            mine = means.get(MUJAZ)
            table.add_row(
                metric.name,
                *(_cell(means.get(system), system == MUJAZ) for system in systems),
                str(mine.items if mine else ""),
            )
        console.print(table)


def print_comparison(comparison: Comparison, console: Console) -> None:
    """Print what moved against the baseline, and what fails the comparison."""
    moved = [c for c in comparison.changes if c.moved]
    if not moved:
        console.print(f"Against the baseline: {len(comparison.changes)} means, none changed.")
    table = Table(title="Against the baseline", title_justify="left", pad_edge=False)
    for name in ("kind", "metric", "before", "after", "difference", "n", ""):
        table.add_column(name, justify="left" if name in ("kind", "metric", "") else "right")
    for c in moved:
        verdict = "WORSE" if c.fails else "worse" if c.worse else "better" if c.better else ""
        difference = f"{_signed(c.difference.mean)}{_interval(c.difference)}"
        table.add_row(
            c.kind, c.metric.name, number(c.before), number(c.after), difference,
            str(c.difference.items), verdict,
        )  # fmt: skip
    if moved:
        console.print(table)
    for what, ids in (("gone", comparison.gone), ("new", comparison.new)):
        if ids:
            console.print(f"{len(ids)} cases are {what}: {', '.join(ids[:5])} …")


def _cell(mean: Estimate | None, with_interval: bool) -> str:
    if mean is None:
        return "—"
    return number(mean.mean) + (_interval(mean) if with_interval else "")


def _interval(mean: Estimate) -> str:
    if mean.low is None or mean.high is None:
        return ""
    return f" [{number(mean.low)}, {number(mean.high)}]".replace("[", "\\[")


def _signed(value: float) -> str:
    return ("+" if value >= 0 else "−") + number(abs(value))
