"""A sentence that failed its checks goes back to the model, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from langchain_core.language_models import BaseChatModel

from assistant.errors import ModelError
from assistant.writers.passages import number_passages
from assistant.writers.reading import SentenceReader, standing
from assistant.writers.streaming import Reply
from assistant.writers.writer import Draft
from prompts import Prompt
from vectorstore.articles import Hit

MOST_REPAIRS = 4  # calls an answer: a bad model mustn't make one question cost dozens
_NOTHING_CARRIED = "NONE"


class Repairs:
    """The repairs of one answer's sentences: one call each, and few in all.

    Args:
        model: the model that wrote the sentences.
        prompt: what asks it to write one again.
        reader: reads what it writes.
    """

    def __init__(self, model: BaseChatModel, prompt: Prompt, reader: SentenceReader) -> None:
        self._model = model
        self._prompt = prompt
        self._reader = reader
        self._left = MOST_REPAIRS

    def repair(self, sentence: str, draft: Draft, hits: Sequence[Hit]) -> Draft:
        """Return the better of a draft and its repair; without spans where nothing carries it.

        A call that fails loses nothing: the draft stays, and the answer's other sentences are
        left as they are too, for the next call would most likely fail as well.

        Args:
            sentence: the sentence as the model wrote it, its marks included.
            draft: what was read of it.
            hits: the passages that it had to be written from.
        """
        if not self._left:
            return draft
        self._left -= 1
        problems = "; ".join(draft.verdict.reasons) if draft.verdict else ""
        prompt = self._prompt.fill(
            sentence=sentence,
            problems=problems if draft.spans else "it cites none of the passages",
            passages=number_passages(hits),
        )
        try:
            repaired = self._rewritten(prompt, hits)
        except ModelError:
            self._left = 0
            return draft
        if repaired is None:
            return replace(draft, spans=())
        if standing(repaired) <= standing(draft):
            return draft
        return replace(repaired, dropped=draft.dropped + repaired.dropped)

    def _rewritten(self, prompt: str, hits: Sequence[Hit]) -> Draft | None:
        """Return the first sentence of the reply that cites a passage; None for the word NONE."""
        for sentence in Reply(self._model, prompt).sentences():
            if sentence.strip(" .*\"'").upper() == _NOTHING_CARRIED:
                return None
            draft = self._reader.read(sentence, hits)
            if draft.spans:
                return draft
        return Draft("", ())
