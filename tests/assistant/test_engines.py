"""The bundled translator's engines: as many as are worth it, and never another translation."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.translation.embedded import EmbeddedTranslator

SENTENCES = [
    "أعلن وزير الصحة عن افتتاح مستشفى جديد في مدينة فاس.",
    "وقال الوزير إن المستشفى يضم 250 سريرا.",
    "سيبدأ العمل في شهر يناير المقبل.",
    "يلعب المغرب أدوارا طلائعية في مكافحة الإرهاب.",
]


@pytest.fixture(scope="module")
def translator(cache: Path) -> EmbeddedTranslator:
    return EmbeddedTranslator(cache, threads=2)


def test_side_by_side_is_word_for_word_one_at_a_time(translator: EmbeddedTranslator) -> None:
    alone = [translator.translate(sentence, "ar") for sentence in SENTENCES]
    assert translator._started == 1, "a few sentences aren't worth another engine"
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda s: translator.translate(s, "ar"), SENTENCES * 2))
    assert together == alone * 2
    assert translator._started == 2
