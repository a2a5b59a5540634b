from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any, cast

import gradio as gr
import pytest

from assistant.answers import Event, SentenceStarted, TextDelta
from assistant.conversation import Conversation
from assistant.errors import ModelError
from assistant.history import Turn
from assistant.parts import Parts
from assistant.ui.handlers import Handlers


class FailingAssistant:
    """Begins a sentence and fails; records what it was asked."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.asked: list[tuple[str, list[Turn]]] = []
        self.closed = 0

    def ask(self, question: str, history: Sequence[Turn]) -> Iterator[Event]:
        self.asked.append((question, list(history)))
        return self._events()

    def digest(self, topic: str) -> Iterator[Event]:
        self.asked.append((f"digest of {topic!r}", []))
        return self._events()

    def _events(self) -> Iterator[Event]:
        try:
            yield SentenceStarted(0)
            yield TextDelta(0, "It ")
            raise self.error
        finally:
            self.closed += 1


def handlers_over(assistant: FailingAssistant) -> Handlers:
    parts: Any = SimpleNamespace(assistant=assistant, catalog=None)
    return Handlers(cast("Parts", parts))


def test_a_failure_is_an_error_box_and_the_question_is_back() -> None:
    assistant = FailingAssistant(ModelError("the server said <img src=x>"))
    handlers, conversation = handlers_over(assistant), Conversation()
    job, *_ = handlers.ask("  What? ", conversation)
    views = []
    with pytest.raises(gr.Error) as caught:
        for view in handlers.answer(job, conversation):
            views.append(view)
    assert caught.value.message == "the server said &lt;img src=x&gt;"
    assert assistant.asked == [("What?", [])]
    assert views[-1].question == "What?"
    assert views[-1].chat == [] and conversation.exchanges == ()


def test_a_bug_stays_a_bug_and_the_question_is_back() -> None:
    handlers, conversation = handlers_over(FailingAssistant(ZeroDivisionError())), Conversation()
    job, *_ = handlers.ask("What?", conversation)
    views = []
    with pytest.raises(ZeroDivisionError):
        for view in handlers.answer(job, conversation):
            views.append(view)
    assert views[-1].question == "What?"


@pytest.mark.parametrize("question", ["", "   ", "x" * 2001])
def test_a_question_that_cannot_be_asked_begins_nothing(question: str) -> None:
    conversation = Conversation()
    with pytest.raises(gr.Error):
        handlers_over(FailingAssistant(ModelError(""))).ask(question, conversation)
    assert conversation.exchanges == ()


def test_stopping_ends_the_work_behind_an_answer() -> None:
    assistant = FailingAssistant(ModelError("not reached"))
    handlers, conversation = handlers_over(assistant), Conversation()
    job, *_ = handlers.ask("What?", conversation)
    views = handlers.answer(job, conversation)
    next(views)
    conversation.stop()
    (last,) = views
    assert last.stop == gr.update(visible=False)
    assert assistant.closed == 1
    assert list(handlers.answer(job, conversation)) == []


@pytest.mark.parametrize("topic", ["", " floods "])
def test_a_digest_begins_in_the_conversation(topic: str) -> None:
    assistant = FailingAssistant(ModelError("gone"))
    handlers, conversation = handlers_over(assistant), Conversation()
    job, *_ = handlers.digest(topic, conversation)
    views = []
    with pytest.raises(gr.Error):
        for view in handlers.answer(job, conversation):
            views.append(view)
    assert assistant.asked == [(f"digest of {topic.strip()!r}", [])]
    assert views[-1].question == topic.strip()
