import pytest

from assistant.calendars import date_name, possible_dates, stated_dates


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("يوم الجمعة 11 يونيو", {"weekday 4", "month 6"}),
        ("في 3 كانون الثاني وتشرين الأول", {"month 1", "month 10"}),
        ("غشت 2020 ودجنبر وجويلية", {"month 8", "month 12", "month 7"}),
        ("في شهر رمضان", {"hijri 9"}),
        ("On Monday, 5 May, he may march in March", {"weekday 0", "month 5", "month 3"}),
        ("Sept. 5 and votes on Nov.", {"month 9", "month 11"}),
        ("he said in The Sunday Times", set()),
        ("أحد الأشخاص وأربعاء", set()),
        ("يمارس مهنته", set()),
    ],
)
def test_months_and_weekdays_in_both_languages(text: str, dates: set[str]) -> None:
    assert stated_dates(text) == dates


def test_a_date_in_digits_may_be_read_either_way() -> None:
    assert possible_dates("11/6/2021") == {"month 6", "month 11"}
    assert stated_dates("11/6/2021") == set()


def test_a_word_that_is_also_something_else_is_possible_only() -> None:
    assert stated_dates("مارس مهنته") == set()
    assert "month 3" in possible_dates("انضم في مارس.")


@pytest.mark.parametrize(
    ("identity", "name"), [("month 6", "June"), ("weekday 0", "Monday"), ("hijri 9", "Ramadan")]
)
def test_dates_have_english_names(identity: str, name: str) -> None:
    assert date_name(identity) == name
