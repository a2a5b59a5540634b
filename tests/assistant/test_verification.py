from collections.abc import Sequence
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.alignment import Alignment, Standing
from assistant.quantities import find_number_words, find_numbers
from assistant.verification import Verifier

MINISTER = (
    "طالبت وزيرة الخارجية الليبية نجلاء المنقوش، يوم الجمعة 11 يونيو، بالرباط، المغرب بمساعدة ليبيا"
)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("٣٤٥ شخصا", {345.0}),
        ("1,250 and 2.5 and 2,5", {1250.0, 2.5}),
        ("1.5 million or ١٫٥ مليون", {1.5e6}),
        ("1,500,000", {1.5e6}),
        ("32 مليار دولار", {32e9}),
        ("بلادنا24", {24.0}),
        ("no digits", set()),
    ],
)
def test_digits_of_every_kind(text: str, values: set[float]) -> None:
    assert find_numbers(text) == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("thirty-two people", {32.0}),
        ("five thousand", {5000.0}),
        ("خمسة آلاف جندي", {5000.0}),
        ("one and two", set()),
    ],
)
def test_number_words(text: str, values: set[float]) -> None:
    assert find_number_words(text) >= values
    assert bool(find_number_words(text)) == bool(values)


def test_a_true_sentence_is_supported() -> None:
    english = (
        "Libya's foreign minister Najla Mangoush asked Morocco in Rabat on Friday, 11 June, "
        "for Libya's help."
    )
    verdict = check(english, [MINISTER])
    assert (verdict.support, verdict.reasons) == ("supported", ())
    assert (verdict.checks.numbers, verdict.checks.names) == ("ok", "ok")


@pytest.mark.parametrize(
    ("wrong", "support", "reason"),
    [
        ("The Libyan minister came to Rabat on 12 June.", "unsupported", "number 12"),
        ("The Libyan minister came to Rabat on Friday.", "partial", "number 11 is missing"),
        ("The Tunisian minister came to Rabat on 11 June.", "unsupported", "Tunisia"),
        ("The Libyan minister Nadia Benkoussi came on 11 June.", "unsupported", "Benkoussi"),
        ("The Libyan minister did not come on 11 June.", "partial", "negates"),
    ],
)
def test_planted_errors_are_seen_and_told(wrong: str, support: str, reason: str) -> None:
    verdict = check(wrong, [MINISTER])
    assert verdict.support == support
    assert any(reason in r for r in verdict.reasons)


def test_a_name_from_elsewhere_in_the_article_is_doubtful() -> None:
    sentence = "Algeria gave no help."
    quote = "لم تقدم أي مساعدة"
    assert check(sentence, [quote]).support == "unsupported"
    assert check(sentence, [quote], context=f"الجزائر {quote}").support == "partial"


def test_a_lost_negation_is_seen() -> None:
    assert check("They can secure their borders.", ["لا تستطيع تأمين حدودها"]).support == "partial"
    assert (
        check("They cannot secure their borders.", ["لا تستطيع تأمين حدودها"]).checks.negation
        == "ok"
    )


def test_what_is_half_in_arabic_is_marked() -> None:
    quote = "افتتح العمدة الجسر English: The Martians opened it"
    assert check(quote, [quote], language="en").support == "partial"
    name = "The party, النهضة in Arabic, won most seats in Tunisia."
    assert check(name, [name], language="en").support == "supported"


def test_what_cites_nothing_or_has_nothing_to_check_is_unchecked() -> None:
    assert check("Anything.", []).support == "unchecked"
    assert check("The situation is difficult.", ["الوضع صعب"]).support == "unchecked"


check = Verifier().check


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_will_do(sentence: str, source: str) -> None:
    check(sentence, [source], source)


def test_the_two_koreas_are_two() -> None:
    verdict = check("North Korea launched a missile.", ["أطلقت كوريا الجنوبية صاروخا."])
    assert verdict.support == "unsupported"
    assert (
        check("South Korea launched a missile.", ["أطلقت كوريا الجنوبية صاروخا."]).checks.names
        == "ok"
    )


