"""What a loader hands back."""

from __future__ import annotations

from dataclasses import dataclass, field

from vectorstore.articles import Document


@dataclass(frozen=True, slots=True)
class Loaded:
    """The documents of one file or address, and what in it could not be read.

    `problems` are sentences for the user, one a record that was left out; the other
    records stand in `documents`. `remarks` tell what was read only with a guess.
    """

    documents: list[Document]
    problems: list[str]
    remarks: list[str] = field(default_factory=list)
