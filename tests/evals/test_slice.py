"""A small slice of the real thing: asked, scored, spoiled, compared, reported."""

from __future__ import annotations

import dataclasses
import functools
import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.app import SAMPLES, App
from evals.attribution import count_steps, failed_step
from evals.cases import DATASETS, CaseError, Suite
from evals.comparison import compare, read_baseline, write_baseline
from evals.faults import FAULTS, Fault, plant
from evals.records import Record, read_records
from evals.report import write_report
from evals.results import Results
from evals.runner import run
from evals.scoring import BY_NAME, METRICS, Material, score_all
from evals.systems import MUJAZ, System, get_systems

IDS = {
    *(f"samples-q-{n:03}" for n in (1, 4, 6, 12, 13, 15, 23, 32, 47, 74, 80, 81)),
    "samples-s-001",
    "samples-s-002",
    "ntrex-t-025",
    "ntrex-t-011",
}
NOT_PLANTED = {
    "compression", "seconds", "first_sentence_s",  # figures, not merits
    "judged_support", "judged_citation_precision", "judged_answer",  # want a judge
}  # fmt: skip


@dataclass
class Slice:
    app: App
    suite: Suite
    file: Path
    records: list[Record]

    @functools.cached_property
    def material(self) -> Material:
        return Material.of(self.app.catalog, self.app.embedder)

    def results(self, records: list[Record] | None = None) -> Results:
        scores = score_all(self.suite.cases, records or self.records, self.material)
        return Results(self.suite, scores)

    @property
    def of_mujaz(self) -> list[Record]:
        return [record for record in self.records if record.system == MUJAZ]


@pytest.fixture(scope="module")
def part(samples: App, tmp_path_factory: pytest.TempPathFactory) -> Slice:
    files = (DATASETS / "samples.jsonl", DATASETS / "ntrex-translation.jsonl")
    suite = Suite.load(files, (SAMPLES,)).only(lambda case: case.id in IDS)
    assert len(suite.cases) == len(IDS)
    file = tmp_path_factory.mktemp("run") / "items.jsonl"
    systems = get_systems(samples)
    return Slice(samples, suite, file, run(systems, suite.cases, file, samples))


def mean(results: Results, metric: str, system: str = MUJAZ) -> float | None:
    kinds = [k for k in BY_NAME[metric].kinds if results.mean(system, metric, k, lambda c: True)]
    found = [results.mean(system, metric, kind, lambda c: True) for kind in kinds]
    values = [(e.mean, e.items) for e in found if e]
    return sum(m * n for m, n in values) / sum(n for _, n in values) if values else None


def test_every_case_was_asked_of_every_system_that_it_is_for(part: Slice) -> None:
    asked = {record.key for record in part.records}
    assert not [record for record in part.records if record.error]
    assert {system for system, _ in asked} == {
        "mujaz", "dense", "keywords", "bm25", "lead", "oracle", "no retrieval",
    }  # fmt: skip
    assert {case_id for system, case_id in asked if system == MUJAZ} == IDS
    assert {i for s, i in asked if s == "oracle"} == {
        c.id for c in part.suite.cases if c.kind == "question" and c.answerable
    }


def test_every_citation_is_valid_and_exact(part: Slice) -> None:
    results = part.results()
    for system in results.systems:
        for metric in ("citation_valid", "citation_exact"):
            assert mean(results, metric, system) in (1.0, None)


def test_the_order_of_the_systems_is_the_one_to_expect(part: Slice) -> None:
    results = part.results()
    found = {s: mean(results, "ndcg@10", s) or 0.0 for s in ("oracle", "mujaz", "bm25")}
    assert found["oracle"] == 1.0
    assert found["oracle"] > found["mujaz"] > found["bm25"]
    assert mean(results, "refusal_recall", "no retrieval") == 1.0
    assert mean(results, "answered", "no retrieval") == 0.0


def test_a_run_goes_on_where_it_was(part: Slice) -> None:
    lines = part.file.read_text("utf-8").splitlines()
    half = part.file.with_name("half.jsonl")
    half.write_text("\n".join([*lines[:8], lines[8][:40]]), encoding="utf-8")

    def refuse(case: object) -> None:
        raise AssertionError("asked again")

    nobody = System(MUJAZ, "", ("question",), refuse)
    done = {record.case_id for record in read_records(half)}
    known = [case for case in part.suite.cases if case.id in done]
    assert len(done) == 8
    again = run([nobody], known, half, part.app)
    assert {record.case_id for record in again} == done


