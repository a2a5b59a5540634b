"""What a chat model wrote, sentence by sentence: what each cites, and whether that carries it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.answers import Support
from assistant.citations import CitedSpan, Marked, narrow, parse_marks, resolve_numbers
from assistant.verification import Verdict
from assistant.writers.writer import Draft
from vectorstore.articles import Hit
from vectorstore.embeddings import Embedder

Check = Callable[[str, Sequence[CitedSpan]], Verdict]

NOT_ENGLISH = "it isn't in English"
_WORST_FIRST: tuple[Support, ...] = ("unsupported", "partial", "unchecked", "supported")
_LAYOUT = re.compile(r"^\s*(?:(?:[-*•#>]+|\d{1,2}[.)])\s+)+")


class SentenceReader:
    """Reads the sentences of one answer.

    Args:
        embedder: what finds the cited sentence within a cited passage.
        check: compares a sentence with the spans that it cites.
    """

    def __init__(self, embedder: Embedder, check: Check) -> None:
        self._embedder = embedder
        self._check = check

    def read(self, sentence: str, hits: Sequence[Hit]) -> Draft:
        """Return a sentence without its marks, with the spans that they stand for.

        Its text is empty where there is nothing but layout.
        """
        marked = read_marks(sentence)
        if not marked.text:
            return Draft("", ())
        found, dropped = resolve_numbers(marked.numbers, hits)
        return self.judged(marked.text, self._narrowed(marked.text, found), dropped)

    def judged(self, text: str, spans: tuple[CitedSpan, ...], dropped: int) -> Draft:
        """Return a draft with the checks' verdict."""
        verdict = self._check(text, spans)
        if not in_latin_script(text):
            reasons = (NOT_ENGLISH, *verdict.reasons)
            verdict = replace(verdict, support="unsupported", reasons=reasons)
        return Draft(text, spans, dropped, verdict=verdict)

    def _narrowed(self, sentence: str, hits: Sequence[Hit]) -> tuple[CitedSpan, ...]:
        if not hits:
            return ()
        spans = []
        asked = self._embedder.embed_query(sentence)
        for hit in hits:
            text, inside = hit.article.text, hit.passage.sentences
            vectors = self._embedder.embed_sentences([text[s.start : s.end] for s in inside])
            spans.append(narrow(hit, asked, vectors))
        return tuple(dict.fromkeys(spans))


def read_marks(sentence: str) -> Marked:
    """Return a sentence without marks and layout; no text where that is all there is.

    A list's number that stands alone is layout; a number with a mark is an answer.
    """
    marked = parse_marks(_LAYOUT.sub("", sentence).replace("**", ""))
    has_words = any(c.isalpha() for c in marked.text)
    return marked if has_words or (marked.text and marked.numbers) else Marked("", ())


def standing(draft: Draft) -> int:
    """Return how well a draft stands; the higher the better, -1 where it cites nothing."""
    if not draft.spans:
        return -1
    return _WORST_FIRST.index(draft.verdict.support if draft.verdict else "unchecked")


def fails(draft: Draft) -> bool:
    """Tell whether a draft should be written again."""
    return standing(draft) < _WORST_FIRST.index("unchecked")


def in_latin_script(text: str) -> bool:
    """Tell whether at least half of a text's letters are Latin: what English is written in."""
    letters = [c for c in text if c.isalpha()]
    latin = sum(unicodedata.name(c, "").startswith("LATIN") for c in letters)
    return 2 * latin >= len(letters)
