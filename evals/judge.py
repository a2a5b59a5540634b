"""A chat model as a judge: optional, pinned by name and prompt, never the one that answers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from langchain_core.language_models import BaseChatModel

from assistant.app import get_chat_model
from assistant.errors import SettingsError
from assistant.settings import Settings
from assistant.writers.streaming import stream_text
from evals.cases import Case
from evals.metrics.support import support_precision, support_recall
from prompts import load_prompt

_VERDICT = re.compile(r"^\W*(yes|no)\b", re.IGNORECASE)


class Judge:
    """Says yes or no, or nothing that can be read, which leaves an item unscored.

    Args:
        model: any LangChain chat model, at temperature 0.
        name: what the settings call it.
    """

    def __init__(self, model: BaseChatModel, name: str) -> None:
        self._model = model
        self._support = load_prompt("judge_support")
        self._answer = load_prompt("judge_answer")
        self.name = name
        self.prompts = {p.name: p.sha256 for p in (self._support, self._answer)}

    def entails(self, quotes: Sequence[str], statement: str) -> bool | None:
        """Tell whether quotes carry a statement.

        Raises:
            ModelError: the model failed.
        """
        prompt = self._support.fill(passages="\n\n".join(quotes), statement=statement)
        return self._verdict(prompt)

    def agrees(self, question: str, answer: str, references: Sequence[str]) -> bool | None:
        """Tell whether an answer says what the references say.

        Raises:
            ModelError: the model failed.
        """
        reference = " / ".join(references)
        return self._verdict(
            self._answer.fill(question=question, reference=reference, answer=answer)
        )

    def judge(self, case: Case, answer: dict[str, Any]) -> dict[str, float | None]:
        """Return an answer's `support`, `precision` and agreement (`answer`), each 0 to 1.

        Raises:
            ModelError: the model failed.
        """
        if answer["refused"] or not answer["sentences"]:
            return {}
        quotes = {c["n"]: c["quote"] for c in answer["citations"]}
        pairs = [(s["text"], [quotes[n] for n in s["citations"]]) for s in answer["sentences"]]
        supports = [support_recall(text, cited, self.entails) for text, cited in pairs]
        precisions = [support_precision(text, cited, self.entails) for text, cited in pairs]
        judged = {"support": _mean(supports), "precision": _mean(precisions)}
        if case.answerable and case.kind == "question":
            said = " ".join(text for text, _ in pairs)
            verdict = self.agrees(case.text, said, case.reference_answers)
            judged["answer"] = None if verdict is None else float(verdict)
        return judged

    def _verdict(self, prompt: str) -> bool | None:
        match = _VERDICT.match("".join(stream_text(self._model, prompt)))
        return None if match is None else match[1].lower() == "yes"


def get_judge(name: str, url: str | None, settings: Settings) -> Judge:
    """Return the judge of this name, reached as a writer of that name would be.

    Raises:
        SettingsError: it isn't known, or it is the writer itself.
    """
    if name == settings.writer:
        raise SettingsError(f"the judge {name!r} is the writer; a model can't judge itself")
    model = get_chat_model(settings.model_copy(update={"writer": name, "writer_url": url}))
    if model is None:
        raise SettingsError("the bundled model can't judge; name a chat model, PROVIDER:MODEL")
    return Judge(model, name)


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
