"""What a loader hands back."""

from __future__ import annotations

from dataclasses import dataclass

from vectorstore.articles import Document


@dataclass(frozen=True, slots=True)
class Loaded:
    """The documents of one file or address, and what in it could not be read.

    `problems` are sentences for the user, one a record that was left out; the other
    records stand in `documents`.
    """

    documents: list[Document]
    problems: list[str]
