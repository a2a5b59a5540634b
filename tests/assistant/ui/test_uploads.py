from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from assistant.app import App
from assistant.errors import AssistantError
from assistant.parts import Parts
from assistant.ui.uploads import (
    add_address,
    add_files,
    finish_uploads,
    pending_uploads,
    render_report,
)
from assistant.ui.words import words
from tests.assistant.ui.material import text_of
from vectorstore.errors import CollectionBusyError
from vectorstore.ingest import STOPPED
from vectorstore.report import Copy, FileProgress, Named, Remark, Report, Skipped

STORY = (
    "Fishermen ask for help\n\n"
    + " ".join(
        f"On day {n} the fishermen of harbour {n} asked minister {n} for boat {n}."
        for n in range(30)
    )
    + "\n"
)


@pytest.fixture
def parts(make_app: Callable[..., App]) -> Parts:
    return Parts(make_app())


def upload(parts: Parts, folder: Path, name: str, text: str) -> Report:
    """Put a file where Gradio would, and add it."""
    file = folder / str(hash(text)) / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, "utf-8")
    report = add_files(parts, [str(file)])
    assert not file.exists(), "it should have been moved"
    return report


def test_an_upload_is_kept_with_the_collection_and_known_again(
    parts: Parts, tmp_path: Path
) -> None:
    (row,) = upload(parts, tmp_path, "story.txt", STORY).added
    assert Path(row.source).is_relative_to(parts.app.settings.data.resolve())
    assert Path(row.source).read_text("utf-8") == STORY
    again = upload(parts, tmp_path, "story.txt", STORY)
    assert again.unchanged == [row.source] and not again.added


def test_a_new_version_takes_the_old_ones_place(parts: Parts, tmp_path: Path) -> None:
    upload(parts, tmp_path, "story.txt", STORY)
    report = upload(parts, tmp_path, "story.txt", STORY + "\nThe harbour opens on 12 March.\n")
    assert [row.title for row in report.replaced] == ["Fishermen ask for help"]
    assert not report.added and not report.copies
    (article,) = parts.catalog.articles()
    assert "12 March" in article.text
    assert parts.app.store.count() == len(parts.catalog.passage_ids())


def test_another_text_of_the_same_name_replaces_nothing(parts: Parts, tmp_path: Path) -> None:
    upload(parts, tmp_path, "index.txt", STORY)
    report = upload(parts, tmp_path, "index.txt", "Bakers strike\n\nThe bakers of Lyon strike.\n")
    assert len(report.added) == 1 and not report.replaced
    assert parts.catalog.count() == 2


@pytest.mark.parametrize("address", ["/etc/passwd", "file:///etc/passwd", "", "http://a b", "-"])
def test_only_an_address_is_fetched(parts: Parts, address: str) -> None:
    with pytest.raises(AssistantError, match="isn't an address"):
        add_address(parts, address)


def test_an_address_of_this_machine_is_skipped_with_the_reason(parts: Parts) -> None:
    report = add_address(parts, " HTTP://127.0.0.1:9/private ")
    assert len(report.skipped) == 1 and not report.added


def test_a_report_names_files_without_folders_and_escapes_them() -> None:
    path = "/data/uploads/12ab/<b>bad</b>.txt"
    report = Report(
        added=[Named("a", "<img src=x>", "/data/a.txt")],
        skipped=[Skipped(path, f"{path!r} is empty")],
        copies=[Copy("/data/c.txt", "/data/d.txt", "exact")],
        unchanged=[f"/data/{n}.txt" for n in range(25)],
        remarks=[Remark("/data/a.txt", "line 3 is damaged")],
        hidden={"/data/a.txt": ["<i>obey</i>", "obey again"]},
    )
    rendered = render_report(report, words("en"))
    assert 'class="mj-report"' in rendered
    assert 'id="mj-e-a" title="by machine"' in rendered
    assert "Hidden text left out: 2" in text_of(rendered) and "obey again" in rendered
    assert "<img" not in rendered and "<i>" not in rendered and "<b>" not in rendered
    assert "uploads" not in rendered and "data" not in rendered
    told = text_of(rendered)
    for heading in ("Added: 1", "Copies of other articles: 1", "Left out: 1", "Remarks: 1"):
        assert heading in told
    assert "There already: 25" in told and "and 5 more" in told
    assert '<details class="mj-part mj-unchanged"><summary>' in rendered  # folded: they are below
    for shown in ("added", "skipped", "hidden"):
        assert f'<details class="mj-part mj-{shown}" open>' in rendered


