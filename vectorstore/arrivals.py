"""What arrives in one run: which articles are new, changed, unchanged, or copies of others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from vectorstore.articles import Article
from vectorstore.catalog import Catalog, Entry
from vectorstore.copies import NEAR_COPY, resemblance
from vectorstore.errors import LoadError
from vectorstore.reading import Prepared, Reader
from vectorstore.report import Copy, FileProgress, Named, Remark, Report, Skipped
from vectorstore.targets import STDIN, file_digest, is_url

PIPELINE = "2"  # raise it when cleaning or splitting changes: every file is then read again


@dataclass(slots=True)
class Arrival:
    """One file, address or standard input, read and not yet stored.

    `digest` is that of a file that was read whole, so that it can be passed over next time;
    `notes` is its part of the report, which holds once all of it is stored.
    """

    origin: str
    digest: str | None = None
    articles: int = 0
    new: list[Prepared] = field(default_factory=list)
    superseded: dict[str, list[str]] = field(default_factory=dict)  # source -> ids it replaces
    moved: set[str] = field(default_factory=set)  # ids whose file is elsewhere now
    notes: Report = field(default_factory=Report)
    stored: int = 0

    @property
    def depends(self) -> bool:
        """Whether it holds only once others are stored: a copy is there as something else."""
        return bool(self.new or self.notes.copies)

    def outcome(self) -> FileProgress:
        """Return what became of it, once all of it is stored."""
        notes = self.notes
        if self.new:
            more = f"; {len(notes.skipped):,} skipped" if notes.skipped else ""
            return FileProgress(self.origin, "done", f"{_counted(len(self.new))}{more}")
        if notes.skipped and not self.articles:
            return FileProgress(self.origin, "skipped", notes.skipped[0].reason)
        copy = next((copy for copy in notes.copies if copy.kind == "exact"), None)
        if copy is not None:
            return FileProgress(self.origin, "unchanged", f"there already as {copy.of}")
        return FileProgress(self.origin, "unchanged")


class Arrivals:
    """Reads the sources of one run in order, and compares each with all before it.

    Args:
        catalog: what is there already.
        reader: what reads.
        remove: takes articles away that their file no longer holds.
    """

    def __init__(
        self,
        catalog: Catalog,
        reader: Reader,
        remove: Callable[[Iterable[Article]], list[Named]],
    ) -> None:
        self._catalog = catalog
        self._reader = reader
        self._remove = remove
        self._seen: dict[str, str] = {}  # article id -> source
        self._sketched: dict[int, list[Entry]] = {}  # hash -> the new entries that have it

    def read(self, origin: str) -> Arrival:
        """Read one source; one that can't be read says so in its notes."""
        arrival = Arrival(origin)
        try:
            self._read(arrival)
        except LoadError as error:
            arrival.notes.skipped.append(Skipped(origin, str(error)))
        return arrival

    def _read(self, arrival: Arrival) -> None:
        origin, notes = arrival.origin, arrival.notes
        is_file = origin != STDIN and not is_url(origin)
        digest = f"{PIPELINE}-{self._reader.budget}-{file_digest(Path(origin))}" if is_file else ""
        if is_file and self._catalog.file_digest(origin) == digest:
            notes.unchanged.append(origin)
            return
        loaded = self._reader.load(origin)
        notes.skipped += [Skipped(origin, problem) for problem in loaded.problems]
        notes.remarks += [Remark(origin, remark) for remark in loaded.remarks]
        before = self._catalog.articles_of(origin)
        found: set[str] = set()
        for document in loaded.documents:
            try:
                prepared = self._reader.prepare(document, origin)
            except LoadError as error:
                notes.skipped.append(Skipped(document.source, str(error)))
                continue
            found.add(document.source)
            self._sort_in(prepared, arrival)
        gone = [self._catalog.article(i) for source, i in before.items() if source not in found]
        notes.removed += self._remove(gone)
        arrival.articles = len(found)
        if is_file and not loaded.problems:
            arrival.digest = digest

    def _sort_in(self, prepared: Prepared, arrival: Arrival) -> None:
        """Decide whether an article is new, changed, unchanged or a copy."""
        entry = prepared.entry
        article, notes = entry.article, arrival.notes
        before = self._catalog.articles_of(entry.file).get(article.source)
        if before == article.id and self._catalog.article(before) == article:
            notes.unchanged.append(article.source)
            return
        twin = self._twin(article, arrival)
        if twin is not None:
            notes.copies.append(Copy(article.source, twin, "exact"))
            if before is not None:
                notes.removed += self._remove([self._catalog.article(before)])
            return
        near = self._near_copy(entry)
        if near is not None:
            notes.copies.append(Copy(article.source, near, "near"))
        if before is not None:
            arrival.superseded.setdefault(article.source, []).append(before)
        self._seen[article.id] = article.source
        for value in entry.sketch:
            self._sketched.setdefault(value, []).append(entry)
        arrival.new.append(prepared)

    def _twin(self, article: Article, arrival: Arrival) -> str | None:
        """Return the source of another article with the same text, unless its file is gone."""
        if article.id in self._seen:
            return self._seen[article.id]
        stored = self._catalog.find(article.id)
        if stored is None or stored.source == article.source:
            return None
        path = Path(stored.source.rpartition("#")[0] or stored.source)
        if path.is_absolute() and not path.exists() and not Path(stored.source).exists():
            arrival.superseded.setdefault(article.source, []).append(stored.id)
            arrival.moved.add(stored.id)  # the new place takes over
            return None
        return stored.source

    def _near_copy(self, entry: Entry) -> str | None:
        own = entry.sketch
        for other in self._alike(own):
            if resemblance(own, other.sketch) >= NEAR_COPY:
                return other.article.source
        shares = self._catalog.similar(own) if own else {}
        for article_id, shared in shares.items():
            if article_id in self._seen:
                continue  # of this run, and compared above
            stored = self._catalog.article(article_id)
            itself = stored.id == entry.article.id or stored.source == entry.article.source
            if shared / len(own) >= NEAR_COPY and not itself:
                return stored.source
        return None

    def _alike(self, sketch: frozenset[int]) -> Iterator[Entry]:
        """Yield the new entries that share anything with a sketch, each once."""
        known: set[str] = set()
        for value in sketch:
            for entry in self._sketched.get(value, ()):
                if entry.article.id not in known:
                    known.add(entry.article.id)
                    yield entry


def _counted(articles: int) -> str:
    return "1 article" if articles == 1 else f"{articles:,} articles"
