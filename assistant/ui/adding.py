"""How articles come in through the page: each file's state while it does, and then the report."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import gradio as gr

from assistant.app import SAMPLES
from assistant.errors import USER_ERRORS
from assistant.parts import Parts
from assistant.ui.desk import Desk
from assistant.ui.handlers import EXAMPLES, Update, told
from assistant.ui.markup import escape
from assistant.ui.uploads import add_address, add_files, reason_of, render_failure, render_report
from assistant.ui.words import Words
from vectorstore.articles import source_name
from vectorstore.ingest import OnFile, OnProgress
from vectorstore.report import FileProgress, Report
from vectorstore.runs import Stage

QUESTIONS = 3  # about what was added last, shown where nothing was asked yet
SHOWN = 100  # files whose state is listed at most
_MARKS = {"waiting": "·", "reading": "…", "embedding": "…", "skipped": "✕"}


class Added(NamedTuple):
    """The components that change when articles come or go."""

    report: Update
    files: Update
    version: Update
    welcome: Update
    workplace: Update
    chat: Update
    cancel: Update


@dataclass(frozen=True, slots=True)
class Telling:
    """What a run of the ingestor is given to tell how it gets on, and to be stopped by."""

    on_progress: OnProgress
    on_file: OnFile
    cancelled: Callable[[], bool]


Work = Callable[[Telling], Report]


class Adding:
    """The page's handlers for articles.

    Args:
        parts: the parts of the app that the page is over.
        words: the page's words.
    """

    def __init__(self, parts: Parts, words: Words) -> None:
        self._parts = parts
        self._words = words
        self._questions: dict[str, str] = {}  # about what came in last, by its article's id

    def upload(self, files: Sequence[str] | None, desk: Desk) -> Iterator[Added]:
        """Ingest uploaded files."""
        paths = files or []
        yield from self._run(
            lambda t: add_files(self._parts, paths, t.on_progress, t.on_file, t.cancelled), desk
        )

    def fetch(self, address: str, desk: Desk) -> Iterator[Added]:
        """Ingest an address."""
        yield from self._run(
            lambda t: add_address(self._parts, address, t.on_progress, t.on_file, t.cancelled), desk
        )

    def fetched(self, address: str, report: str | None) -> str:
        """Empty the address's box; what nothing came of stays there to be mended."""
        return address if "mj-wrong" in (report or "") else ""

    def load_samples(self, desk: Desk) -> Iterator[Added]:
        """Ingest the sample articles."""
        yield from self._run(
            lambda t: self._parts.ingestor.ingest(
                [str(SAMPLES)], False, t.on_progress, t.on_file, t.cancelled
            ),
            desk,
        )

    def welcomed(self, report: str | None) -> tuple[str, Update]:
        """Show in the library what the welcome reported, and open the library."""
        return report or "", gr.update(selected="library")

    def cancel(self, desk: Desk) -> None:
        """Stop adding: what is in stays, the rest is reported as skipped."""
        desk.stop_adding.set()

    def arrive(self) -> Added:
        """Show the welcome where there are no articles, else the place to work."""
        count = self._parts.catalog.count()
        files = self._parts.catalog.files()
        sampled = 0 < count == sum(Path(file).is_relative_to(SAMPLES) for file in files)
        asked = (q for i, q in self._questions.items() if self._parts.catalog.find(i) is not None)
        examples = EXAMPLES if sampled else tuple(dict.fromkeys(asked))
        return Added(
            report="",
            files=gr.skip(),
            version=f"{time.time():.3f}",
            welcome=gr.update(visible=not count),
            workplace=gr.update(visible=bool(count)),
            chat=gr.update(
                examples=[{"text": text} for text in examples],
                placeholder=self._words["chat_sampled" if sampled else "chat_empty"],
            ),
            cancel=gr.update(visible=False),
        )

    def _run(self, work: Work, desk: Desk) -> Iterator[Added]:
        """Do the work in a thread of its own, showing how each file gets on.

        The work goes on to its end when the page is closed: what was uploaded isn't lost.
        """
        running = _Running(work, desk.stop_adding, self._words)
        skip = Added(*(gr.skip() for _ in Added._fields))
        for states, stage in running.follow():
            yield skip._replace(
                report=self._render_states(states, stage), cancel=gr.update(visible=True)
            )
        try:
            report = running.result()
        except Exception as error:
            yield self.arrive()._replace(report=render_failure(error, self._words))
            with told():
                raise
        self._think_of_questions(report)
        yield self.arrive()._replace(report=render_report(report, self._words), files=None)

    def _think_of_questions(self, report: Report) -> None:
        """Keep a question about each of the first articles that came in, for who asks none yet.

        There is none where the models can't be used: whoever asks is told why.
        """
        found: dict[str, str] = {}
        try:
            for row in report.added[:QUESTIONS]:
                question = self._parts.assistant.first_question(
                    self._parts.catalog.article(row.article_id)
                )
                if question:
                    found[row.article_id] = question
        except USER_ERRORS:
            return
        self._questions = dict(list((found | self._questions).items())[:QUESTIONS])

    def _render_states(self, states: dict[str, FileProgress], stage: str) -> str:
        if not states:
            return f'<div class="mj-status">{escape(stage)}</div>'
        ended = sum(p.state in ("done", "unchanged", "skipped") for p in states.values())
        rows = "".join(_render_state(p, self._words) for p in list(states.values())[:SHOWN])
        done = self._words.fill("files_ended", done=f"{ended:,}", total=f"{len(states):,}")
        counter = f"{done} · {stage}" if stage else done
        return (
            f'<div class="mj-adding"><div class="mj-status">{escape(counter)}</div>'
            f'<progress value="{ended}" max="{len(states)}"></progress><ul>{rows}</ul></div>'
        )


