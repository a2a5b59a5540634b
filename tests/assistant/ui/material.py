"""What the tests of the page's pieces share: an Arabic article, a citation, hostile texts."""

from __future__ import annotations

import html
import re
from dataclasses import replace

from assistant.answers import Answer, Citation, Models, Sentence
from assistant.conversation import Exchange
from vectorstore.articles import Article, Span

MODELS = Models("writer", "translator", "embedder")
TIMINGS = {"retrieve": 100, "write": 2500, "verify": 40}
ARABIC = "عنوان الخبر\n\nطلبت الوزيرة المساعدة. ورفض الوزير ذلك.\n\nانتهى الخبر."
QUOTE = "طلبت الوزيرة المساعدة."
START = ARABIC.index(QUOTE)
SENTENCES = ("عنوان الخبر", QUOTE, "ورفض الوزير ذلك.", "انتهى الخبر.")
SPANS = tuple(Span(ARABIC.index(s), ARABIC.index(s) + len(s)) for s in SENTENCES)
ARTICLE = Article("a1", "/data/news.txt", "عنوان الخبر", "الدار", "2021-06-11", "ar", ARABIC, SPANS)
CITATION = Citation(
    1, "a1", ARTICLE.title, ARTICLE.source, "ar", START, START + len(QUOTE), QUOTE,
    "The minister asked for help.", ARTICLE.outlet, ARTICLE.date,
)  # fmt: skip
HOSTILE = (
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "![x](http://evil.invalid/x.png)",
    "[press](javascript:alert(1))",
    "<javascript:alert(1)>",
    "http://evil.invalid www.evil.invalid",
    "$$\\href{javascript:alert(1)}{x}$$",
    "```mermaid\ngraph TD\n```",
    "one\n\n# heading\n\n<b>two</b>",
    '" onmouseover="alert(1)',
    "' autofocus onfocus='alert(1)",
    "</textarea></select></details><svg onload=alert(1)>",
    "&lt;b&gt; & &#60;",
    "| a | b |\n|---|---|\n~~struck~~ **bold** _it_",
)


def answered(*sentences: Sentence, citations: tuple[Citation, ...] = (CITATION,)) -> Exchange:
    answer = Answer("What?", sentences, citations, MODELS, TIMINGS)
    return replace(
        Exchange("What?", id="e1"), answer=answer, sentences=sentences, citations=citations,
        doing=None,
    )  # fmt: skip


def text_of(rendered: str) -> str:
    """Return what a reader sees of a piece."""
    return html.unescape(re.sub(r"<[^>]+>", "", rendered))


def assert_harmless(rendered: str) -> None:
    """Check that nothing of a hostile text is markup, to HTML or to Markdown."""
    assert "evil.invalid" not in rendered
    assert not re.search(
        r"<(?:script|img|svg|b|javascript)\b|\son\w+=|javascript:|</textarea", rendered
    )
    for block in rendered.split("\n\n"):
        assert not block or (block.startswith("<") and "\n" not in block)
