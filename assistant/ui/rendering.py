"""Answers, sources, articles and reports as HTML. Pure functions.

What comes from articles, models and users is data. `escape` turns every character that HTML
or Markdown could read as markup into a reference, because the page shows this HTML through
Gradio's Markdown, which would otherwise still make links, images and formulas of it. Each
piece of HTML is one line in one block element: Markdown leaves such a line alone.
"""

from __future__ import annotations

import functools
import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from assistant.answers import Answer, Citation, Disagreement, Sentence, lead, uncarried
from assistant.conversation import Exchange
from vectorstore.articles import Article

CONTEXT = 700  # characters of a quote's own paragraph shown on either side of it at most
NEIGHBOUR = 120  # characters shown of what stands before and after that paragraph
_RIGHT_TO_LEFT = frozenset("ar arc ary arz ckb dv fa he ku ps sd syr ug ur yi".split())
_LINE_BREAKS = "\n\v\f\r\x85\u2028\u2029"
_REFERENCES = (
    dict.fromkeys(range(32), "")
    | {ord("\t"): " "}
    | {ord(c): "&#10;" for c in _LINE_BREAKS}
    | {ord(c): f"&#{ord(c)};" for c in string.punctuation}
)
_BADGES = {
    "partial": "check: partly supported",
    "unsupported": "check: unsupported",
    "unchecked": "not checked",
}
_ELSEWHERE = "another article differs"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A quote with what stands around it in its paragraph."""

    before: str
    quote: str
    after: str


def escape(text: str) -> str:
    """Return a text as one line that neither HTML nor Markdown reads as anything but text."""
    return text.translate(_REFERENCES)


def direction(language: str) -> str:
    """Return the value of `dir` for a language: `rtl` where it is known, else `auto`."""
    return "rtl" if language.split("-")[0] in _RIGHT_TO_LEFT else "auto"


@functools.cache
def language_name(code: str) -> str:
    """Return a language's English name, "unknown language" for `und`."""
    from babel import Locale

    if code == "und":
        return "unknown language"
    return str(Locale("en").languages.get(code, code))


def excerpt(text: str, start: int, end: int) -> Excerpt:
    """Return `text[start:end]` in its paragraph, with the ends of the paragraphs around it."""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    last = len(text) if last < 0 else last
    before = _tail(text[:first], NEIGHBOUR) + _tail(text[first:start], CONTEXT)
    after = _head(text[end:last], CONTEXT) + _head(text[last:], NEIGHBOUR)
    return Excerpt(before, text[start:end], after)


def _tail(text: str, longest: int) -> str:
    """Return a text's last words, or all of it where it isn't longer than that."""
    if len(text) <= longest:
        return text
    return "… " + text[-longest:].partition(" ")[2].lstrip()


