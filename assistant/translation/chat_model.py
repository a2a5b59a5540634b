"""Any chat model as a translator."""

from __future__ import annotations

from langchain_core.language_models import BaseChatModel

from assistant.translation.translator import OnText, Source, Translation
from assistant.writers.streaming import stream_text
from prompts import load_prompt


class ChatModelTranslator:
    """Translates from any language with the chat model that also writes."""

    slots = 4

    def __init__(self, model: BaseChatModel, name: str) -> None:
        self._model = model
        self._prompt = load_prompt("translate")
        self.name = f"{name}+{self._prompt.sha256[:8]}"

    def load(self) -> None:
        """Do nothing: the model is a service."""

    def can_translate(self, language: str) -> bool:
        """Tell whether there is anything to translate."""
        return language != "en"

    def prepare(self, source: Source) -> str:
        """Return the sentence on one line."""
        return " ".join(source.text.split())

    def translate(
        self, prepared: str, language: str, on_text: OnText | None = None
    ) -> Translation:
        """Return one sentence in English.

        Raises:
            ModelError: the model can't be reached or refused.
        """
        prompt = self._prompt.fill(language=_language_name(language), text=prepared)
        pieces = []
        for piece in stream_text(self._model, prompt):
            pieces.append(piece)
            if on_text:
                on_text(piece)
        return Translation(" ".join("".join(pieces).split()))


def _language_name(code: str) -> str:
    from babel import Locale

    return str(Locale("en").languages.get(code, code))
