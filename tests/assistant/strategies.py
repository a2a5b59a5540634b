"""Any answer and any exchange, for properties that hold for all of them."""

from __future__ import annotations

from hypothesis import strategies as st

from assistant.answers import (
    Answer,
    Checks,
    Citation,
    Coverage,
    Disagreement,
    GivenFigure,
    Models,
    Sentence,
)
from assistant.conversation import Exchange

TEXTS = st.text(st.characters(exclude_categories=()), max_size=20)  # lone surrogates too
NUMBERS = st.integers(0, 9)
MAYBE = st.none() | TEXTS
SENTENCES = st.builds(
    Sentence,
    text=TEXTS,
    citations=st.lists(NUMBERS, max_size=2).map(tuple),
    support=...,
    checks=st.builds(Checks, numbers=..., names=..., negation=...),
    reasons=st.lists(TEXTS, max_size=2).map(tuple),
    reported_by=st.lists(TEXTS, max_size=2).map(tuple),
)
CITATIONS = st.builds(
    Citation,
    n=NUMBERS,
    article_id=TEXTS,
    title=TEXTS,
    source=TEXTS,
    language=st.sampled_from(["ar", "en", "und"]),
    start=NUMBERS,
    end=NUMBERS,
    quote=TEXTS,
    translation=MAYBE,
    outlet=MAYBE,
    date=MAYBE,
)
FIGURES = st.builds(GivenFigure, value=TEXTS, citation=NUMBERS, article_id=TEXTS, outlet=MAYBE)
ANSWERS = st.builds(
    Answer,
    question=TEXTS,
    sentences=st.lists(SENTENCES, max_size=3).map(tuple),
    citations=st.lists(CITATIONS, max_size=3).map(tuple),
    models=st.builds(
        Models,
        writer=TEXTS,
        translator=TEXTS,
        embedder=TEXTS,
        prompts=st.dictionaries(TEXTS, TEXTS, max_size=2),
    ),
    timings_ms=st.dictionaries(TEXTS, NUMBERS, max_size=2),
    refused=...,
    reason=MAYBE,
    language=TEXTS,
    dropped_citations=NUMBERS,
    dropped_sentences=NUMBERS,
    standalone=MAYBE,
    coverage=st.none() | st.builds(Coverage, covered=NUMBERS, of=NUMBERS, unit=...),
    disagreements=st.lists(
        st.builds(Disagreement, about=TEXTS, figures=st.lists(FIGURES, max_size=2).map(tuple)),
        max_size=2,
    ).map(tuple),
)
EXCHANGES = st.builds(
    Exchange,
    question=TEXTS,
    shown=TEXTS,
    article_id=MAYBE,
    topic=MAYBE,
    length=...,
    doing=st.none(),
    sentences=st.lists(SENTENCES, max_size=3).map(tuple),
    citations=st.lists(CITATIONS, max_size=3).map(tuple),
    understood=TEXTS,
    answer=st.none() | ANSWERS,
    stopped=...,
    interrupted=...,
    whole=...,
    scope=st.lists(TEXTS, max_size=2).map(tuple),
)
