from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import gradio as gr
import pytest

from assistant.app import SAMPLES
from assistant.conversation import Conversation
from assistant.parts import Parts
from assistant.ui.adding import Added, Adding
from assistant.ui.desk import Desk
from assistant.ui.handlers import EXAMPLES
from assistant.ui.words import words
from tests.assistant.ui.material import text_of
from vectorstore.catalog import Catalog
from vectorstore.errors import VectorstoreError
from vectorstore.ingest import Ingestor
from vectorstore.report import Report


@pytest.fixture
def ingestor(make_ingestor: Callable[..., Ingestor]) -> Ingestor:
    return make_ingestor(budget=200)


@pytest.fixture
def adding(ingestor: Ingestor, tmp_path: Path) -> Adding:
    assistant = SimpleNamespace(first_question=lambda article: f"What of {article.title}?")
    catalog = Catalog(tmp_path / "articles.db")
    parts: Any = SimpleNamespace(catalog=catalog, ingestor=ingestor, assistant=assistant)
    return Adding(cast("Parts", parts), words("en"))


@pytest.fixture
def desk() -> Desk:
    return Desk("user:ann", Conversation())


def examples(view: Added) -> list[str]:
    return [example["text"] for example in view.chat["examples"]]


def test_an_empty_collection_is_welcomed(adding: Adding) -> None:
    view = adding.arrive()
    assert (view.welcome["visible"], view.workplace["visible"]) == (True, False)
    assert examples(view) == []


def test_the_samples_are_told_of_one_by_one_and_come_with_questions(
    adding: Adding, desk: Desk
) -> None:
    *on_the_way, last = adding.load_samples(desk)
    assert all(view.cancel == gr.update(visible=True) for view in on_the_way)
    assert "2 of 2" in on_the_way[-1].report and on_the_way[-1].report.count("mj-done") == 2
    assert "mj-report" in last.report and last.files is None
    assert (last.welcome["visible"], last.workplace["visible"]) == (False, True)
    assert last.cancel == gr.update(visible=False)
    assert examples(last) == list(EXAMPLES)


def test_beside_other_articles_nothing_is_asked_of_the_samples(
    adding: Adding, ingestor: Ingestor, tmp_path: Path
) -> None:
    (tmp_path / "own.txt").write_text("Bakers strike\n\nThe bakers of Lyon strike today.\n")
    ingestor.ingest([str(SAMPLES), str(tmp_path / "own.txt")])
    assert examples(adding.arrive()) == []


def test_what_was_added_last_is_asked_about_while_it_is_there(
    adding: Adding, ingestor: Ingestor, desk: Desk, tmp_path: Path
) -> None:
    (tmp_path / "own.txt").write_text("Bakers strike\n\nThe bakers of Lyon strike today.\n")
    ingestor.ingest([str(tmp_path / "own.txt")])
    *_, last = adding.load_samples(desk)
    articles = Catalog(tmp_path / "articles.db").articles()
    samples = {a.title: a.id for a in articles if a.title != "Bakers strike"}
    assert sorted(examples(last)) == sorted(f"What of {title}?" for title in samples)
    ingestor.remove(samples.values())
    assert examples(adding.arrive()) == []


def test_what_was_cancelled_is_reported_as_skipped(
    adding: Adding, ingestor: Ingestor, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest = ingestor.ingest

    def ingest_when_cancelled(*arguments: Any) -> Report:  # noqa: ANN401
        _, _, on_progress, _, cancelled = arguments
        on_progress("reading", 0, 2)
        assert desk.stop_adding.wait(60) and cancelled()
        return ingest(*arguments)

    monkeypatch.setattr(ingestor, "ingest", ingest_when_cancelled)
    running = adding.load_samples(desk)
    next(running)
    adding.cancel(desk)
    *_, last = running
    assert "Left out: 2" in text_of(last.report)
    assert not last.workplace["visible"]


def test_what_goes_wrong_is_an_error_box(
    adding: Adding, ingestor: Ingestor, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> None:
        raise VectorstoreError("the disk is <full>")

    monkeypatch.setattr(ingestor, "ingest", fail)
    views: list[Added] = []
    with pytest.raises(gr.Error, match="The disk is &lt;full&gt;"):
        views.extend(adding.load_samples(desk))
    assert text_of(views[-1].report) == "the disk is <full>" and "mj-wrong" in views[-1].report
    assert views[-1].cancel == gr.update(visible=False)


def test_an_address_that_came_to_nothing_stays_to_be_mended(adding: Adding) -> None:
    assert adding.fetched("https://a.example", '<div class="mj-report mj-wrong">') != ""
    assert adding.fetched("https://a.example", '<div class="mj-report">') == ""
    assert adding.fetched("https://a.example", None) == ""


def test_what_goes_wrong_for_an_unknown_reason_says_so_and_is_raised(
    adding: Adding, ingestor: Ingestor, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingestor, "ingest", lambda *_: 1 / 0)
    views: list[Added] = []
    with pytest.raises(ZeroDivisionError):
        views.extend(adding.load_samples(desk))
    assert "the server’s log" in text_of(views[-1].report)
