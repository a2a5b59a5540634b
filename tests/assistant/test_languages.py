from __future__ import annotations

from assistant.languages import language_name


def test_language_names_in_both_of_the_pages_languages() -> None:
    assert [language_name(code) for code in ("ar", "und", "xx")] == [
        "Arabic", "unknown language", "xx"
    ]  # fmt: skip
    assert [language_name(code, "ar") for code in ("ar", "und", "xx")] == [
        "العربية", "لغة غير معروفة", "xx"
    ]  # fmt: skip