def _head(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    return text[:longest].rpartition(" ")[0].rstrip() + " …"


# ---------------------------------------------------------------- conversation
def render_question(question: str) -> str:
    """Return the user's message."""
    return f'<div class="mj-question" dir="auto">{escape(question)}</div>'


def render_exchange(exchange: Exchange) -> str:
    """Return the assistant's message: each sentence a block of its own, then where it stands.

    Blocks that don't change keep their place in the page while the answer grows, and with it
    the reader's focus.
    """
    blocks = []
    if exchange.understood:
        words = f"Understood as: {exchange.understood}"
        blocks.append(f'<div class="mj-note" dir="auto">{escape(words)}</div>')
    blocks += [
        _render_sentence(exchange.id, index, sentence)
        for index, sentence in enumerate(exchange.sentences)
    ]
    answer = exchange.answer
    if answer is not None:
        blocks += _render_review(exchange.id, answer)
    if answer is not None and answer.refused:
        blocks.append(_render_refusal(exchange, answer.reason or "The passages carry no answer."))
    elif answer is not None and answer.dropped_sentences:
        note = f"Left out: {uncarried(answer.dropped_sentences)}."
        blocks.append(f'<div class="mj-status mj-ended">{escape(note)}</div>')
    if exchange.writing:
        blocks.append(f'<div class="mj-sentence" dir="auto">{escape(exchange.writing)}</div>')
    if exchange.status:
        blocks.append(f'<div class="mj-status">{escape(exchange.status)}</div>')
    if exchange.stopped:
        blocks.append('<div class="mj-status mj-ended">Stopped before the end.</div>')
    return "\n\n".join(blocks)


def _render_review(exchange_id: str, answer: Answer) -> list[str]:
    """Return what an answer's figures and coverage call for: a block for each statement."""
    blocks = [_render_disagreement(exchange_id, found) for found in answer.disagreements]
    if answer.coverage is not None:
        blocks.append(f'<div class="mj-note">{escape(answer.coverage.words)}</div>')
    return blocks


def _render_disagreement(exchange_id: str, found: Disagreement) -> str:
    given = ", ".join(
        f'<strong>{escape(f.value)}</strong> <bdi dir="auto">{escape(f.outlet or "")}</bdi> '
        f'<a class="mj-chip" href="#mj-c-{exchange_id}-{f.citation}">'
        f'<span class="mj-hidden">Source </span>{f.citation}</a>'
        for f in found.figures
    )
    return (
        f'<div class="mj-disagreement">The articles disagree on a figure '
        f'(<bdi dir="auto">{escape(found.about)}</bdi>): {given}</div>'
    )


def _render_sentence(exchange_id: str, index: int, sentence: Sentence) -> str:
    chips = "".join(_render_chip(exchange_id, index, n) for n in sentence.citations)
    return (
        f'<div class="mj-sentence" dir="auto">{_render_lead(sentence)}'
        f"<span>{escape(sentence.text)}</span>&nbsp;{chips}{_render_badge(sentence)}</div>"
    )


def _render_lead(sentence: Sentence) -> str:
    if not sentence.reported_by:
        return ""
    return (
        f'<span class="mj-lead"><bdi dir="auto">{escape(lead(sentence.reported_by))}</bdi></span>'
    )


def _render_chip(exchange_id: str, index: int, n: int) -> str:
    return (
        f'<a class="mj-chip" id="mj-k-{exchange_id}-{index}-{n}" href="#mj-c-{exchange_id}-{n}">'
        f'<span class="mj-hidden">Source </span>{n}</a>'
    )


def _render_badge(sentence: Sentence) -> str:
    label = _BADGES.get(sentence.support) or (_ELSEWHERE if sentence.reasons else None)
    if label is None:
        return ""
    reasons = sentence.reasons or ("nothing in it could be compared with its source",)
    items = "".join(f'<li dir="auto">{escape(reason)}</li>' for reason in reasons)
    return (
        f'<details class="mj-check mj-{sentence.support}">'
        f'<summary title="{escape("; ".join(reasons))}">{label}</summary><ul>{items}</ul></details>'
    )


def _render_refusal(exchange: Exchange, reason: str) -> str:
    nearest = ""
    if exchange.citations:
        chips = " ".join(_render_chip(exchange.id, 0, c.n) for c in exchange.citations)
        nearest = f'<p class="mj-nearest">The nearest passages: {chips}</p>'
    return (
        f'<div class="mj-refusal"><p><strong>No answer.</strong> '
        f'<span dir="auto">{escape(reason)}</span></p>{nearest}</div>'
    )


# --------------------------------------------------------------------- sources
def render_sources(exchange: Exchange, articles: dict[str, Article]) -> str:
    """Return the passages that an exchange cites, as one block; "" where it cites none.

    Args:
        exchange: the exchange.
        articles: the cited articles by id; one that has been removed may be missing.
    """
    if not exchange.citations:
        return ""
    refused = exchange.answer is not None and exchange.answer.refused
    title = "The nearest passages, which don’t answer:" if refused else "Sources of:"
    items = "".join(
        _render_source(exchange.id, c, articles.get(c.article_id)) for c in exchange.citations
    )
    return (
        f'<section class="mj-sources" id="mj-s-{exchange.id}"><p class="mj-about">{title} '
        f'<bdi dir="auto">{escape(exchange.question)}</bdi></p>{items}</section>'
    )


def _render_source(exchange_id: str, citation: Citation, article: Article | None) -> str:
    facts = (citation.outlet, citation.date, file_name(citation.source))
    language = article.language if article is not None else citation.language
    return (
        f'<article class="mj-source" id="mj-c-{exchange_id}-{citation.n}" tabindex="-1">'
        f'<div class="mj-head"><span class="mj-number">{citation.n}</span>'
        f'<h4 dir="{direction(language)}" lang="{escape(language)}">'
        f"{escape(citation.title)}</h4></div>"
        f'<p class="mj-facts">{_render_facts(facts)}</p>'
        f'<div class="mj-pair">{_render_original(citation, article)}'
        f"{_render_translation(citation)}</div>"
        f'<a class="mj-back" href="#mj-s-{exchange_id}">Back to the answer</a></article>'
    )


def _render_original(citation: Citation, article: Article | None) -> str:
    shown = Excerpt("", citation.quote, "")
    if article is not None and article.text[citation.start : citation.end] == citation.quote:
        shown = excerpt(article.text, citation.start, citation.end)
    return (
        f'<div class="mj-half"><h5>{escape(language_name(citation.language))} original</h5>'
        f'<p class="mj-original" dir="{direction(citation.language)}" '
        f'lang="{escape(citation.language)}">{escape(shown.before)}'
        f"<mark>{escape(shown.quote)}</mark>{escape(shown.after)}</p></div>"
    )


def _render_translation(citation: Citation) -> str:
    if citation.language == "en":
        return ""
    if citation.translation is None:
        words = (
            f"Not translated: the models that are set up can’t read "
            f"{language_name(citation.language)}."
        )
        body = f'<p class="mj-none">{escape(words)}</p>'
    else:
        body = f'<p dir="auto" lang="en">{escape(citation.translation)}</p>'
    return f'<div class="mj-half"><h5>English of the marked text</h5>{body}</div>'


def _render_facts(facts: Iterable[str | None]) -> str:
    return " · ".join(f'<bdi dir="auto">{escape(fact)}</bdi>' for fact in facts if fact)


# -------------------------------------------------------------------- articles
def render_article(article: Article) -> str:
    """Return an article of the list: its title in its own direction, and what is known of it."""
    facts = (article.outlet, article.date, language_name(article.language))
    return (
        f'<div class="mj-article-text"><h4 dir="{direction(article.language)}" '
        f'lang="{escape(article.language)}">{escape(article.title)}</h4>'
        f'<p class="mj-facts">{_render_facts(facts)}</p></div>'
    )


def file_name(source: str) -> str:
    """Return a source as people know it: an address, or a file's name with its `#record`."""
    if source.startswith(("http://", "https://")):
        return source
    return PurePath(source).name


def render_list(heading: str, rows: Sequence[tuple[str, str]], kind: str) -> str:
    """Return one part of a report: a heading and its rows, each a name and a remark."""
    items = "".join(
        f'<li><bdi dir="auto">{escape(name)}</bdi>'
        + (f'<span class="mj-remark"> {escape(remark)}</span>' if remark else "")
        + "</li>"
        for name, remark in rows
    )
    return f'<div class="mj-part mj-{kind}"><h5>{escape(heading)}</h5><ul>{items}</ul></div>'
