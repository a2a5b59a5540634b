from assistant.alignment import Alignment
from assistant.app import App
from assistant.verification import THRESHOLDS, Verifier

ARABIC = "وصل الرئيس الفرنسي إلى بيروت في زيارة رسمية تستغرق يومين للقاء القادة اللبنانيين."
ENGLISH = "The French president arrived in Beirut on a two-day official visit to meet its leaders."
OTHER = "أعلنت شركة الكهرباء انقطاع التيار عن ثلاثة أحياء بسبب أعمال الصيانة في المحطة الرئيسية."


def test_a_translation_stands_above_the_press_at_large(samples: App) -> None:
    alignment = Alignment(samples.embedder)
    assert alignment.standing(ENGLISH, [ARABIC]) > THRESHOLDS.alignment
    assert alignment.standing(ENGLISH, [OTHER]) < THRESHOLDS.answer_alignment
    assert alignment.standing(ENGLISH, [OTHER, ARABIC]) > THRESHOLDS.alignment


def test_the_wrong_passage_is_told(samples: App) -> None:
    verifier = Verifier(Alignment(samples.embedder))
    verdict = verifier.check("The president came to the city for talks with its leaders.", [OTHER])
    assert verdict.support == "unsupported"
    assert "the cited passage is about something else" in verdict.reasons