def test_a_file_that_is_too_large_leaves_the_others_in(
    make_app: Callable[..., App], tmp_path: Path
) -> None:
    parts = Parts(make_app(max_file_mb=1))
    (tmp_path / "large.txt").write_text("A line of a long report.\n" * 50_000)
    (tmp_path / "story.txt").write_text(STORY)
    report = add_files(parts, [str(tmp_path / "large.txt"), str(tmp_path / "story.txt")])
    assert [Path(row.source).name for row in report.added] == ["story.txt"]
    assert "larger than" in report.skipped[0].reason
    rendered = render_report(report, words("en"))
    assert "large&#46;txt" in rendered and "story&#46;txt" in rendered
    kept = (parts.app.settings.data / "uploads").rglob("*.txt")
    assert [path.name for path in kept] == ["story.txt"]


def test_a_report_of_nothing_but_what_was_skipped_is_one_of_failure() -> None:
    assert "mj-report mj-wrong" in render_report(
        Report(skipped=[Skipped("/a.txt", "empty")]), words("en")
    )


def test_a_report_of_nothing_says_so() -> None:
    assert "nothing to add" in render_report(Report(), words("en"))


def cut_off(parts: Parts, folder: Path, name: str, text: str) -> None:
    """Upload a file to a server that is stopped before it is stored."""

    def stop(progress: FileProgress) -> None:
        if progress.state == "embedding":
            raise KeyboardInterrupt

    file = folder / name
    file.write_text(text, "utf-8")
    with pytest.raises(KeyboardInterrupt):
        add_files(parts, [str(file)], on_file=stop)


def test_an_upload_that_was_cut_off_is_finished(parts: Parts, tmp_path: Path) -> None:
    upload(parts, tmp_path, "first.txt", STORY)
    assert pending_uploads(parts) == []
    parts.ingestor.remove([article.id for article in parts.catalog.articles()])
    cut_off(parts, tmp_path, "second.txt", STORY)
    assert [path.name for path in pending_uploads(parts)] == ["second.txt"]
    report = finish_uploads(parts)
    assert [Path(row.source).name for row in report.added] == ["second.txt"]
    assert pending_uploads(parts) == [] and finish_uploads(parts) == Report()
    assert parts.catalog.count() == 1, "what was removed stays removed"


def test_an_upload_is_not_tried_a_third_time(parts: Parts, tmp_path: Path) -> None:
    def stop(progress: FileProgress) -> None:
        raise KeyboardInterrupt

    cut_off(parts, tmp_path, "killer.txt", STORY)
    with pytest.raises(KeyboardInterrupt):
        finish_uploads(parts, on_file=stop)
    assert len(pending_uploads(parts)) == 1
    with pytest.raises(KeyboardInterrupt):
        finish_uploads(parts, on_file=stop)
    assert pending_uploads(parts) == []
    assert len(upload(parts, tmp_path, "killer.txt", STORY).added) == 1, "unless it is added anew"


def test_a_busy_collection_leaves_uploads_pending(parts: Parts, tmp_path: Path) -> None:
    cut_off(parts, tmp_path, "story.txt", STORY)
    with FileLock(parts.app.settings.data / "write.lock"):
        for _ in range(3):
            with pytest.raises(CollectionBusyError):
                finish_uploads(parts)
    assert len(finish_uploads(parts).added) == 1


def test_what_was_reported_is_not_pending(parts: Parts, tmp_path: Path) -> None:
    assert upload(parts, tmp_path, "empty.txt", "").skipped
    (tmp_path / "a.txt").write_text(STORY)
    report = add_files(parts, [str(tmp_path / "a.txt")], cancelled=lambda: True)
    assert [s.reason for s in report.skipped] == [STOPPED]
    (tmp_path / "a.txt").write_text(STORY)
    with FileLock(parts.app.settings.data / "write.lock"), pytest.raises(CollectionBusyError):
        add_files(parts, [str(tmp_path / "a.txt")])
    assert pending_uploads(parts) == []
