"""Each metric against values worked out by hand."""

import math

import numpy as np
import pytest

from evals.cases import GoldSpan, Nugget
from evals.metrics import citations, coverage, nuggets, overlap, quantities, refusal, semantic
from evals.metrics.citations import Cited
from evals.metrics.retrieval import score_ranking
from evals.metrics.support import support_precision, support_recall
from evals.metrics.translation import describe_translation, score_translation
from evals.metrics.words import content_stems, recall, words
from vectorstore.articles import Article, Span


def test_words_keep_numbers_whole_and_drop_possessives() -> None:
    assert words("Libya's 2.5 million, don’t-ask!") == ["libya", "2.5", "million", "don't", "ask"]
    assert content_stems("The ministers were asking for 1,250 trainers") == [
        "minis", "ask", "1,250", "train",
    ]  # fmt: skip
    assert recall(["a", "b", "c", "a"], ["a", "x"]) == 0.5
    assert recall([], ["a"]) is None


class TestRetrieval:
    def test_by_hand(self) -> None:
        """Right passages at ranks 2 and 4: DCG = 1/log2(3) + 1/log2(5), ideal = 1 + 1/log2(3)."""
        scores = score_ranking(list("axbyc"), {"x", "y"})
        ideal = 1 + 1 / math.log2(3)
        assert scores == pytest.approx(
            {
                "hit@6": 1.0,
                "recall@6": 1.0,
                "mrr": 0.5,
                "ndcg@10": (1 / math.log2(3) + 1 / math.log2(5)) / ideal,
            }
        )

    def test_what_is_below_the_depth_does_not_count(self) -> None:
        found = [*"abcdef", "x"]
        scores = score_ranking(found, {"x", "y"})
        assert (scores["hit@6"], scores["recall@6"]) == (0.0, 0.0)
        assert scores["mrr"] == pytest.approx(1 / 7)

    def test_nothing_found_is_nought(self) -> None:
        assert set(score_ranking([], {"x"}).values()) == {0.0}


class TestOverlap:
    def test_token_f1(self) -> None:
        """Two of three words in common with two of four: 2 * 2 / (3 + 4)."""
        assert overlap.token_f1("the red house", "red house by sea") == pytest.approx(4 / 7)
        assert overlap.token_f1("", "red") == 0.0
        assert overlap.token_f1("red red", "red") == pytest.approx(2 / 3)

    def test_rouge_l_looks_at_order(self) -> None:
        """`police killed gunman` and `gunman killed police`: the subsequence has one word."""
        assert overlap.rouge_l("police killed gunman", "gunman killed police") == pytest.approx(
            1 / 3
        )
        assert overlap.rouge_l("police kill the gunman", "police killed the gunman") == 0.75

    def test_chrf_is_sacrebleu_s(self) -> None:
        assert overlap.chrf("same", "same") == pytest.approx(100)
        assert overlap.chrf("xyz", "abc") == 0.0

    def test_the_best_reference_counts(self) -> None:
        assert overlap.best(overlap.token_f1, "a b", ["c d", "a b"]) == 1.0
        assert overlap.best(overlap.token_f1, "a b", []) is None


GOLD = GoldSpan("a", 10, 20, "")


class TestCitations:
    def test_touching_is_half_of_the_shorter(self) -> None:
        assert citations.touches(Cited("a", 15, 40, ""), GOLD)
        assert not citations.touches(Cited("a", 16, 40, ""), GOLD)
        assert citations.touches(Cited("a", 12, 14, ""), GOLD)
        assert not citations.touches(Cited("b", 10, 20, ""), GOLD)
        assert not citations.touches(Cited("a", 20, 30, ""), GOLD)

    def test_precision_and_recall(self) -> None:
        """Of three citations one is gold, one is half in gold, one elsewhere."""
        cited = [Cited("a", 10, 20, ""), Cited("a", 15, 25, ""), Cited("b", 10, 20, "")]
        gold = [GOLD, GoldSpan("a", 80, 90, "")]
        assert citations.precision(cited, gold) == pytest.approx((1 + 0.5 + 0) / 3)
        assert citations.recall(cited, gold) == 0.5
        assert citations.precision([], gold) is None
        assert citations.precision(cited, []) is None
        assert citations.recall([], gold) == 0.0
        assert citations.recall([], []) is None

    def test_citing_everything_is_not_precise(self) -> None:
        assert citations.precision([Cited("a", 0, 100, "")], [GOLD]) == 0.1
        assert citations.recall([Cited("a", 0, 100, "")], [GOLD]) == 1.0

    def test_gold_is_counted_in_whole_sentences(self) -> None:
        spans = (Span(0, 10), Span(11, 30), Span(31, 40))
        article = Article("a", "", "", None, None, "ar", "x" * 40, spans)
        gold = [GoldSpan("a", 12, 14, ""), GoldSpan("a", 28, 32, ""), GoldSpan("b", 0, 5, "")]
        found = citations.whole_sentences(gold, article)
        assert [(g.start, g.end) for g in found] == [(11, 30), (31, 40)]

    def test_valid_and_exact(self) -> None:
        text = {"a": "0123456789"}.get
        cited = [
            Cited("a", 2, 4, "23"),
            Cited("a", 2, 4, "2x"),
            Cited("a", 8, 12, "89"),
            Cited("z", 0, 1, "0"),
        ]
        assert citations.valid(cited, text) == 0.5
        assert citations.exact(cited, text) == 0.5
        assert citations.valid([], text) is None


