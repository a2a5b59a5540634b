"""One run of an ingest: whom to tell of it, whether to go on, and what to store at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from vectorstore.arrivals import Arrival
from vectorstore.reading import Prepared
from vectorstore.report import FileProgress, Report, Skipped

BATCH = 32  # passages embedded and committed at a time: what a run that is stopped may lose

Stage = Literal["reading", "embedding"]
OnProgress = Callable[[Stage, int, int], None]
OnFile = Callable[[FileProgress], None]
Batch = list[tuple[Arrival, Prepared]]


class Stopped(Exception):
    """Whoever asked for a run has stopped it."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of an ingest: whom to tell, and whether to go on."""

    report: Report
    on_progress: OnProgress | None
    tell: OnFile
    cancelled: Callable[[], bool]

    def stop_if_cancelled(self) -> None:
        """Raise `Stopped` where nobody wants the rest."""
        if self.cancelled():
            raise Stopped

    def skip(self, origin: str, reason: str) -> None:
        """Report a source as skipped, and tell of it."""
        self.report.skipped.append(Skipped(origin, reason))
        self.tell(FileProgress(origin, "skipped", reason))

    def counter(self, known: Callable[[], int]) -> Callable[[int], None]:
        """Return what the embedder tells how many more passages are done, of those known."""
        done = 0

        def count(more: int) -> None:
            nonlocal done
            done += more
            if self.on_progress:
                self.on_progress("embedding", done, known())
            self.stop_if_cancelled()

        return count


def batches(arrivals: Iterable[Arrival]) -> Iterator[Batch]:
    """Yield what is embedded and committed together: whole articles, some 32 passages."""
    batch: Batch = []
    size = 0
    for arrival in arrivals:
        for prepared in arrival.new:
            batch.append((arrival, prepared))
            size += len(prepared.entry.passages)
            if size >= BATCH:
                yield batch
                batch, size = [], 0
    if batch:
        yield batch
