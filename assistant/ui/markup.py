"""What all of the page's HTML is made with: escaping, directions, names of things.

What comes from articles, models and users is data. `escape` turns every character that HTML
or Markdown could read as markup into a reference, because the page shows some of this HTML
through Gradio's Markdown, which would otherwise still make links, images and formulas of it.
Each piece of HTML is one line in one block element: Markdown leaves such a line alone.
"""

from __future__ import annotations

import functools
import string
from collections.abc import Iterable, Sequence
from pathlib import PurePath

from assistant.answers import Citation
from assistant.ui.words import PageLanguage
from vectorstore.articles import Article

_RIGHT_TO_LEFT = frozenset("ar arc ary arz ckb dv fa he ku ps sd syr ug ur yi".split())
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
    return "rtl" if language.split("-")[0] in _RIGHT_TO_LEFT else "auto"


@functools.cache
def language_name(code: str, within: PageLanguage = "en") -> str:
    """Return a language's name in the page's language; `und` is "unknown language"."""
    from babel import Locale

    if code == "und":
        return "unknown language" if within == "en" else "لغة غير معروفة"
    return str(Locale(within).languages.get(code, code))


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


def article_facts(article: Article | Citation) -> str:
    """Return an article's outlet, day and file or address."""
    return render_facts((article.outlet, article.date, file_name(article.source)))


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
