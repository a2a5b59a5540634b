from assistant.app import App
from assistant.translation.judging import Judge
from assistant.translation.translator import Translation
from assistant.verification import Verifier

SOURCE = "طالبت وزيرة الخارجية الليبية المغرب بمساعدة ليبيا في تكوين الجيش."
RIGHT = "The Libyan foreign minister asked Morocco to help Libya train its army."


def test_the_right_translation_scores_best(samples: App) -> None:
    judge = Judge(samples.embedder, Verifier())
    vector = judge.embed(SOURCE)
    right = judge.judge(SOURCE, vector, Translation(RIGHT, -0.3))
    others = [
        "The Tunisian foreign minister asked Morocco to help Libya train its army.",
        "The shop sells bread and cheese in the morning.",
        "The Libyan foreign minister asked Morocco to help 40 students.",
    ]
    for text in others:
        assert judge.judge(SOURCE, vector, Translation(text, -0.3)).score < right.score
    assert right.good


def test_a_fault_or_doubt_is_not_good_enough(samples: App) -> None:
    judge = Judge(samples.embedder, Verifier())
    vector = judge.embed(SOURCE)
    assert not judge.judge(SOURCE, vector, Translation(RIGHT, -0.9)).good
    assert not judge.judge(SOURCE, vector, Translation(f"{RIGHT} In 2019.", -0.1)).good
