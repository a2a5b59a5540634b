"""From a file, an address or standard input to articles as they are stored."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from vectorstore.articles import Article, Document, Passage, hash_id
from vectorstore.catalog import Entry
from vectorstore.chunking import split_passages
from vectorstore.cleaning import normalize_text, read_tag_characters, strip_furniture
from vectorstore.copies import drop_repeats, sketch
from vectorstore.errors import LoadError
from vectorstore.language import detect_language
from vectorstore.lexical import extract_keywords
from vectorstore.loaders import Loaded, load_file, load_text, load_url
from vectorstore.report import Remark, Report
from vectorstore.sentences import split_sentences
from vectorstore.targets import STDIN, is_url

_LONGEST_TITLE = 200  # characters
_LONGEST_OUTLET = 100
_TOLD_HIDDEN = 20  # hidden texts of one article that the report shows


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article ready to be stored, and what the report should tell of it."""

    entry: Entry
    cut: tuple[str, ...]
    hidden: tuple[str, ...]
    repeats: int  # passages that say nothing new

    def tell(self, report: Report) -> None:
        """Report what was cut from it, what was hidden in it and what isn't searched."""
        source = self.entry.article.source
        if self.cut:
            report.cut[source] = list(self.cut)
        hidden = [_shortened(_one_line(text)) for text in self.hidden]
        more = len(hidden) - _TOLD_HIDDEN
        if hidden:
            report.hidden[source] = hidden[:_TOLD_HIDDEN] + [f"and {more:,} more"] * (more > 0)
        if self.repeats:
            total = self.repeats + len(self.entry.passages)
            report.remarks.append(
                Remark(
                    source,
                    f"{self.repeats:,} of its {total:,} passages only repeat others: they are "
                    "kept in the text, and search passes over them",
                )
            )


@dataclass(frozen=True, slots=True)
class Reader:
    """Loads, cleans and splits.

    Args:
        count_tokens: a text's length in tokens.
        budget: tokens in a passage at most.
        max_bytes: of a file or a page at most.
        allow_private: whether addresses on this machine's network are fetched.
    """

    count_tokens: Callable[[str], int]
    budget: int
    max_bytes: int
    allow_private: bool

    def load(self, origin: str) -> Loaded:
        """Return the documents of a file, an address or standard input (`-`).

        Raises:
            LoadError: there are none.
        """
        if origin == STDIN:
            data = sys.stdin.buffer.read()
            return load_text(data, f"stdin-{hashlib.sha256(data).hexdigest()[:8]}")
        if is_url(origin):
            return load_url(origin, max_bytes=self.max_bytes, allow_private=self.allow_private)
        return load_file(Path(origin), max_bytes=self.max_bytes)

    def prepare(self, document: Document, origin: str) -> Prepared:
        """Clean a document, split it and give it its id.

        Raises:
            LoadError: nothing is left of it.
        """
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
        entry = _entry(article, origin, split)
        hidden = dict.fromkeys([*document.hidden, *read_tag_characters(document.text)])
        return Prepared(entry, stripped.cut, tuple(hidden), len(split) - len(entry.passages))

    def enter(self, article: Article, file: str) -> Entry:
        """Return an article with the passages that the present budget makes of it."""
        return _entry(article, file, self._split(article))

    def _split(self, article: Article) -> list[Passage]:
        return split_passages(
            article.id, article.text, article.sentences, self.count_tokens, self.budget
        )


def _entry(article: Article, file: str, split: Iterable[Passage]) -> Entry:
    passages = drop_repeats(split)
    keywords = [extract_keywords(p.text) for p in passages]
    return Entry(article, file, passages, keywords, sketch(article.text))


def _one_line(text: str | None) -> str:
    return " ".join(normalize_text(text or "").split())


def _shortened(text: str) -> str:
    if len(text) <= _LONGEST_TITLE:
        return text
    return text[:_LONGEST_TITLE].rsplit(" ", 1)[0] + " …"
