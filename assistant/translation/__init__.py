"""Translators: sentences of other languages into English."""

from assistant.translation.translator import Source, Translator, get_translator

__all__ = ["Source", "Translator", "get_translator"]
