"""What one system said to one case, as a run keeps it: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that was found, best first in a record."""

    passage_id: str
    article_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Record:
    """One item of a run.

    `answer` is the JSON that the command line prints: an answer or summary, or
    `{"translation": ...}`; None where there was only a search or it failed. `error` says why
    it failed. Times are in seconds.
    """

    system: str
    case_id: str
    found: tuple[Found, ...] = ()
    answer: dict[str, Any] | None = None
    seconds: float | None = None
    first_sentence_s: float | None = None
    error: str | None = None
    judged: dict[str, float | None] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str]:
        """What it is the record of."""
        return self.system, self.case_id

    def to_json(self) -> str:
        """Return the record as one line."""
        return json.dumps(asdict(self), ensure_ascii=False)


def read_records(file: Path) -> Iterator[Record]:
    """Yield a run's records; a last line that was cut off is passed over."""
    if not file.exists():
        return
    for line in file.read_bytes().split(b"\n"):
        try:
            row = json.loads(line.decode("utf-8"))
        except ValueError:  # cut off, in a letter or between two
            continue
        found = tuple(Found(**each) for each in row.pop("found"))
        yield Record(found=found, **row)


def by_key(records: Iterable[Record]) -> dict[tuple[str, str], Record]:
    """Return records by system and case; the last of several counts."""
    return {record.key: record for record in records}
