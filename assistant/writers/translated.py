"""Sentences of articles, written as their translations: each stands on the one span it renders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.citations import CitedSpan
from assistant.translation.memory import RememberingTranslator
from assistant.writers.writer import Draft, Started, Text, Written


def write_translated(
    translator: RememberingTranslator, spans: Sequence[CitedSpan]
) -> Iterator[Written]:
    """Translate spans in order; what is English, or can't be translated, is quoted.

    Raises:
        ModelError: the model failed.
    """
    readable = [translator.can_translate(s.language) for s in spans]
    sources = [s.source for s, r in zip(spans, readable, strict=True) if r]
    pieces = translator.stream(sources)
    for span, translate in zip(spans, readable, strict=True):
        yield Started()
        if not translate:
            yield Text(span.quote)
            yield Draft(span.quote, (span,), translated=span.language == "en")
            continue
        for piece in pieces:
            if piece.done is not None:
                yield Draft(
                    piece.done.text, (span,), translated=True, confidence=piece.done.confidence
                )
                break
            yield Text(piece.text)
