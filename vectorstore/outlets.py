"""What Arabic outlets call themselves in Latin letters."""

from __future__ import annotations

import functools
from importlib.resources import files

from vectorstore.arabic import normalize_for_search


def latin_name(outlet: str) -> str | None:
    """Return an outlet's own name in Latin letters; None where it isn't known."""
    return _latin_names().get(_key(outlet))


def outlet_names(outlet: str | None) -> tuple[str, ...]:
    """Return an outlet's names, the one in Latin letters first; () for none."""
    if not outlet:
        return ()
    return tuple(dict.fromkeys((latin_name(outlet) or outlet, outlet)))


def arabic_outlets(word: str) -> frozenset[str]:
    """Return all names, folded, of the outlets that have a word in their Latin name."""
    return _outlets_by_word().get(_key(word), frozenset())


@functools.cache
def _latin_names() -> dict[str, str]:
    """Read `data/outlets.txt`: the name in Latin letters | Arabic names, parted by commas."""
    names: dict[str, str] = {}
    for line in (files("vectorstore") / "data" / "outlets.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            latin, _, arabic = line.partition("|")
            names |= {_key(name): latin.strip() for name in (latin, *arabic.split(","))}
    return names


@functools.cache
def _outlets_by_word() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for arabic, latin in _latin_names().items():
        for word in _key(latin).replace("-", " ").split():
            found[word] = found.get(word, frozenset()) | {arabic}
    return found


def _key(name: str) -> str:
    return " ".join(normalize_for_search(name).split())
