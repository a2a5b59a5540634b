"""Does the chat model answer? Tried before a reader's choice of one is kept."""

from __future__ import annotations

import time
from contextlib import closing
from typing import TYPE_CHECKING

from assistant.errors import ModelError

if TYPE_CHECKING:
    from assistant.settings import Settings

_QUESTION = "Write the word: ready"


def test_connection(settings: Settings) -> str:
    """Ask the chat model a short question, and return how soon it began to answer.

    Raises:
        SettingsError: its name isn't known, or its package isn't installed.
        ModelError: nobody is there, or who is refused; it says what to do.
    """
    from assistant.app import get_chat_model
    from assistant.writers.streaming import stream_text

    model = get_chat_model(settings)
    if model is None:
        return "the bundled models answer on this computer; there is nothing to connect to"
    began = time.perf_counter()
    with closing(stream_text(model, _QUESTION)) as pieces:
        if not any(piece.strip() for piece in pieces):
            raise ModelError(
                f"{settings.writer!r} was reached and wrote nothing; try again, or name another "
                "model"
            )
    return f"{settings.writer} answered in {time.perf_counter() - began:.1f} s"
