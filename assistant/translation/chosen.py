"""Which translator the settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from assistant.settings import Settings
    from assistant.translation.translator import Translator
    from vectorstore.embeddings import Embedder


def get_translator(
    settings: Settings, chat_model: BaseChatModel | None, embedder: Embedder
) -> Translator:
    """Return the translator that the settings name.

    Raises:
        SettingsError: the writer is to translate, and the writer is the bundled one.
    """
    if settings.translator == "bundled":
        from assistant.translation.embedded import EmbeddedTranslator
        from assistant.translation.judging import Judge
        from assistant.verification import Verifier

        judge = Judge(embedder, Verifier())
        return EmbeddedTranslator(settings.cache, settings.threads, judge, settings.candidates)
    if chat_model is None:
        from assistant.errors import SettingsError

        raise SettingsError(
            "translator 'writer' needs a chat model as the writer; set the writer to one "
            "(openai:MODEL, ...) or the translator to 'bundled'"
        )
    from assistant.translation.chat_model import ChatModelTranslator

    return ChatModelTranslator(chat_model, settings.writer)
