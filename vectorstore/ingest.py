"""Articles into the collection: load, clean, split, identify, embed, store, report.

What is stored is committed batch by batch, whole articles at a time: first the catalog, then
the index. A run that was cut off in between leaves nothing that the next run doesn't mend,
for it begins by bringing the index in line with the catalog.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from vectorstore.articles import Article, Document, Passage, hash_id
from vectorstore.catalog import Catalog, Entry
from vectorstore.chunking import split_passages
from vectorstore.cleaning import normalize_text, read_tag_characters, strip_furniture
from vectorstore.copies import NEAR_COPY, drop_repeats, resemblance, sketch
from vectorstore.embeddings import Embedder
from vectorstore.errors import CollectionBusyError, LoadError
from vectorstore.language import detect_language
from vectorstore.lexical import extract_keywords
from vectorstore.loaders import MAX_BYTES, Loaded, load_file, load_text, load_url
from vectorstore.report import Copy, Named, Remark, Report, Skipped
from vectorstore.sentences import split_sentences
from vectorstore.store import VectorStore
from vectorstore.targets import STDIN, expand_targets, file_digest, is_url

PIPELINE = "2"  # raise it when cleaning or splitting changes: every file is then read again
_BATCH = 64  # passages embedded and committed at a time
_LONGEST_TITLE = 200  # characters
_LONGEST_OUTLET = 100
_TOLD_HIDDEN = 20  # hidden texts of one article that the report shows

Stage = Literal["reading", "embedding"]
OnProgress = Callable[[Stage, int, int], None]


@dataclass(frozen=True, slots=True)
class Limits:
    """What is read at most, and whether addresses on this machine's network are fetched."""

    max_bytes: int = MAX_BYTES
    allow_private: bool = False


@dataclass(frozen=True, slots=True)
class _Work:
    """What reading the sources found to do."""

    entries: list[Entry]
    superseded: dict[str, str]  # an article's source -> the id that it takes the place of
    digests: dict[str, tuple[str, int]]  # a file -> its digest and how many articles it has


