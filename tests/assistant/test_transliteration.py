import pytest

from assistant.transliteration import likeness

SENTENCE = "التقت نجلاء المنقوش ناصر بوريطة وبريت كافانو ويوهانس غايغر بالرباط"


@pytest.mark.parametrize(
    "name", ["Mangoush", "Bourita", "Kavanaugh", "Johannes", "Najla", "Geiger"]
)
def test_a_name_sounds_like_its_transliteration(name: str) -> None:
    assert likeness(name, SENTENCE) > 0.75


@pytest.mark.parametrize("name", ["Mitchell", "Pelosi", "Tebboune", "Erdogan", "Sulawesi"])
def test_another_name_does_not(name: str) -> None:
    assert likeness(name, SENTENCE) < 0.62


def test_a_name_is_found_in_two_words_and_in_words_without_spaces() -> None:
    assert likeness("Abdelkader", "قال عبد القادر") > 0.75
    assert likeness("Pompeo", "الأمريكيمايكبومبيوبمجلس") == 1.0


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Thomas", "اختيار وثقةتوماس"),
        ("Geiger", "ولد هانس غايغرفي ألمانيا"),
        ("Ian", "خسر أمامإيان بولتر"),
        ("Moualem", "صرح المُعلم بذلك"),
        ("Bough", "رجل متزوج يدعى بوف"),
        ("Czeisler", "أستاذ سزيسلر"),
        ("Cemal", "وزير الدفاع جمال"),
        ("Jufri", "مطار آلجفري"),
        ("Chuuk", "مطار جزيرة تشوك"),
    ],
)
def test_a_name_is_found_where_spaces_are_missing_and_vowels_are_written(
    name: str, text: str
) -> None:
    assert likeness(name, text) >= 0.62


def test_a_text_without_arabic_sounds_like_nothing() -> None:
    assert likeness("Bourita", "no Arabic here") == 0.0
    assert likeness("", SENTENCE) == 0.0
