"""Articles into the collection and out of it: read, embed, store, report.

What is stored is committed batch by batch, whole articles at a time: first the catalog, then
the index. A run that was cut off in between leaves nothing that the next run doesn't mend,
for it begins by bringing the index in line with the catalog.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from vectorstore.arrivals import Arrival, Arrivals
from vectorstore.articles import Article, Passage
from vectorstore.catalog import Catalog
from vectorstore.embeddings import Embedder
from vectorstore.errors import CollectionBusyError, UnknownArticleError
from vectorstore.loaders import MAX_BYTES
from vectorstore.reading import Reader
from vectorstore.report import FileProgress, Named, Report, Restored
from vectorstore.runs import BATCH, Batch, OnFile, OnProgress, Run, Stopped, batches
from vectorstore.store import VectorStore
from vectorstore.targets import expand_targets, is_url

__all__ = ["STOPPED", "Ingestor", "Limits", "OnFile", "OnProgress"]

STOPPED = "stopped before it was read"
_STOPPED_UNSTORED = "stopped before it was stored"
_STOPPED_HALFWAY = "stopped before all of it was stored; add it again for the rest"


@dataclass(frozen=True, slots=True)
class Limits:
    """What is read at most, and whether addresses on this machine's network are fetched."""

    max_bytes: int = MAX_BYTES
    allow_private: bool = False


