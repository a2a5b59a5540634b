from __future__ import annotations

import pytest

from assistant.people import find_people


def named(text: str, language: str = "ar") -> list[tuple[str, list[str]]]:
    people = find_people(text, language)
    return [(p.name, [text[s.start : s.end] for s in p.spans]) for p in people]


@pytest.mark.parametrize(
    ("text", "name", "written"),
    [
        ("وقال محمد بنحمو، مدير المركز، إن الوضع صعب.", "Mohamed Benhamou", "محمد بنحمو"),
        ("التقى بوزير الخارجية، ناصر بوريطة، أمس.", "Nasser Bourita", "ناصر بوريطة"),
        ("الرئيس الأمريكي دونالد ترامب في المدينة.", "Donald Trump", "دونالد ترامب"),
        ("وشكر السيد آدامز الحضور.", "Adams", "آدامز"),
        ("سلم الجائزة لمحمد السادس في القصر.", "Mohamed VI", "محمد السادس"),
        ("وصل عبد الفتاح السيسي إلى القاهرة.", "Abdelfattah al-Sisi", "عبد الفتاح السيسي"),
        ("وقال صلاح الدين مزوار إن القرار صائب.", None, "صلاح الدين مزوار"),
        ("على لويس هاميلتون أن يفوز.", None, "لويس هاميلتون"),
        ("قال رئيس الوزراء اللبناني نواف سلام إنه سيعمل.", "Nawaf Salam", "نواف سلام"),
    ],
)
def test_a_name_is_told_by_what_stands_around_it(text: str, name: str | None, written: str) -> None:
    ((found, spans),) = named(text)
    assert spans == [written]
    assert name in (None, found)


@pytest.mark.parametrize(
    "text",
    [
        "وقال مسؤول إن الوضع صعب.",
        "الرئيس الأمريكي في المدينة، والوزير الأول في القصر.",
        "أعلن الأمين العام جمال الطبيعة في المنطقة.",
        "وصلت تلك السيدة ظهر هذا اليوم.",
        "بنى رجال الدين هذه الكنيسة على الجبل.",
        "علي أن أذهب حتى الآن أعلى الجبل.",
        "وهذا حكم عادل جدا، وأعلن رائد آخر أنه راض.",
    ],
)
def test_what_is_not_sure_is_left_out(text: str) -> None:
    assert named(text) == []


def test_an_engineer_goes_by_a_title() -> None:
    (person,) = find_people("وقال المهندس عمر الشريف إن السدود لم تخضع للصيانة.", "ar")
    assert person.name == "Omar al-Sharif"


def test_a_surname_is_known_again_and_the_most_mentioned_come_first() -> None:
    text = (
        "استقبل الوزير ناصر بوريطة الوزيرة نجلاء المنقوش. وأكدت المنقوش الطلب. "
        "وقال إن بوريطة وافق، وأضافت المنقوش أن الطلب قديم، وشكرت لبوريطة. وغادرت المنقوش."
    )
    assert named(text) == [
        ("Najla al-Manqoush", ["نجلاء المنقوش", "المنقوش", "المنقوش", "المنقوش"]),
        ("Nasser Bourita", ["ناصر بوريطة", "بوريطة", "بوريطة"]),
    ]


def test_a_noun_behind_a_preposition_is_no_surname() -> None:
    text = "سجل باتريك دواير الهدف. ومنح نيلسون لهدف ثان فرصة، وسعى نيلسون لإحراز الفوز."
    assert [name for name, _ in named(text)] == ["Patrick Douair"]


def test_in_latin_script_names_are_capitalised_words_that_are_nothing_else() -> None:
    text = (
        "Peter Bone and Giselle Maurice met Sen. Elizabeth Warren at the Supreme Court, New York. "
        "The Boston Globe and Home Depot were there, said Warren. United Nations staff left Monday."
    )
    assert named(text, "en") == [
        ("Elizabeth Warren", ["Elizabeth Warren", "Warren"]),
        ("Peter Bone", ["Peter Bone"]),
        ("Giselle Maurice", ["Giselle Maurice"]),
    ]
    assert named("Der Minister sprach mit Peter Bone und der Regierung.", "de") == []


def test_a_common_word_after_a_name_is_not_part_of_it() -> None:
    text = "وانتقد نقيب الصيادين محمود عيسى المشروع، وقال محمود عيسى إن الميناء صغير."
    assert [name for name, _ in named(text)] == ["Mahmoud Issa"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("افتتح وزير المياه إسماعيل ولد عبد الفتاح يوم الخميس محطة", "Ismail Ould Abdelfattah"),
        ("قال محمد عبد الفتاح السيسي إن", "Mohamed Abdelfattah al-Sisi"),
        ("وقالت فاطمة بنت أحمد، وهي من سكان الحي", "Fatima bint Ahmed"),
        ("افتتح الرئيس الموريتاني محمد ولد الشيخ الغزواني", "Mohamed Ould Cheikh Ghazouani"),
        ("قال الرئيس بوتفليقة أمس", "Boutfaliqa"),
    ],
)
def test_a_name_is_read_to_its_end(text: str, name: str) -> None:
    assert [person.name for person in find_people(text, "ar")] == [name]


@pytest.mark.parametrize(
    "text", ["محمد ولد في الرباط عام 1960", "ومن المنتظر أن يلتقي الوزير ممثلي الصيادين"]
)
def test_a_birth_and_a_plural_are_no_names(text: str) -> None:
    assert find_people(text, "ar") == []