def _render_state(progress: FileProgress, words: Words) -> str:
    mark = _MARKS.get(progress.state, "✓")
    detail = f": {escape(reason_of(progress.source, progress.detail))}" if progress.detail else ""
    return (
        f'<li class="mj-file mj-{progress.state}">{mark} '
        f'<bdi dir="auto">{escape(source_name(progress.source))}</bdi> '
        f'<span class="mj-remark">{escape(words[f"state_{progress.state}"])}'
        f"{detail}</span></li>"
    )


class _Running:
    """Work in a thread, and what it tells on the way."""

    def __init__(self, work: Work, stop: threading.Event, words: Words) -> None:
        stop.clear()
        self._words = words
        self._work = work
        self._stop = stop
        self._told: queue.Queue[FileProgress | str | None] = queue.Queue()
        self._report: Report | None = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._do, name="adding")
        self._thread.start()

    def _do(self) -> None:
        telling = Telling(self._tell_stage, self._told.put, self._stop.is_set)
        try:
            self._report = self._work(telling)
        except BaseException as error:  # raised anew by `result`, in the thread that asks
            self._error = error
        finally:
            self._told.put(None)

    def _tell_stage(self, stage: Stage, done: int, total: int) -> None:
        numbers = {"done": f"{done:,}", "total": f"{total:,}"}
        self._told.put(self._words.fill(f"stage_{stage}", **numbers))

    def follow(self) -> Iterator[tuple[dict[str, FileProgress], str]]:
        """Yield the files' states and the stage, whenever there is news, until the end."""
        states: dict[str, FileProgress] = {}
        stage = ""
        over = False
        while not over:
            news: list[Any] = [self._told.get()]
            while not self._told.empty():
                news.append(self._told.get())
            over = news[-1] is None
            for item in news:
                if isinstance(item, FileProgress):
                    states[item.source] = item
                elif item is not None:
                    stage = item
            yield states, stage

    def result(self) -> Report:
        """Return the report, or raise what went wrong."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        assert self._report is not None
        return self._report
