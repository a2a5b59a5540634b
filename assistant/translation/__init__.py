"""Translators: sentences of other languages into English."""

from assistant.translation.translator import Source, Translation, Translator, get_translator

__all__ = ["Source", "Translation", "Translator", "get_translator"]
