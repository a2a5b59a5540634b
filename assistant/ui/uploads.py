"""What users bring in through the page: kept with the collection, ingested, reported.

A mark lies beside each upload until its report can be given. What the server was stopped over
still has its mark when it starts again, and is finished then.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.errors import USER_ERRORS, AssistantError
from assistant.parts import Parts
from assistant.ui.markup import escape, render_list
from assistant.ui.words import Words
from vectorstore.articles import hash_id, source_name
from vectorstore.errors import CollectionBusyError
from vectorstore.ingest import OnFile, OnProgress
from vectorstore.report import Copy, Named, Report

_SHOWN = 20  # rows of each part of a report
_TRIES = 2  # of an upload that is cut off each time


def add_files(
    parts: Parts,
    files: Sequence[str],
    on_progress: OnProgress | None = None,
    on_file: OnFile | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Report:
    """Move uploaded files into the collection's folder and ingest them.

    A file is kept under its content's digest, so that two files of one name don't overwrite
    each other. Where one is nearly the same as an earlier upload of its name, it is a new
    version, and takes the old one's place.

    Raises:
        CollectionBusyError: another process or upload is writing.
    """
    kept = [_keep(parts, Path(file)) for file in files]
    return _ingest(parts, kept, on_progress, on_file, cancelled)


def pending_uploads(parts: Parts) -> list[Path]:
    """Return the uploads that were cut off before anybody was told what became of them.

    One that was cut off again while it was being finished isn't tried a third time: it may be
    what stops the server.
    """
    return [mark.parent / name for mark, name, tries in _marks(parts) if tries < _TRIES]


def finish_uploads(
    parts: Parts, on_progress: OnProgress | None = None, on_file: OnFile | None = None
) -> Report:
    """Ingest the uploads that were cut off; with none, an empty report.

    Raises:
        CollectionBusyError: another process or upload is writing; they stay pending.
    """
    kept = pending_uploads(parts)
    if not kept:
        return Report()
    tries = {mark.parent / name: tries for mark, name, tries in _marks(parts)}
    for path in kept:
        _mark(path, tries[path] + 1)
    try:
        return _ingest(parts, kept, on_progress, on_file)
    except CollectionBusyError:
        for path in kept:
            _mark(path, tries[path])
        raise


def add_address(
    parts: Parts,
    address: str,
    on_progress: OnProgress | None = None,
    on_file: OnFile | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Report:
    """Fetch an address and ingest it.

    Raises:
        AssistantError: it isn't an http or https address; a path is never read for a browser.
        CollectionBusyError: another process or upload is writing.
    """
    address = address.strip()
    if not address.lower().startswith(("http://", "https://")) or len(address.split()) != 1:
        raise AssistantError(
            f"{address[:200]!r} isn't an address; give one that begins with https:// or http://"
        )
    scheme, _, rest = address.partition("://")
    return parts.ingestor.ingest(
        [f"{scheme.lower()}://{rest}"],
        on_progress=on_progress,
        on_file=on_file,
        cancelled=cancelled,
    )


def render_report(report: Report, words: Words) -> str:
    """Return what a run did, with the reason for all that was skipped, as HTML."""
    rows = {
        "added": [(row.title, source_name(row.source)) for row in report.added],
        "replaced": [(row.title, "") for row in report.replaced],
        "removed": [(row.title, "") for row in report.removed],
        "unchanged": [(source_name(source), "") for source in report.unchanged],
        "copies": [_copy_row(copy, words) for copy in report.copies],
        "skipped": [(source_name(s.source), reason_of(*s)) for s in report.skipped],
        "remarks": [(source_name(r.source), r.text) for r in report.remarks],
        "hidden": [
            (source_name(source), text) for source, texts in report.hidden.items() for text in texts
        ],
    }
    ids = {"added": [row.article_id for row in report.added]}
    parts = [_part(kind, found, words, ids.get(kind, ())) for kind, found in rows.items() if found]
    inside = "".join(parts) or f"<p>{escape(words['report_nothing'])}</p>"
    in_vain = report.skipped and not (report.added or report.replaced or report.unchanged)
    wrong = " mj-wrong" if in_vain else ""
    return f'<div class="mj-report{wrong}">{inside}</div>'


def render_failure(error: Exception, words: Words) -> str:
    """Return why a run came to nothing; what isn't the user's to mend is in the log."""
    why = str(error) if isinstance(error, USER_ERRORS) else words["failed_unexpectedly"]
    return f'<div class="mj-report mj-wrong">{escape(why)}</div>'


def _part(
    kind: str, rows: list[tuple[str, str]], words: Words, article_ids: Sequence[str] = ()
) -> str:
    shown = rows[:_SHOWN]
    if more := len(rows) - len(shown):
        shown = [*shown, (words.fill("report_more", number=f"{more:,}"), "")]
    heading = words.fill(f"report_{kind}", number=f"{len(rows):,}")
    return render_list(heading, shown, kind, article_ids[:_SHOWN], words["title_by_machine"])


def _copy_row(copy: Copy, words: Words) -> tuple[str, str]:
    return source_name(copy.source), words.fill(f"copy_{copy.kind}", name=source_name(copy.of))


def reason_of(source: str, reason: str) -> str:
    """Return why a source was left out, less its folder, and its name at the beginning."""
    path = source.partition("#")[0]
    name = source_name(path)
    return reason.replace(path, name).removeprefix(f"{name!r} ")


def _keep(parts: Parts, file: Path) -> Path:
    """Move an upload to where it stays, marked; it has its name there only once it is whole."""
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    target = _uploads(parts) / digest[:16] / file.name
    target.parent.mkdir(parents=True, exist_ok=True)
    _mark(target, 0)
    arriving = _mark_of(target).with_suffix(".arriving")
    shutil.move(file, arriving)
    os.replace(arriving, target)
    return target


def _ingest(
    parts: Parts,
    kept: Sequence[Path],
    on_progress: OnProgress | None,
    on_file: OnFile | None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Report:
    """Ingest uploads, and take their marks away when what came of it is told, good or bad.

    A server that is stopped tells nobody.
    """
    try:
        report = parts.ingestor.ingest(
            [str(path) for path in kept],
            on_progress=on_progress,
            on_file=on_file,
            cancelled=cancelled,
        )
        _replace_versions(parts, report)
    except Exception:
        _unmark(kept)
        raise
    _unmark(kept)
    _drop_too_large(parts, kept)
    return report


def _drop_too_large(parts: Parts, kept: Sequence[Path]) -> None:
    """Delete the uploads that were too large to be read: they would only fill the disk."""
    most = parts.app.settings.max_file_mb * 1024 * 1024
    for path in kept:
        if path.exists() and path.stat().st_size > most:
            path.unlink()


def _mark(path: Path, tries: int) -> None:
    """Note that nobody was told yet of an upload, and how often it was tried again."""
    mark = _mark_of(path)
    written = mark.with_suffix(".new")
    written.write_text(json.dumps([path.name, tries]), "utf-8")
    os.replace(written, mark)


def _unmark(kept: Sequence[Path]) -> None:
    for path in kept:
        _mark_of(path).unlink(missing_ok=True)


def _mark_of(path: Path) -> Path:
    return path.parent / f".{hash_id(path.name)}.pending"


def _marks(parts: Parts) -> list[tuple[Path, str, int]]:
    """Return the marks of the uploads that are there, each with their name and tries."""
    marks = sorted(_uploads(parts).glob("*/.*.pending"))
    read = [(mark, *json.loads(mark.read_text("utf-8"))) for mark in marks]
    return [(mark, name, tries) for mark, name, tries in read if (mark.parent / name).exists()]


def _uploads(parts: Parts) -> Path:
    return parts.app.settings.data / "uploads"


def _replace_versions(parts: Parts, report: Report) -> None:
    """Remove the earlier versions of what was added, and report those as replaced."""
    uploads = _uploads(parts).resolve()
    for copy in [c for c in report.copies if c.kind == "near"]:
        new, old = Path(copy.source), Path(copy.of)
        both_uploaded = new.is_relative_to(uploads) and old.is_relative_to(uploads)
        if not both_uploaded or new.name != old.name:
            continue
        ids = parts.catalog.articles_of(copy.of).values()
        row = next((row for row in report.added if row.source == copy.source), None)
        if row is None or not ids:
            continue
        parts.ingestor.remove(list(ids))
        report.copies.remove(copy)
        report.added.remove(row)
        report.replaced.append(Named(*row))
