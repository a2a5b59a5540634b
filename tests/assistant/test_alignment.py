from pathlib import Path

from assistant.alignment import Alignment
from assistant.app import App
from assistant.verification import THRESHOLDS, Verifier

ARABIC = "وصل الرئيس الفرنسي إلى بيروت في زيارة رسمية تستغرق يومين للقاء القادة اللبنانيين."
ENGLISH = "The French president arrived in Beirut on a two-day official visit to meet its leaders."
OTHER = "أعلنت شركة الكهرباء انقطاع التيار عن ثلاثة أحياء بسبب أعمال الصيانة في المحطة الرئيسية."


def test_a_translation_stands_above_the_press_at_large(samples: App, tmp_path: Path) -> None:
    alignment = Alignment(samples.embedder, tmp_path)
    assert alignment.standing(ENGLISH, [ARABIC]) > THRESHOLDS.alignment
    assert alignment.standing(ENGLISH, [OTHER]) < THRESHOLDS.answer_alignment
    assert alignment.standing(ENGLISH, [OTHER, ARABIC]) > THRESHOLDS.alignment


def test_the_bank_is_embedded_once(samples: App, tmp_path: Path) -> None:
    first = Alignment(samples.embedder, tmp_path).standing(ENGLISH, [ARABIC])
    (kept,) = tmp_path.glob("*.npy")
    before = kept.stat().st_mtime_ns
    assert Alignment(samples.embedder, tmp_path).standing(ENGLISH, [ARABIC]) == first
    assert kept.stat().st_mtime_ns == before


def test_the_wrong_passage_is_told(samples: App, tmp_path: Path) -> None:
    verifier = Verifier(Alignment(samples.embedder, tmp_path))
    verdict = verifier.check("The president came to the city for talks with its leaders.", [OTHER])
    assert verdict.support == "unsupported"
    assert "the cited passage is about something else" in verdict.reasons
