"""How well follow-ups become questions that stand alone, by the rules.

    python -m evals.followups

The dialogues are in `evals/datasets/follow-ups.jsonl`: what a rule can do (`rule`), what only a
reader or a model can (`model`), and questions to leave alone (`alone`), each with the question
as it is expected. The evaluation suite's own questions, each asked after another topic, must be
left alone as well.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal

from assistant.history import Turn, standalone_by_rule
from evals.cases import DATASETS, load_cases

FILE = DATASETS / "follow-ups.jsonl"
SUITE = ("samples", "ntrex")
OTHER = Turn("What did Jordan export?", "Najib Mikati said that it exported phosphate. [1]")
KINDS = ("rule", "model", "alone")
Outcome = Literal["as expected", "joined", "left alone wrongly", "changed wrongly"]
OUTCOMES: tuple[Outcome, ...] = ("as expected", "joined", "left alone wrongly", "changed wrongly")


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A follow-up with what came before it, and the question that it should become."""

    id: str
    kind: str
    history: tuple[Turn, ...]
    question: str
    expected: str


def read_dialogues() -> list[Dialogue]:
    """Return the dialogues of the file."""
    rows: list[dict[str, Any]] = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]
    return [
        Dialogue(
            row["id"],
            row["kind"],
            tuple(Turn(**turn) for turn in row["history"]),
            row["question"],
            row["expected"],
        )
        for row in rows
    ]


def judge(dialogue: Dialogue, found: str) -> Outcome:
    """Return what became of a follow-up; joined means that the search sees both questions."""
    if found == dialogue.expected:
        return "as expected"
    if found == dialogue.question:
        return "left alone wrongly"
    if dialogue.kind != "alone" and found == f"{dialogue.history[-1].question} {dialogue.question}":
        return "joined"
    return "changed wrongly"


def main() -> None:
    """Print the outcomes by kind, and each dialogue that went wrong."""
    counts: dict[str, Counter[Outcome]] = {kind: Counter() for kind in KINDS}
    wrong = []
    for dialogue in read_dialogues():
        found = standalone_by_rule(dialogue.question, dialogue.history)
        outcome = judge(dialogue, found)
        counts[dialogue.kind][outcome] += 1
        if outcome != "as expected":
            wrong.append(f"{dialogue.id} {outcome}: {dialogue.question} -> {found}")
    print(f"| kind | n | {' | '.join(OUTCOMES)} |\n|---|---|---|---|---|---|")
    for kind, outcomes in counts.items():
        cells = " | ".join(str(outcomes[outcome]) for outcome in OUTCOMES)
        print(f"| {kind} | {outcomes.total()} | {cells} |")
    asked = [case.text for name in SUITE for case in load_cases(DATASETS / f"{name}.jsonl")
             if case.kind == "question"]  # fmt: skip
    changed = [text for text in asked if standalone_by_rule(text, [OTHER]) != text]
    print(f"\n{len(changed)} of the suite's {len(asked)} standalone questions changed")
    print("\n".join(wrong + changed))


if __name__ == "__main__":
    main()
