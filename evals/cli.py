"""`mujaz eval`: one command from cases to a table, a page and a verdict."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.app import SAMPLES, App, open_app
from assistant.cli import positive
from assistant.errors import AssistantError
from assistant.printing import progress_bar, say, say_json
from assistant.settings import load_settings
from evals.cases import DATASETS, CaseError, Suite, misplaced_spans, place

if TYPE_CHECKING:
    from evals.records import Record
    from evals.results import Results
    from evals.scoring import Material, Scores

BASELINE = Path(__file__).parent / "baseline.json"
_FILES = tuple(DATASETS / f"{name}.jsonl" for name in ("samples", "ntrex", "ntrex-translation"))
_DOCUMENTS = (SAMPLES, DATASETS / "ntrex-documents.jsonl")


def run(arguments: Sequence[str]) -> int:
    """Run the command; the exit code is 1 where the comparison with a baseline fails.

    Raises:
        AssistantError: a flag, a case or a setting can't be used.
    """
    options = build_parser().parse_args(arguments)
    from evals.comparison import read_baseline

    suite = choose_cases(options)
    before = read_baseline(options.baseline) if options.baseline else None
    if options.write_baseline and not options.write_baseline.absolute().parent.is_dir():
        raise AssistantError(f"there is no folder for {str(options.write_baseline)!r}")
    folder = choose_folder(options)
    settings = {n: getattr(options, n) for n in ("writer", "writer_url", "embedder")}
    app = open_app(load_settings(data=folder / "collection", **settings))
    return _Run(options, app, folder, before).finish(suite)


def build_parser() -> argparse.ArgumentParser:
    """Return the command's parser."""
    parser = argparse.ArgumentParser(
        prog="mujaz eval",
        allow_abbrev=False,
        description="Score Mujaz against reference answers, beside simpler ways of doing it.",
    )
    add = parser.add_argument
    add("--dataset", type=Path, action="append", metavar="FILE", help="cases of one's own")
    add("--documents", type=Path, action="append", metavar="PATH", help="what they are about")
    add("--only", action="append", choices=("question", "search", "summary", "translation"))
    add("--split", choices=("dev", "test"), help="the cases for choosing, or those for reporting")
    add("--limit", type=positive, metavar="N", help="every so-manieth case, N in all")
    add("--mujaz-only", action="store_true", help="leave the baselines of the table out")
    add("--baseline", type=Path, metavar="FILE", help="compare with it; exit 1 on a drop")
    add("--write-baseline", type=Path, metavar="FILE", help="keep the scores for later runs")
    add("--judge", metavar="NAME", help="a chat model that judges, PROVIDER:MODEL")
    add("--judge-url", metavar="URL", help="its OpenAI-compatible server")
    add("--workers", type=positive, default=1, metavar="N", help="cases asked at a time")
    add("--seed", type=_seed, default=0, metavar="N", help="of the intervals")
    add("--out", type=Path, default=Path("evals/runs"), metavar="DIR", help="where runs are kept")
    add("--resume", type=Path, metavar="DIR", help="go on with the run in this folder")
    add("--writer", metavar="NAME", help="bundled, or PROVIDER:MODEL")
    add("--writer-url", metavar="URL", help="an OpenAI-compatible server")
    add("--embedder", metavar="NAME", help="bundled, or PROVIDER:MODEL")
    add("--json", action="store_true", help="print the means as JSON")
    return parser


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} isn't a whole number from 0 on")
    return int(text)


def choose_cases(options: argparse.Namespace) -> Suite:
    """Return the cases that the flags ask for.

    Raises:
        AssistantError: there are none, or own cases came without documents.
    """
    if options.dataset and not options.documents:
        raise AssistantError("--dataset needs --documents PATH: what the cases are about")
    files, documents = options.dataset or _FILES, options.documents or _DOCUMENTS
    for path in documents:
        if not path.exists():
            raise AssistantError(f"there are no documents at {str(path)!r}")
    suite = Suite.load(files, documents)
    if options.only:
        suite = suite.only(lambda case: case.kind in options.only)
    if options.split:
        suite = suite.only(lambda case: case.split == options.split)
    if options.limit and options.limit < len(suite.cases):
        step = len(suite.cases) / options.limit
        kept = {suite.cases[int(i * step)].id for i in range(options.limit)}
        suite = suite.only(lambda case: case.id in kept)
    if not suite.cases:
        raise AssistantError("no case is left; loosen --only, --split or --limit")
    return suite


def default_suite() -> Suite:
    """Return the cases and documents that come with Mujaz."""
    return Suite.load(_FILES, _DOCUMENTS)


