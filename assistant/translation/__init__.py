"""Translators: sentences of other languages into English."""

from assistant.translation.chosen import get_translator
from assistant.translation.translator import Source, Translation, Translator

__all__ = ["Source", "Translation", "Translator", "get_translator"]
