import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.names import (
    arabic_skeletons,
    glued_places,
    locate_places,
    name_candidates,
    place_mentions,
    place_name,
    place_nouns,
    related_places,
    skeleton,
)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Libya's minister met the Moroccans", {"LY", "MA"}),
        ("the U.S. and the United Kingdom", {"US", "GB"}),
        ("us and them, turkey sandwiches", set()),
        ("the al-Qaeda fighters in Syria", {"al-qaeda", "SY"}),
        ("طالبت وزيرة الخارجية الليبية المغرب بالمساعدة", {"LY", "MA"}),
        ("والجزائر وبالمغرب ولليبيا", {"DZ", "MA", "LY"}),
        ("الأمم المتحدة والولايات المتحدة", {"un", "US"}),
        ("تنظيم داعش في سوريا والعراق", {"isis", "SY", "IQ"}),
        ("لا مكان هنا", set()),
    ],
)
def test_places_are_seen_in_both_scripts(text: str, places: set[str]) -> None:
    assert place_mentions(text) == places


@pytest.mark.parametrize(
    ("arabic", "english"),
    [
        ("بنحمو", "Benhammou"),
        ("بوريطة", "Bourita"),
        ("المنقوش", "Mangoush"),
        ("القذافي", "Gaddafi"),
        ("نتنياهو", "Netanyahu"),
        ("السيسي", "Sisi"),
    ],
)
def test_a_name_sounds_alike_in_both_scripts(arabic: str, english: str) -> None:
    assert skeleton(english) in arabic_skeletons(arabic)


def test_different_names_sound_different() -> None:
    for wrong in ("Benkheliski", "Affleck", "Cahouan", "Zerouki"):
        assert skeleton(wrong) not in arabic_skeletons("بنحمو") | arabic_skeletons("المنقوش")


def test_names_are_what_is_capitalised_and_no_place() -> None:
    assert name_candidates("Ask Najla Mangoush of Libya about the Sahel-Saharan region") == [
        "Ask",
        "Najla",
        "Mangoush",
    ]


def test_place_names_and_nouns() -> None:
    assert place_name("MA") == "Morocco"
    assert place_name("isis") == "ISIS"
    assert place_nouns()["المغرب"] == "Morocco"
    assert "مالي" not in place_nouns()


@given(st.text(max_size=60))
def test_any_text_will_do(text: str) -> None:
    place_mentions(text)
    name_candidates(text)
    for word in text.split():
        skeleton(word)
        arabic_skeletons(word)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("عاد الوفد من المغرب وليبيا.", {"MA": "المغرب", "LY": "ليبيا"}),
        ("الوزير الليبي والجيش المغربي.", {}),
        ("شكرا للمغرب، وبالرباط فرح.", {"MA": "مغرب", "rabat": "الرباط"}),
        (
            "سفير بالمملكة المتحدة ولكوريا الجنوبية.",
            {"GB": "المملكة المتحدة", "KR": "كوريا الجنوبية"},
        ),
        ("الوضع المالي في مالي.", {}),
        ("Libyan troops left Libya for the UK.", {"LY": "Libya", "GB": "UK"}),
    ],
)
def test_places_are_located_where_a_noun_names_them(text: str, places: dict[str, str]) -> None:
    assert {i: text[start:end] for i, start, end in locate_places(text)} == places


def test_both_parts_of_a_hyphened_word_are_places_and_short_ones_only_in_capitals() -> None:
    assert place_mentions("A Russian-Turkish deal") == {"RU", "TR"}
    assert place_mentions("A China-US summit") == {"CN", "US"}
    assert place_mentions("Guinea-Bissau") == {"GW"}
    assert place_mentions("Kim Jong-un") == frozenset()


def test_places_are_found_where_spaces_are_missing() -> None:
    assert "US" in glued_places("أثنى على رئيسالولايات المتحدة")
    assert "KP" in glued_places("تعهدتكورياالشماليةفياجتماع")


def test_england_is_related_to_britain_and_not_to_scotland() -> None:
    assert related_places("england") == {"england", "GB"}
    assert {"england", "scotland"} < related_places("GB")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("في درنة", "derna"),
        ("وصل إلى رفح", "rafah"),
        ("ببنغازي", "benghazi"),
        ("جون إدوارد: المهارات", None),
    ],
)
def test_a_name_that_is_written_like_no_other_word_is_a_place_s(
    text: str, place: str | None
) -> None:
    assert [identity for identity, _, _ in locate_places(text)] == ([place] if place else [])
