"""What a web page's reader can't see: found on the parsed page, taken out, and told.

Text may hide by its element (`<template>`), an attribute (`hidden`), a style of its own or a
rule of the page's style sheets. Sheets in other files aren't fetched, and of a page's own
only selectors of tags, classes and ids count, alone or one inside another.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# What is no text of the page at all; it goes without a word in the report.
_MACHINERY = frozenset(
    "script style iframe object embed svg canvas math select datalist textarea button".split()
)
_UNSHOWN_TAGS = ("noscript", "template")
_PAGE_TAGS = ("html", "body")
_ARTICLE_TAGS = ("main", "article")

_END = r"(?=;|!|$)"
_NOT_DRAWN = re.compile(
    r"(?:^|;)display:none|content-visibility:hidden|"
    rf"(?:^|;)font-size:(?:[01]?(?:\.\d+)?(?:px|pt)?|0?(?:\.0\d*)?(?:r?em|%)){_END}|"
    r"(?:^|;)font:0|(?:left|right|top|bottom|text-indent):-\d{3,}|(?:left|right|top):\d{4,}|"
    r"translate(?:x|y|3d)?\([^)]*-?\d{4,}|scale\(0[,)]|"
    r"clip:rect\((?:[01](?:px)?,?){4}\)|clip-path:(?:inset\((?:50|100)%|circle\(0)"
)
_TRANSPARENT = re.compile(
    rf"(?:^|;)visibility:(?:hidden|collapse)|(?:^|;)opacity:0*(?:\.0\d*)?%?{_END}"
)
_NO_ROOM = re.compile(rf"(?:^|;)(?:max-)?(?:height|width):[01](?:px|r?em|%)?{_END}")
_CUT_OFF = re.compile(r"overflow(?:-[xy])?:(?:hidden|clip)")
_COLOUR = re.compile(r"(?:^|;)color:([^;!]+)")
_BACKGROUND = re.compile(r"(?:^|;)background(?:-color)?:([^;!]+)")

Colour = tuple[int, ...]

_WHITE: Colour = (255, 255, 255)
_SAME = 24  # steps of 255, over all three channels, that no reader tells apart

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_MEDIA = re.compile(r"@media[^{}]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_COMPOUND = re.compile(r"([a-z][a-z0-9]*)?((?:[.#][\w-]+)*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Compound:
    """One step of a selector: a tag with classes and ids, any of them left out."""

    tag: str
    classes: frozenset[str]
    ids: frozenset[str]

    def matches(self, element: HtmlElement) -> bool:
        if self.tag and element.tag != self.tag:
            return False
        classes = (element.get("class") or "").split()
        return self.classes.issubset(classes) and self.ids.issubset([element.get("id")])


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule of a sheet that hides; `firm` where no script is expected to show it again."""

    steps: tuple[_Compound, ...]
    firm: bool

    def matches(self, element: HtmlElement) -> bool:
        if not self.steps[-1].matches(element):
            return False
        left = list(self.steps[:-1])
        above = element.getparent()
        while left and above is not None:
            if left[-1].matches(above):
                left.pop()
            above = above.getparent()
        return not left


def remove_unseen(root: HtmlElement) -> list[str]:
    """Take out what the page's reader can't see, and return the texts that went.

    Two ways of hiding aren't meant: pages start off transparent and let a script fade them in
    (`opacity`, `visibility` in a sheet), and `aria-hidden` text is on the screen but not read
    aloud: an icon's name, a copy, or everything behind a dialog that was open when the page
    was saved. What only these hide goes where it is less than half of the page's text, and
    stays where it is the page.
    """
    for element in list(root.iter(*_MACHINERY)):
        if element.tag != "style" and not _is_metadata(element):
            element.drop_tree()
    sheets = [sheet.text or "" for sheet in root.iter("style") if _is_for_screens(sheet)]
    rules = list(_read_rules("\n".join(sheets)))
    firm = [rule for rule in rules if rule.firm]
    background = None if _has_unknown_background(root, sheets) else _WHITE
    for sheet in list(root.iter("style")):
        sheet.drop_tree()
    texts = _cut(_find(root, lambda e: _is_hidden(e, background) or _match(firm, e)))
    faint = _find(root, lambda e: _is_silent(e) or _match(rules, e), spared=_ARTICLE_TAGS)
    if 2 * sum(len(_text(element)) for element in faint) < len(_text(root)):
        texts += _cut(faint)
    return texts


def _is_metadata(element: HtmlElement) -> bool:
    return bool(element.tag == "script" and element.get("type") == "application/ld+json")


def _is_for_screens(sheet: HtmlElement) -> bool:
    return "print" not in (sheet.get("media") or "")


