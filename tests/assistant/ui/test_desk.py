from __future__ import annotations

from assistant.conversation import Conversation, Exchange
from assistant.ui.desk import Desk


class Renderer:
    def __init__(self) -> None:
        self.drawn: list[str] = []

    def __call__(self, exchange: Exchange) -> tuple[str, str]:
        self.drawn.append(exchange.question)
        return exchange.question, str(exchange.doing)


def test_an_idle_conversation_taken_off_the_desk_is_let_go() -> None:
    first, second = Conversation(), Conversation()
    desk = Desk("user:ann", first)
    desk.conversation = second
    assert desk.conversation is second
    assert desk.left(first.id) is None


def test_an_empty_conversation_draws_nothing() -> None:
    renderer = Renderer()
    assert Desk("user:ann", Conversation()).draw(renderer, {}) == []
    assert renderer.drawn == []
