from __future__ import annotations

import ast
import re
import string
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import assistant.ui
from assistant.ui.words import PageLanguage, words

UI = Path(assistant.ui.__file__).parent
TEXTS: dict[str, dict[str, str]] = tomllib.loads((UI / "words.toml").read_text("utf-8"))
SCRIPTS = {file.name: file.read_text("utf-8") for file in sorted(UI.glob("static/*.js"))}
MODULES = {file.name: ast.parse(file.read_text("utf-8")) for file in sorted(UI.glob("*.py"))}
FOREIGN = {"title", "other_language"}  # in another language than the rest, or a name


def names_in(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def is_words(node: ast.expr) -> bool:
    """Whether this is `words`, `texts` or `self._words`."""
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return name in ("words", "_words")


def asked_for(tree: ast.AST) -> Iterator[ast.expr]:
    """Yield what a module asks the page's words for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and is_words(node.value):
            yield node.slice
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr == "fill" and is_words(node.func.value):
                yield node.args[0]


def patterns(key: ast.expr) -> list[str]:
    """Return what a key may be, as regular expressions; nothing for one that is computed."""
    if isinstance(key, ast.Constant):
        return [re.escape(str(key.value))]
    if isinstance(key, ast.IfExp):
        return [*patterns(key.body), *patterns(key.orelse)]
    if isinstance(key, ast.JoinedStr):
        parts = [re.escape(v.value) if isinstance(v, ast.Constant) else r"\w+" for v in key.values]
        return ["".join(parts)]
    return []


ASKED = [p for tree in MODULES.values() for key in asked_for(tree) for p in patterns(key)]
SPOKEN = [key for text in SCRIPTS.values() for key in re.findall(r'\bword\("(\w+)"\)', text)]
LITERALS = {
    node.value
    for tree in MODULES.values()
    for node in ast.walk(tree)
    if isinstance(node, ast.Constant) and isinstance(node.value, str)
}.union(*(re.findall(r'"(\w+)"', text) for text in SCRIPTS.values()))


@pytest.mark.parametrize("key", TEXTS)
def test_both_languages_say_it_with_the_same_names(key: str) -> None:
    texts = TEXTS[key]
    assert set(texts) == {"en", "ar"}
    assert all(text.strip() for text in texts.values())
    assert names_in(texts["en"]) == names_in(texts["ar"])


@pytest.mark.parametrize("key", sorted(TEXTS.keys() - FOREIGN))
def test_each_is_in_its_language(key: str) -> None:
    arabic = re.search(r"[\u0621-\u064a]", TEXTS[key]["ar"])
    assert arabic and not re.search(r"[\u0600-\u06ff]", TEXTS[key]["en"])


def test_the_texts_are_found_in_the_modules_and_the_scripts() -> None:
    assert len(ASKED) > 60 and len(SPOKEN) > 10
    assert {"gone", r"welcome_\w+"} <= set(ASKED) and "undo" in SPOKEN


@pytest.mark.parametrize("key", TEXTS)
def test_each_is_used(key: str) -> None:
    assert key in LITERALS or any(re.fullmatch(pattern, key) for pattern in ASKED)


@pytest.mark.parametrize("pattern", sorted({*ASKED, *SPOKEN}))
def test_none_is_missing(pattern: str) -> None:
    assert any(re.fullmatch(pattern, key) for key in TEXTS)


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl")])
def test_words_are_of_one_language(language: PageLanguage, direction: str) -> None:
    found = words(language)
    assert (found.language, found.direction) == (language, direction)
    assert found["ask"] == TEXTS["ask"][language]
    assert found.all() == {key: texts[language] for key, texts in TEXTS.items()}


def test_names_are_filled_in_and_none_may_be_missing() -> None:
    assert words("en").fill("failed", why="no {braces}") == "That didn’t work: no {braces}"
    with pytest.raises(KeyError):
        words("en").fill("failed")
    with pytest.raises(KeyError):
        words("en")["no such key"]
