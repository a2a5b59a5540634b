import pytest

from assistant.clocks import clock_in_digits, read_time
from vectorstore.arabic import normalize_for_search


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("at half past five", "at 5:30"),
        ("a quarter to one", "12:45"),
        ("a quarter past 9", "9:15"),
        ("الخامسة والنصف", "5:30"),
        ("الثانية عشرة والربع", "12:15"),
        ("السادسة إلا ربعا", "5:45"),
        ("half of five men", "half of five men"),
    ],
)
def test_times_in_words(text: str, digits: str) -> None:
    assert clock_in_digits(normalize_for_search(text)) == digits


def test_times_by_two_clocks_are_one() -> None:
    afternoon, evening = read_time("17:30"), read_time("5:30")
    assert afternoon and evening and afternoon.readings & evening.readings
    assert read_time("3:1") is None
