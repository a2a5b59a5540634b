"""One conversation: its exchanges, and how the assistant's events move the last of them on."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from assistant.answers import (
    Answer,
    Answered,
    Citation,
    Event,
    Progressed,
    Refused,
    Retrieved,
    Sentence,
    SentenceDone,
    SentenceStarted,
    Stage,
    TextDelta,
    Understood,
    lead,
)
from assistant.history import Turn
from assistant.writers.writer import Length

Kind = Literal["ask", "summarize", "digest", "translate"]
LONGEST_TITLE = 80  # characters


Step = Literal["searching", "reading", "writing", "beginning", "going_on"] | Stage


def _new_id() -> str:
    return uuid.uuid4().hex[:8]


@dataclass(frozen=True, slots=True)
class Doing:
    """What is being done about a question, and how far it is.

    `number` is that of the piece in hand, or how many are done; `total` of how many, 0 where
    that isn't known.
    """

    step: Step
    number: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and what has come of it so far.

    `id` is unique in the page, so that the citations of an older answer still open their own
    passages. `article_id` is set where a summary of that article was asked for, `topic` where
    a digest was ("" for the main news). `understood` is what a follow-up was taken for.
    `doing` says what is being done; it is None when nothing more will come.

    `scope` are the ids of the articles that the question was limited to, none for all of them;
    `whole` says that the whole article is to be translated, not summarised. `interrupted` is
    an exchange that was still being answered when it was saved, and has come back from there.
    `total` is how many sentences there are to translate, once that is known; `refusal` is why
    there will be no answer, while what comes nearest is still being translated. `shown` is what
    the reader sees in place of the question, "" for the question itself: an article's title in
    English as well, which no check has seen and no follow-up may refer to.
    """

    question: str
    article_id: str | None = None
    topic: str | None = None
    length: Length = "medium"
    id: str = field(default_factory=_new_id)
    doing: Doing | None = Doing("searching")
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    writing: str = ""
    understood: str = ""
    refusal: str = ""
    answer: Answer | None = None
    stopped: bool = False
    interrupted: bool = False
    whole: bool = False
    scope: tuple[str, ...] = ()
    total: int = 0
    shown: str = ""

    @property
    def ended(self) -> bool:
        """Whether it was answered or cut off."""
        return self.answer is not None or self.stopped or self.interrupted

    @property
    def heading(self) -> str:
        """What the reader is shown to have asked."""
        return self.shown or self.question

    @property
    def kind(self) -> Kind:
        """What was asked for."""
        if self.article_id is not None:
            return "translate" if self.whole else "summarize"
        return "ask" if self.topic is None else "digest"

    def after(self, event: Event) -> Exchange:
        """Return the exchange as it is after an event."""
        match event:
            case Understood(standalone):
                return replace(self, understood=standalone)
            case TextDelta(_, text):
                return replace(self, writing=self.writing + text)
            case SentenceDone(_, sentence, citations):
                return replace(
                    self,
                    sentences=(*self.sentences, sentence),
                    citations=_merged(self.citations, citations),
                    writing="",
                )
            case Refused(reason):
                return replace(self, refusal=reason)
            case Answered(answer):
                return replace(
                    self,
                    answer=answer,
                    sentences=answer.sentences,
                    citations=answer.citations,
                    doing=None,
                    writing="",
                )
        return self._doing(event)

    def _doing(self, event: Event) -> Exchange:
        """Return the exchange with what is being done now."""
        match event:
            case Retrieved(hits) if self.whole:
                total = sum(len(hit.passage.sentences) for hit in hits)
                return replace(self, doing=Doing("beginning"), total=total)
            case Retrieved(hits):
                return replace(self, doing=Doing("reading", total=len(hits)))
            case Progressed(stage, done, total):
                return replace(self, doing=Doing(stage, done, total))
            case SentenceStarted(index, reported_by):
                step: Step = "going_on" if self.whole else "writing"
                doing = Doing(step, index + 1, self.total)
                return replace(self, doing=doing, writing=lead(reported_by))
        return self

    def stop(self) -> Exchange:
        """Return the exchange cut off: its whole sentences stay, the one begun goes."""
        return replace(self, stopped=True, doing=None, writing="")

    def interrupt(self) -> Exchange:
        """Return the exchange cut off by a failure, or by its reader's going."""
        return replace(self, interrupted=True, doing=None, writing="")

    def again(self) -> Exchange:
        """Return a new exchange that asks the same."""
        return Exchange(
            self.question,
            self.article_id,
            self.topic,
            self.length,
            whole=self.whole,
            scope=self.scope,
            shown=self.shown,
        )

    def to_dict(self) -> dict[str, Any]:
        """Return what is kept of the exchange as JSON: all but the sentence that was begun."""
        return {
            "id": self.id,
            "question": self.question,
            "shown": self.shown,
            "article_id": self.article_id,
            "topic": self.topic,
            "length": self.length,
            "whole": self.whole,
            "scope": list(self.scope),
            "understood": self.understood,
            "sentences": [asdict(sentence) for sentence in self.sentences],
            "citations": [asdict(citation) for citation in self.citations],
            "answer": self.answer.to_dict() if self.answer else None,
            "stopped": self.stopped,
            "interrupted": self.interrupted,
        }

    @classmethod
    def from_dict(cls, row: dict[str, Any]) -> Exchange:
        """Return the exchange that `to_dict` made this of; one not yet ended is interrupted."""
        answer = Answer.from_dict(row["answer"]) if row["answer"] else None
        fields = row | {
            "scope": tuple(row["scope"]),
            "sentences": tuple(map(Sentence.from_dict, row["sentences"])),
            "citations": tuple(map(Citation.from_dict, row["citations"])),
            "answer": answer,
        }
        exchange = cls(doing=None, **fields)
        return exchange if exchange.ended else replace(exchange, interrupted=True)


