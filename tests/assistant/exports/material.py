"""Conversations to export: one as they are, and one whose every text means harm."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from assistant.answers import (
    Answer,
    Citation,
    Coverage,
    Disagreement,
    GivenFigure,
    Models,
    Sentence,
)
from assistant.conversation import Conversation, Exchange
from assistant.exports import Document, conversation_document
from vectorstore.articles import Article
from vectorstore.cleaning import normalize_text

NOW = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
QUOTE = "طالبت وزيرة الخارجية الليبية المغرب بالدعم."
HOSTILE = (
    '</p></div></bdi><script>alert("1")</script><img src=x onerror=y>\n\n# Heading\n\n- item\n'
    "1. one\n\n```\ncode\n```\n\n    indented\n\n---\n| a | b |\n|---|---|\n| c | d |\n\n"
    "[link](javascript:alert(1)) ![image](http://evil.example/x.png) <http://evil.example> "
    "http://evil.example www.evil.example `code` *b* __b__ ~~s~~ $x$ &lt; &#60; \\ [^1] [r]: /x\n"
    "> quote\n===\nend \x00\x08\x1b[31m \x9b \u202e \u2066 \u200f \ufffe \ud800 العربية"
)


class Shelf:
    """The articles that can be found."""

    def __init__(self, *articles: Article) -> None:
        self._articles = {article.id: article for article in articles}

    def find(self, article_id: str) -> Article | None:
        return self._articles.get(article_id)


def titled(article: Article) -> str | None:
    """Give every article's title the same English."""
    return "Libya asks\nfor help"


def conversation(words: str = "Plain words", quote: str = QUOTE) -> Conversation:
    """Return one with an answer, a refusal and what was cut off, all in these words."""
    cited = Citation(
        1, "a1", words, f"/srv/secret/{words.replace('/', ' ')}.txt", "ar", 0, 5, quote,
        words, words, "2021-06-11",
    )  # fmt: skip
    english = replace(
        cited, n=2, article_id="a2", language="en", quote=words, translation=words,
        source="https://news.example/1",
    )  # fmt: skip
    untranslated = replace(cited, n=3, article_id="a3", language="fa", translation=None)
    sentences = (
        Sentence(words, (1, 2), "supported"),
        Sentence(words, (1,), "partial", reasons=(words, words), reported_by=(words,)),
        Sentence(words, (3,), "unsupported", reasons=(words,)),
        Sentence(words, (), "unchecked"),
    )
    figures = (GivenFigure("5", 1, "a1", words), GivenFigure("6", 2, "a2", words, "at most"))
    answer = Answer(
        words,
        sentences,
        (cited, english, untranslated),
        Models("w", "t", "e", {"answer": "0" * 64}),
        {"write": 1},
        dropped_sentences=2,
        coverage=Coverage(2, 3, "articles"),
        disagreements=(Disagreement(words, figures),),
    )
    refusal = replace(
        answer, question="ماذا طلبت ليبيا؟", sentences=(), citations=(cited,), refused=True,
        reason=words, coverage=None, disagreements=(), dropped_sentences=0,
    )  # fmt: skip
    return Conversation(
        [
            _ended(Exchange(words, understood=words), answer),
            _ended(Exchange(refusal.question), refusal),
            Exchange(words, sentences=sentences[:1], citations=(cited, english)).stop(),
            replace(Exchange(words), doing=None, interrupted=True),
        ],
        named=words,
    )


def document(words: str = "Plain words", quote: str = QUOTE) -> Document:
    """Return such a conversation as a document."""
    text = normalize_text(quote)
    article = Article("a1", "s", "t", None, None, "ar", text, ())
    return conversation_document(conversation(words, quote), Shelf(article), titled, NOW)


def _ended(exchange: Exchange, answer: Answer) -> Exchange:
    return replace(
        exchange, answer=answer, sentences=answer.sentences, citations=answer.citations, doing=None
    )
