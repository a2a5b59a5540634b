import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.arabic import light_stem, normalize_for_search, tokenize


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("الأُمَّة", "الامه"),
        ("إلى مصطفى", "الي مصطفي"),
        ("مـــرحبا", "مرحبا"),
        ("١٢٣ ۴۵۶", "123 456"),
        ("Élan STRASSE", "elan strasse"),
        ("Ёлка", "елка"),
        ("کتابی", "كتابي"),
    ],
)
def test_spellings_of_a_word_are_one_string(text: str, folded: str) -> None:
    assert normalize_for_search(text) == folded


@given(st.text())
def test_folding_never_raises_and_is_stable_for_search(text: str) -> None:
    once = normalize_for_search(text)
    assert tokenize(once) == tokenize(normalize_for_search(once))


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("والمدرسة", "مدرس"),
        ("بالمدينة", "مدين"),
        ("للمغرب", "مغرب"),
        ("الليبية", "ليب"),
        ("معلومات", "معلوم"),
        ("المسؤولين", "مسوول"),
        ("من", "من"),
        ("hello", "hello"),
    ],
)
def test_light_stem(word: str, stem: str) -> None:
    assert light_stem(normalize_for_search(word)) == stem


def test_tokens_are_words_numbers_and_pairs_of_chinese_characters() -> None:
    assert tokenize("بلغ 1.250 شخصاً، في COVID-19") == ["بلغ", "1.250", "شخصا", "في", "covid", "19"]
    assert tokenize("北京大学 A 京") == ["北京", "京大", "大学", "a", "京"]
