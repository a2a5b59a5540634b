"""One run: every system asked every case that is for it, each item kept as soon as it is there.

A run that was stopped goes on where it was: what its folder holds isn't asked again.
"""

from __future__ import annotations

import resource
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from assistant.answers import Answered, SentenceDone
from assistant.app import App
from assistant.assistant import Assistant
from assistant.errors import AssistantError, ModelError
from evals.cases import Case
from evals.judge import Judge
from evals.metrics.retrieval import DEPTH
from evals.records import Found, Record, read_records
from evals.systems import System
from vectorstore.errors import VectorstoreError

OnProgress = Callable[[str, int, int], None]


def run(
    systems: Sequence[System],
    cases: Sequence[Case],
    file: Path,
    app: App,
    judge: Judge | None = None,
    workers: int = 1,
    on_progress: OnProgress | None = None,
) -> list[Record]:
    """Ask everything that `file` doesn't hold yet, or only failures of, and return all records.

    The systems go one after the other. With one worker, times are those of a single reader,
    and Mujaz, the first system, finds nothing translated before.

    Args:
        systems: what is asked.
        cases: what it is asked.
        file: where records are kept, one a line.
        app: where articles are looked up.
        judge: judges answers, if there is one.
        workers: how many cases are asked at a time.
        on_progress: told the system, how many cases are done, and of how many.
    """
    records = {record.key: record for record in read_records(file) if record.error is None}
    if file.exists() and not file.read_bytes().endswith(b"\n"):
        with file.open("a", encoding="utf-8") as lines:
            lines.write("\n")  # the last line was cut off: don't go on within it
    writing = threading.Lock()
    for system in systems:
        wanted = [case for case in cases if case.kind in system.kinds]
        waiting = [case for case in wanted if (system.name, case.id) not in records]
        done = len(wanted) - len(waiting)
        with ThreadPoolExecutor(workers, thread_name_prefix="evals") as pool:
            futures = [pool.submit(run_case, system, case, app, judge) for case in waiting]
            try:
                for future in as_completed(futures):
                    record = future.result()
                    done += 1
                    if record is not None:
                        records[record.key] = record
                        with writing, file.open("a", encoding="utf-8") as lines:
                            lines.write(record.to_json() + "\n")
                    if on_progress:
                        on_progress(system.name, done, len(wanted))
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
    return list(records.values())


def run_case(system: System, case: Case, app: App, judge: Judge | None = None) -> Record | None:
    """Ask one system one case; None where the case can't be put to it."""
    assistant = system.assistant(case)
    if assistant is None:
        return None
    found: tuple[Found, ...] = ()
    began = time.perf_counter()
    try:
        if case.kind in ("question", "search"):
            found = _search(assistant, case)
        began = time.perf_counter()
        answer, first = _answer(assistant, case, app)
        seconds = time.perf_counter() - began if answer else None
    except (AssistantError, VectorstoreError) as error:
        seconds = time.perf_counter() - began
        return Record(system.name, case.id, found, seconds=seconds, error=str(error))
    judged = _judged(judge, case, answer)
    return Record(system.name, case.id, found, answer, seconds, first, judged=judged)


def _judged(
    judge: Judge | None, case: Case, answer: dict[str, Any] | None
) -> dict[str, float | None]:
    """Return a judge's verdicts; a judge that fails leaves the answer as it is, unjudged."""
    if judge is None or answer is None or "sentences" not in answer:
        return {}
    try:
        return judge.judge(case, answer)
    except ModelError as error:
        sys.stderr.write(f"mujaz: {case.id} isn't judged: {error}\n")
        return {}


def peak_memory_mb() -> float:
    """Return the most memory that this process has held, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1e3


def _search(assistant: Assistant, case: Case) -> tuple[Found, ...]:
    hits = assistant.retriever.search(case.text, DEPTH)
    return tuple(
        Found(hit.passage.id, hit.article.id, hit.passage.start, hit.passage.end) for hit in hits
    )


def _answer(
    assistant: Assistant, case: Case, app: App
) -> tuple[dict[str, Any] | None, float | None]:
    """Return what is said to a case, and the seconds to its first sentence."""
    if case.kind == "search":
        return None, None
    if case.kind == "translation":
        translation = assistant.translate_text(case.text)
        lines = [line for line in translation.split("\n") if line.strip()]
        wanted = case.reference_answers[0].count("\n") + 1
        if len(lines) != wanted:
            raise AssistantError(f"{len(lines)} lines came back for {wanted}")
        return {"translation": "\n".join(lines)}, None
    began = time.perf_counter()
    events = (
        assistant.summarize(app.catalog.article(case.article_ids[0]))
        if case.kind == "summary"
        else assistant.ask(case.text)
    )
    first = None
    for event in events:
        if isinstance(event, SentenceDone) and first is None:
            first = time.perf_counter() - began
        if isinstance(event, Answered):
            return event.answer.to_dict(), first
    raise AssistantError("the answer ended early; run it again")