def _has_unknown_background(root: HtmlElement, sheets: Sequence[str]) -> bool:
    linked = any("stylesheet" in (link.get("rel") or "").lower() for link in root.iter("link"))
    return linked or any("background" in sheet for sheet in sheets)


def _find(
    root: HtmlElement, hides: Callable[[HtmlElement], bool], spared: Sequence[str] = ()
) -> list[HtmlElement]:
    """Return the elements that are hidden by themselves, none inside another of them."""
    found: list[HtmlElement] = []
    inside: set[HtmlElement] = set()
    for element in root.iter():
        if element in inside or element.tag in _PAGE_TAGS or element.tag in spared:
            continue
        if element.getparent() is not None and hides(element):
            found.append(element)
            inside.update(element.iter())
    return found


def _cut(elements: Sequence[HtmlElement]) -> list[str]:
    texts = [_text(element) for element in elements]
    for element in elements:
        element.drop_tree()
    return [text for text in texts if any(map(str.isalnum, text))]


def _text(element: HtmlElement) -> str:
    """Return an element's words, without the JSON that may stand in it."""
    parts = element.xpath(".//text()[not(ancestor::script)]")
    return " ".join(" ".join(parts).split())


def _is_silent(element: HtmlElement) -> bool:
    return (element.get("aria-hidden") or "").strip().lower() == "true"


def _is_hidden(element: HtmlElement, background: Colour | None) -> bool:
    """Tell whether an element's own tag, attributes or style hide it."""
    if "hidden" in element.attrib and element.get("hidden") != "until-found":
        return True
    if element.tag in _UNSHOWN_TAGS or (element.tag == "dialog" and "open" not in element.attrib):
        return True
    style = _plain(element.get("style") or "")
    if _is_unseen(style):
        return True
    if _TRANSPARENT.search(style):
        return element.tag not in _ARTICLE_TAGS
    colour = _COLOUR.findall(style) or [element.get("color") or ""]
    return bool(colour[-1]) and _is_camouflaged(element, colour[-1], style, background)


def _is_unseen(style: str) -> bool:
    if _NO_ROOM.search(style) and _CUT_OFF.search(style):
        return True
    return _NOT_DRAWN.search(style) is not None


def _is_camouflaged(
    element: HtmlElement, colour: str, style: str, background: Colour | None
) -> bool:
    """Tell whether text is transparent, or of the colour that lies behind it.

    Args:
        element: what has the text.
        colour: the text's.
        style: the element's.
        background: the page's, None where a sheet may give it any.
    """
    if "background-clip:text" in style:
        return False
    if colour == "transparent":
        return True
    above: HtmlElement | None = element
    while above is not None:
        own = _BACKGROUND.findall(_plain(above.get("style") or ""))
        declared = own[-1] if own else above.get("bgcolor")
        if declared and declared not in ("none", "transparent", "inherit"):
            return _are_alike(_read_colour(colour), _read_colour(declared))
        above = above.getparent()
    return _are_alike(_read_colour(colour), background)


def _read_colour(text: str) -> Colour | None:
    from PIL.ImageColor import getrgb

    try:
        return getrgb(text)[:3]
    except ValueError:  # a variable, a picture, a form that Pillow doesn't know
        return None


def _are_alike(one: Colour | None, other: Colour | None) -> bool:
    if one is None or other is None:
        return False
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) <= _SAME


def _plain(style: str) -> str:
    return re.sub(r"\s+", "", _COMMENT.sub("", style)).lower()


def _match(rules: Iterable[_Rule], element: HtmlElement) -> bool:
    return isinstance(element.tag, str) and any(rule.matches(element) for rule in rules)


def _read_rules(sheet: str) -> Iterator[_Rule]:
    """Yield the rules of a sheet that hide; those for print, for hovering and so on don't count."""
    for selectors, declarations in _RULE.findall(_MEDIA.sub("", _COMMENT.sub("", sheet))):
        style = _plain(declarations)
        firm = _is_unseen(style) or _hides_by_colour(style)
        if not firm and not _TRANSPARENT.search(style):
            continue
        for selector in selectors.split(","):
            steps = [_COMPOUND.fullmatch(step) for step in selector.split()]
            if steps and all(steps):
                yield _Rule(tuple(_read_compound(step) for step in steps if step), firm)


def _hides_by_colour(style: str) -> bool:
    colours, backgrounds = _COLOUR.findall(style), _BACKGROUND.findall(style)
    if not colours or not backgrounds or "background-clip:text" in style:
        return False
    return _are_alike(_read_colour(colours[-1]), _read_colour(backgrounds[-1]))


def _read_compound(step: re.Match[str]) -> _Compound:
    names = re.findall(r"([.#])([\w-]+)", step[2])
    return _Compound(
        (step[1] or "").lower(),
        frozenset(name for kind, name in names if kind == "."),
        frozenset(name for kind, name in names if kind == "#"),
    )
