import pytest

from assistant.english_names import names_in


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("Najla Mangoush came after the minister had spoken.", ["Najla", "Mangoush"]),
        ("Aftershocks shook Palu.", ["Palu"]),
        ('"Yes," said Bourita.', ["Bourita"]),
        ("Why Parliament Will Never Vote Again", []),
        ("He is held in Lemon Creek Pretrial Facility.", []),
        ("He met Underwood in Interlaken.", ["Underwood", "Interlaken"]),
        ("Libya and Morocco agreed on Friday.", []),
    ],
)
def test_capitals_that_are_names(sentence: str, names: list[str]) -> None:
    assert names_in(sentence) == names
