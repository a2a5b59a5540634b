"""A follow-up into a question that can be understood alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

from langchain_core.language_models import BaseChatModel

from assistant.followups import resolve
from assistant.writers.streaming import stream_text
from prompts import load_prompt

_TURNS = 6  # how far back a follow-up may refer
_LONGEST = 300  # characters of a rewritten question
_QUESTION = re.compile(
    r"[?؟][\s\"'”»]*$|^(?:who|what|when|where|why|how|which|is|are|was|were|did|does|do|has|have|"
    r"can|will|tell|explain|هل|من|ما|ماذا|متى|أين|لماذا|كيف|كم)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Turn:
    """A question asked before, and what was answered."""

    question: str
    answer: str


def standalone_by_rule(question: str, history: Sequence[Turn]) -> str:
    """Put a follow-up into a question that stands alone, by rules; see `assistant.followups`.

    Only the last exchange counts.
    """
    if not history:
        return question
    return resolve(question, history[-1].question, history[-1].answer)


def standalone_by_model(question: str, history: Sequence[Turn], model: BaseChatModel) -> str:
    """Have a chat model rewrite a follow-up; its first line counts.

    What isn't a question of up to 300 characters is set aside for what the rules make of it.

    Raises:
        ModelError: the model failed.
    """
    if not history:
        return question
    lines = [f"Q: {turn.question}\nA: {turn.answer}" for turn in history[-_TURNS:]]
    prompt = load_prompt("standalone").fill(history="\n".join(lines), question=question)
    reply = ""
    with closing(stream_text(model, prompt)) as pieces:
        for piece in pieces:
            reply = (reply + piece).lstrip()
            if "\n" in reply:
                break
    first = reply.partition("\n")[0].strip(' "“”«»')
    if not first or len(first) > _LONGEST or not _QUESTION.search(first):
        return standalone_by_rule(question, history)
    return first
