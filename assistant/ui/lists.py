"""The lists that the page's scripts ask for, as HTML: the library, and the kept conversations."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.conversation_store import Kept
from assistant.languages import language_name
from assistant.ui.markup import escape, in_language, render_english_title, render_facts
from assistant.ui.words import Words
from vectorstore.articles import source_name
from vectorstore.listing import Facets, Listed, Shelf
from vectorstore.outlets import outlet_names


def render_filters(facets: Facets, words: Words) -> str:
    """Return what the library is narrowed by and in which order it stands, as `<select>`s."""
    languages = [(c, language_name(c, words.language), n) for c, n in facets.languages]
    outlets = [(name, " · ".join(outlet_names(name)), n) for name, n in facets.outlets]
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
            *outlet_names(listed.outlet),
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
        f"{render_english_title(listed.id, None, words)}"
        f'<p class="mj-facts">{facts}</p></div><div class="mj-acts">{buttons}</div></div>'
    )


def render_removed(removed: Sequence[Listed], words: Words) -> str:
    """Return what was removed within a day, each to be put back; "" where nothing was."""
    rows = [
        f'<div class="mj-binned" data-article="{listed.id}"><div class="mj-listed-text">'
        f"{in_language('span', listed.language, listed.title, 'mj-title')}"
        f"{render_english_title(listed.id, None, words)}"
        f'<p class="mj-facts">{escape(source_name(listed.source))}</p></div>'
        f'<div class="mj-acts"><button type="button" data-do="restore" '
        f'aria-label="{escape(words["restore"])}: {escape(listed.title)}">'
        f"{escape(words['restore'])}</button></div></div>"
        for listed in removed
    ]
    return _render_bin(rows, words, "removed_lately")


def render_conversations(
    kept: Sequence[Kept], words: Words, deleted: Sequence[Kept] = (), narrowed: bool = False
) -> str:
    """Return the kept conversations, the newest first, and those that can be put back.

    Args:
        kept: the conversations.
        words: the page's words.
        deleted: those that can be put back.
        narrowed: whether only some were asked for.
    """
    rows = "".join(_render_kept(each, words, ("open", "rename", "delete")) for each in kept)
    none = words["no_conversation_found" if narrowed else "no_conversations"]
    rows = rows or ("" if deleted else f'<p class="mj-hint">{escape(none)}</p>')
    bin_rows = [_render_kept(each, words, ("restore",)) for each in deleted]
    return rows + _render_bin(bin_rows, words, "deleted_lately")


def _render_bin(rows: Sequence[str], words: Words, heading: str) -> str:
    if not rows:
        return ""
    heading = words.fill(heading, number=f"{len(rows):,}")
    return f'<details class="mj-bin"><summary>{escape(heading)}</summary>{"".join(rows)}</details>'


def _render_kept(kept: Kept, words: Words, acts: Sequence[str]) -> str:
    title = kept.title or words["untitled"]
    asked = words.fill("questions", number=kept.exchanges)
    buttons = "".join(
        f'<button type="button" data-do="{does}" aria-label="{escape(words[does])}: '
        f'{escape(title)}">{escape(words[does])}</button>'
        for does in acts
        if does != "open"
    )
    state = "kept" if "open" in acts else "deleted"
    name = f'class="mj-title" dir="auto">{escape(title)}'
    return (
        f'<div class="mj-{state}" data-conversation="{kept.id}">'
        + (f'<a href="#" data-do="open" {name}</a>' if "open" in acts else f"<span {name}</span>")
        + f'<p class="mj-facts"><time datetime="{escape(kept.updated)}">{escape(kept.updated[:10])}'
        f'</time> · {escape(asked)}</p><div class="mj-acts">{buttons}</div></div>'
    )
