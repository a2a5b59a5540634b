"""The words by which names are told: given names, surnames, and what stands around them."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from importlib.resources import files

from assistant.data import read_lines
from vectorstore.arabic import normalize_for_search

_ARTICLE = re.compile("^[وف]?(?:بال|كال|ال|لل)(?=...)")


@functools.cache
def latin_given_names() -> frozenset[str]:
    """Return the given names in Latin letters that are no other capitalised word."""
    return frozenset(latin for latin, _ in given_names().values()) - cues("no person")


@functools.cache
def english_words() -> frozenset[str]:
    """Return the English words, in small letters, that a capital doesn't make a name."""
    return frozenset(" ".join(read_lines("common_words")).split())


@functools.cache
def function_words() -> frozenset[str]:
    """Return the English words, in small letters, that carry no content."""
    return frozenset(" ".join(read_lines("function_words")).split())


@functools.cache
def arabic_words() -> frozenset[str]:
    """Return common Arabic words that name nobody, folded and without an article."""
    return frozenset(" ".join(read_lines("arabic_words")).split())


def is_arabic_word(folded: str) -> bool:
    """Tell whether a folded Arabic word is a common one, with or without an article."""
    return folded in arabic_words() or _ARTICLE.sub("", folded) in arabic_words()


@functools.cache
def given_names() -> dict[str, tuple[str, bool]]:
    """Return Latin spellings by folded Arabic name, each with whether it is a word too."""
    names: dict[str, tuple[str, bool]] = {}
    for package, folder in (("assistant", "data"), ("assistant", "translation")):
        for entry in _entries(package, folder):
            arabic, _, latin = entry.partition(" ")
            if arabic[0] not in "+!-":
                names[normalize_for_search(arabic.lstrip("?"))] = (latin, arabic[0] == "?")
    for entry in _entries("assistant", "data"):
        for word in entry.split() if entry[0] == "-" else ():
            folded = normalize_for_search(word[1:])
            if folded in names:
                names[folded] = (names[folded][0], True)
    return names


@functools.cache
def surnames() -> dict[str, str]:
    """Return the English spelling of public figures' surnames, by folded Arabic."""
    entries = (entry.partition(" ") for entry in _entries("assistant", "data"))
    return {normalize_for_search(a[1:]): latin for a, _, latin in entries if a[0] in "+!"}


@functools.cache
def sure_surnames() -> frozenset[str]:
    """Return the folded surnames that are nothing else, wherever they stand."""
    entries = (entry.partition(" ")[0] for entry in _entries("assistant", "data"))
    return frozenset(normalize_for_search(a[1:]) for a in entries if a[0] == "!")


def _entries(package: str, folder: str) -> Iterator[str]:
    text = (files(package) / folder / "given_names.txt").read_text("utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            yield from (entry.strip() for entry in line.split("|"))


@functools.cache
def roles() -> frozenset[str]:
    """Return the words behind which a known given name surely is one."""
    return cues("addresses") | cues("roles")


@functools.cache
def cues(section: str) -> frozenset[str]:
    """Return one section's words of `data/name_cues.txt`."""
    text = (files("assistant") / "data" / "name_cues.txt").read_text("utf-8")
    words: list[str] = []
    for part in text.split("\n[")[1:]:
        name, _, rest = part.partition("]\n")
        if name == section:
            words += [w for line in rest.splitlines() if line[:1] != "#" for w in line.split()]
    return frozenset(w if w.isascii() else normalize_for_search(w) for w in words)
