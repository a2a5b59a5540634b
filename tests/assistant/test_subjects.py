"""Pronouns that a translator made up."""

from __future__ import annotations

import json

import pytest

from assistant.subjects import made_up_subject
from assistant.verification import Verifier
from evals.cases import DATASETS

ARABIC = "ويعمل في قطاع الصيد في نواذيبو نحو 25 ألف شخص."
FALSE = "He works in the fishing industry in Nouadhibou about 25,000 people."


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        (FALSE, ("He", "about 25,000 people")),
        ("And she lives in the camp 300 displaced families.", ("she", "300 displaced families")),
        ("It works at the port more than 40 workers.", ("It", "more than 40 workers")),
        ("About 25,000 people work in the fishing industry.", None),
        ("He works in Nouadhibou with about 25,000 people.", None),
        ("He said in Rabat that 300 people were there.", None),
        ("He lives in a house for 12 people.", None),
        ("He employs about 25,000 people.", None),
        ("He speaks for more than 40 workers.", None),
        ("It stood at about 3 million people.", None),
    ],
)
def test_people_left_hanging_are_found(sentence: str, found: tuple[str, str] | None) -> None:
    assert made_up_subject(sentence) == found


def test_no_sentence_that_people_wrote_leaves_people_hanging() -> None:
    rows = (DATASETS / "ntrex-documents.jsonl").read_text("utf-8").splitlines()
    written = [sentence for row in rows for sentence in json.loads(row)["english"]]
    assert len(written) > 1_900
    assert [s for s in written if made_up_subject(s)] == []


def test_a_translation_with_a_made_up_subject_is_marked() -> None:
    verdict = Verifier().check(FALSE, [ARABIC], ARABIC, "ar")
    assert verdict.support == "partial"
    assert "'He' seems to stand for 'about 25,000 people'" in verdict.reasons
    right = "About 25,000 people work in the fishing industry in Nouadhibou."
    assert Verifier().check(right, [ARABIC], ARABIC, "ar").support == "supported"
