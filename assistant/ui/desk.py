"""What one open page works on. Gradio keeps it on the server, one for each page."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

from assistant.conversation import Conversation, Exchange
from assistant.conversation_store import Rating


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
        self.editing = ""  # the exchange that the next question takes the place of
        self._conversation = conversation
        self._left: dict[str, Conversation] = {}
        self._drawn: dict[str, tuple[Exchange, Rating | None, tuple[str, str]]] = {}

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
        self.editing = ""
        self._conversation = another

    def left(self, conversation_id: str) -> Conversation | None:
        """Return a conversation that was taken off while its answer was being written.

        What is kept of it lags behind: to go on with that would be to lose the answer.
        """
        return self._left.get(conversation_id)

    def holding(self, exchange_id: str) -> Conversation:
        """Return the conversation that an exchange is in: it may have been left since it began."""
        known = (self._conversation, *self._left.values())
        return next((c for c in known if c.find(exchange_id)), self._conversation)

    def draw(
        self,
        render: Callable[[Exchange, Rating | None], tuple[str, str]],
        ratings: Mapping[str, Rating],
    ) -> list[tuple[str, str]]:
        """Return the conversation's exchanges as HTML, each one's question and answer.

        What hasn't changed since isn't drawn again, however long the conversation.
        """
        known = self._drawn
        self._drawn = {}
        for exchange in self.conversation.exchanges:
            rating = ratings.get(exchange.id)
            before, judged, drawn = known.get(exchange.id, (None, None, ("", "")))
            if before is not exchange or judged != rating:
                drawn = render(exchange, rating)
            self._drawn[exchange.id] = exchange, rating, drawn
        return [drawn for *_, drawn in self._drawn.values()]