class Conversation:
    """One reader's exchanges, oldest first; at most the last is still being answered.

    It is shared by the handlers that answer and those that stop an answer, which may run at
    the same time: an exchange that has ended is never changed again. A copy is a conversation
    of its own, with another id: the page makes one for each of its readers.

    Args:
        exchanges: those of a conversation that was kept.
        id: its id there; a new one by default.
        named: the name that the reader gave it, "" for none.
    """

    def __init__(
        self, exchanges: Iterable[Exchange] = (), id: str | None = None, named: str = ""
    ) -> None:
        self.exchanges: tuple[Exchange, ...] = tuple(exchanges)
        self.id = id or uuid.uuid4().hex
        self.named = named
        self._changing = threading.RLock()

    def __deepcopy__(self, memo: dict[int, object]) -> Conversation:
        return Conversation(self.exchanges, named=self.named)

    @property
    def title(self) -> str:
        """The name it was given, or else its first question; one line, "" where it is empty."""
        return titled(self.named) or titled(*(e.heading for e in self.exchanges[:1]))

    @property
    def busy(self) -> bool:
        """Whether an answer is being written."""
        return bool(self.exchanges) and not self.exchanges[-1].ended

    def find(self, exchange_id: str) -> Exchange | None:
        """Return an exchange, None where it is gone."""
        return next((e for e in self.exchanges if e.id == exchange_id), None)

    def begin(self, exchange: Exchange) -> None:
        """Add an exchange, stopping the one that is being answered."""
        with self._changing:
            self.stop()
            self.exchanges = (*self.exchanges, exchange)

    def advance(self, exchange: Exchange) -> bool:
        """Put an exchange in place of its earlier state; false where that has ended or gone."""
        with self._changing:
            before = self.find(exchange.id)
            if before is None or before.ended:
                return False
            self.exchanges = tuple(exchange if e.id == exchange.id else e for e in self.exchanges)
            return True

    def stop(self) -> None:
        """End the exchange that is being answered, if any."""
        with self._changing:
            if self.busy:
                self.advance(self.exchanges[-1].stop())

    def cut(self, exchange_id: str) -> tuple[Exchange, ...]:
        """Take an exchange and all that follows it out, and return them; none where it is gone."""
        with self._changing:
            ids = [e.id for e in self.exchanges]
            at = ids.index(exchange_id) if exchange_id in ids else len(ids)
            kept, dropped = self.exchanges[:at], self.exchanges[at:]
            self.exchanges = kept
        return dropped

    def branch(self, exchange_id: str) -> Conversation:
        """Return a new conversation of what came before an exchange; this one stays as it is."""
        ids = [e.id for e in self.exchanges]
        before = self.exchanges[: ids.index(exchange_id)]
        named = f"{self.title[: LONGEST_TITLE - 4].rstrip()} (2)" if before else ""
        return Conversation([replace(e, id=_new_id()) for e in before], named=named)

    def turns(self) -> list[Turn]:
        """Return what was asked and answered, oldest first, for follow-ups to refer to."""
        return [
            Turn(e.question, e.answer.text or e.answer.reason or "")
            for e in self.exchanges
            if e.answer is not None
        ]


def titled(text: str = "") -> str:
    """Return a text as a title: one line of at most 80 characters."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_TITLE else shortened(line, LONGEST_TITLE - 1) + "…"


def shortened(line: str, longest: int) -> str:
    """Return a line's words as far as they go into so many characters; a long one is cut."""
    if len(line) <= longest:
        return line
    whole = line[: longest + 1].rpartition(" ")[0]
    return whole if len(whole) > longest // 2 else line[:longest].rstrip()


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun: "1 passage", "6 passages"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def _merged(known: tuple[Citation, ...], more: tuple[Citation, ...]) -> tuple[Citation, ...]:
    by_number = {c.n: c for c in (*known, *more)}
    return tuple(by_number[n] for n in sorted(by_number))
