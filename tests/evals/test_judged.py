from assistant.verification import Verifier
from evals.judged import Judged, count_unmarked, read_judged, read_unseen
from evals.seeded import Pair, read_pairs

PAIR = Pair("وصلت الوزيرة الليبية إلى الرباط.", "The Libyan minister came to Rabat.", "", "", "dev")


def test_what_passes_is_counted_by_what_it_is_worth() -> None:
    judged = [
        Judged(PAIR, "sixth", PAIR.english, -0.1, 1.0),
        Judged(PAIR, "sixth", "The Libyan minister left Rabat.", -0.1, 0.0),
        Judged(PAIR, "sixth", "The Tunisian minister came to Rabat.", -0.1, 0.0),
        Judged(PAIR, "sure", "The Libyan came to Rabat.", -0.9, 0.5),
    ]
    counts = count_unmarked(judged, Verifier())
    assert counts == {"true": (1, 1), "partly": (0, 1), "false": (1, 2)}


def test_every_sixth_sentence_and_the_sure_ones_are_judged() -> None:
    judged = read_judged(read_pairs())
    assert sum(j.drawn == "sixth" for j in judged) == 98
    assert all(j.confidence > -0.45 for j in judged if j.drawn == "sure")


def test_every_sentence_of_the_unseen_articles_is_judged() -> None:
    unseen = read_unseen()
    assert len(unseen) == 81
    assert len({j.pair.document for j in unseen}) == 9
    assert {j.true for j in unseen} == {0.0, 0.5, 1.0}