@pytest.mark.parametrize(
    ("sentence", "source", "support"),
    [
        ("One million people fled.", "فر نصف مليون شخص.", "unsupported"),
        ("Half a million people fled.", "فر 500 ألف شخص.", "supported"),
        ("It cost 2.5 million dollars.", "كلف مليونين ونصف المليون دولار.", "supported"),
        ("Fifteen hundred came.", "جاء 1500 شخص.", "supported"),
        ("It was on 13 June 2023.", "كان ذلك في 13/06/2023.", "supported"),
        ("It was on 14 June 2023.", "كان ذلك في 13/06/2023.", "unsupported"),
        ("It was on 13 July 2023.", "كان ذلك في 13/06/2023.", "unsupported"),
        ("It was on 2023-06-13.", "كان ذلك في 13 يونيو 2023.", "supported"),
        ("Hezbollah attacked Israel.", "هاجم حزب الله إسرائيل.", "supported"),
        ("It was in California.", "كان ذلك في كاليفورنيا.", "supported"),
        ("It was in Colorado.", "كان ذلك في كاليفورنيا.", "unsupported"),
        ("The Red Crescent has 12 teams.", "لدى الهلال الأحمر 12 فريقا.", "supported"),
        ("The French Ambassador met 12.", "التقى السفير الفرنسي 12 شخصا.", "supported"),
    ],
)
def test_what_a_new_user_found(sentence: str, source: str, support: str) -> None:
    assert check(sentence, [source]).support == support


@pytest.mark.parametrize(
    ("sentence", "source", "support"),
    [
        ("He came at 5:15.", "جاء في الخامسة والنصف.", "unsupported"),
        ("He came at half past five.", "جاء في الساعة 5:30.", "supported"),
        ("It took two months.", "استغرق ذلك سنتين.", "unsupported"),
        ("Fewer than 100 people died.", "قتل أكثر من 100 شخص.", "unsupported"),
        ("Prices fell by 5 percent.", "ارتفعت الأسعار بنسبة 5 في المئة.", "unsupported"),
        ("It was in 2023.", "كان ذلك عام ألفين وثلاثة وعشرين.", "supported"),
        ("It was on 15 March 2023.", "كان يوم 23 شعبان 1444 الموافق 15 مارس 2023.", "supported"),
        ("It was on 16 March 2023.", "كان يوم 23 شعبان 1444 الموافق 15 مارس 2023.", "unsupported"),
        ("A decade went by.", "مرت عشر سنوات.", "supported"),
        ("Ten years went by.", "مر عقد من الزمن.", "supported"),
        ("Twenty years went by.", "مر عقدان.", "supported"),
        ("It was in April 2023.", "كان ذلك في نيسان/أبريل 2023.", "supported"),
        ("Call 116 123 now.", "اتصل على 116123 الآن.", "supported"),
        ("A Russian-French deal was made.", "أبرمت صفقة روسية تركية.", "unsupported"),
        ("England played well.", "لعبت أسكتلندا جيدا.", "unsupported"),
        (
            "It was up from 1.7 million four years ago.",
            "كان 1.7 مليونا قبل أربعة أعوام.",
            "supported",
        ),
        ("It came on his 21st birthday.", "كان في عيد ميلاده الحادي والعشرين.", "supported"),
        ("Prices tripled.", "تضاعفت الأسعار ثلاث مرات.", "supported"),
        ("A North Korean minister came.", "وصل وزير كوري شمالي.", "supported"),
        ("South Koreans voted.", "صوت الكوريون الشماليون.", "unsupported"),
        ("We wanted to see the light.", "أردنا أن نرى الضوء.", "unchecked"),
        ("He thanked Thomas for it.", "شكره على ثقةتوماس به.", "supported"),
        ("He isn't unfit for it.", "إنه غير لائق لذلك.", "partial"),
        ("Nearly all learn Mandarin.", "يكاد الجميع يتعلمون اللغة الصينية.", "supported"),
        ("They won all foursomes.", "فازوا بكل مباريات المجموعة الرباعية.", "unchecked"),
        ("They lost the fourballs.", "خسروا مباريات الأربع كرات.", "supported"),
        ("He knocked out three of them.", "أسقط ثلاثًا منها.", "supported"),
    ],
)
def test_what_readers_of_both_languages_would_say(sentence: str, source: str, support: str) -> None:
    assert check(sentence, [source]).support == support


STANDS_FOR = "nothing in the source seems to stand for "


class Near:
    """An alignment by which everything stands as near as it is told."""

    def __init__(self, margin: float, lead: float = 0.1) -> None:
        self.margin, self.lead = margin, lead

    def standing(self, sentence: str, quotes: Sequence[str], rivals: Sequence[str]) -> Standing:
        return Standing(self.margin, self.lead if rivals else None)

    def match_words(self, sentence: str, source: str) -> list[tuple[str, float]]:
        return []


