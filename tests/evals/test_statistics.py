import pytest

from evals.statistics import estimate, sign_flip


def test_the_mean_counts_items_and_the_interval_documents() -> None:
    values, clusters = [1.0] * 9 + [0.0], ["a"] * 9 + ["b"]
    found = estimate(values, clusters)
    assert found is not None
    assert (found.mean, found.items, found.clusters) == (0.9, 10, 2)
    # Two documents resampled: both of `a`, both of `b`, or one of each.
    assert (found.low, found.high) == (0.0, 1.0)


def test_more_documents_make_a_narrower_interval() -> None:
    few = estimate([0.0, 1.0] * 5, [str(i) for i in range(10)])
    many = estimate([0.0, 1.0] * 50, [str(i) for i in range(100)])
    assert few and many and few.low is not None and few.high is not None
    assert many.low is not None and many.high is not None
    assert many.high - many.low < few.high - few.low
    # The standard error of a share of one half over 100 is .05; 1.96 of them either way.
    assert many.high - many.low == pytest.approx(2 * 1.96 * 0.05, rel=0.1)


def test_the_same_seed_gives_the_same_interval() -> None:
    values, clusters = [(i * 37 % 101) / 100 for i in range(40)], [str(i) for i in range(40)]
    assert estimate(values, clusters, 7) == estimate(values, clusters, 7)
    assert estimate(values, clusters, 7) != estimate(values, clusters, 8)


def test_one_document_has_no_interval_and_nothing_no_mean() -> None:
    found = estimate([0.5, 1.0], ["a", "a"])
    assert found is not None
    assert (found.mean, found.low, found.high) == (0.75, None, None)
    assert estimate([], []) is None


def test_a_sign_flip_can_t_be_surer_than_its_documents_allow() -> None:
    """All of k documents moved alike: of the 2^k ways to flip them two are as far."""
    assert sign_flip([-1.0] * 4, list("abcd")) == pytest.approx(2 / 2**4, rel=0.1)
    assert sign_flip([-1.0] * 8, ["a", "b"] * 4) == pytest.approx(2 / 2**2, rel=0.1)
    assert sign_flip([-1.0] * 20, [str(i) for i in range(20)]) < 0.001
    assert sign_flip([1.0, -1.0], ["a", "b"]) == 1.0
