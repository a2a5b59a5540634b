"""Articles from files, addresses and standard input: a table from suffixes to loaders."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import cast
from urllib.parse import urlsplit

from vectorstore.errors import LoadError
from vectorstore.loaders.loaded import Loaded

__all__ = ["MAX_BYTES", "SUFFIXES", "Loaded", "load_file", "load_text", "load_url"]

MAX_BYTES = 50 * 1024 * 1024

# Suffix to module and further arguments; a module's parser is imported when it is needed.
_LOADERS: dict[str, tuple[str, tuple[str, ...]]] = {
    ".txt": ("text", ()),
    ".text": ("text", ()),
    ".md": ("markdown", ()),
    ".markdown": ("markdown", ()),
    ".html": ("html", ()),
    ".htm": ("html", ()),
    ".xhtml": ("html", ()),
    ".pdf": ("pdf", ()),
    ".docx": ("docx", ()),
    ".csv": ("feed", ("csv",)),
    ".tsv": ("feed", ("tsv",)),
    ".jsonl": ("feed", ("jsonl",)),
    ".ndjson": ("feed", ("jsonl",)),
}
SUFFIXES = frozenset(_LOADERS)

_CONTENT_TYPES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/pdf": ".pdf",
    "application/x-pdf": ".pdf",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "application/jsonl": ".jsonl",
    "application/x-ndjson": ".jsonl",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}
_UNSPECIFIC_TYPES = ("", "application/octet-stream", "binary/octet-stream", "application/download")
_CHARSET_SUFFIXES = (".txt", ".html", ".md")


def load_file(path: Path, *, max_bytes: int = MAX_BYTES) -> Loaded:
    """Read the articles of one file, by its suffix.

    A document's source is the file's absolute path, for a feed with `#record`.

    Raises:
        LoadError: it can't be read; names the file, the cause and what to do.
    """
    suffix = path.suffix.lower()
    if path.is_dir():
        raise LoadError(f"{str(path)!r} is a folder: give the files in it.")
    if suffix not in _LOADERS:
        raise LoadError(
            f"{str(path)!r} has an unknown suffix {suffix!r}: known are "
            f"{', '.join(sorted(SUFFIXES))}."
        )
    try:
        if not path.is_file():
            raise LoadError(f"{str(path)!r} isn't there, or isn't a file: check the path.")
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except OSError as error:
        raise LoadError(
            f"{str(path)!r} can't be read ({error.strerror}): check that it is there and yours."
        ) from error
    if len(data) > max_bytes:
        raise LoadError(
            f"{str(path)!r} is larger than {max_bytes:,} bytes: split it, or raise max_file_mb in "
            "the settings."
        )
    return _load(data, str(path.resolve()), suffix)


def load_text(data: bytes, name: str) -> Loaded:
    """Read plain text that came through standard input; `name` (such as "-") is its source.

    Raises:
        LoadError: it is empty or isn't text.
    """
    return _load(data, name, ".txt")


def load_url(
    url: str, *, timeout: float = 20.0, max_bytes: int = MAX_BYTES, allow_private: bool = False
) -> Loaded:
    """Fetch an address and read it by its content type; the source is where it led in the end.

    Args:
        url: http or https.
        timeout: seconds for the whole fetch.
        max_bytes: the most to read.
        allow_private: also fetch from this machine and its network.

    Raises:
        LoadError: it can't be fetched or read; names the address, the cause and what to do.
    """
    from vectorstore.loaders.url import fetch

    fetched = fetch(url, timeout=timeout, max_bytes=max_bytes, allow_private=allow_private)
    suffix = _find_suffix(fetched.content_type, fetched.url, fetched.data)
    if suffix is None:
        raise LoadError(
            f"{fetched.url!r} is {fetched.content_type!r}, not an article: HTML, PDF, text, "
            "Markdown, Word and feeds can be read."
        )
    return _load(fetched.data, fetched.url, suffix, fetched.charset)


def _find_suffix(content_type: str, url: str, data: bytes) -> str | None:
    """Return the suffix for what a server sent; a PDF's first bytes are believed over its type."""
    if data.startswith(b"%PDF-"):
        return ".pdf"
    if content_type == "text/plain" or content_type in _UNSPECIFIC_TYPES:
        suffix = PurePosixPath(urlsplit(url).path).suffix.lower()
        if suffix in _LOADERS and suffix not in (".pdf", ".docx"):
            return suffix
        if suffix == ".docx" and data.startswith(b"PK"):
            return suffix
        if content_type in _UNSPECIFIC_TYPES:
            return ".html" if b"<html" in data[:2048].lower() else None
    return _CONTENT_TYPES.get(content_type)


def _load(data: bytes, source: str, suffix: str, charset: str | None = None) -> Loaded:
    if not data.strip():
        raise LoadError(f"{source!r} is empty: there is nothing to read in it.")
    module, extra = _LOADERS[suffix]
    load = cast("Callable[..., Loaded]", import_module(f"vectorstore.loaders.{module}").load)
    if charset and suffix in _CHARSET_SUFFIXES:
        return load(data, source, charset)
    return load(data, source, *extra)