class TestNuggets:
    known = (
        Nugget("Najla Mangoush visited Rabat", True, (GOLD,)),
        Nugget("The visit was on Friday", False, (GoldSpan("a", 50, 60, ""),)),
    )

    def test_recall_and_coverage(self) -> None:
        """Of najla, mango, visit, rabat the answer has three; of visit, frida one."""
        answer = "Mangoush visits Rabat."
        assert nuggets.nugget_recall(answer, self.known) == pytest.approx((3 / 4 + 1 / 2) / 2)
        assert nuggets.nugget_coverage(answer, self.known) == 0.5
        assert nuggets.nugget_coverage("", self.known) == 0.0
        assert nuggets.nugget_recall(answer, ()) is None

    def test_cited(self) -> None:
        assert nuggets.nuggets_cited([Cited("a", 0, 20, "")], self.known) == 0.5
        assert nuggets.nuggets_cited([], self.known) == 0.0
        assert nuggets.nuggets_cited([], ()) is None


class TestQuantities:
    def test_numbers(self) -> None:
        assert quantities.number_recall("He saw 12 of three", "12 men, 3 women and 7 dogs") == (
            pytest.approx(2 / 3)
        )
        assert quantities.number_recall("nothing", "no number") is None
        assert quantities.number_recall("1.5 million", "1,500,000") == 1.0

    def test_names(self) -> None:
        reference = "On Friday the Libyan minister Najla Mangoush met Bourita."
        assert quantities.name_recall("Najla al-Manqoush of Libya", reference) == pytest.approx(
            3 / 5  # Friday, Libya, Najla, Mangoush, Bourita
        )
        assert quantities.name_recall("x", "Nobody was there.") is None


def test_refusals_are_scored_where_they_apply() -> None:
    assert [refusal.refusal_precision(r, a) for r, a in ((True, True), (True, False))] == [0, 1]
    assert refusal.refusal_precision(False, True) is None
    assert [refusal.refusal_recall(r, False) for r in (True, False)] == [1, 0]
    assert refusal.refusal_recall(True, True) is None
    assert [refusal.answered(r, True) for r in (True, False)] == [0, 1]
    assert refusal.answered(True, False) is None


class TestCoverage:
    spans = tuple(Span(i * 10, i * 10 + 10) for i in range(10))
    article = Article("a", "", "", None, None, "ar", "x" * 100, spans)

    def test_parts(self) -> None:
        """Ten even sentences make five parts of two; sentences 0, 1 and 9 are in two of them."""
        cited = [Cited("a", 0, 10, ""), Cited("a", 10, 20, ""), Cited("a", 90, 100, "")]
        assert coverage.parts_covered(cited, self.article) == pytest.approx(2 / 5)
        assert coverage.parts_covered([], self.article) == 0.0
        assert coverage.parts_covered([Cited("b", 0, 10, "")], self.article) == 0.0

    def test_compression_and_redundancy(self) -> None:
        assert coverage.compression("y" * 25, self.article) == 0.25
        assert coverage.redundancy(["one two", "three four", "one two"]) == 0.5
        assert coverage.redundancy(["one"]) is None


def test_similarity_is_stretched_from_the_baseline() -> None:
    """Unlike references have cosine .6; an answer at .8 lies half way between .6 and 1."""
    references = np.array([[1.0, 0.0], [0.6, 0.8]], dtype=np.float32)
    nought = semantic.baseline(references)
    assert nought == pytest.approx(0.6)
    answer = np.array([0.8, 0.6], dtype=np.float32)
    assert semantic.similarity(answer, references[:1], nought) == pytest.approx(0.5)
    assert semantic.similarity(references[0], references, nought) == pytest.approx(1.0)


def test_a_sentence_should_be_nearest_to_what_it_cites() -> None:
    candidates = np.eye(3, dtype=np.float32)
    sentence = np.array([0.1, 0.9, 0.2], dtype=np.float32)
    assert semantic.nearest_is_cited(sentence, candidates, [False, True, False])
    assert not semantic.nearest_is_cited(sentence, candidates, [True, False, True])


class TestTranslation:
    def test_perfect_and_wrong(self) -> None:
        lines = ["The minister met the president in Rabat on Friday.", "They spoke of training."]
        perfect = score_translation(lines, lines)
        assert perfect == pytest.approx({"chrf++": 100.0, "bleu": 100.0})
        other = score_translation(lines[::-1], lines)
        assert other["chrf++"] < 50
        assert other["bleu"] < 10

    def test_lines_must_match(self) -> None:
        with pytest.raises(ValueError, match="1 translations for 2 references"):
            score_translation(["a"], ["a", "b"])

    def test_signatures_say_what_was_computed(self) -> None:
        chrf, bleu = describe_translation(["a b c d"], ["a b c d"])
        assert chrf.startswith("chrF++ 100.0 over 1 sentences (nrefs:1")
        assert "nw:2" in chrf
        assert "tok:13a" in bleu


class TestSupport:
    """ALCE's own example: of two quotes, one alone carries the statement."""

    @staticmethod
    def entails(quotes: object, statement: str) -> bool | None:
        text = " ".join(quotes)  # type: ignore[call-overload]
        return None if "?" in text else all(word in text for word in statement.split())

    def test_recall(self) -> None:
        assert support_recall("red house", ["red", "house"], self.entails) == 1.0
        assert support_recall("red house", ["red"], self.entails) == 0.0
        assert support_recall("red house", [], self.entails) == 0.0
        assert support_recall("red house", ["?"], self.entails) is None

    def test_precision(self) -> None:
        assert support_precision("red house", ["red", "house"], self.entails) == 1.0
        assert support_precision("red house", ["red house", "sea"], self.entails) == 0.5
        assert support_precision("red house", ["sea", "sky"], self.entails) == 0.0
        assert support_precision("red house", [], self.entails) is None
        assert support_precision("red", ["?", "red"], self.entails) is None