def choose_folder(options: argparse.Namespace) -> Path:
    """Return the run's folder, made if it is a new run.

    Raises:
        AssistantError: there is no such run to go on with, or the folder can't be made.
    """
    if options.resume:
        if not (options.resume / "manifest.json").is_file():
            raise AssistantError(f"there is no run in {str(options.resume)!r} to go on with")
        return Path(options.resume)
    folder: Path = options.out / time.strftime("%Y%m%d-%H%M%S")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AssistantError(
            f"{str(folder)!r} can't be made ({error.strerror}); choose another place with --out"
        ) from error
    return folder


class _Run:
    """A run in its folder, from ingest to report."""

    def __init__(
        self,
        options: argparse.Namespace,
        app: App,
        folder: Path,
        before: dict[str, Scores] | None,
    ) -> None:
        self._options = options
        self._app = app
        self._folder = folder
        self._before = before

    def finish(self, suite: Suite) -> int:
        from evals.attribution import count_steps
        from evals.judge import get_judge
        from evals.results import Results
        from evals.runner import peak_memory_mb, run
        from evals.scoring import Material, score_all
        from evals.systems import get_systems

        options, app = self._options, self._app
        judge = None
        if options.judge:
            judge = get_judge(options.judge, options.judge_url, app.settings)
        with progress_bar() as on_progress:
            systems = get_systems(app, not options.mujaz_only)
            manifest = self._manifest(suite, [s.name for s in systems])
            app.ingestor.ingest([str(path) for path in suite.documents], on_progress=on_progress)
            articles = app.catalog.articles()
            cases = tuple(place(case, articles) for case in suite.cases)
            suite = Suite(cases, suite.documents, suite.files, suite.datasets)
            for case in cases:
                for problem in misplaced_spans(case, app.catalog.find):
                    raise CaseError(problem)
            app.assistant.load()
            records = run(
                systems, cases, self._folder / "items.jsonl", app, judge, options.workers,
                on_progress,
            )  # fmt: skip
            material = Material.of(app.catalog, app.embedder)
            results = Results(suite, score_all(cases, records, material), options.seed)
            manifest["failed_at"] = count_steps(cases, records, material)
        manifest["peak_memory_mb"] = round(peak_memory_mb())
        return self._tell(results, manifest, records, material)

    def _manifest(self, suite: Suite, systems: list[str]) -> dict[str, Any]:
        from evals.manifest import describe_run, identity

        names = ("only", "split", "limit", "seed", "judge")
        options = {name: getattr(self._options, name) for name in names}
        manifest = describe_run(self._app, [*suite.files, *suite.documents], systems, options)
        file = self._folder / "manifest.json"
        if file.exists():
            before = json.loads(file.read_text("utf-8"))
            if identity(before) != identity(manifest):
                raise AssistantError(
                    f"the run in {str(self._folder)!r} was made with other data, models, settings "
                    "or flags; give it the same ones, or begin a new run without --resume"
                )
            manifest["started"] = before["started"]
        file.write_text(json.dumps(manifest, ensure_ascii=False, indent=1), "utf-8")
        return manifest

    def _tell(
        self,
        results: Results,
        manifest: dict[str, Any],
        records: Sequence[Record],
        material: Material,
    ) -> int:
        from rich.console import Console

        from evals.comparison import compare, write_baseline
        from evals.printing import print_comparison, print_results
        from evals.report import write_report
        from evals.scoring import describe_translations

        options = self._options
        console = Console(stderr=options.json, width=None if Console().is_terminal else 140)
        print_results(results, console)
        if manifest["failed_at"]:
            counts = ", ".join(f"{step} {n}" for step, n in manifest["failed_at"].items())
            console.print(f"Questions by the step that failed: {counts}")
        manifest["translations"] = describe_translations(results.suite.cases, records)
        for line in manifest["translations"]:
            console.print(line)
        comparison = compare(self._before, results) if self._before is not None else None
        if comparison:
            print_comparison(comparison, console)
        (self._folder / "manifest.json").write_text(
            json.dumps(manifest, ensure_ascii=False, indent=1), "utf-8"
        )
        write_baseline(self._folder / "scores.json", manifest, results)
        if options.write_baseline:
            write_baseline(options.write_baseline, manifest, results)
        page = self._folder / "report.html"
        write_report(page, results, manifest, records, material, comparison)
        if options.json:
            say_json(_means(results))
        else:
            say(f"The page: {page}")
        if comparison and comparison.fails:
            worse = [f"{c.kind} {c.metric.name}" for c in comparison.changes if c.fails]
            console.print(f"It got worse: {', '.join(worse) or 'cases are gone'}.")
            return 1
        return 0


def _means(results: Results) -> dict[str, Any]:
    """Return each kind's means by metric and system."""
    from evals.printing import KINDS

    return {
        kind: {
            metric.name: {
                system: [mean.mean, mean.low, mean.high, mean.items]
                for system, mean in means.items()
            }
            for metric, means in results.table(kind, lambda case: True)
        }
        for kind in KINDS
    }
