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
        self.stop_adding = threading.Event()
        self._conversation = conversation
        self._left: dict[str, Conversation] = {}
        self._drawn: dict[str, tuple[Exchange, str]] = {}

    @property
    def conversation(self) -> Conversation:
        """The conversation on the desk."""
        return self._conversation

    @conversation.setter
    def conversation(self, another: Conversation) -> None:
        before = self._conversation
        self._left = {i: left for i, left in self._left.items() if left.busy}
        if before.busy:
            self._left[before.id] = before
        self._conversation = another

    def left(self, conversation_id: str) -> Conversation | None:
        """Return a conversation that was taken off while its answer was being written.

        What is kept of it lags behind: to go on with that would be to lose the answer.
        """
        return self._left.get(conversation_id)

    def drawn(self, exchange: Exchange) -> str | None:
        """Return an exchange's HTML if it was drawn before and hasn't changed since."""
        known = self._drawn.get(exchange.id)
        return known[1] if known is not None and known[0] is exchange else None

    def draw(self, exchange: Exchange, html: str) -> str:
        """Keep an exchange's HTML, and return it: a long conversation is drawn once."""
        self._drawn[exchange.id] = (exchange, html)
        return html
