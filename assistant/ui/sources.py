"""The passages that an answer cites, as HTML: one by one on a card, together in their pane."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.answers import Citation, Sentence
from assistant.conversation import Exchange
from assistant.languages import language_name
from assistant.ui.markup import (
    article_facts,
    direction,
    escape,
    in_language,
    render_english_title,
)
from assistant.ui.messages import render_verdict
from assistant.ui.words import Words
from vectorstore.articles import Article

CONTEXT = 700  # characters of a quote's own paragraph shown on either side of it at most
NEIGHBOUR = 120  # characters shown of what stands before and after that paragraph


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A quote with what stands around it in its paragraph."""

    before: str
    quote: str
    after: str


def excerpt(text: str, start: int, end: int) -> Excerpt:
    """Return `text[start:end]` in its paragraph, with the ends of the paragraphs around it."""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    last = len(text) if last < 0 else last
    before = _tail(text[:first], NEIGHBOUR) + _tail(text[first:start], CONTEXT)
    after = _head(text[end:last], CONTEXT) + _head(text[last:], NEIGHBOUR)
    return Excerpt(before, text[start:end], after)


def find_translation(exchange: Exchange, citation: Citation) -> Sentence | None:
    """Return the sentence of an answer that is a citation's translation, with its verdict.

    None where the answer says in words of its own what it cites: its verdict isn't that of the
    translation beside the quote.
    """
    found = (s for s in exchange.sentences if citation.n in s.citations)
    return next((s for s in found if s.text == citation.translation), None)


def render_card(
    citation: Citation, words: Words, title: str | None = None, sentence: Sentence | None = None
) -> str:
    """Return what a citation's mark shows on hover: where it is from, the quote, its English.

    Args:
        citation: the citation.
        words: the page's words.
        title: the article's title in English, where it is known.
        sentence: the translation with its verdict, where that is known.
    """
    language = citation.language
    return (
        f'<div class="mj-card-head">{in_language("h4", language, citation.title)}'
        f"{_render_title(citation, title, words)}"
        f'<p class="mj-facts">{article_facts(citation)}</p>'
        f"{render_verdict(sentence, words, opened=True) if sentence else ''}</div>"
        f"{in_language('p', language, citation.quote, 'mj-original')}"
        f"{_render_translation(citation, words)}"
    )


def render_sources(
    exchange: Exchange,
    articles: Mapping[str, Article],
    words: Words,
    titles: Mapping[str, str | None] | None = None,
    checked: Mapping[int, Sentence | None] | None = None,
) -> str:
    """Return the passages that an exchange cites, as one block; "" where it cites none.

    Args:
        exchange: the exchange.
        articles: the cited articles by id; one that has been removed may be missing.
        words: the page's words.
        titles: the articles' titles in English by id, where they are known.
        checked: the citations' English with its verdict by their numbers; the answer's own if
            nothing is given.
    """
    if not exchange.citations:
        return ""
    refused = exchange.answer is not None and exchange.answer.refused
    title = words["nearest_of" if refused else "sources_of"]
    items = "".join(
        _render_source(
            exchange,
            c,
            articles.get(c.article_id),
            words,
            find_translation(exchange, c) if checked is None else checked.get(c.n),
            (titles or {}).get(c.article_id),
        )
        for c in exchange.citations
    )
    return (
        f'<section class="mj-sources" id="mj-s-{exchange.id}"><p class="mj-about">{escape(title)} '
        f'<bdi dir="auto">{escape(exchange.heading)}</bdi></p>{items}</section>'
    )


def _render_source(
    exchange: Exchange,
    citation: Citation,
    article: Article | None,
    words: Words,
    sentence: Sentence | None,
    title: str | None,
) -> str:
    verdict = render_verdict(sentence, words) if sentence else ""
    language = article.language if article is not None else citation.language
    kept = "" if article is not None else f'<p class="mj-none">{escape(words["gone"])}</p>'
    link = (
        f'<a class="mj-open-article" href="#mj-c-{exchange.id}-{citation.n}">'
        f"{escape(words['open_article'])}</a>"
        if article is not None
        else ""
    )
    return (
        f'<article class="mj-source" id="mj-c-{exchange.id}-{citation.n}" tabindex="-1">'
        f'<div class="mj-head"><span class="mj-number">{citation.n}</span>'
        f"{in_language('h4', language, citation.title)}</div>"
        f"{_render_title(citation, title, words)}"
        f'<p class="mj-facts">{article_facts(citation)}</p>{kept}'
        f'<div class="mj-pair">{_render_original(citation, article, words)}'
        f'<div class="mj-half"><h5>{escape(words["english_of_marked"])}</h5>'
        f"{_render_translation(citation, words)}{verdict}</div></div>{link}</article>"
    )


def _render_title(citation: Citation, title: str | None, words: Words) -> str:
    if citation.language == "en":
        return ""
    return render_english_title(citation.article_id, title, words)


def _render_original(citation: Citation, article: Article | None, words: Words) -> str:
    shown = Excerpt("", citation.quote, "")
    if article is not None and article.text[citation.start : citation.end] == citation.quote:
        shown = excerpt(article.text, citation.start, citation.end)
    name = language_name(citation.language, words.language)
    return (
        f'<div class="mj-half"><h5>{escape(words.fill("original", language=name))}</h5>'
        f'<p class="mj-original" dir="{direction(citation.language)}" '
        f'lang="{escape(citation.language)}">{escape(shown.before)}'
        f"<mark>{escape(shown.quote)}</mark>{escape(shown.after)}</p></div>"
    )


def _render_translation(citation: Citation, words: Words) -> str:
    if citation.language == "en":
        return ""
    if citation.translation is None:
        name = language_name(citation.language, words.language)
        text = words.fill("cannot_translate", language=name)
        return f'<p class="mj-none">{escape(text)}</p>'
    return f'<p class="mj-english" dir="ltr" lang="en">{escape(citation.translation)}</p>'


def _tail(text: str, longest: int) -> str:
    """Return a text's last words, or all of it where it isn't longer than that."""
    if len(text) <= longest:
        return text
    return "… " + text[-longest:].partition(" ")[2].lstrip()


def _head(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    return text[:longest].rpartition(" ")[0].rstrip() + " …"