class Ingestor:
    """Writes to one collection; one at a time, whichever process it is in.

    Args:
        catalog: where articles and passages are kept.
        store: where their vectors are kept.
        embedder: what makes them.
        count_tokens: a text's length in tokens.
        lock: the file whose lock says that somebody is writing.
        budget: tokens in a passage at most.
        limits: what is read and fetched at most.
    """

    def __init__(
        self,
        catalog: Catalog,
        store: VectorStore,
        embedder: Embedder,
        count_tokens: Callable[[str], int],
        lock: Path,
        budget: int,
        limits: Limits,
    ) -> None:
        self._catalog = catalog
        self._store = store
        self._embedder = embedder
        self._lock = lock
        self._reader = Reader(count_tokens, budget, limits.max_bytes, limits.allow_private)

    def ingest(
        self,
        targets: Sequence[str],
        sync: bool = False,
        on_progress: OnProgress | None = None,
        on_file: OnFile | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Report:
        """Bring files, folders, globs, addresses or standard input (`-`) into the collection.

        Args:
            targets: what to read.
            sync: also remove the articles whose file is gone from a folder among the targets.
            on_progress: told the stage, how many are done and of how many.
            on_file: told what happens to each file and address, as it happens.
            cancelled: asked between files and while embedding. When it says so, what is stored
                stays, and the rest is reported as skipped.

        Raises:
            CollectionBusyError: another process or thread is writing.
        """
        run = Run(Report(), on_progress, on_file or (lambda progress: None), cancelled)
        with self._writing():
            run.report.repaired = self._reconcile()
            self._store_all(self._read(targets, run), run)
            self._catalog.remember("index", self._store.identity.to_json())
            if sync and not cancelled():
                self._drop_missing(targets, run.report)
        return run.report

    def remove(self, article_ids: Iterable[str]) -> list[Named]:
        """Remove articles, for a day so that `restore` brings them back.

        An id's beginning will do.

        Raises:
            UnknownArticleError: an id is nobody's; nothing is removed then.
            CollectionBusyError: another process or thread is writing.
        """
        with self._writing():
            articles = [self._catalog.article(i) for i in article_ids]
            return self._remove(articles, self._catalog.discard)

    def restore(self, article_ids: Iterable[str]) -> list[Restored]:
        """Bring removed articles back as they were; their vectors are made anew.

        One whose text or file was ingested again in between stays where it is, and is returned
        with the `problem`.

        Raises:
            UnknownArticleError: an id isn't in the bin, or no longer; nothing is restored then.
            CollectionBusyError: another process or thread is writing.
        """
        with self._writing():
            found = [self._binned(article_id) for article_id in dict.fromkeys(article_ids)]
            restored = [self._restore(article, file) for article, file in found]
            self._reconcile()
        return restored

    def reindex(self, on_progress: OnProgress | None = None) -> int:
        """Split every article anew, embed what this index lacks, then drop the other indexes.

        Returns:
            How many passages were embedded.
        """
        with self._writing():
            self._resplit()
            repaired = self._reconcile(on_progress)
            self._catalog.remember("index", self._store.identity.to_json())
            self._store.drop_others()
        return repaired

    @contextmanager
    def _writing(self) -> Iterator[None]:
        from filelock import FileLock, Timeout

        lock = FileLock(self._lock, timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            raise CollectionBusyError(
                f"the collection in {str(self._lock.parent)!r} is being written to by another "
                "process; wait until it has ended, or stop it, and try again"
            ) from error
        try:
            yield
        finally:
            lock.release()

    # ---------------------------------------------------------------- coming in
    def _read(self, targets: Sequence[str], run: Run) -> Iterator[Arrival]:
        """Yield every source as it is read; tell at once of those with nothing to store."""
        origins = list(dict.fromkeys(expand_targets(targets, run.report)))
        for skipped in run.report.skipped:
            run.tell(FileProgress(skipped.source, "skipped", skipped.reason))
        for origin in origins:
            run.tell(FileProgress(origin, "waiting"))
        arrivals = Arrivals(self._catalog, self._reader, self._remove)
        for done, origin in enumerate(origins):
            if run.cancelled():
                for left in origins[done:]:
                    run.skip(left, STOPPED)
                break
            run.tell(FileProgress(origin, "reading"))
            arrival = arrivals.read(origin)
            if run.on_progress:
                run.on_progress("reading", done + 1, len(origins))
            if arrival.depends:
                yield arrival
            else:
                self._settle(arrival, run)

    def _store_all(self, arrivals: Iterator[Arrival], run: Run) -> None:
        """Embed and store what arrives, so that a run that is stopped keeps what it has read.

        An arrival is settled after all that came before it: a copy holds only if what it is a
        copy of was stored.
        """
        waiting: deque[Arrival] = deque()
        known = 0

        def arriving() -> Iterator[Arrival]:
            nonlocal known
            for arrival in arrivals:
                known += sum(len(prepared.entry.passages) for prepared in arrival.new)
                waiting.append(arrival)
                yield arrival

        count = run.counter(lambda: known)
        try:
            for batch in batches(arriving()):
                run.stop_if_cancelled()
                self._store_batch(batch, count, run)
                while waiting and waiting[0].stored == len(waiting[0].new):
                    self._settle(waiting.popleft(), run)
            run.stop_if_cancelled()
            while waiting:
                self._settle(waiting.popleft(), run)
        except Stopped:
            deque(arriving(), maxlen=0)  # what was not yet read is told of as well
            for arrival in waiting:
                run.report.removed += arrival.notes.removed
                run.skip(arrival.origin, _STOPPED_HALFWAY if arrival.stored else _STOPPED_UNSTORED)

    def _store_batch(self, batch: Batch, count: Callable[[int], None], run: Run) -> None:
        for arrival in {id(arrival): arrival for arrival, _ in batch}.values():
            if not arrival.stored:
                run.tell(FileProgress(arrival.origin, "embedding"))
        entries = [prepared.entry for _, prepared in batch]
        passages = [p for entry in entries for p in entry.passages]
        titles = {entry.article.id: entry.article.title for entry in entries}
        vectors = self._embedder.embed_documents(_contents(passages, titles), count)
        self._supersede(batch, run.report)
        self._store.upsert(passages, vectors)
        run.report.passages += len(passages)

    def _supersede(self, batch: Batch, report: Report) -> None:
        """Commit a batch to the catalog, taking away what it replaces."""
        old_ids: list[str] = []
        old_passages: set[str] = set()
        for arrival, prepared in batch:
            article = prepared.entry.article
            old = arrival.superseded.get(article.source, [])
            old_ids += old
            for each in map(self._catalog.article, old):
                old_passages |= {p.id for p in self._catalog.passages_of(each)}
            named = Named(article.id, article.title, article.source)
            (report.replaced if set(old) - arrival.moved else report.added).append(named)
            prepared.tell(report)
            arrival.stored += 1
        entries = [prepared.entry for _, prepared in batch]
        self._catalog.add(entries, removed=old_ids)
        self._store.delete(old_passages - {p.id for entry in entries for p in entry.passages})

    def _settle(self, arrival: Arrival, run: Run) -> None:
        """Record and report an arrival of which all is stored."""
        run.report.merge(arrival.notes)
        if arrival.digest is not None:
            self._catalog.record_file(arrival.origin, arrival.digest, arrival.articles)
        run.tell(arrival.outcome())

    # --------------------------------------------------------- going, coming back
    def _remove(
        self,
        articles: Iterable[Article],
        remove: Callable[[Iterable[str]], None] | None = None,
    ) -> list[Named]:
        removed = []
        for article in articles:
            passages = self._catalog.passages_of(article)
            (remove or self._catalog.remove)([article.id])
            self._store.delete(p.id for p in passages)
            removed.append(Named(article.id, article.title, article.source))
        return removed

    def _binned(self, article_id: str) -> tuple[Article, str]:
        found = self._catalog.binned(article_id)
        if found is None:
            raise UnknownArticleError(
                f"no removed article has the id {article_id!r}; what is removed is kept for a "
                "day, then ingest its file again"
            )
        return found

    def _restore(self, article: Article, file: str) -> Restored:
        named = Named(article.id, article.title, article.source)
        present = self._catalog.find(article.id)
        if present is not None:
            return Restored(*named, f"its text is there again, from {present.source!r}")
        if article.source in self._catalog.articles_of(file):
            return Restored(*named, "its file was ingested again since, with another text")
        self._catalog.restore(self._reader.enter(article, file))
        return Restored(*named)

    def _drop_missing(self, targets: Sequence[str], report: Report) -> None:
        folders = [Path(t).resolve() for t in targets if not is_url(t) and Path(t).is_dir()]
        for file in self._catalog.files():
            path = Path(file)
            if any(path.is_relative_to(folder) for folder in folders) and not path.exists():
                ids = self._catalog.articles_of(file).values()
                report.removed += self._remove([self._catalog.article(i) for i in ids])

    # ------------------------------------------------------------ catalog and index
    def _resplit(self) -> None:
        """Give each article the passages that the present budget makes of it."""
        for article in self._catalog.articles():
            entry = self._reader.enter(article, self._catalog.file_of(article))
            if list(entry.passages) != self._catalog.passages_of(article):
                self._catalog.add([entry], removed=[article.id])

    def _reconcile(self, on_progress: OnProgress | None = None) -> int:
        """Embed passages that the index lacks, drop those that the catalog lacks."""
        wanted, present = self._catalog.passage_ids(), self._store.ids()
        self._store.delete(present - wanted)
        missing = sorted(wanted - present)
        for i in range(0, len(missing), BATCH):
            found = self._catalog.passages(missing[i : i + BATCH])
            passages = [passage for passage, _ in found.values()]
            titles = {article.id: article.title for _, article in found.values()}
            vectors = self._embedder.embed_documents(_contents(passages, titles))
            self._store.upsert(passages, vectors)
            if on_progress:
                on_progress("embedding", min(i + BATCH, len(missing)), len(missing))
        return len(missing)


def _contents(passages: Iterable[Passage], titles: dict[str, str]) -> list[str]:
    """Return what is embedded: each passage under its article's title.

    A passage from the middle of an article often names nothing of what it is about.
    """
    return [p.text if p.start == 0 else f"{titles[p.article_id]}\n{p.text}" for p in passages]
