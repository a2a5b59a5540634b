"""`mujaz eval` as users call it, on cases of their own."""

import json
from pathlib import Path

import pytest

from assistant.cli import main

ARTICLE = """Harbour of Lima opens again

The mayor of Lima, Ana Quispe, opened the harbour again on 12 March after the storm.

The repairs cost nine million dollars, said the mayor.

Fishermen had waited for five weeks.
"""
CASES = [
    {
        "id": "1",
        "text": "Who opened the harbour of Lima?",
        "reference_answers": ["Ana Quispe, the mayor of Lima."],
        "quotes": ["The mayor of Lima, Ana Quispe, opened the harbour again on 12 March"],
    },
    {"id": "2", "text": "What did the repairs cost?", "reference_answers": ["$9 million"]},
    {"id": "3", "text": "What is the population of Iceland?"},
    {
        "id": "4",
        "kind": "summary",
        "text": "Summarize.",
        "documents": ["lima.txt"],
        "reference_answers": ["The harbour of Lima is open again."],
    },
]


@pytest.fixture
def own(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MUJAZ_CACHE", str(cache))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "lima.txt").write_text(ARTICLE)
    write_cases(tmp_path, CASES)
    return tmp_path


def write_cases(folder: Path, cases: list[dict[str, object]]) -> None:
    lines = "\n".join(json.dumps(case) for case in cases)
    (folder / "cases.jsonl").write_text(lines + "\n")


def call(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["eval", "--dataset", "cases.jsonl", "--documents", "documents", *arguments])
    return int(ended.value.code or 0)


def test_own_cases_are_scored_kept_and_compared(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("--json", "--write-baseline", "b.json", "--out", "runs") == 0
    means = json.loads(capsys.readouterr().out)
    asked = means["question"]
    assert asked["citation_exact"]["mujaz"][0] == 1.0
    assert asked["refusal_recall"]["mujaz"][0] == 1.0
    assert asked["name_recall"]["mujaz"][0] > 0.6
    assert asked["ndcg@10"]["mujaz"][3] == 1, "one case has a quote to look for"
    assert means["summary"]["parts_covered"]["mujaz"][0] > 0
    (run,) = (own / "runs").iterdir()
    assert {f.name for f in run.iterdir() if f.is_file()} == {
        "manifest.json", "items.jsonl", "scores.json", "report.html",
    }  # fmt: skip
    manifest = json.loads((run / "manifest.json").read_text())
    assert manifest["data"].keys() == {"cases.jsonl", "documents"}
    assert manifest["models"]["writer"].startswith("extractive")
    assert manifest["peak_memory_mb"] > 100

    assert call("--resume", str(run), "--baseline", "b.json", "--mujaz-only") == 0
    assert "none changed" in capsys.readouterr().out
    baseline = json.loads((own / "b.json").read_text())
    baseline["scores"]["5"] = {"answered": 1.0}
    (own / "b.json").write_text(json.dumps(baseline))
    write_cases(own, CASES[1:])
    articles = (run / "collection" / "articles.db").read_bytes()
    assert call("--resume", str(run), "--baseline", "b.json") == 1
    assert "made with other data" in capsys.readouterr().err
    assert (run / "collection" / "articles.db").read_bytes() == articles


@pytest.mark.parametrize(
    ("case", "message"),
    [
        ({"id": "1"}, "cases.jsonl, line 1: KeyError('text')"),
        ({"id": "1", "text": "Why?", "quotes": ["not there"]}, "no document has the quote"),
        ({"id": "1", "text": "Why?", "reference_answers": "x"}, "is a list of texts"),
        ({"id": "1", "text": "نص", "kind": "translation"}, "a translation has a reference"),
        ({"id": "1", "text": "Why?", "reference_answers": ["x"], "gold_spans": [
            {"article_id": "zzz", "start": 0, "end": 1, "quote": "x"}]}, "no article 'zzz'"),
        ({"id": "1", "text": "S", "kind": "summary", "reference_answers": ["x"],
          "documents": ["no.txt"]}, "there is no document 'no.txt'"),
    ],
)  # fmt: skip
def test_a_wrong_case_is_named(
    own: Path, capsys: pytest.CaptureFixture[str], case: dict[str, object], message: str
) -> None:
    write_cases(own, [case])
    assert call() == 1
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--judge", "bundled"), "the judge 'bundled' is the writer"),
        (("--only", "translation"), "no case is left"),
        (("--baseline", "nothing.json"), "'nothing.json' isn't a baseline"),
        (("--resume", "nowhere"), "there is no run in 'nowhere' to go on with"),
        (("--out", "cases.jsonl"), "can't be made (Not a directory)"),
    ],
)
def test_a_wrong_flag_is_named(
    own: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    assert call(*arguments) == 1
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("flag", ["--limit", "--workers"])
def test_nought_is_no_number_of_anything(own: Path, flag: str) -> None:
    assert call(flag, "0") == 2


def test_own_cases_need_documents(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["eval", "--dataset", "cases.jsonl"])
    assert ended.value.code == 1
    assert "--dataset needs --documents" in capsys.readouterr().err
