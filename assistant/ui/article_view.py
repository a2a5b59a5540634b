"""One article as HTML: its sentences beside their English, and its source guide."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from assistant.answers import Citation, Sentence
from assistant.guide import Guide, Mention
from assistant.languages import language_name
from assistant.ui.markup import (
    direction,
    escape,
    in_language,
    render_english_title,
    render_facts,
)
from assistant.ui.messages import FORMATS, render_verdict
from assistant.ui.words import Words
from vectorstore.articles import Article, Span, source_name
from vectorstore.outlets import outlet_names

English = Callable[[Span], str | None]
"""Returns a sentence's English where it was translated before."""


def render_article_view(
    article: Article,
    english: English,
    words: Words,
    cited: Span | None = None,
    title: str | None = None,
) -> str:
    """Return the article: its head, a place for its guide, and its text, sentence by sentence.

    Args:
        article: the article.
        english: what is known of its sentences' English.
        words: the page's words.
        cited: a span to mark.
        title: the title in English, where it is known.
    """
    facts = render_facts(
        (
            *outlet_names(article.outlet),
            article.date,
            language_name(article.language, words.language),
            source_name(article.source),
        )
    )
    exports = "".join(
        f'<a class="mj-export" href="/mujaz/articles/{article.id}/export?format={form}">{name}</a>'
        for form, name in FORMATS
    )
    translates = article.language != "en"
    known = _render_title(article, title, words) if translates else ""
    return (
        f'<article class="mj-view" data-article="{article.id}">'
        f'<div class="mj-bar"><a class="mj-back" href="#">{escape(words["back"])}</a>'
        f"{in_language('h3', article.language, article.title)}</div>"
        f'<header>{known}<p class="mj-facts">{facts}</p><div class="mj-acts">'
        f"{_button('summarize', words)}{_button('translate', words) if translates else ''}"
        f"{_button('select', words)}"
        f'<details class="mj-menu"><summary>{escape(words["export"])}</summary>'
        f"<div>{exports}</div></details></div></header>"
        f'<details class="mj-guide"><summary>{escape(words["guide"])}</summary>'
        f'<div class="mj-guide-body" aria-live="polite"></div></details>'
        f"{_render_columns(article, words) if translates else ''}"
        f'<div class="mj-text">{_render_sentences(article, english, words, cited)}</div></article>'
    )


def _render_title(article: Article, title: str | None, words: Words) -> str:
    """Return the title's English; unseen where the text begins with it, and tells its verdict."""
    place = render_english_title(article.id, title, words)
    first = next(iter(article.sentences), None)
    below = first and _bare(article.text[first.start : first.end]) == _bare(article.title)
    return f'<div class="mj-below">{place}</div>' if below else place


def _button(does: str, words: Words) -> str:
    return f'<button type="button" class="mj-do" data-do="{does}">{escape(words[does])}</button>'


def _render_columns(article: Article, words: Words) -> str:
    name = language_name(article.language, words.language)
    return (
        f'<div class="mj-columns"><h5>{escape(words.fill("original", language=name))}</h5>'
        f"<h5>{escape(words['english'])}</h5></div>"
    )


def _render_sentences(article: Article, english: English, words: Words, cited: Span | None) -> str:
    rows = []
    end = 0
    for number, span in enumerate(article.sentences):
        begins = "\n" in article.text[end : span.start] or number == 0
        rows.append(_render_row(article, number, span, english(span), words, cited, begins))
        end = span.end
    return "".join(rows)


def _render_row(
    article: Article,
    number: int,
    span: Span,
    english: str | None,
    words: Words,
    cited: Span | None,
    begins: bool,
) -> str:
    marked = cited is not None and span.start < cited.end and cited.start < span.end
    classes = "mj-row" + (" mj-begins" if begins else "") + (" mj-cited" if marked else "")
    language = article.language
    return (
        f'<div class="{classes}" data-sentence="{number}">'
        f'<p class="mj-original" dir="{direction(language)}" lang="{escape(language)}">'
        f"{_marked(article.text, span, cited)}</p>{render_english(english, language, words)}</div>"
    )


