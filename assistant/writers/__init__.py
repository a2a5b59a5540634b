"""Writers: passages into cited English sentences."""

from assistant.writers.writer import Draft, Length, NoAnswer, Started, Text, Writer, Written

__all__ = ["Draft", "Length", "NoAnswer", "Started", "Text", "Writer", "Written"]
