"""What an ingest does and did: every source is told of, with the reason where it was left out."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Literal, NamedTuple


class Named(NamedTuple):
    """An article in a report."""

    article_id: str
    title: str
    source: str


class Skipped(NamedTuple):
    """A source, or one record of it, that didn't become an article, and why."""

    source: str
    reason: str


class Remark(NamedTuple):
    """Something about a source that its reader should know, though it was read."""

    source: str
    text: str


class Restored(NamedTuple):
    """An article that was taken back out of the bin, or the `problem` that kept it there."""

    article_id: str
    title: str
    source: str
    problem: str | None = None


class Copy(NamedTuple):
    """An article that repeats another: `exact` ones are left out, `near` ones kept."""

    source: str
    of: str
    kind: Literal["exact", "near"]


State = Literal["waiting", "reading", "embedding", "done", "unchanged", "skipped"]


@dataclass(frozen=True, slots=True)
class FileProgress:
    """How far one file or address is; the last three states are final.

    `detail` says what became of it in a few words: the reason where it was skipped.
    """

    source: str
    state: State
    detail: str = ""


@dataclass(slots=True)
class Report:
    """What a run did.

    `cut` holds the page furniture taken from each added article, by source, and `hidden` what
    stood in its file but where nobody sees it.
    """

    added: list[Named] = field(default_factory=list)
    replaced: list[Named] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[Named] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    copies: list[Copy] = field(default_factory=list)
    cut: dict[str, list[str]] = field(default_factory=dict)
    hidden: dict[str, list[str]] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    passages: int = 0
    repaired: int = 0

    def merge(self, other: Report) -> None:
        """Add another report's rows behind these."""
        self.added += other.added
        self.replaced += other.replaced
        self.unchanged += other.unchanged
        self.removed += other.removed
        self.skipped += other.skipped
        self.copies += other.copies
        self.cut |= other.cut
        self.hidden |= other.hidden
        self.remarks += other.remarks
        self.passages += other.passages
        self.repaired += other.repaired

    def to_dict(self) -> dict[str, object]:
        """Return the report as plain lists and dictionaries, for JSON."""
        plain = asdict(self)
        for name in ("added", "replaced", "removed", "skipped", "copies", "remarks"):
            plain[name] = [row._asdict() for row in getattr(self, name)]
        return plain
