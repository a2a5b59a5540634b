from __future__ import annotations

import json

from hypothesis import given

from assistant.answers import Answer
from tests.assistant.strategies import ANSWERS


@given(ANSWERS)
def test_an_answer_comes_back_from_its_json_as_it_was(answer: Answer) -> None:
    assert Answer.from_dict(answer.to_dict()) == answer
    assert Answer.from_dict(json.loads(json.dumps(answer.to_dict()))) == answer
