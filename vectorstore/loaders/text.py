"""Plain text, as it is: cleaning finds the title and the furniture."""

from __future__ import annotations

from vectorstore.articles import Document
from vectorstore.errors import LoadError
from vectorstore.loaders.decoding import read_text
from vectorstore.loaders.loaded import Loaded


def load(data: bytes, source: str, charset: str | None = None) -> Loaded:
    """Read a plain text in any common encoding.

    Raises:
        LoadError: it is binary, or nothing but white space.
    """
    read = read_text(data, charset, name=repr(source))
    if not read.text.strip("\ufeff \t\r\n\f\v"):
        raise LoadError(f"{source!r} is empty: there is no text to read in it.")
    return Loaded([Document(text=read.text, source=source)], [], read.remarks)
