from __future__ import annotations

from importlib.resources import files

import pytest

from vectorstore.arabic import normalize_for_search
from vectorstore.outlets import arabic_outlets, latin_name, outlet_names


@pytest.mark.parametrize(
    ("outlet", "name"),
    [
        ("الجزيرة", "Al Jazeera"),
        ("الشرق الأوسط", "Asharq Al-Awsat"),
        ("الشرق الاوسط", "Asharq Al-Awsat"),  # its hamza is often left out
        ("  هسبريس ", "Hespress"),
        ("الشروق", None),  # one in Egypt, one in Algeria, each spelt in its own way
        ("hespress", "Hespress"),
        ("example.org", None),
    ],
)
def test_an_outlet_goes_by_its_own_name_where_it_is_sure(outlet: str, name: str | None) -> None:
    assert latin_name(outlet) == name


def test_the_name_that_the_source_gives_is_kept_beside_it() -> None:
    assert outlet_names("الجزيرة") == ("Al Jazeera", "الجزيرة")
    assert outlet_names("بريد اليوم") == ("بريد اليوم",)
    assert outlet_names("Reuters") == ("Reuters",)
    assert outlet_names(None) == outlet_names("") == ()


def test_an_outlet_is_found_by_a_word_of_its_latin_name() -> None:
    assert "الجزيره" in arabic_outlets("Jazeera")
    assert "الشرق الاوسط" in arabic_outlets("awsat")
    assert arabic_outlets("harbour") == frozenset()


def test_no_arabic_name_is_two_outlets() -> None:
    text = (files("vectorstore") / "data" / "outlets.txt").read_text("utf-8")
    rows = [line.split("|") for line in text.splitlines() if not line.startswith("#")]
    names = [normalize_for_search(n).strip() for _, arabic in rows for n in arabic.split(",")]
    assert len(set(names)) == len(names) > 100
    assert [latin for latin, _ in rows] == sorted({latin for latin, _ in rows})
