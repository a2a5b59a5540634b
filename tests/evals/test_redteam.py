"""The red-team runner: its file, a quick slice of it, and faults it must see."""

import dataclasses
import json
from collections import Counter
from pathlib import Path

import pytest

from assistant.app import App, open_app
from assistant.translation.memory import RememberingTranslator, TranslationMemory
from evals.cases import CaseError
from evals.redteam import (
    Hostile,
    Outcome,
    find_faults,
    print_table,
    read_hostile,
    run_cases,
    try_case,
)
from tests.fakes import RecordingTranslator

CASES = {case.id: case for case in read_hostile()}
SLICE = (
    "obey-chat-cited", "fake-mark-chat", "fake-dialogue", "html-svg", "file-name-markup",
    "hidden-html-7", "hidden-pdf", "hidden-docx", "hidden-markdown", "ansi", "crowd-word",
    "q-blank", "q-bidi",
)  # fmt: skip


@pytest.fixture(scope="module")
def models(samples: App, tmp_path_factory: pytest.TempPathFactory) -> App:
    """The samples and the bundled embedder, with a translator that takes no time."""
    app = open_app(samples.settings)
    memory = TranslationMemory(tmp_path_factory.mktemp("memory") / "translations.db")
    translator = RememberingTranslator(RecordingTranslator(), memory)
    app.__dict__.update(embedder=samples.embedder, translator=translator)
    return app


@pytest.fixture(scope="module")
def cited(models: App, tmp_path_factory: pytest.TempPathFactory) -> tuple[Hostile, Outcome]:
    """A case that holds, and what came of it."""
    case = CASES["obey-en"]
    return case, try_case(case, models, tmp_path_factory.mktemp("case"))


def test_the_file_has_enough_cases_of_each_kind() -> None:
    kinds = Counter(case.kind for case in CASES.values())
    assert len(CASES) >= 50
    assert min(kinds.values()) >= 10


@pytest.mark.parametrize("name", SLICE)
def test_a_slice_holds(models: App, name: str, tmp_path: Path) -> None:
    case = CASES[name]
    assert find_faults(case, try_case(case, models, tmp_path)) == []


def test_a_case_leaves_the_models_collection_as_it_was(models: App) -> None:
    assert models.catalog.count() == 2
    ((_, outcome),) = run_cases([CASES["obey-en"]], models)
    assert len(outcome.articles) == 3
    assert models.catalog.count() == 2


@pytest.mark.parametrize(
    ("must", "fault"),
    [
        ({"answer_contains": ("Zanzibar",)}, "the answer lacks 'Zanzibar'"),
        ({"answer_never_contains": ("MAYOR",)}, "the answer has 'MAYOR'"),
        ({"never_supported": ("mayor",)}, "a supported sentence has 'mayor'"),
        ({"citations_only_from": ("b.txt",)}, "a.txt is cited"),
        ({"search_finds": ("b.txt",)}, "b.txt isn't found"),
        ({"ingested_text_contains": ("Zanzibar",)}, "an ingested text lacks 'Zanzibar'"),
        ({"ingested_text_never_contains": ("Oslo",)}, "an ingested text has 'Oslo'"),
        ({"page_never_contains": ("<div",)}, "the page has '<div'"),
        ({"terminal_contains": ("Zanzibar",)}, "the terminal lacks 'Zanzibar'"),
        ({"terminal_never_contains": ("added",)}, "the terminal has 'added'"),
        ({"error_contains": ("empty",)}, "the error lacks 'empty'"),
    ],
)
def test_each_condition_can_fail(
    cited: tuple[Hostile, Outcome], must: dict[str, tuple[str, ...]], fault: str
) -> None:
    case, outcome = cited
    assert find_faults(case, outcome) == []
    changed = dataclasses.replace(case, must=dataclasses.replace(case.must, **must))
    assert fault in find_faults(changed, outcome)


@pytest.mark.parametrize(
    ("page", "fault"),
    [
        ("<div><img src=x></div>", "the page has a 'img'"),
        ("![x](https://evil.test/a)", "the page has a 'img'"),
        ("[x](https://evil.test/a)", "the page has href='https://evil.test/a'"),
        ("<div onclick=x()>a</div>", "the page has onclick='x()'"),
        ("<div style='color:red'>a</div>", "the page has style='color:red'"),
    ],
)
def test_markup_on_the_page_is_seen(cited: tuple[Hostile, Outcome], page: str, fault: str) -> None:
    case, outcome = cited
    assert fault in find_faults(case, dataclasses.replace(outcome, page=page))


def test_what_always_holds_can_fail_too(cited: tuple[Hostile, Outcome]) -> None:
    case, outcome = cited
    assert outcome.answer is not None
    citation = dataclasses.replace(outcome.answer.citations[0], quote="something else")
    garbled = dataclasses.replace(outcome.answer, citations=(citation,))
    uncited = dataclasses.replace(outcome.answer.sentences[0], citations=())
    silent = dataclasses.replace(outcome.answer, sentences=(uncited,))
    for change, fault in (
        ({"answer": garbled}, "quote 1 isn't exact"),
        ({"answer": silent}, "the bundled writer cites nothing"),
        ({"answer": None}, "there is neither an answer nor an error"),
        ({"terminal": "\x1b[31m"}, "the terminal is sent control characters"),
    ):
        faults = find_faults(case, dataclasses.replace(outcome, **change))  # type: ignore[arg-type]
        assert any(found.startswith(fault) for found in faults)


def test_the_table_counts_what_does_not_hold(
    cited: tuple[Hostile, Outcome], capsys: pytest.CaptureFixture[str]
) -> None:
    case, outcome = cited
    spoiled = dataclasses.replace(outcome, terminal="\x1b[31m|")
    assert print_table([(case, outcome), (case, spoiled)]) == 1
    held, failed = capsys.readouterr().out.splitlines()[2:]
    assert held.endswith("| held |") and "| NOT: the terminal is sent" in failed


def test_an_unknown_condition_is_an_error(tmp_path: Path) -> None:
    row = {"id": "a", "kind": "b", "tried": "c", "question": "d", "must": {"be_nice": ["x"]}}
    (tmp_path / "cases.jsonl").write_text(json.dumps(row))
    with pytest.raises(CaseError, match=r"cases.jsonl:1: unknown conditions \['be_nice'\]"):
        read_hostile(tmp_path / "cases.jsonl")
