"""Follow-ups become questions that stand alone, and questions that do are left alone."""

from collections import Counter

import pytest

from assistant.followups import resolve
from assistant.referents import find_people, find_places
from evals.cases import DATASETS, load_cases
from evals.followups import OTHER, SUITE, Dialogue, judge, read_dialogues

LIBYA = "What did Libya ask Morocco for?"


def outcomes(kind: str) -> Counter[str]:
    chosen = [d for d in read_dialogues() if d.kind == kind]
    last = [(d, d.history[-1]) for d in chosen]
    return Counter(judge(d, resolve(d.question, t.question, t.answer)) for d, t in last)


@pytest.mark.parametrize("kind", ["rule", "alone"])
def test_what_the_rules_reach_becomes_what_is_expected(kind: str) -> None:
    found = outcomes(kind)
    assert set(found) == {"as expected"}
    assert found.total() >= 25


def test_what_they_don_t_reach_is_joined_or_left_and_never_made_another_question() -> None:
    assert outcomes("model")["changed wrongly"] == 0


def test_the_suite_s_own_questions_are_left_alone() -> None:
    cases = [case for name in SUITE for case in load_cases(DATASETS / f"{name}.jsonl")]
    asked = [case.text for case in cases if case.kind == "question"]
    assert [t for t in asked if resolve(t, OTHER.question, OTHER.answer) != t] == []


@pytest.mark.parametrize(
    ("asked", "question", "expected"),
    [
        (LIBYA, "And Morocco?", f"{LIBYA} And Morocco?"),
        ("What did Saudi Arabia say?", "And the UAE?", "What did the UAE say?"),
        ("What did the UAE say?", "And Saudi Arabia?", "What did Saudi Arabia say?"),
        ("ما موقف المملكة العربية السعودية؟", "وماذا عن مصر؟", "ما موقف مصر؟"),
        ("ما موقف الإمارات العربية المتحدة؟", "وماذا عن مصر؟", "ما موقف مصر؟"),
        ("Did Ann Lee meet Bo Chen?", "Did he go?", "Did Ann Lee meet Bo Chen? Did he go?"),
        ("Who is Ann Lee?", "Why?", "Who is Ann Lee? Why?"),
    ],
)
def test_a_name_is_put_in_place_of_one_or_both_questions_are_seen(
    asked: str, question: str, expected: str
) -> None:
    assert resolve(question, asked, "") == expected


def test_names_are_read_without_clitics_titles_and_organisations() -> None:
    text = "Libya's Foreign Minister Najla Mangoush spoke at the World Bank in Rabat."
    assert [p.text for p in find_people(text)] == ["Najla Mangoush"]
    assert [(p.text, text[p.start : p.end]) for p in find_places(text)] == [
        ("Libya", "Libya"),
        ("Rabat", "Rabat"),
    ]
    assert [(p.text, p.noun) for p in find_places("وبالمغرب للأردن الليبية")] == [
        ("المغرب", True),
        ("الأردن", True),
        ("الليبية", False),
    ]


def test_a_wrong_outcome_is_told_from_a_right_one() -> None:
    dialogue = Dialogue("d", "rule", (OTHER,), "And Syria?", "What did Syria export?")
    joined = f"{OTHER.question} And Syria?"
    found = [judge(dialogue, text) for text in (dialogue.expected, joined, "And Syria?", "x")]
    assert found == ["as expected", "joined", "left alone wrongly", "changed wrongly"]


def test_a_long_last_question_is_read_in_no_time() -> None:
    asked = "What caused the " + "a" * 900 + " b" * 500 + ";"
    assert resolve("And how many were injured?", asked, "") == "How many were injured?"
