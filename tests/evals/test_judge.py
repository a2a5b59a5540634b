import pytest

from assistant.errors import SettingsError
from assistant.settings import load_settings
from evals.cases import Case
from evals.judge import Judge, get_judge
from tests.fakes import ScriptedChatModel

CASE = Case("1", "question", "dev", "Who?", "en", (), True, "", ("She.",), (), (), "", "")
ANSWER = {
    "refused": False,
    "sentences": [{"text": "She did.", "citations": [1]}, {"text": "He too.", "citations": []}],
    "citations": [{"n": 1, "quote": "هي"}],
}


def test_verdicts_are_read_and_averaged() -> None:
    model = ScriptedChatModel(replies=["YES", "yes.", "**No**, it says"])
    judged = Judge(model, "test:judge").judge(CASE, ANSWER)
    # The first sentence is carried, the second cites nothing; then one citation; then the answer.
    assert judged == {"support": 0.5, "precision": 1.0, "answer": 0.0}
    assert "هي" in model.prompts[0]
    assert "Statement: She did." in model.prompts[0]
    assert "Reference: She." in model.prompts[2]


def test_what_can_t_be_read_is_unscored() -> None:
    model = ScriptedChatModel(replies=["I think that it may be so"])
    judged = Judge(model, "test:judge").judge(CASE, ANSWER)
    assert judged == {"support": 0.0, "precision": None, "answer": None}
    assert Judge(model, "j").judge(CASE, ANSWER | {"refused": True}) == {}


def test_a_model_can_t_judge_itself() -> None:
    settings = load_settings(writer="openai:a", writer_url="http://127.0.0.1:9/v1")
    with pytest.raises(SettingsError, match="can't judge itself"):
        get_judge("openai:a", None, settings)
    with pytest.raises(SettingsError, match="bundled model can't judge"):
        get_judge("bundled", None, settings)
    assert get_judge("openai:b", "http://127.0.0.1:9/v1", settings).name == "openai:b"
