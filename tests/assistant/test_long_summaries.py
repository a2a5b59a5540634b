"""Summaries of what is too long for one prompt: part by part, then one of the parts' sentences."""

import re
from collections.abc import Callable

import pytest

from assistant.answers import Answer
from assistant.app import App
from assistant.assistant import final_answer
from assistant.writers.chat_model import WINDOW
from assistant.writers.passages import cut_parts
from tests.model_server import Act, ModelServer, end_without_mark, fail, say
from vectorstore.articles import Article, Span
from vectorstore.tokens import TokenCounter

Summarize = Callable[..., Answer]

SENTENCE = "قالت المديرة إن المشروع مفيد للناس"
MAPPED = ["The project helps. [1]", "It is useful. [2]", "People like it. [3]"]


@pytest.fixture
def article(samples: App) -> Article:
    """An article that takes three prompts."""
    tokens = TokenCounter(samples.settings.cache)(SENTENCE)
    count = 5 * WINDOW // 2 // tokens
    text = " ".join(f"{SENTENCE}." for _ in range(count))
    size = len(SENTENCE) + 1
    spans = tuple(Span(i * (size + 1), i * (size + 1) + size) for i in range(count))
    return Article("long", "long.txt", "المشروع", None, None, "ar", text, spans)


@pytest.fixture
def summarize(connect: Callable[..., App], article: Article) -> Summarize:
    return lambda: final_answer(connect().assistant.summarize(article, "short"))


def starts(answer: Answer) -> list[int]:
    return [c.start for c in answer.citations]


def test_each_part_is_a_prompt_that_fits(
    summarize: Summarize, server: ModelServer, samples: App, article: Article
) -> None:
    server.act(*map(say, MAPPED), say("It helps people [1][3]."))
    summarize()
    parts, reduce = server.prompts[:-1], server.prompts[-1]
    assert len(parts) == 3
    assert sum(p.count(SENTENCE) for p in parts) == len(article.sentences)
    count = TokenCounter(samples.settings.cache)
    for part in parts:
        passages = part.count(SENTENCE) * count(f"{SENTENCE}.")
        assert passages <= WINDOW
        assert "one to three plain English sentences" in part
    assert "three plain English sentences" in reduce
    assert re.findall(r"^\[\d\] .*$", reduce, re.MULTILINE) == [
        "[1] The project helps.", "[2] It is useful.", "[3] People like it.",
    ]  # fmt: skip


def test_merged_sentences_keep_their_parts_citations(
    summarize: Summarize, server: ModelServer, article: Article
) -> None:
    server.act(*map(say, MAPPED), say("It helps people [1][3]. It is useful [2]."))
    answer = summarize()
    assert answer.text == "It helps people. [1][2] It is useful. [3]"
    first, second, third = starts(answer)
    assert first == article.sentences[0].start
    assert first < third < second
    assert all(article.text[c.start : c.end] == c.quote for c in answer.citations)


@pytest.mark.parametrize(
    "reduction",
    [fail(400), say("It helps people."), say("It helps [9]."), say(" "), end_without_mark("It [1")],
)
def test_the_parts_sentences_stay_where_they_can_t_be_reduced(
    summarize: Summarize, server: ModelServer, reduction: Act
) -> None:
    server.act(*map(say, MAPPED), reduction)
    answer = summarize()
    assert answer.text == "The project helps. [1] It is useful. [2] People like it. [3]"
    assert answer.dropped_sentences == 0


def test_what_the_reduction_adds_is_dropped_or_undone(
    summarize: Summarize, server: ModelServer
) -> None:
    server.act(*map(say, MAPPED), say("It cost 500 [1]. I like it too. It is useful [2]."))
    answer = summarize()
    assert answer.text == "The project helps. [1] It is useful. [2]"
    assert answer.dropped_sentences == 1


def test_a_part_without_an_answer_is_left_out(summarize: Summarize, server: ModelServer) -> None:
    server.act(say("NO ANSWER"), say(MAPPED[1]), say(MAPPED[2]), say("It is liked [1][2]."))
    answer = summarize()
    assert answer.text == "It is liked. [1][2]"
    assert len(answer.citations) == 2


def test_a_part_that_fails_is_an_error(summarize: Summarize, server: ModelServer) -> None:
    from assistant.errors import ModelError

    server.act(say(MAPPED[0]), fail(400))
    with pytest.raises(ModelError, match="400"):
        summarize()


def test_parts_are_consecutive_and_an_item_too_large_stands_alone() -> None:
    assert cut_parts([3, 3, 9, 1, 2, 2], int, 5) == [[3], [3], [9], [1, 2, 2]]
    assert cut_parts([], int, 5) == [[]]
