"""Conversations, summaries and translations as files to keep: one format a module."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal, get_args

from assistant.answers import Event
from assistant.conversation import Conversation, Exchange, shortened
from assistant.errors import ExportError
from assistant.exports.document import (
    Document,
    Finder,
    Titles,
    conversation_document,
    translation_document,
)

Format = Literal["md", "html", "docx", "json"]
__all__ = [
    "Document", "Finder", "Format", "Titles", "check_target", "conversation_document", "export",
    "file_name", "format_of", "translation_document", "write", "written",
]  # fmt: skip

_LONGEST_NAME = 60  # characters, of at most 4 bytes each in a name of at most 255
_DEVICES = frozenset(
    "CON PRN AUX NUL CLOCK$".split() + [f"{port}{n}" for port in ("COM", "LPT") for n in range(10)]
)


def export(document: Document, format: Format) -> bytes:
    """Return a document as a file's bytes; text is UTF-8."""
    if format == "docx":
        from assistant.exports.docx import to_docx

        return to_docx(document)
    if format == "html":
        from assistant.exports.html import to_html

        return to_html(document).encode()
    if format == "md":
        from assistant.exports.markdown import to_markdown

        return to_markdown(document).encode()
    from assistant.exports.json import to_json

    return to_json(document)


def file_name(document: Document, format: Format) -> str:
    """Return a name for the file that every system takes; letters of all scripts stay."""
    kept = "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in document.title.text)
    stem = shortened(" ".join(kept.split()), _LONGEST_NAME)
    if not stem or stem.upper() in _DEVICES:
        stem = f"Mujaz {stem}".strip()
    return f"{stem}.{format}"


def format_of(path: Path) -> Format:
    """Return the format that a file's suffix stands for.

    Raises:
        ExportError: it stands for none.
    """
    suffix = path.suffix.lower().removeprefix(".")
    for known in get_args(Format):
        if suffix == known:
            found: Format = known
            return found
    raise ExportError(
        f"{str(path)!r} can't be exported to: end its name in "
        f"{', '.join(f'.{known}' for known in get_args(Format))}"
    )


def check_target(path: Path) -> None:
    """Refuse a file that a document can't be written to, as far as that can be told before.

    Raises:
        ExportError: the suffix isn't known, or its folder isn't there.
    """
    format_of(path)
    if not path.absolute().parent.is_dir():
        raise ExportError(f"there is no folder for {str(path)!r}; make it, or choose another")


def written(
    events: Iterable[Event], exchange: Exchange, articles: Finder, titles: Titles, path: Path
) -> Iterator[Event]:
    """Yield an exchange's events, and write what came of them to a file at the end.

    Raises:
        ExportError: the file can't be written.
    """
    for event in events:
        exchange = exchange.after(event)
        yield event
    write(conversation_document(Conversation([exchange]), articles, titles), path)


def write(document: Document, path: Path) -> None:
    """Write a document to a file in the format of its suffix.

    Raises:
        ExportError: the suffix isn't known, or the file can't be written.
    """
    content = export(document, format_of(path))
    try:
        path.write_bytes(content)
    except OSError as error:
        raise ExportError(
            f"{str(path)!r} can't be written ({error.strerror}); choose another place"
        ) from error
