"""The lists that the page's scripts ask for, as HTML: the library, and the kept conversations."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.conversation_store import Kept
from assistant.languages import language_name
from assistant.ui.markup import escape, in_language, render_facts
from assistant.ui.words import Words
from vectorstore.articles import source_name
from vectorstore.listing import Facets, Listed, Shelf


def render_filters(facets: Facets, words: Words) -> str:
    """Return what the library is narrowed by and in which order it stands, as `<select>`s."""
    languages = [(c, language_name(c, words.language), n) for c, n in facets.languages]
    outlets = [(name, name, n) for name, n in facets.outlets]
    return (
        _render_options("language", languages, words)
        + _render_options("outlet", outlets, words)
        + f'<select data-filter="order" aria-label="{escape(words["order"])}">'
        f'<option value="">{escape(words["by_added"])}</option><option value="date">'
        f"{escape(words['by_date'])}</option></select>"
    )


def _render_options(name: str, rows: Sequence[tuple[str, str, int]], words: Words) -> str:
    options = "".join(
        f'<option value="{escape(value)}" dir="auto">{escape(label)} ({count})</option>'
        for value, label, count in rows
    )
    return (
        f'<select data-filter="{name}"><option value="">{escape(words[f"any_{name}"])}</option>'
        f"{options}</select>"
    )


def render_shelf(shelf: Shelf, offset: int, words: Words, narrowed: bool = False) -> str:
    """Return one page of the library's rows, and how to have more of them.

    Args:
        shelf: the rows, and how many there are in all.
        offset: how many come before them.
        words: the page's words.
        narrowed: whether only some of the articles were asked for.
    """
    rows = "".join(_render_listed(listed, words) for listed in shelf.articles)
    shown = offset + len(shelf.articles)
    if not shelf.total:
        hint = words["none_found" if narrowed else "library_empty"]
        return f'<p class="mj-hint">{escape(hint)}</p>'
    tally = words.fill("shown_of", shown=f"{shown:,}", total=f"{shelf.total:,}")
    more = ""
    if shown < shelf.total:
        label = escape(words["more"])
        more = f'<button type="button" class="mj-more" data-offset="{shown}">{label}</button>'
    return f'{rows}<div class="mj-tally"><span>{escape(tally)}</span>{more}</div>'


def _render_listed(listed: Listed, words: Words) -> str:
    facts = render_facts(
        (
            listed.outlet,
            listed.date,
            language_name(listed.language, words.language),
            source_name(listed.source),
        )
    )
    name = escape(listed.title)
    select = escape(words["select"])
    buttons = "".join(
        f'<button type="button" class="mj-do" data-do="{does}" '
        f'aria-label="{escape(words[does])}: {name}">{escape(words[does])}</button>'
        for does in ("summarize", "translate", "remove")
        if does != "translate" or listed.language != "en"
    )
    return (
        f'<div class="mj-listed" data-article="{listed.id}">'
        f'<input type="checkbox" class="mj-pick" aria-label="{select}: {name}" title="{select}">'
        f'<div class="mj-listed-text"><a href="#" class="mj-title" data-do="open">'
        f"{in_language('span', listed.language, listed.title)}</a>"
        f'<p class="mj-title-english" dir="ltr" lang="en"></p>'
        f'<p class="mj-facts">{facts}</p></div><div class="mj-acts">{buttons}</div></div>'
    )


def render_conversations(kept: Sequence[Kept], words: Words) -> str:
    """Return the kept conversations, the newest first."""
    if not kept:
        return f'<p class="mj-hint">{escape(words["no_conversations"])}</p>'
    return "".join(_render_kept(each, words) for each in kept)


def _render_kept(kept: Kept, words: Words) -> str:
    title = kept.title or words["untitled"]
    buttons = "".join(
        f'<button type="button" data-do="{does}" aria-label="{escape(words[does])}: '
        f'{escape(title)}">{escape(words[does])}</button>'
        for does in ("rename", "delete")
    )
    return (
        f'<div class="mj-kept" data-conversation="{kept.id}">'
        f'<a href="#" class="mj-title" data-do="open" dir="auto">{escape(title)}</a>'
        f'<p class="mj-facts"><time datetime="{escape(kept.updated)}">{escape(kept.updated[:10])}'
        f'</time> · {kept.exchanges}</p><div class="mj-acts">{buttons}</div></div>'
    )
