import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from assistant.writers.selection import choose_answers, choose_summary, even_parts


def test_the_best_come_first_and_repetition_and_the_far_are_left_out() -> None:
    sentences = np.array([[1, 0], [1, 0.01], [0, 1], [-1, 0]], dtype=np.float32)
    sentences /= np.linalg.norm(sentences, axis=1, keepdims=True)
    scores = np.array([0.90, 0.91, 0.895, 0.5], dtype=np.float32)
    assert choose_answers(scores, sentences, 3, 0.02) == [1, 2]
    assert choose_answers(scores, sentences, 1, 0.02) == [1]
    assert choose_answers(scores[:0], sentences[:0], 3, 0.02) == []


@given(st.lists(st.integers(1, 500), min_size=1, max_size=60), st.integers(1, 12))
def test_parts_are_consecutive_and_none_is_empty(sizes: list[int], count: int) -> None:
    count = min(count, len(sizes))
    parts = even_parts(sizes, count)
    assert [i for part in parts for i in part] == list(range(len(sizes)))
    assert len(parts) == count
    assert all(parts)


@given(st.integers(1, 40), st.integers(1, 9), st.integers(0, 5))
def test_a_summary_takes_the_head_and_hears_every_part_behind_it(
    length: int, count: int, seed: int
) -> None:
    vectors = np.random.default_rng(seed).normal(size=(length, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    chosen = choose_summary(vectors, [10] * length, count)
    assert chosen == sorted(set(chosen))
    assert len(chosen) == min(count, length)
    if length > count:
        lead = max(1, round(0.4 * count))
        first = int(float(vectors[0] @ vectors[1]) > 0.9)
        assert chosen[:lead] == list(range(first, first + lead))
        rest = range(first + lead, length)
        if count > lead:
            parts = even_parts([10] * len(rest), count - lead)
            assert all(sum(rest[i] in chosen for i in part) == 1 for part in parts)


def test_a_headline_gives_way_to_the_sentence_that_repeats_it() -> None:
    vectors = np.eye(8, dtype=np.float32)
    vectors[1] = vectors[0]
    assert choose_summary(vectors, [10] * 8, 3)[0] == 1
