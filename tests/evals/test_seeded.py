import random

import pytest

from evals.seeded import KINDS, Pair, read_differing, read_pairs, spoil_all

PAIR = Pair(
    "قال بوريطة يوم الاثنين إن المغرب لن يرسل أكثر من 12 خبيرا لمدة 3 أسابيع إلى ليبيا، وإن الأمر "
    "يحتاج إلى موافقة البرلمان.",
    "Bourita said on Monday that Morocco would not send more than 12 experts for 3 weeks to Libya, "
    "and that the matter needs the approval of parliament.",
    "التقى الوزير نظيره.",
    "",
    "dev",
)  # fmt: skip


@pytest.mark.parametrize("kind", [k for k in KINDS if k != "negation added"])
def test_each_kind_of_error_is_planted(kind: str) -> None:
    spoilt = KINDS[kind](PAIR, random.Random(1), ["Kavanaugh"])
    assert spoilt and spoilt != PAIR.english


def test_a_negation_is_added_where_there_is_none() -> None:
    plain = Pair(PAIR.source, "Morocco will send experts.", "", "", "dev")
    added = KINDS["negation added"](plain, random.Random(1), [])
    assert added == "Morocco will not send experts."
    assert KINDS["negation added"](PAIR, random.Random(1), []) is None


def test_the_held_out_sentences_are_spoilt_alike_every_time() -> None:
    pairs = read_pairs()
    assert len(pairs) == 590 and {p.split for p in pairs} == {"dev", "test"}
    first = [(kind, s.english) for kind, _, s in spoil_all(pairs[:40])]
    assert first == [(kind, s.english) for kind, _, s in spoil_all(pairs[:40])]
    assert sum(kind == "as it is" for kind, _ in first) == 40


def test_pairs_that_differ_are_known_by_their_place() -> None:
    differing = read_differing(read_pairs())
    assert any("1,127 defections" in pair.english for pair in differing)
    assert all(len(pair.english) > 20 for pair in differing) and 10 < len(differing) < 40