def _marked(text: str, span: Span, cited: Span | None) -> str:
    """Return a sentence with what is cited of it marked."""
    if cited is None or not (span.start < cited.end and cited.start < span.end):
        return escape(text[span.start : span.end])
    start, end = max(span.start, cited.start), min(span.end, cited.end)
    before, inside, after = text[span.start : start], text[start:end], text[end : span.end]
    return f"{escape(before)}<mark>{escape(inside)}</mark>{escape(after)}"


def render_english(english: str | None, language: str, words: Words) -> str:
    """Return the English side of a row, or what asks for it; nothing beside an English original."""
    if language == "en":
        return ""
    if english is None:
        return (
            f'<p class="mj-english mj-none">{escape(words["not_translated"])} '
            f'<button type="button" class="mj-one" data-do="english" '
            f'aria-label="{escape(words["translate_sentence"])}">'
            f"{escape(words['translate'])}</button></p>"
        )
    return f'<p class="mj-english" dir="ltr" lang="en">{escape(english)}</p>'


def render_guide(guide: Guide, words: Words) -> str:
    """Return a source guide: title, summary, who and what is in it, and what to ask.

    An article often begins with its title: that sentence of the summary would say it twice.
    """
    sentences = guide.summary.sentences
    places = _Places()
    summary = "".join(
        f'<div class="mj-sentence" dir="auto">{escape(s.text)} '
        f"{places.chips(c for c in guide.summary.citations if c.n in s.citations)}"
        f"{render_verdict(s, words)}</div>"
        for s in [s for s in sentences if not _is_title(s, guide)] or sentences
    )
    title = (
        f'<p class="mj-guide-title" dir="ltr" lang="en">{escape(guide.title_translation)} '
        f'<i class="mj-by">({escape(words["title_by_machine"])})</i></p>'
        if guide.title_translation
        else ""
    )
    lists = "".join(
        _render_mentions(kind, mentions, guide.language, words, places)
        for kind, mentions in (
            ("people", guide.people),
            ("places", guide.places),
            ("figures", guide.figures),
        )
    )
    return f"{title}{summary}{lists}{_render_questions(guide.questions, words)}"


def _is_title(sentence: Sentence, guide: Guide) -> bool:
    quotes = [c.quote for c in guide.summary.citations if c.n in sentence.citations]
    titles = {_bare(guide.title), _bare(guide.title_translation or guide.title)}
    return _bare(sentence.text) in titles or [_bare(q) for q in quotes] == [_bare(guide.title)]


def _bare(text: str) -> str:
    return " ".join(text.split()).rstrip(".؟?!").casefold()


class _Places:
    """The places that a guide points at, numbered in reading order: a number is one place."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[int, int], int] = {}

    def chips(self, citations: Iterable[Citation]) -> str:
        """Return marks that lead to the places."""
        return "".join(self._chip(c.start, c.end) for c in citations)

    def _chip(self, start: int, end: int) -> str:
        number = self._numbers.setdefault((start, end), len(self._numbers) + 1)
        return (
            f'<a class="mj-place mj-chip" href="#" data-start="{start}" data-end="{end}">'
            f"{number}</a>"
        )


def _render_mentions(
    kind: str, mentions: Sequence[Mention], language: str, words: Words, places: _Places
) -> str:
    if not mentions:
        return ""
    items = "".join(
        f'<li><span dir="auto">{escape(m.text)}</span> '
        + (in_language("bdi", language, m.original) if m.original != m.text else "")
        + places.chips(m.citations)
        + "</li>"
        for m in mentions
    )
    return f'<div class="mj-mentions"><h5>{escape(words[kind])}</h5><ul>{items}</ul></div>'


def _render_questions(questions: Sequence[str], words: Words) -> str:
    if not questions:
        return ""
    buttons = "".join(
        f'<button type="button" class="mj-do" data-do="ask" dir="auto">{escape(q)}</button>'
        for q in questions
    )
    return f'<div class="mj-suggested"><h5>{escape(words["try_asking"])}</h5>{buttons}</div>'
