from assistant.alignment import Alignment, find_rivals
from assistant.app import App
from assistant.verification import THRESHOLDS, Verifier
from tests.fakes import bag_embedder

ARABIC = "وصل الرئيس الفرنسي إلى بيروت في زيارة رسمية تستغرق يومين للقاء القادة اللبنانيين."
ENGLISH = "The French president arrived in Beirut on a two-day official visit to meet its leaders."
BEGINS = "ومن المتوقع أن يبدأ العمل فيه في مارس."
NEAR = "وكان الرئيس الفرنسي زار العاصمة اللبنانية في العام الماضي كذلك والتقى رؤساء الأحزاب."
OTHER = "أعلنت شركة الكهرباء انقطاع التيار عن ثلاثة أحياء بسبب أعمال الصيانة في المحطة الرئيسية."


def test_a_translation_stands_above_the_press_at_large(samples: App) -> None:
    alignment = Alignment(samples.embedder)
    assert alignment.standing(ENGLISH, [ARABIC]).margin > THRESHOLDS.alignment
    assert alignment.standing(ENGLISH, [OTHER]).margin < THRESHOLDS.least_alignment
    assert alignment.standing(ENGLISH, [OTHER, ARABIC]).margin > THRESHOLDS.alignment


def test_a_word_that_stands_for_nothing_lies_far_from_the_source(samples: App) -> None:
    alignment = Alignment(samples.embedder)
    begin = dict(alignment.match_words("Work on it is expected to begin in March.", BEGINS))
    ended = dict(alignment.match_words("Work on it is expected to be completed in March.", BEGINS))
    assert min(begin["begin"], begin["March."], ended["March."]) > THRESHOLDS.word
    assert ended["completed"] < THRESHOLDS.word
    assert alignment.match_words("", BEGINS) == alignment.match_words("Work", " ") == []


def test_another_embedder_tells_no_words_apart() -> None:
    alignment = Alignment(bag_embedder())
    assert alignment.match_words("Work on it is to begin.", BEGINS) == []


def test_a_wrong_word_of_a_machine_is_named_and_a_translators_choice_is_not(samples: App) -> None:
    verifier = Verifier(Alignment(samples.embedder))
    source = "استعملت الشركة إسمنتا مغشوشا في بناء مدرستين حكوميتين في طرابلس."
    wrong = "The company used fake isotopes to build two government schools in Tripoli."
    reason = "nothing in the source seems to stand for 'fake' or 'isotopes'"
    assert reason in verifier.check(wrong, [source], confidence=-0.1).reasons
    assert reason not in verifier.check(wrong, [source]).reasons
    doubtful = "not all its words have a clear match in the source"
    begun = "Work on it is expected to be completed in March."
    assert doubtful in verifier.check(begun, [BEGINS], confidence=-0.1).reasons
    right = "Work on it is expected to begin in March."
    assert not verifier.check(right, [BEGINS], confidence=-0.1).reasons


def test_the_wrong_passage_is_told(samples: App) -> None:
    verifier = Verifier(Alignment(samples.embedder))
    verdict = verifier.check("The president came to the city for talks with its leaders.", [OTHER])
    assert verdict.support == "unsupported"
    assert "the cited passage is about something else" in verdict.reasons


def test_the_sentence_beside_it_goes_better(samples: App) -> None:
    verifier = Verifier(Alignment(samples.embedder))
    article = f"{OTHER} {ARABIC} {NEAR}"
    told = "a sentence beside the cited one goes better with it"
    assert told in verifier.check(ENGLISH, [NEAR], article, "ar", translated=False).reasons
    assert told not in verifier.check(ENGLISH, [ARABIC], article, "ar").reasons
    standing = Alignment(samples.embedder).standing(ENGLISH, [ARABIC], [OTHER])
    assert standing.lead and standing.lead > 0.05


def test_rivals_are_the_two_sentences_on_each_side() -> None:
    article = "\n".join(f"هذه هي الجملة رقم {n} من المقال." for n in range(7)) + "\nقال."
    fourth = "هذه هي الجملة رقم 3 من المقال."
    assert [int(r.split()[4]) for r in find_rivals([fourth], article, "ar")] == [1, 2, 4, 5]
    assert not find_rivals(["ليست فيه هذه الجملة."], article, "ar")
    last = "هذه هي الجملة رقم 6 من المقال."
    assert [int(r.split()[4]) for r in find_rivals([last], article, "ar")] == [4, 5]
    assert [int(r.split()[4]) for r in find_rivals([fourth, last], article, "ar")] == [1, 2, 4, 5]
