import json
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.app import SAMPLES
from evals.cases import DATASETS, CaseError, load_cases, misplaced_spans
from vectorstore.ingest import Ingestor


@pytest.mark.parametrize(
    ("name", "documents", "articles", "questions", "unanswerable", "summaries"),
    [
        ("samples", SAMPLES, 2, 94, 22, 2),
        ("ntrex", DATASETS / "ntrex-documents.jsonl", 123, 249, 38, 20),
    ],
)
def test_every_gold_span_is_exact(
    make_ingestor: Callable[..., Ingestor],
    name: str,
    documents: Path,
    articles: int,
    questions: int,
    unanswerable: int,
    summaries: int,
) -> None:
    cases = load_cases(DATASETS / f"{name}.jsonl")
    ingestor = make_ingestor()
    report = ingestor.ingest([str(documents)])
    assert (len(report.added), report.skipped) == (articles, [])
    find = ingestor._catalog.find
    assert [p for case in cases for p in misplaced_spans(case, find)] == []
    kinds = [case.kind for case in cases]
    assert (kinds.count("question"), kinds.count("summary")) == (questions, summaries)
    assert sum(not case.answerable for case in cases) == unanswerable
    assert {case.split for case in cases} == {"dev", "test"}


def test_no_document_is_in_both_splits_of_ntrex() -> None:
    cases = load_cases(DATASETS / "ntrex.jsonl")
    dev, test = (
        {i for case in cases if case.split == split for i in case.article_ids}
        for split in ("dev", "test")
    )
    assert dev.isdisjoint(test)


GOOD = {
    "id": "1", "kind": "question", "split": "dev", "text": "Who?", "language": "en",
    "article_ids": ["a"], "answerable": True, "type": "who", "reference_answers": ["She."],
    "nuggets": [], "gold_spans": [{"article_id": "a", "start": 0, "end": 1, "quote": "x"}],
    "source": "s", "licence": "l",
}  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "riddle"},
        {"split": "train"},
        {"reference_answers": []},
        {"kind": "summary", "article_ids": []},
        {"gold_spans": [{"article_id": "a"}]},
        {"unknown": 1},
    ],
)
def test_a_wrong_case_is_refused_with_its_line(tmp_path: Path, wrong: dict[str, object]) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text(json.dumps(GOOD) + "\n" + json.dumps(GOOD | {"id": "2"} | wrong))
    with pytest.raises(CaseError, match=r"cases\.jsonl, line 2"):
        load_cases(file)
    file.write_text(json.dumps(GOOD) + "\n" + json.dumps(GOOD))
    with pytest.raises(CaseError, match="'1' is there already"):
        load_cases(file)
