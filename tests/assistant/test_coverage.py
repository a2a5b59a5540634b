"""How much of an article or a search an answer covers, by hand."""

import pytest

from assistant.citations import CitedSpan
from assistant.coverage import cover_articles, cover_parts
from vectorstore.articles import Article, Span


def article(paragraphs: int, identity: str = "a") -> Article:
    text = "\n\n".join("One two. " * 2 for _ in range(paragraphs))
    spans = tuple(Span(i, i + 8) for i in range(len(text)) if text.startswith("One two.", i))
    return Article(identity, "f", "t", None, None, "en", text, spans)


@pytest.mark.parametrize(
    ("paragraphs", "cited", "covered", "of"),
    [(4, [0, 7], 2, 4), (4, [0, 1], 1, 4), (4, [], 0, 4), (20, [0, 39], 2, 10), (1, [1], 1, 1)],
)
def test_a_part_is_covered_where_a_cited_span_falls_in_it(
    paragraphs: int, cited: list[int], covered: int, of: int
) -> None:
    whole = article(paragraphs)
    found = cover_parts(whole, [CitedSpan(whole, whole.sentences[i]) for i in cited])
    assert (found.covered, found.of) == (covered, of)
    assert found.words == f"Draws on {covered} of the article's {of} parts."


def test_a_span_of_two_sentences_covers_both_parts() -> None:
    whole = article(2)
    across = Span(whole.sentences[1].start, whole.sentences[2].end)
    assert cover_parts(whole, [CitedSpan(whole, across)]).covered == 2


def test_articles_are_counted_once() -> None:
    one, two = article(1), article(1, "b")
    spans = [CitedSpan(one, s) for s in one.sentences]
    found = cover_articles(["a", "b", "a"], spans)
    assert (found.covered, found.of) == (1, 2)
    assert found.words == "Draws on 1 of the 2 articles found; 1 left out."
    assert cover_articles(["b"], [CitedSpan(two, two.sentences[0])]).words.endswith("found.")
