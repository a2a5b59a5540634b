"""Markdown to plain paragraphs, with its front matter."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from vectorstore.articles import Document
from vectorstore.dates import parse_date
from vectorstore.errors import LoadError
from vectorstore.loaders.decoding import read_text
from vectorstore.loaders.loaded import Loaded

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT_MATTER = re.compile(
    r"\A\ufeff?---[ \t]*\r?\n(.*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL
)


def load(data: bytes, source: str, charset: str | None = None) -> Loaded:
    """Read Markdown as text: links keep their words, images go, code stays.

    `title`, `date`, `source` (or `outlet`) and `lang` (or `language`) of the front matter
    are kept; without a title, a level-1 heading on top is it.

    Raises:
        LoadError: it is binary or empty, or its front matter isn't YAML.
    """
    from markdown_it import MarkdownIt

    read = read_text(data, charset, name=repr(source))
    meta, body = _split_front_matter(read.text, source)
    tokens = MarkdownIt("commonmark").enable("table").enable("strikethrough").parse(body)
    blocks, hidden = _read_html(tokens) if _has_html(tokens) else (_render(tokens), [])
    if not blocks:
        raise LoadError(f"{source!r} is empty: there is no text to read in it.")
    heading = blocks[0] if tokens[0].type == "heading_open" and tokens[0].tag == "h1" else None
    title = _field(meta, "title") or heading
    if title and title != blocks[0]:
        blocks.insert(0, title)
    date = _field(meta, "date", "published")
    document = Document(
        text="\n\n".join(blocks),
        source=source,
        title=title,
        outlet=_field(meta, "source", "outlet"),
        date=parse_date(date) if date else None,
        language=_field(meta, "lang", "language"),
        hidden=tuple(hidden),
    )
    return Loaded([document], [], read.remarks)


def _split_front_matter(text: str, source: str) -> tuple[dict[str, Any], str]:
    match = _FRONT_MATTER.match(text)
    if match is None:
        return {}, text.lstrip("\ufeff")
    import yaml

    try:
        meta = yaml.safe_load(match.group(1))
    except (yaml.YAMLError, ValueError) as error:
        raise LoadError(
            f"{source!r} has front matter that isn't YAML ({error}): mend or remove the lines "
            "between its first two '---'."
        ) from error
    # Two rules around a paragraph look like front matter but hold no keys.
    return (meta, text[match.end() :]) if isinstance(meta, dict) else ({}, text)


def _field(meta: dict[str, Any], *names: str) -> str | None:
    for name in names:
        value = meta.get(name)
        if value is not None and str(value).strip():
            return str(value).strip()
    return None


def _has_html(tokens: list[Token]) -> bool:
    return any(
        t.type in ("html_block", "html_inline") or _has_html(t.children or []) for t in tokens
    )


def _read_html(tokens: list[Token]) -> tuple[list[str], list[str]]:
    """Return the blocks that a reader sees, and the hidden texts, of Markdown with HTML in it.

    An element may open in one block and close in another, so all of it is read as one page.
    """
    from vectorstore.loaders.html import read_visible_text

    return read_visible_text("\n".join(_render(tokens, html.escape)))


def _render(tokens: list[Token], escape: Callable[[str], str] | None = None) -> list[str]:
    """Return the blocks as plain text, or, with an `escape`, as paragraphs of HTML."""
    blocks: list[str] = []
    row: list[str] | None = None

    def add(block: str) -> None:
        blocks.append(f"<p>{block}</p>" if escape else block)

    for token in tokens:
        if token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and row is not None:
            add(" | ".join(row))
            row = None
        elif token.type == "inline":
            found = _render_inline(token.children or [], escape)
            add(found) if row is None else row.append(found)
        elif token.type in ("fence", "code_block"):
            code = token.content.rstrip("\n")
            add(escape(code) if escape else code)
        elif token.type == "html_block":
            blocks.append(token.content)
    return [block for block in blocks if block.strip()]


def _render_inline(children: list[Token], escape: Callable[[str], str] | None) -> str:
    parts: list[str] = []
    for child in children:
        if child.type in ("text", "code_inline"):
            parts.append(escape(child.content) if escape else child.content)
        elif child.type == "softbreak":
            parts.append(" ")
        elif child.type == "hardbreak":
            parts.append("<br>" if escape else "\n")
        elif child.type == "html_inline":
            parts.append(child.content)
    return "".join(parts).strip()
