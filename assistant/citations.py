"""From a passage's number in a text to the exact span that it stands for. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from assistant.answers import Citation
from assistant.translation.translator import Source
from vectorstore.articles import Article, Hit, Span
from vectorstore.language import sentence_language
from vectorstore.store import Vectors

_MARKS = re.compile(r"\s*\[(\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*)\]")
_NUMBER = re.compile(r"\d+")
# A sentence is over after its stop, its closing quotes, all its marks, and white space.
_SENTENCE_END = re.compile(
    r"(?:[.!?…]+[\"'”’)]*(?:\s*\[[\d\s,;–-]+\])*|(?:\s*\[[\d\s,;–-]+\])+[.!?…]*)(?=\s|$)"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Gen|Col|Lt|Sen|Rep|Gov|No|vs|Inc|Ltd|Jr|Sr|etc|e\.g|i\.e)"
    r"|\b[A-Z])\.$"
)
_WIDEST = 20  # numbers in one [a-b]: past that it is a slip, and only its ends are read
_CLOSE_SECOND = 0.01  # of cosine: sentences this near the best are cited with it


@dataclass(frozen=True, slots=True)
class CitedSpan:
    """A span of an article that a sentence stands on."""

    article: Article
    span: Span

    @property
    def quote(self) -> str:
        """The span's text."""
        return self.article.text[self.span.start : self.span.end]

    @property
    def source(self) -> Source:
        """The span as a sentence to translate."""
        return Source(self.quote, self.language, self.article.text)

    @property
    def language(self) -> str:
        """The span's own language, which need not be its article's."""
        return sentence_language(self.quote, self.article.language)


@dataclass(frozen=True, slots=True)
class Marked:
    """A sentence without its marks, and the passage numbers that they held."""

    text: str
    numbers: tuple[int, ...]


def parse_marks(text: str) -> Marked:
    """Take the `[n]`, `[1, 2]` and `[1-3]` out of a sentence; numbers keep their order."""
    numbers: list[int] = []
    for match in _MARKS.finditer(text):
        found = [int(n) for n in _NUMBER.findall(match[1])]
        if re.search("[–-]", match[1]) and len(found) == 2 and 0 <= found[1] - found[0] < _WIDEST:
            found = list(range(found[0], found[1] + 1))
        numbers += found
    plain = re.sub(r"\s+([.,!?…])", r"\1", _MARKS.sub("", text))
    return Marked(" ".join(plain.split()), tuple(dict.fromkeys(numbers)))


@dataclass(slots=True)
class SentenceStream:
    """Cuts a stream of text into sentences, each with the marks that follow its stop."""

    _waiting: str = ""

    def feed(self, piece: str) -> Iterator[str]:
        """Yield the sentences that this piece completes."""
        self._waiting += piece
        while (cut := self._first_end()) is not None:
            sentence, self._waiting = self._waiting[:cut], self._waiting[cut:]
            if sentence.strip():
                yield sentence.strip()

    def finish(self) -> Iterator[str]:
        """Yield what is left at the stream's end."""
        rest, self._waiting = self._waiting.strip(), ""
        if rest:
            yield rest

    def _first_end(self) -> int | None:
        for match in _SENTENCE_END.finditer(self._waiting):
            after = self._waiting[match.end() :].lstrip()
            if not after or (after[0] == "[" and "]" not in after):
                return None  # marks may still follow
            if _MARKS.match(after):
                continue
            if not _ABBREVIATION.search(self._waiting[: match.end()]):
                return match.end()
        line = self._waiting.lstrip().find("\n")
        if line > 0:
            return len(self._waiting) - len(self._waiting.lstrip()) + line
        return None


def resolve_numbers(numbers: Iterable[int], hits: Sequence[Hit]) -> tuple[list[Hit], int]:
    """Return the passages that numbers counted from 1 stand for, and how many stand for none."""
    found, dropped = [], 0
    for n in numbers:
        if 1 <= n <= len(hits):
            found.append(hits[n - 1])
        else:
            dropped += 1
    return found, dropped


def narrow(hit: Hit, sentence: Vectors, sentences: Vectors) -> CitedSpan:
    """Return the part of a passage that a sentence stands on.

    Args:
        hit: the passage.
        sentence: the English sentence's unit vector, of shape (dimension,).
        sentences: those of the passage's sentences, of shape (n, dimension).

    Returns:
        The sentence of the passage that is nearest to it, with a neighbour that is as near.
    """
    likeness = sentences @ sentence
    best = int(np.argmax(likeness))
    near = [best]
    for neighbour in (best - 1, best + 1):
        if 0 <= neighbour < len(likeness):
            if likeness[best] - likeness[neighbour] <= _CLOSE_SECOND:
                near.append(neighbour)
    spans = hit.passage.sentences
    return CitedSpan(hit.article, Span(spans[min(near)].start, spans[max(near)].end))


@dataclass(slots=True)
class Numbering:
    """Gives citations their numbers in the order of their first use."""

    citations: list[Citation] = field(default_factory=list)
    spans: list[CitedSpan] = field(default_factory=list)
    _known: dict[tuple[str, int, int], int] = field(default_factory=dict)

    def number(self, cited: CitedSpan, translation: str | None = None) -> int:
        """Return the number of a span, a new one if it hasn't been cited yet."""
        article, span = cited.article, cited.span
        key = (article.id, span.start, span.end)
        if key not in self._known:
            self._known[key] = len(self.citations) + 1
            self.spans.append(cited)
            self.citations.append(
                Citation(
                    n=self._known[key],
                    article_id=article.id,
                    title=article.title,
                    source=article.source,
                    language=cited.language,
                    start=span.start,
                    end=span.end,
                    quote=cited.quote,
                    translation=translation,
                    outlet=article.outlet,
                    date=article.date,
                )
            )
        return self._known[key]

    def untranslated(self) -> list[tuple[int, Source]]:
        """Return the citations that have no translation yet, as sentences to translate."""
        pairs = zip(self.citations, self.spans, strict=True)
        return [(c.n, span.source) for c, span in pairs if c.translation is None]

    def translate(self, n: int, translation: str) -> None:
        """Give a citation its translation."""
        self.citations[n - 1] = replace(self.citations[n - 1], translation=translation)
