"""What all of the page's HTML is made with: escaping, directions, names of things.

What comes from articles, models and users is data. `escape` turns every character that HTML
or Markdown could read as markup into a reference, because the page shows some of this HTML
through Gradio's Markdown, which would otherwise still make links, images and formulas of it.
Each piece of HTML is one line in one block element: Markdown leaves such a line alone.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Sequence

from assistant.answers import Citation
from assistant.languages import runs_right_to_left
from assistant.ui.words import Words
from vectorstore.articles import Article, source_name
from vectorstore.outlets import outlet_names

_WELL = frozenset(("added", "unchanged"))  # parts of a report whose articles are in the library
_FEW = 2  # rows that take no room
_LINE_BREAKS = "\n\v\f\r\x85\u2028\u2029"
_REFERENCES = (
    dict.fromkeys(range(32), "")
    | {ord("\t"): " "}
    | {ord(c): "&#10;" for c in _LINE_BREAKS}
    | {ord(c): f"&#{ord(c)};" for c in string.punctuation}
)


def escape(text: str) -> str:
    """Return a text as one line that neither HTML nor Markdown reads as anything but text."""
    return text.translate(_REFERENCES)


def direction(language: str) -> str:
    """Return the value of `dir` for a language: `rtl` where it is known, else `auto`."""
    return "rtl" if runs_right_to_left(language) else "auto"


def in_language(tag: str, language: str, text: str, classes: str = "") -> str:
    """Return an element that says what language its text is in, and how it runs."""
    named = f' class="{classes}"' if classes else ""
    return (
        f'<{tag}{named} dir="{direction(language)}" lang="{escape(language)}">'
        f"{escape(text)}</{tag}>"
    )


def render_facts(facts: Iterable[str | None]) -> str:
    """Return what is known of an article, dots between."""
    return " · ".join(f'<bdi dir="auto">{escape(fact)}</bdi>' for fact in facts if fact)


def render_english_title(article_id: str, title: str | None, words: Words) -> str:
    """Return a place for a title's English, with who put it so.

    `titles.js` fills one that is empty, and says where a check contradicts it.
    """
    return (
        f'<p class="mj-title-english" data-article="{escape(article_id)}" dir="ltr" lang="en" '
        f'title="{escape(words["title_by_machine"])}">'
        f"{escape(title or '')}</p>"
    )


def article_facts(article: Article | Citation) -> str:
    """Return an article's outlet, day and file or address."""
    return render_facts((*outlet_names(article.outlet), article.date, source_name(article.source)))


def render_list(
    heading: str,
    rows: Sequence[tuple[str, str]],
    kind: str,
    article_ids: Sequence[str] = (),
    by: str = "",
) -> str:
    """Return one part of a report: a heading to fold it by, and rows of a name and a remark.

    What is well and many begins folded, for it stands in the library's list as well.

    Where articles' ids are given, `titles.js` puts the English of their titles behind the first
    rows, and `by` whom it is; Gradio's sanitiser leaves these places their `id`, and drops
    `data-`.
    """
    items = "".join(
        f'<li><bdi dir="auto">{escape(name)}</bdi>'
        + (f' <bdi class="mj-remark" dir="auto">{escape(remark)}</bdi>' if remark else "")
        + (_render_title_place(article_id, by) if article_id else "")
        + "</li>"
        for (name, remark), article_id in zip(rows, [*article_ids, *[""] * len(rows)], strict=False)
    )
    shown = "" if kind in _WELL and len(rows) > _FEW else " open"
    return (
        f'<details class="mj-part mj-{kind}"{shown}><summary>{escape(heading)}</summary>'
        f"<ul>{items}</ul></details>"
    )


def _render_title_place(article_id: str, by: str) -> str:
    named = f' title="{escape(by)}"' if by else ""
    return f' <span class="mj-title-english" id="mj-e-{article_id}"{named}></span>'
