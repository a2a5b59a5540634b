"""Any chat model as a translator."""

from __future__ import annotations

from langchain_core.language_models import BaseChatModel

from assistant.errors import ModelError
from assistant.translation.translator import OnText, Source, Translation
from assistant.translation.turns import Line, Reader, Turn
from assistant.writers.streaming import stream_text
from prompts import load_prompt

# Characters that a translation may have: so many for each of the original, and some more.
_GROWTH, _SLACK = 5, 500


class ChatModelTranslator:
    """Translates from any language with the chat model that also writes."""

    slots = 4

    def __init__(self, model: BaseChatModel, name: str) -> None:
        self._model = model
        self._line = Line(self.slots)
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
        self,
        prepared: str,
        language: str,
        on_text: OnText | None = None,
        reader: Reader | None = None,
    ) -> Translation:
        """Return one sentence in English.

        Raises:
            ModelError: the model can't be reached, refused, wrote nothing or didn't stop.
        """
        prompt = self._prompt.fill(language=_language_name(language), text=prepared)
        pieces = []
        limit = _GROWTH * len(prepared) + _SLACK
        with self._line.place(Turn(reader or Reader())):
            for piece in stream_text(self._model, prompt, limit):
                pieces.append(piece)
                if on_text:
                    on_text(piece)
        english = " ".join("".join(pieces).split())
        if not english:
            raise ModelError(
                f"the chat model translated {prepared[:80]!r} into nothing; ask again, or name "
                "another model"
            )
        return Translation(english)


def _language_name(code: str) -> str:
    from babel import Locale

    return str(Locale("en").languages.get(code, code))
