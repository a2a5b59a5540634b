import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.citations import (
    CitedSpan,
    Numbering,
    SentenceStream,
    narrow,
    parse_marks,
    resolve_numbers,
)
from vectorstore.articles import Article, Hit, Passage, Span

TEXT = "الجملة الأولى. الجملة الثانية. الجملة الثالثة."
SPANS = (Span(0, 14), Span(15, 30), Span(31, 46))
ARTICLE = Article("id", "file.txt", "عنوان", None, None, "ar", TEXT, SPANS)
HIT = Hit(Passage("p", "id", 0, 0, 46, TEXT, SPANS), ARTICLE, 1.0)


@pytest.mark.parametrize(
    ("text", "plain", "numbers"),
    [
        ("Libya asked [1].", "Libya asked.", (1,)),
        ("Libya asked. [1][3]", "Libya asked.", (1, 3)),
        ("Libya asked [1, 2].", "Libya asked.", (1, 2)),
        ("Libya asked [2–4].", "Libya asked.", (2, 3, 4)),
        ("Libya asked [4-2].", "Libya asked.", (4, 2)),
        ("Libya asked [1-99].", "Libya asked.", (1, 99)),
        ("Libya [1] asked [1].", "Libya asked.", (1,)),
        ("In [brackets] and [a1].", "In [brackets] and [a1].", ()),
        ("[9999]", "[9999]", ()),
    ],
)
def test_marks_are_read_and_taken_out(text: str, plain: str, numbers: tuple[int, ...]) -> None:
    marked = parse_marks(text)
    assert (marked.text, marked.numbers) == (plain, numbers)


@given(st.lists(st.integers(1, 6), min_size=1, max_size=40))
def test_sentences_don_t_depend_on_how_the_stream_is_cut(sizes: list[int]) -> None:
    text = 'Mr. A said "no." [1] It cost 2.5 million [2][3]. Who? Nobody... [1]\nLast line'
    whole = [*(stream := SentenceStream()).feed(text), *stream.finish()]
    cut, stream, position = [], SentenceStream(), 0
    for size in [*sizes, len(text)]:
        cut += stream.feed(text[position : position + size])
        position += size
    cut += stream.finish()
    assert cut == whole
    assert whole[0] == 'Mr. A said "no." [1]'
    assert whole[1] == "It cost 2.5 million [2][3]."
    assert whole[-1] == "Last line"


@given(st.text(alphabet="a. [1]\n!?", max_size=60))
def test_no_text_is_lost(text: str) -> None:
    stream = SentenceStream()
    parts = [*stream.feed(text), *stream.finish()]
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_numbers_that_point_nowhere_are_counted() -> None:
    assert resolve_numbers([1, 2, 0, 7], [HIT]) == ([HIT], 3)


def test_a_passage_is_narrowed_to_the_sentence_meant() -> None:
    vectors = np.array([[1, 0], [0, 1], [-1, 0]], dtype=np.float32)
    cited = narrow(HIT, np.array([0.1, 0.99], dtype=np.float32), vectors)
    assert cited.quote == "الجملة الثانية."
    close = np.array([[0.6, 0.8], [0.606, 0.795], [-1, 0]], dtype=np.float32)
    both = narrow(HIT, np.array([0.6, 0.8], dtype=np.float32), close)
    assert both.quote == "الجملة الأولى. الجملة الثانية."


def test_citations_are_numbered_once_in_order_of_use() -> None:
    numbering = Numbering()
    second, first = CitedSpan(ARTICLE, SPANS[1]), CitedSpan(ARTICLE, SPANS[0])
    assert [numbering.number(s) for s in (second, first, second)] == [1, 2, 1]
    assert [n for n, _ in numbering.untranslated()] == [1, 2]
    numbering.translate(2, "The first sentence.")
    assert [n for n, _ in numbering.untranslated()] == [1]
    for citation in numbering.citations:
        assert ARTICLE.text[citation.start : citation.end] == citation.quote


def test_an_arabic_sentence_of_an_english_article_is_arabic() -> None:
    text = "He said it in Arabic. المغرب يرحب بالقرار."
    spans = (Span(0, 21), Span(22, len(text)))
    article = Article("e", "e.txt", "t", None, None, "en", text, spans)
    english, arabic = (CitedSpan(article, span) for span in spans)
    assert (english.source.language, arabic.source.language) == ("en", "ar")
    numbering = Numbering()
    numbering.number(arabic)
    assert numbering.citations[0].language == "ar"