@dataclass(frozen=True, slots=True)
class _Prepared:
    """An article ready to be stored, and what the report should tell of it."""

    entry: Entry
    cut: tuple[str, ...]
    hidden: tuple[str, ...]
    repeats: int  # passages that say nothing new


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
        self._limits = limits
        self._catalog = catalog
        self._store = store
        self._embedder = embedder
        self._count_tokens = count_tokens
        self._lock = lock
        self._budget = budget

    def ingest(
        self,
        targets: Sequence[str],
        sync: bool = False,
        on_progress: OnProgress | None = None,
    ) -> Report:
        """Bring files, folders, globs, addresses or standard input (`-`) into the collection.

        Args:
            targets: what to read.
            sync: also remove the articles whose file is gone from a folder among the targets.
            on_progress: told the stage, how many are done and of how many.

        Raises:
            CollectionBusyError: another process or thread is writing.
        """
        report = Report()
        with self._writing():
            report.repaired = self._reconcile()
            work = self._read(targets, report, on_progress)
            self._store_all(work, report, on_progress)
            if sync:
                self._drop_missing(targets, report)
        return report

    def remove(self, article_ids: Iterable[str]) -> list[Named]:
        """Remove articles; an id's beginning will do.

        Raises:
            UnknownArticleError: an id is nobody's; nothing is removed then.
            CollectionBusyError: another process or thread is writing.
        """
        with self._writing():
            articles = [self._catalog.article(i) for i in article_ids]
            return self._remove(articles)

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

    def _resplit(self) -> None:
        """Give each article the passages that the present budget makes of it."""
        for article in self._catalog.articles():
            entry = self._entry(article, self._catalog.file_of(article), self._split(article))
            if list(entry.passages) != self._catalog.passages_of(article):
                self._catalog.add([entry], removed=[article.id])

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

    # ---------------------------------------------------------------- reading
    def _read(
        self, targets: Sequence[str], report: Report, on_progress: OnProgress | None
    ) -> _Work:
        work = _Work([], {}, {})
        origins = list(dict.fromkeys(expand_targets(targets, report)))
        seen: dict[str, str] = {}  # article id -> source, within this run
        for done, origin in enumerate(origins):
            try:
                self._read_origin(origin, work, seen, report)
            except LoadError as error:
                report.skipped.append(Skipped(origin, str(error)))
            if on_progress:
                on_progress("reading", done + 1, len(origins))
        return work

    def _read_origin(self, origin: str, work: _Work, seen: dict[str, str], report: Report) -> None:
        path = Path(origin)
        is_file = origin != STDIN and not is_url(origin)
        digest = f"{PIPELINE}-{self._budget}-{file_digest(path)}" if is_file else ""
        if is_file and self._catalog.file_digest(origin) == digest:
            report.unchanged.append(origin)
            return
        loaded = self._load(origin)
        report.skipped += [Skipped(origin, problem) for problem in loaded.problems]
        report.remarks += [Remark(origin, remark) for remark in loaded.remarks]
        before = self._catalog.articles_of(origin)
        found: set[str] = set()
        for document in loaded.documents:
            try:
                prepared = self._prepare(document, origin)
            except LoadError as error:
                report.skipped.append(Skipped(document.source, str(error)))
                continue
            found.add(document.source)
            self._sort_in(prepared, work, seen, report)
        gone = [self._catalog.article(i) for source, i in before.items() if source not in found]
        report.removed += self._remove(gone)
        if is_file and not loaded.problems:
            work.digests[origin] = (digest, len(found))

    def _load(self, origin: str) -> Loaded:
        if origin == STDIN:
            data = sys.stdin.buffer.read()
            return load_text(data, f"stdin-{hashlib.sha256(data).hexdigest()[:8]}")
        if is_url(origin):
            limits = self._limits
            return load_url(origin, max_bytes=limits.max_bytes, allow_private=limits.allow_private)
        return load_file(Path(origin), max_bytes=self._limits.max_bytes)

    def _prepare(self, document: Document, origin: str) -> _Prepared:
        stripped = strip_furniture(normalize_text(document.text))
        title = _one_line(document.title)
        text = stripped.text
        if title and title not in text[: 2 * len(title) + 200]:
            text = f"{title}\n\n{text}"
        language = detect_language(text, document.language)
        sentences = split_sentences(text, language)
        if not sentences:
            raise LoadError(f"{document.source!r} has no text left after its furniture was cut")
        first = text[sentences[0].start : sentences[0].end].replace("\n", " ")
        article = Article(
            id=hash_id(text),
            source=document.source,
            title=title or stripped.title or _shortened(first),
            outlet=_one_line(document.outlet)[:_LONGEST_OUTLET] or stripped.outlet,
            date=document.date or stripped.date,
            language=language,
            text=text,
            sentences=sentences,
        )
        split = self._split(article)
        entry = self._entry(article, origin, split)
        hidden = dict.fromkeys([*document.hidden, *read_tag_characters(document.text)])
        return _Prepared(entry, stripped.cut, tuple(hidden), len(split) - len(entry.passages))

    def _split(self, article: Article) -> list[Passage]:
        return split_passages(
            article.id, article.text, article.sentences, self._count_tokens, self._budget
        )

    def _entry(self, article: Article, file: str, split: Iterable[Passage]) -> Entry:
        passages = drop_repeats(split)
        keywords = [extract_keywords(p.text) for p in passages]
        return Entry(article, file, passages, keywords, sketch(article.text))

    def _sort_in(
        self, prepared: _Prepared, work: _Work, seen: dict[str, str], report: Report
    ) -> None:
        """Decide whether an article is new, changed, unchanged or a copy."""
        entry = prepared.entry
        article = entry.article
        before = self._catalog.articles_of(entry.file).get(article.source)
        if before == article.id and self._catalog.article(before) == article:
            report.unchanged.append(article.source)
            return
        twin = self._twin(article, seen)
        if twin is not None:
            report.copies.append(Copy(article.source, twin, "exact"))
            if before is not None:
                report.removed += self._remove([self._catalog.article(before)])
            return
        near = self._near_copy(entry, work)
        if near is not None:
            report.copies.append(Copy(article.source, near, "near"))
        if before is not None:
            work.superseded[article.source] = before
        seen[article.id] = article.source
        _tell(prepared, report)
        work.entries.append(entry)

    def _twin(self, article: Article, seen: dict[str, str]) -> str | None:
        """Return the source of another article with the same text, unless its file is gone."""
        if article.id in seen:
            return seen[article.id]
        stored = self._catalog.find(article.id)
        if stored is None or stored.source == article.source:
            return None
        path = Path(stored.source.rpartition("#")[0] or stored.source)
        if path.is_absolute() and not path.exists() and not Path(stored.source).exists():
            self._remove([stored])  # it was moved: the new place takes over
            return None
        return stored.source

    def _near_copy(self, entry: Entry, work: _Work) -> str | None:
        own = entry.sketch
        if not own:
            return None
        for other in work.entries:
            if resemblance(own, other.sketch) >= NEAR_COPY:
                return other.article.source
        for article_id, shared in self._catalog.similar(own).items():
            stored = self._catalog.article(article_id)
            if shared / len(own) >= NEAR_COPY and stored.source != entry.article.source:
                return stored.source
        return None

    # ---------------------------------------------------------------- storing
    def _store_all(self, work: _Work, report: Report, on_progress: OnProgress | None) -> None:
        total = sum(len(entry.passages) for entry in work.entries)
        done = 0

        def count(more: int) -> None:
            nonlocal done
            done += more
            if on_progress:
                on_progress("embedding", done, total)

        for batch in _batches(work.entries):
            passages = [p for entry in batch for p in entry.passages]
            titles = {entry.article.id: entry.article.title for entry in batch}
            vectors = self._embedder.embed_documents(_contents(passages, titles), count)
            self._supersede(batch, work, report)
            self._store.upsert(passages, vectors)
            report.passages += len(passages)
        for file, (digest, number) in work.digests.items():
            self._catalog.record_file(file, digest, number)
        self._catalog.remember("index", self._store.identity.to_json())

    def _supersede(self, batch: list[Entry], work: _Work, report: Report) -> None:
        """Commit a batch to the catalog, taking away what it replaces."""
        old_ids, old_passages = [], set()
        for entry in batch:
            article = entry.article
            old = work.superseded.get(article.source)
            if old is not None:
                old_ids.append(old)
                old_passages |= {
                    p.id for p in self._catalog.passages_of(self._catalog.article(old))
                }
            named = Named(article.id, article.title, article.source)
            (report.added if old is None else report.replaced).append(named)
        self._catalog.add(batch, removed=old_ids)
        self._store.delete(old_passages - {p.id for entry in batch for p in entry.passages})

    def _remove(self, articles: Iterable[Article]) -> list[Named]:
        removed = []
        for article in articles:
            passages = self._catalog.passages_of(article)
            self._catalog.remove([article.id])
            self._store.delete(p.id for p in passages)
            removed.append(Named(article.id, article.title, article.source))
        return removed

    def _drop_missing(self, targets: Sequence[str], report: Report) -> None:
        folders = [Path(t).resolve() for t in targets if not is_url(t) and Path(t).is_dir()]
        for file in self._catalog.files():
            path = Path(file)
            if any(path.is_relative_to(folder) for folder in folders) and not path.exists():
                ids = self._catalog.articles_of(file).values()
                report.removed += self._remove([self._catalog.article(i) for i in ids])

    def _reconcile(self, on_progress: OnProgress | None = None) -> int:
        """Embed passages that the index lacks, drop those that the catalog lacks."""
        wanted, present = self._catalog.passage_ids(), self._store.ids()
        self._store.delete(present - wanted)
        missing = sorted(wanted - present)
        for i in range(0, len(missing), _BATCH):
            found = self._catalog.passages(missing[i : i + _BATCH])
            passages = [passage for passage, _ in found.values()]
            titles = {article.id: article.title for _, article in found.values()}
            vectors = self._embedder.embed_documents(_contents(passages, titles))
            self._store.upsert(passages, vectors)
            if on_progress:
                on_progress("embedding", min(i + _BATCH, len(missing)), len(missing))
        return len(missing)