def vouched_for(record: Record) -> Record:
    """Return a record all of whose sentences have passed the checks."""
    answer = record.answer or {}
    if "sentences" not in answer:
        return record
    sentences = [sentence | {"support": "supported"} for sentence in answer["sentences"]]
    return dataclasses.replace(record, answer=answer | {"sentences": sentences})


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_planted_fault_is_seen(part: Slice, fault: Fault) -> None:
    sound = part.of_mujaz
    if "supported" in fault.seen_by:  # so few sentences pass the checks that here may be none
        sound = [vouched_for(record) for record in sound]
    spoiled = plant(fault, part.suite, sound, part.app.catalog)
    before, after = part.results(sound), part.results(spoiled)
    for metric in fault.seen_by:
        was, now = mean(before, metric), mean(after, metric)
        if metric == "refusal_precision" and was is None:
            was = 1.0
        assert was is not None and now is not None, metric
        if BY_NAME[metric].better == "low":
            assert now > was, metric
        else:
            assert now < was, metric


def test_every_metric_has_a_fault_that_it_sees() -> None:
    seen = {metric for fault in FAULTS for metric in fault.seen_by}
    assert seen | NOT_PLANTED == {metric.name for metric in METRICS}


def test_an_unchanged_run_passes_and_a_planted_drop_fails(part: Slice, tmp_path: Path) -> None:
    baseline = tmp_path / "baseline.json"
    results = part.results()
    write_baseline(baseline, {"commit": "abc"}, results)
    before = read_baseline(baseline)
    same = compare(before, results)
    assert not same.fails
    assert all(change.difference.mean == 0 for change in same.changes if change.metric.gated)

    faults = {fault.name: fault for fault in FAULTS}
    spoiled = plant(faults["everything refused"], part.suite, part.of_mujaz, part.app.catalog)
    assert not compare(before, part.results(spoiled)).fails, "two documents prove nothing"

    def many(results: Results) -> Results:
        """Three times the cases, each about a document of its own."""
        numbered = [(case, f"{case.id}/{n}") for n in range(3) for case in part.suite.cases]
        cases = tuple(dataclasses.replace(c, id=i, article_ids=(i,)) for c, i in numbered)
        scores = {(MUJAZ, i): results.scores.get((MUJAZ, c.id), {}) for c, i in numbered}
        return Results(dataclasses.replace(part.suite, cases=cases), scores)

    write_baseline(baseline, {}, many(results))
    found = compare(read_baseline(baseline), many(part.results(spoiled)))
    assert found.fails
    assert {c.metric.name for c in found.changes if c.fails} >= {"answered", "nuggets_cited"}
    assert not compare(read_baseline(baseline), many(results)).fails


def test_cases_that_are_gone_fail_a_comparison(part: Slice) -> None:
    results = part.results(part.of_mujaz[1:])
    before = {case.id: {"answered": 1.0} for case in part.suite.cases}
    found = compare(before, results)
    assert found.gone == (part.of_mujaz[0].case_id,)
    assert found.fails


def test_what_is_no_baseline_is_named(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="isn't a baseline"):
        read_baseline(tmp_path / "nothing.json")
    (tmp_path / "other.json").write_text("[1]")
    with pytest.raises(CaseError, match=r"'scores\.json' is one|`scores.json` is one"):
        read_baseline(tmp_path / "other.json")


def test_the_page_holds_all_of_it_and_loads_nothing(part: Slice, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    results = part.results()
    manifest = {"started": "2026", "models": {}, "machine": {}, "note": "</script><b>"}
    write_report(page, results, manifest, part.records, part.material, None)
    html = page.read_text("utf-8")
    inside = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.S)
    assert inside is not None
    data = json.loads(inside[1])
    assert {item["id"] for item in data["items"]} == IDS
    assert data["manifest"] == manifest
    assert {group["name"] for group in data["groups"]} >= {"all cases", "test cases", "samples"}
    assert not re.search(r'(?:src|href)="|url\(', html)


def test_a_failure_is_laid_to_the_first_step_that_lost_the_answer(part: Slice) -> None:
    cases = {case.id: case for case in part.suite.cases}
    said = {record.case_id: record for record in part.of_mujaz}

    def step(case_id: str, fault: str = "", **changed: object) -> str | None:
        record = dataclasses.replace(said[case_id], **changed)  # type: ignore[arg-type]
        for each in FAULTS:
            if each.name == fault:
                record = each.spoil(cases[case_id], record, part.app.catalog)
        return failed_step(cases[case_id], record, part.material)

    known = "samples-q-001"
    assert step(known, found=()) == "retrieval"
    assert step(known, "citations shifted by a passage") in ("none", "choice")
    assert step(known, "source for translation") == "translation"
    assert step(known, "everything refused") == "refusal"
    assert step("samples-q-080") == "none"
    assert step("samples-q-080", "refusals turned off") == "refusal"
    assert step("samples-s-001") is None
    counts = count_steps(part.suite.cases, part.records, part.material)
    assert sum(counts.values()) == sum(case.kind == "question" for case in part.suite.cases)