@pytest.mark.parametrize(
    ("sentence", "standing", "confidence", "support"),
    [
        ("The Libyan minister came to Rabat on 11 June.", 0.15, -0.2, "supported"),
        ("The Libyan minister came to Rabat on 11 June.", 0.15, -0.5, "partial"),
        ("The Libyan minister came to Rabat on 11 June.", 0.1, -0.2, "partial"),
        ("The Libyan minister came to Rabat on 11 June.", 0.1, None, "supported"),
        ("The Libyan minister came and came to Rabat on 11 June.", 0.15, -0.2, "partial"),
    ],
)
def test_a_machine_translation_is_trusted_by_how_sure_and_how_near_it_is(
    sentence: str, standing: float, confidence: float | None, support: str
) -> None:
    source = "وصلت الوزيرة الليبية إلى الرباط في 11 يونيو قادمة من طرابلس"
    verifier = Verifier(cast(Alignment, Near(standing)))
    assert (
        verifier.check(sentence, [source], language="ar", confidence=confidence).support == support
    )
    alone = Verifier().check(sentence, [source], language="ar", confidence=-0.5)
    assert "the translator was unsure of this sentence" in alone.reasons


class Strange(Near):
    """An alignment that finds no word's match."""

    def match_words(self, sentence: str, source: str) -> list[tuple[str, float]]:
        return [(word, 0.1) for word in sentence.split()]


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("He didn't use the isotopes there.", "'isotopes' or 'use'"),
        ("Nabil al-Sharif and O'Brien said it in the end.", "'end' or 'said'"),
        ("A naïve <unk> plan of 45 was there.", "'naïve' or 'plan'"),
        ("He was there and then not here.", ""),
    ],
)
def test_names_and_words_without_content_stand_for_nothing_strange(
    sentence: str, named: str
) -> None:
    verifier = Verifier(cast(Alignment, Strange(0.2)))
    reasons = verifier.check(sentence, ["نص"], language="ar", confidence=-0.1).reasons
    told = [r.removeprefix(STANDS_FOR) for r in reasons if r.startswith(STANDS_FOR)]
    assert told == ([named] if named else [])


def test_a_headline_may_be_shorter_than_a_sentence() -> None:
    english, arabic = (
        "Toll soars above 800.",
        ("ارتفاع عدد حالات الوفاة جراء أمواج المد لأكثر من 800 حالة وفاة"),
    )
    assert check(english, [arabic]).support == "supported"
    assert check(english, [f"{arabic}."]).support == "partial"


NEIGHBOURS = "زار الرئيس المدينة أمس. التقى فيها كبار المسؤولين صباحا. غادرها في المساء إلى بيته."


@pytest.mark.parametrize(
    ("context", "margin", "lead", "support"),
    [
        (NEIGHBOURS, 0.06, 0.02, "unchecked"),
        (NEIGHBOURS, 0.1, -0.02, "partial"),
        (NEIGHBOURS, 0.02, 0.02, "unsupported"),
        ("", 0.06, -0.02, "partial"),
        ("", 0.1, -0.02, "unchecked"),
        ("مقال آخر. لا يرد فيه ما اقتبس.", 0.06, -0.02, "partial"),
    ],
)
def test_a_passage_is_measured_against_those_beside_it(
    context: str, margin: float, lead: float, support: str
) -> None:
    verifier = Verifier(cast(Alignment, Near(margin, lead)))
    english, quote = "There the leader met senior officials.", "التقى فيها كبار المسؤولين صباحا."
    assert verifier.check(english, [quote], context, "ar").support in (support, "supported")
    assert (verifier.check(english, [quote], context, "ar").support == "supported") == (
        support == "unchecked"
    )


def test_a_given_name_has_to_sound_like_one_that_is_there() -> None:
    source = "وقالت سلمى بن يوسف إن فرق الإنقاذ أجلت 140 عائلة من منازلها."
    said = "Ben Youssef said that rescue teams had evacuated 140 families from their homes."
    assert "the source doesn't name Khaled" in check(f"Khaled {said}", [source]).reasons
    assert check(f"Salma {said}", [source]).support == "supported"


def test_a_word_made_a_name_is_seen() -> None:
    source = "وقال سلام إن المشروع كلف 45 مليون دولار واستغرق ثلاث سنوات."
    invented = "Salam said that al-Mashroua had cost $45 million and taken three years."
    assert "the source doesn't name Mashroua" in check(invented, [source]).reasons
    true = "Salam said that the project had cost $45 million and taken three years."
    assert check(true, [source]).support == "supported"


def test_thousands_of_people_are_no_number_to_be_missing() -> None:
    arabic = "واشتكى آلاف المزارعين من نقص المياه."
    verdict = Verifier().check("Farmers complained of a lack of water.", [arabic], arabic, "ar")
    assert not any("1000" in reason for reason in verdict.reasons)
    three = "واشتكى ثلاثة آلاف مزارع من نقص المياه."
    verdict = Verifier().check("Farmers complained of a lack of water.", [three], three, "ar")
    assert "the source's number 3000 is missing" in verdict.reasons