def _contents(passages: Iterable[Passage], titles: dict[str, str]) -> list[str]:
    """Return what is embedded: each passage under its article's title.

    A passage from the middle of an article often names nothing of what it is about.
    """
    return [p.text if p.start == 0 else f"{titles[p.article_id]}\n{p.text}" for p in passages]


def _batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    batch: list[Entry] = []
    size = 0
    for entry in entries:
        batch.append(entry)
        size += len(entry.passages)
        if size >= _BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _tell(prepared: _Prepared, report: Report) -> None:
    """Report what was cut from an article, what was hidden in it and what isn't searched."""
    source = prepared.entry.article.source
    if prepared.cut:
        report.cut[source] = list(prepared.cut)
    hidden = [_shortened(_one_line(text)) for text in prepared.hidden]
    more = len(hidden) - _TOLD_HIDDEN
    if hidden:
        report.hidden[source] = hidden[:_TOLD_HIDDEN] + [f"and {more:,} more"] * (more > 0)
    if prepared.repeats:
        total = prepared.repeats + len(prepared.entry.passages)
        report.remarks.append(
            Remark(
                source,
                f"{prepared.repeats:,} of its {total:,} passages only repeat others: they are "
                "kept in the text, and search passes over them",
            )
        )


def _one_line(text: str | None) -> str:
    return " ".join(normalize_text(text or "").split())


def _shortened(text: str) -> str:
    if len(text) <= _LONGEST_TITLE:
        return text
    return text[:_LONGEST_TITLE].rsplit(" ", 1)[0] + " …"
