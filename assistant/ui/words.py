"""The page's words in the languages that it speaks: English and Arabic."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import Literal

PageLanguage = Literal["en", "ar"]
_FILE = Path(__file__).parent / "words.toml"


class Words:
    """The page's words in one language; `words["ask"]`.

    Args:
        language: the page's language.
    """

    def __init__(self, language: PageLanguage) -> None:
        self.language: PageLanguage = language
        self.direction = "rtl" if language == "ar" else "ltr"
        self._texts = {key: texts[language] for key, texts in _load().items()}

    def __getitem__(self, key: str) -> str:
        return self._texts[key]

    def fill(self, key: str, **values: object) -> str:
        """Return a text with its names filled in; a missing or unknown one raises `KeyError`."""
        return self._texts[key].format_map(values)

    def all(self) -> dict[str, str]:
        """Return every text by its key, for the page's scripts."""
        return dict(self._texts)


@functools.cache
def words(language: PageLanguage) -> Words:
    """Return the page's words in a language."""
    return Words(language)


@functools.cache
def _load() -> dict[str, dict[str, str]]:
    return tomllib.loads(_FILE.read_text("utf-8"))
