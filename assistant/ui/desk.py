"""What one open page works on. Gradio keeps it on the server, one for each page."""

from __future__ import annotations

import threading

from assistant.conversation import Conversation, Exchange


class Desk:
    """Whose page it is, the conversation on it, and whether articles are being added.

    A conversation that is taken off the desk while its answer is being written is written to
    its end and kept; only the page shows another.

    Args:
        owner: whose conversations these are.
        conversation: the one to begin with.
    """

    def __init__(self, owner: str, conversation: Conversation) -> None:
        self.owner = owner
        self.conversation = conversation
        self.stop_adding = threading.Event()
        self._drawn: dict[str, tuple[Exchange, str]] = {}

    def drawn(self, exchange: Exchange) -> str | None:
        """Return an exchange's HTML if it was drawn before and hasn't changed since."""
        known = self._drawn.get(exchange.id)
        return known[1] if known is not None and known[0] is exchange else None

    def draw(self, exchange: Exchange, html: str) -> str:
        """Keep an exchange's HTML, and return it: a long conversation is drawn once."""
        self._drawn[exchange.id] = (exchange, html)
        return html
