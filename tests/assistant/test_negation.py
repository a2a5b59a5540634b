import pytest

from assistant.negation import compare_negation, has_negation


@pytest.mark.parametrize(
    ("english", "arabic", "difference"),
    [
        ("They cannot secure their borders.", "لا تستطيع تأمين حدودها", "none"),
        ("They can secure their borders.", "لا تستطيع تأمين حدودها", "lost"),
        ("They cannot secure their borders.", "تستطيع تأمين حدودها", "added"),
        ("He refused to leave.", "لم يقبل المغادرة", "none"),
        ("It did not happen.", "نفى حدوث ذلك", "none"),
        ("It is still open.", "لا يزال مفتوحا", "none"),
        ("It is not only open.", "إنه مفتوح", "none"),
        ("Only two came.", "لم يأت إلا اثنان", "none"),
        ("The reasons are unclear.", "الأسباب غير واضحة", "none"),
        ("He isn't unfit.", "إنه غير لائق", "added"),
        ("Don't forget it.", "تذكر ذلك دائما", "none"),
        ("Feel free to call.", "لا تتردد في الاتصال", "none"),
        ("That is not just my experience.", "وهذه ليست تجربتي فقط", "none"),
        ("That is my experience.", "وهذه ليست تجربتي", "lost"),
        ("Children under five were given it.", "أعطيت لأطفال دون سن الخامسة", "none"),
        ("Children under eighteen were given it.", "أعطيت لأطفال دون الثامنة عشرة", "none"),
        ("Children were given it.", "أعطيت لأطفال دون علم أهلهم", "lost"),
        ("They went with approval of the council.", "ذهبوا دون الموافقة من المجلس", "lost"),
        ("It is due no later than Friday.", "موعدها لا يتجاوز الجمعة", "none"),
        ("Sailors patrol La Bomba.", "يجري البحارة دوريات في لا بومبا", "none"),
        ("Sailors patrol Bomba.", "يجري البحارة دوريات في لا بومبا", "lost"),
        ("When I reached Mr Fleiss, it was sunny.", "عندما وصلت إلى فليس كان الجو مشمسا", "none"),
        ("It was sunny when I came.", "عندما وصلت ليس الجو مشمسا", "lost"),
        ("He showed the greatest courage.", "تقدم بشجاعة لا متناهية", "none"),
        ("It didn't go well.", "لمتسرعلىمايرام", "none"),
    ],
)
def test_whether_one_denies_what_the_other_affirms(
    english: str, arabic: str, difference: str
) -> None:
    assert compare_negation(english, arabic) == difference


def test_plain_negations_are_told() -> None:
    assert has_negation("He never came.") and has_negation("لم يأت")
    assert not has_negation("He came.") and not has_negation("لا يزال هنا")
