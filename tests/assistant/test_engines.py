"""The bundled translator's engines: as many as are worth it, and never another translation."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import ModelError
from assistant.translation.embedded import EmbeddedTranslator
from assistant.translation.engine import Engine
from assistant.translation.judging import Judged
from assistant.translation.translator import Translation
from vectorstore.names import place_mentions

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
    assert translator._engines.started == 1, "a few sentences aren't worth another engine"
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda s: translator.translate(s, "ar"), SENTENCES * 2))
    assert together == alone * 2
    assert translator._engines.started == 2


def test_an_engine_that_ended_is_told_of_and_replaced(cache: Path) -> None:
    translator = EmbeddedTranslator(cache, threads=1)
    before = translator.translate(SENTENCES[2], "ar")
    with translator._engines.lend() as engine:
        engine._process.kill()
        engine._process.wait()
        with pytest.raises(ModelError, match="can't be reached"):
            engine.tokenize("a")
    assert translator._engines.started == 0
    assert translator.translate(SENTENCES[2], "ar") == before


def test_a_model_that_cannot_be_loaded_is_named(tmp_path: Path) -> None:
    junk = tmp_path / "junk.gguf"
    junk.write_bytes(b"GGUF junk")
    with pytest.raises(ModelError, match=r"junk\.gguf.*can't be loaded.*pip install"):
        Engine(junk, junk).wait()


def test_what_the_server_refuses_is_told(translator: EmbeddedTranslator) -> None:
    with translator._engines.lend() as engine, pytest.raises(ModelError, match="grammar"):
        engine.complete({"prompt": "a", "grammar": "no grammar", "stream": True}, print)


def test_places_and_digits_that_a_sentence_lacks_are_forbidden(
    translator: EmbeddedTranslator,
) -> None:
    with translator._engines.lend() as engine:
        constraints = translator._constraints_of(engine)
    forbidden = dict(constraints.forbidden("قال وزير الخارجية في Libya إن 250 شخصا وصلوا."))
    places = {word: token for pairs in constraints._places.values() for word, token in pairs}
    digits = {digit: ids[0] for digit, ids in constraints._digits.items()}
    assert places["libya"] not in forbidden and places["libyan"] not in forbidden
    assert forbidden[places["algeria"]] is False and places["moroccan"] in forbidden
    assert [d for d in digits if digits[d] not in forbidden] == ["0", "2", "5"]


def test_no_place_is_written_that_the_sentence_lacks(translator: EmbeddedTranslator) -> None:
    english = translator.translate("تجسد ذلك الدور الذي قامت به المملكة لحل الأزمة.", "ar")
    assert not place_mentions(english.text)


class _Judge:
    """Finds every translation wanting, and the later ones better."""

    def __init__(self) -> None:
        self.judged: list[str] = []

    def embed(self, source: str) -> np.ndarray:
        return np.zeros(1, dtype=np.float32)

    def judge(self, source: str, vector: np.ndarray, translation: Translation) -> Judged:
        self.judged.append(translation.text)
        return Judged(translation, float(len(self.judged)), good=False)


def test_several_translations_are_weighed_and_always_the_same(cache: Path) -> None:
    judges = [_Judge(), _Judge()]
    texts = []
    for engines, judge in enumerate(judges, start=1):
        weighing = EmbeddedTranslator(cache, engines, judge, candidates=3)  # type: ignore[arg-type]
        weighing.load()
        shown: list[str] = []
        best = weighing.translate(SENTENCES[3], "ar", shown.append)
        texts.append(best.text)
        assert len(judge.judged) == 3 and best.text == judge.judged[-1]
        assert "".join(shown).strip() == judge.judged[0], "the first is what is shown"
    assert judges[0].judged == judges[1].judged and texts[0] == texts[1]
    assert weighing.name.endswith(".3")
