from pathlib import Path

import pytest

import prompts
from prompts import PromptError, load_prompt


@pytest.mark.parametrize("name", [file.stem for file in Path(prompts.__file__).parent.glob("*.md")])
def test_each_prompt_declares_what_it_uses(name: str) -> None:
    prompt = load_prompt(name)
    assert prompt.variables
    assert len(prompt.sha256) == 64


def test_values_are_not_expanded_again() -> None:
    filled = load_prompt("answer").fill(question="{{passages}}", passages="P {{question}}")
    assert "Question: {{passages}}" in filled
    assert "P {{question}}" in filled


def test_missing_and_unknown_variables_are_refused() -> None:
    with pytest.raises(PromptError, match=r"missing \['passages'\], unknown \['topic'\]"):
        load_prompt("answer").fill(question="q", topic="t")


def test_an_unknown_prompt_is_named() -> None:
    with pytest.raises(PromptError, match="prompts/nothing.md"):
        load_prompt("nothing")


def test_the_bundled_translators_prompt_is_the_one_it_was_trained_on() -> None:
    assert load_prompt("translate_bundled").fill(text="جملة") == "Arabic: جملة\nEnglish:"
