"""What a translator is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from assistant.translation.turns import Reader

OnText = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Source:
    """A sentence to translate, its language (ISO 639-1), and the text that it stands in."""

    text: str
    language: str
    context: str = ""


@dataclass(frozen=True, slots=True)
class Translation:
    """A sentence in English.

    `confidence` is the mean log-probability of its tokens, None where the translator tells none.
    """

    text: str
    confidence: float | None = None


class Translator(Protocol):
    """Turns sentences into English; safe to call from several threads.

    `name` tells everything that its output depends on. `slots` is how many sentences it
    works on at the same time.
    """

    name: str
    slots: int

    def load(self) -> None:
        """Load the model ahead of its first use.

        Raises:
            ModelError: its files are missing or damaged.
        """
        ...

    def can_translate(self, language: str) -> bool:
        """Tell whether sentences in this language (ISO 639-1) can be translated."""
        ...

    def prepare(self, source: Source) -> str:
        """Return all that the translation will depend on, as one text: what is remembered by."""
        ...

    def translate(
        self,
        prepared: str,
        language: str,
        on_text: OnText | None = None,
        reader: Reader | None = None,
    ) -> Translation:
        """Return a prepared sentence in English.

        Args:
            prepared: what `prepare` returned.
            language: the sentence's.
            on_text: told each piece as it is written.
            reader: who it is for; those who wait at the same time take turns.

        Raises:
            TranslationError: the language can't be translated.
            ModelError: the model failed.
        """
        ...
