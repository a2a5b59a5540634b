"""Which step an answer failed at: the first of the path that lost what the answer needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Literal

from evals.cases import Case
from evals.metrics.nuggets import COVERED, nugget_recall, nuggets_cited
from evals.records import Record
from evals.scoring import Item, Material
from evals.systems import MUJAZ

Step = Literal["none", "refusal", "retrieval", "choice", "translation"]
STEPS: tuple[Step, ...] = ("none", "refusal", "retrieval", "choice", "translation")
_CITED = 0.5  # of the nuggets: with fewer, the wrong sentences were chosen


def failed_step(case: Case, record: Record, material: Material) -> Step | None:
    """Return the step that a question failed at, "none" where its nuggets are there.

    Refusal: an answerable question was refused, or an unanswerable one wasn't. Retrieval: no
    passage that carries the answer was among those the writer was given. Choice: such a one
    was, and the sentences with the nuggets weren't cited. Translation (or wording, where a chat
    model writes): they were cited, and the English lacks the nuggets. None for what isn't a
    question with nuggets.
    """
    item = Item(case, record, material)
    if case.kind != "question" or record.answer is None:
        return None
    if item.refused is case.answerable:
        return "refusal"
    if not case.answerable:
        return "none"
    if not case.nuggets or not case.gold_spans:
        return None
    if not item.ranking.get("hit@6"):
        return "retrieval"
    if (nugget_recall(item.text, case.nuggets) or 0.0) >= COVERED:
        return "none"
    cited = nuggets_cited(item.cited, case.nuggets) or 0.0
    return "translation" if cited >= _CITED else "choice"


def count_steps(
    cases: Iterable[Case], records: Iterable[Record], material: Material
) -> dict[Step, int]:
    """Return how many of Mujaz's answers failed at each step."""
    said = {record.case_id: record for record in records if record.system == MUJAZ}
    steps = [failed_step(case, said[case.id], material) for case in cases if case.id in said]
    counts = Counter(step for step in steps if step is not None)
    return {step: counts[step] for step in STEPS if counts[step]}
