"""A follow-up into a question that can be understood alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

from langchain_core.language_models import BaseChatModel

from assistant.writers.streaming import stream_text
from prompts import load_prompt
from vectorstore.names import name_candidates, place_mentions

_TURNS = 6  # how far back a follow-up may refer
_FOLLOW_UP = re.compile(
    r"^\s*(?:and\b|what about|how about|but\b|why\s*\??$|when\s*\??$|where\s*\??$|who\s*\??$|"
    r"وماذا عن|ماذا عن|و\s*لماذا|لماذا\s*؟?$|متى\s*؟?$|أين\s*؟?$)",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"\b(?:he|she|it|they|him|her|them|his|its|their|this|that|these|those|there)\b|"
    r"(?<!\w)(?:هو|هي|هم|ذلك|هذا|هذه|تلك|عنه|عنها|له|لها)(?!\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Turn:
    """A question asked before, and what was answered."""

    question: str
    answer: str


def standalone_by_rule(question: str, history: Sequence[Turn]) -> str:
    """Put the last question before a follow-up that leans on it.

    The rule sees follow-ups by their first words ("and", "what about", وماذا عن) and by
    pronouns where no name is given. It finds nothing else, and resolves nothing: it only
    makes the search see both questions.
    """
    if not history:
        return question
    named = bool(place_mentions(question) or name_candidates(question)[1:])
    leans = _FOLLOW_UP.search(question) or (_PRONOUN.search(question) and not named)
    return f"{history[-1].question} {question}" if leans else question


def standalone_by_model(question: str, history: Sequence[Turn], model: BaseChatModel) -> str:
    """Have a chat model rewrite a follow-up; its first line counts.

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
    return reply.splitlines()[0].strip() if reply else question
