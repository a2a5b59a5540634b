"""A chat model's stream of text: bounded, without its thoughts, its failures named."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from contextlib import closing

from langchain_core.language_models import BaseChatModel

from assistant.citations import SentenceStream
from assistant.errors import ModelError, UnfinishedReplyError
from assistant.writers.failures import explain, retry_wait

LONGEST_REPLY = 6_000  # characters: a model that doesn't stop is stopped
LONGEST_THOUGHT = 60_000  # characters, or pieces without any, before and between the text
_OPEN, _CLOSE = "<think>", "</think>"
_END_MARKS = ("finish_reason", "stop_reason", "done_reason", "status")  # by provider
_CUT_ENDS = frozenset({"length", "max_tokens", "incomplete", "content_filter"})


def stream_text(
    model: BaseChatModel, prompt: str, limit: int = LONGEST_REPLY
) -> Generator[str, None, None]:
    """Yield the pieces of a model's reply; closing the iterator closes the connection.

    Raises:
        UnfinishedReplyError: the reply went on past `limit` characters, or its server cut it.
        ModelError: the model can't be reached, refused, or stopped half way.
    """
    length = 0
    with closing(without_thoughts(_tried(model, prompt))) as pieces:
        for piece in pieces:
            length += len(piece)
            yield piece
            if length > limit:
                raise UnfinishedReplyError(
                    f"the chat model wrote more than {limit:,} characters and was stopped; ask "
                    "again, or name another model"
                )


def without_thoughts(pieces: Iterator[str]) -> Generator[str, None, None]:
    """Yield a reply's pieces without the `<think>` block that some models begin with.

    Raises:
        ModelError: the thoughts never end, or the reply ends within them.
    """
    waiting, answering, silence = "", False, 0
    for piece in pieces:
        if answering and piece:
            yield piece
            continue
        waiting += piece
        silence += len(piece) or 1
        if silence > LONGEST_THOUGHT:
            raise ModelError(
                "the chat model thought on and wrote nothing; ask again, or name another model"
            )
        start = waiting.lstrip()
        if start.startswith(_OPEN) and _CLOSE in start:
            start = start.partition(_CLOSE)[2]
        elif _OPEN.startswith(start) or start.startswith(_OPEN):
            continue
        answering = True
        if start:
            yield start
        waiting = ""
    if waiting.lstrip().startswith(_OPEN):
        raise ModelError(
            "the chat model's reply ended within its thoughts; raise its server's limit of "
            "tokens, or name another model"
        )
    if not answering and waiting.strip():
        yield waiting


def _tried(model: BaseChatModel, prompt: str) -> Iterator[str]:
    """Yield the pieces; where a passing failure comes before the first, try again."""
    tries, begun = 0, False
    while True:
        tries += 1
        try:
            for piece in _pieces(model, prompt):
                begun = begun or bool(piece)
                yield piece
            return
        except ModelError:
            raise
        except Exception as error:  # each provider's client raises its own kinds
            wait = None if begun else retry_wait(error, tries)
            if wait is None:
                raise ModelError(explain(error, begun)) from error
        time.sleep(wait)


def _pieces(model: BaseChatModel, prompt: str) -> Iterator[str]:
    """Yield the pieces, and see that the stream's end is the reply's.

    A connection that is closed without an error looks like an end. An OpenAI-compatible server
    tells why a reply ended in its last event; without that it was cut.
    """
    end, tells = None, False
    for chunk in model.stream(prompt):
        facts = chunk.response_metadata
        tells = tells or facts.get("model_provider") == "openai"
        end = next((facts[mark] for mark in _END_MARKS if facts.get(mark)), end)
        yield str(chunk.text)
    if end in _CUT_ENDS:
        raise UnfinishedReplyError(
            f"the chat model's reply was cut off by its server ({end!r}); raise the server's "
            "limit of tokens, or name another model"
        )
    if tells and end is None:
        raise ModelError(
            "the chat model's reply was cut off (the connection closed before its end), and what "
            "was written so far isn't the whole answer; ask again"
        )


class Reply:
    """A chat model's reply, read a sentence at a time.

    `unfinished` tells, at its end, that it was stopped or cut by its length; the sentence that
    wasn't whole is then left out.
    """

    def __init__(self, model: BaseChatModel, prompt: str) -> None:
        self.unfinished = False
        self._model = model
        self._prompt = prompt

    def sentences(self) -> Iterator[str]:
        """Yield the whole sentences.

        Raises:
            UnfinishedReplyError: it was stopped or cut, and no sentence was whole.
            ModelError: the model can't be reached, refused, or stopped half way.
        """
        stream, any_whole = SentenceStream(), False
        try:
            with closing(stream_text(self._model, self._prompt)) as pieces:
                for piece in pieces:
                    for sentence in stream.feed(piece):
                        any_whole = True
                        yield sentence
        except UnfinishedReplyError:
            if not any_whole:
                raise
            self.unfinished = True
            return
        yield from stream.finish()
