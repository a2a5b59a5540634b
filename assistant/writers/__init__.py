"""Writers: passages into cited English sentences."""

from assistant.writers.writer import (
    Draft,
    Dropped,
    Length,
    NoAnswer,
    Started,
    Text,
    Writer,
    Written,
)

__all__ = ["Draft", "Dropped", "Length", "NoAnswer", "Started", "Text", "Writer", "Written"]
