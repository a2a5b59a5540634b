"""What commands print: lines for people, JSON for programs, bars on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import USER_ERRORS, AssistantError

if TYPE_CHECKING:
    from assistant.answers import Answer, Event
    from vectorstore.articles import Article, Hit
    from vectorstore.report import Report

Row = dict[str, Any]


# A terminal obeys control characters, and overrides of direction turn lines round; written out,
# both are also what JSON calls them.
_CONTROLS = {
    code: f"\\u{code:04x}"
    for code in (
        *(c for c in range(0xA0) if chr(c) not in "\t\n" and not 0x20 <= c < 0x7F),
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
    )
}


def harmless(text: str) -> str:
    """Return a text with its control characters written out, for a terminal."""
    return text.translate(_CONTROLS)


def say(text: str = "", end: str = "\n") -> None:
    """Write to standard output at once, so that a stream is seen as it comes."""
    sys.stdout.write(harmless(text) + end)
    sys.stdout.flush()


def say_json(value: object, indent: int | None = 2) -> None:
    """Write JSON to standard output, other scripts as they are."""
    say(json.dumps(value, ensure_ascii=False, indent=indent))


def say_report(report: Report) -> None:
    """Write what a run did, for people."""
    say(
        f"{len(report.added)} added, {len(report.replaced)} replaced, {len(report.unchanged)} "
        f"unchanged, {len(report.removed)} removed, {len(report.skipped)} skipped; "
        f"{report.passages} passages"
    )
    for verb, rows in (
        ("added", report.added),
        ("replaced", report.replaced),
        ("removed", report.removed),
    ):
        for row in rows:
            say(f"  {verb} {row.article_id}  {row.title}")
            for line in report.cut.get(row.source, []) if verb != "removed" else []:
                say(f"      cut: {line}")
            for text in report.hidden.get(row.source, []) if verb != "removed" else []:
                say(f"      hidden, left out: {text}")
    for copy in report.copies:
        kept = "left out" if copy.kind == "exact" else "kept"
        say(f"  {copy.kind} copy, {kept}: {copy.source}\n      of {copy.of}")
    for skipped in report.skipped:
        sys.stderr.write(harmless(f"  skipped {skipped.source}\n      {skipped.reason}\n"))
    for remark in report.remarks:
        say(f"  note on {remark.source}\n      {remark.text}")
    if report.repaired:
        say(f"  {report.repaired} passages of an unfinished run were indexed")


class progress_bar:  # noqa: N801 - used as a function
    """A bar on standard error, where that is a terminal."""

    def __enter__(self) -> Callable[[str, int, int], None]:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

        console = Console(stderr=True)
        self._bar = Progress(
            "{task.description}",
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._bar.start()
        tasks = {}

        def update(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = self._bar.add_task(stage, total=total)
            self._bar.update(tasks[stage], completed=done, total=total)

        return update

    def __exit__(self, *exception: object) -> None:
        self._bar.stop()


def tell(events: Iterable[Event], as_json: bool) -> int:
    """Print an answer: as JSON at its end, or as it comes with its sources below."""
    from assistant.answers import Answered, Progressed, SentenceDone, Understood, lead

    for event in events:
        match event:
            case Answered(answer):
                if as_json:
                    say_json(answer.to_dict())
                else:
                    say()
                    say_sources(answer)
            case Understood(standalone) if not as_json:
                say(f"Understood as: {standalone}")
            case SentenceDone(_, sentence) if not as_json:
                marks = "".join(f"[{n}]" for n in sentence.citations)
                doubt = f" ({sentence.support})" if sentence.support != "supported" else ""
                say(f"{lead(sentence.reported_by)}{sentence.text} {marks}{doubt}")
            case Progressed(stage, done, total):
                say_progress(stage, done, total)
    return 0


def say_sources(answer: Answer) -> None:
    """Write an answer's sources: each quote in its own language, with its translation."""
    from assistant.answers import uncarried

    if answer.refused:
        say(f"No answer: {answer.reason}")
        if answer.citations:
            say("\nThe nearest passages:")
    for c in answer.citations:
        say(f"[{c.n}] {c.title}  ({c.article_id} {c.start}-{c.end})\n    {c.quote}")
        if c.translation and c.translation != c.quote:
            say(f"    {c.translation}")
    if answer.dropped_sentences and not answer.refused:
        say(f"  left out: {uncarried(answer.dropped_sentences)}")
    for sentence in answer.sentences:
        for reason in sentence.reasons:
            say(f"  check: {reason} — in: {sentence.text[:80]}")
    for disagreement in answer.disagreements:
        say(disagreement.words)
    if answer.coverage is not None:
        say(answer.coverage.words)


def say_progress(stage: str, done: int, total: int) -> None:
    """Write progress to standard error, where that is a terminal."""
    if sys.stderr.isatty():
        words, end = stage.replace("_", " "), "\n" if done == total else ""
        sys.stderr.write(f"\r{words} {done}/{total}{end}")


def article_row(a: Article) -> Row:
    """Return an article as JSON, without its text."""
    return {
        "id": a.id,
        "title": a.title,
        "source": a.source,
        "outlet": a.outlet,
        "date": a.date,
        "language": a.language,
        "characters": len(a.text),
    }


def hit_row(hit: Hit) -> Row:
    """Return a hit as JSON."""
    return {
        "article_id": hit.article.id,
        "source": hit.article.source,
        "passage_id": hit.passage.id,
        "score": hit.score,
        "text": hit.passage.text,
        "title": hit.article.title,
        "start": hit.passage.start,
        "end": hit.passage.end,
    }


def run_batch(file: str, keys: tuple[str, ...], work: Callable[[Row], Row]) -> int:
    """Do the work for each line of a file; print one JSON object a line, in order.

    A line that fails prints its `error` in place of a result, and the others go on; the exit
    code is then 1.
    """
    failed = False
    for number, line in _lines(file):
        row: Row = {"id": number}
        try:
            row = _batch_row(line, number, keys, row)
            result = work(row)
        except USER_ERRORS as error:
            failed = True
            result = {"error": str(error)}
        say_json({"id": row["id"], **result}, indent=None)
    return 1 if failed else 0


def _batch_row(line: str, number: int, keys: tuple[str, ...], known: Row) -> Row:
    """Return a line's row; its id goes into `known` at once, for errors to name."""
    try:
        row = json.loads(line)
        if isinstance(row, dict):
            known["id"] = row.get("id", number)
    except json.JSONDecodeError as error:
        raise AssistantError(f"line {number} isn't JSON ({error}): {line[:80]!r}") from error
    needed = ("id", *keys)
    if not isinstance(row, dict) or any(key not in row for key in needed):
        raise AssistantError(f"line {number} must be an object with {', '.join(needed)}")
    for key in keys:
        if not isinstance(row[key], str):
            raise AssistantError(f"line {number}: {key!r} must be a string, not {row[key]!r}")
    return row


def _lines(file: str) -> Iterator[tuple[int, str]]:
    """Yield a file's lines, counted from 1; blank ones are counted and passed over."""
    try:
        if file == "-":
            yield from ((n, line) for n, line in enumerate(sys.stdin, start=1) if line.strip())
            return
        with Path(file).open(encoding="utf-8-sig") as lines:
            yield from ((n, line) for n, line in enumerate(lines, start=1) if line.strip())
    except (OSError, UnicodeDecodeError) as error:
        raise AssistantError(f"{file!r} can't be read ({error}); give a UTF-8 file") from error
