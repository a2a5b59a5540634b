"""A chat model's stream of text, its failures named."""

from __future__ import annotations

from collections.abc import Iterator

from langchain_core.language_models import BaseChatModel

from assistant.errors import ModelError
from vectorstore.errors import describe


def stream_text(model: BaseChatModel, prompt: str) -> Iterator[str]:
    """Yield the pieces of a model's reply.

    Raises:
        ModelError: the model can't be reached, refused, or stopped half way.
    """
    try:
        for chunk in model.stream(prompt):
            if chunk.text:
                yield str(chunk.text)
    except Exception as error:  # each provider's client raises its own kinds
        raise ModelError(
            f"the chat model failed ({describe(error)}); check its name, address and key, then "
            "ask again"
        ) from error
