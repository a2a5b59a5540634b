"""From what a loader found to the text that is kept: Unicode made plain, furniture cut."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from vectorstore.dates import parse_dateline
from vectorstore.furniture import classify_furniture, read_byline

_NON_ASCII = re.compile(r"[^\x00-\x7f]")
_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACE = re.compile("[\t \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
# Controls, zero-width and bidi marks, soft hyphen, fillers, variation selectors, invisible
# operators, interlinear marks, tag characters, lone surrogates, noncharacters.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_TAGS = re.compile("[\U000e0020-\U000e007e]{8,}")
# Joiners matter between two letters (Persian, Indic, emoji); elsewhere they hide.
_LOOSE_JOINER = re.compile("(?<![^\\s\u200c\u200d])[\u200c\u200d]+|[\u200c\u200d]+(?!\\S)")
_JOINERS = re.compile("([\u200c\u200d])[\u200c\u200d]+")
_PRESENTATION = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]+")
_AROUND_LINE_END = re.compile(" *\n *")
_BLANK_LINES = re.compile("\n{3,}")

_BODY_LETTERS = 100
_SENTENCE_LETTERS = 40
_TITLE_LETTERS = 220
_FULL_STOP = tuple(".。।؟?!…։።۔")
_CLOSING = " \"'”’»›)]」』*"


@dataclass(frozen=True, slots=True)
class Stripped:
    """An article's text without its page's furniture, and what the furniture told.

    `title`, when there is one, is also the first line of `text`. `cut` are the lines that
    went, whole and in order.
    """

    text: str
    title: str | None
    outlet: str | None
    date: str | None
    cut: tuple[str, ...]


def normalize_text(text: str) -> str:
    """Return the text composed (NFC) and free of controls and invisible characters.

    For display and citation, so nothing a reader sees is changed but exotic spaces, runs
    of blanks and of empty lines, and Arabic presentation forms, which become the letters
    they are shapes of. Tatweel, diacritics and the joiners inside words stay. Applying it
    twice changes nothing.
    """
    text = _LINE_END.sub("\n", text)
    text = _INVISIBLE.sub("", text)
    text = _SPACE.sub(" ", text)
    if _NON_ASCII.search(text):
        text = _PRESENTATION.sub(_unshape, text)
        text = _JOINERS.sub(r"\1", _LOOSE_JOINER.sub("", text))
        text = unicodedata.normalize("NFC", text)
    text = _AROUND_LINE_END.sub("\n", _SPACE.sub(" ", text))
    return _BLANK_LINES.sub("\n\n", text).strip()


def read_tag_characters(text: str) -> list[str]:
    """Return what a text says in Unicode's tag characters, which nothing shows.

    They mirror ASCII, and models read them. A flag's few are no message.
    """
    return [
        "".join(chr(ord(sign) - 0xE0000) for sign in run).strip() for run in _TAGS.findall(text)
    ]


def _unshape(match: re.Match[str]) -> str:
    """Fold presentation forms; an isolated vowel sign's form decomposes with a blank: drop it."""
    letters = []
    for shape in match.group():
        plain = unicodedata.normalize("NFKC", shape)
        letters.append(plain.lstrip() if len(plain) > 1 else plain)
    return "".join(letters)


def strip_furniture(text: str) -> Stripped:
    """Cut the lines a page puts around its article, and read title, outlet and date there.

    Only whole lines that the table in `furniture` knows are cut, before the first and after
    the last paragraph of the body (a few, such as share buttons, between paragraphs too),
    and in the head a byline and a line that is nothing but a date. A dateline is read too, and
    stays. A text without any comes back as it was. `text` is expected to be normalised.
    """
    lines = text.split("\n")
    kinds = [classify_furniture(line) if line.strip() else None for line in lines]
    top = next((n for n, line in enumerate(lines) if line.strip()), 0)
    if kinds[top] == "link":
        kinds[top] = None
    body = [n for n, line in enumerate(lines) if kinds[n] is None and _is_body(line)]
    if len(body) > 1 and body[0] == top and _is_long_headline(lines, top):
        del body[0]
    first, last = (body[0], body[-1]) if body else (len(lines), -1)
    cut = {n for n, kind in enumerate(kinds) if kind is not None and _may_cut(kind, n, first, last)}
    if body:
        cut |= _cut_after_heading(lines, kinds, last)
    title_at = _find_title_line(lines, cut, first)
    outlet, date = None, None
    for n in range(0 if title_at is None else title_at + 1, min(first, len(lines)) if body else 0):
        byline = read_byline(lines[n])
        if n in cut or byline is None:
            continue
        outlet, date = outlet or byline.outlet, date or byline.date
        cut.add(n)
    if date is None and body:
        date = parse_dateline(lines[first])
    return Stripped(
        text=_without(lines, cut) if cut else text,
        title=lines[title_at].strip() if title_at is not None else None,
        outlet=outlet,
        date=date,
        cut=tuple(lines[n] for n in sorted(cut)),
    )


def find_title(text: str) -> str | None:
    """Return the first line if it reads as a headline above a text, not as its first sentence."""
    lines = text.split("\n")
    at = _find_title_line(lines, set(), len(lines))
    return lines[at].strip() if at is not None else None


def _is_body(line: str) -> bool:
    """Tell whether a line is a paragraph: long, or a sentence with its stop."""
    if len(line) >= _BODY_LETTERS:
        return True
    return len(line) >= _SENTENCE_LETTERS and line.rstrip(_CLOSING).endswith(_FULL_STOP)


def _is_long_headline(lines: list[str], top: int) -> bool:
    """Tell whether a line as long as a paragraph is a headline: a byline or a date comes next."""
    line = lines[top].strip()
    below = next((other for other in lines[top + 1 :] if other.strip()), "")
    if len(line) > _TITLE_LETTERS or line.rstrip(_CLOSING).endswith(_FULL_STOP):
        return False
    return read_byline(below) is not None


def _may_cut(kind: str, n: int, first: int, last: int) -> bool:
    return kind in ("notice", "anywhere", "link") or n < first or n > last


def _cut_after_heading(lines: list[str], kinds: list[str | None], last: int) -> set[int]:
    """Return the short lines under a heading such as "Related articles" at the page's end."""
    cut: set[int] = set()
    under = False
    for n in range(last + 1, len(lines)):
        under = under or kinds[n] == "heading"
        if under and lines[n].strip() and not lines[n].rstrip(_CLOSING).endswith((".", "。", "۔")):
            cut.add(n)
    return cut


def _find_title_line(lines: list[str], cut: set[int], first_body: int) -> int | None:
    """Return the number of the first line that stays, if it is a headline with text under it."""
    left = [n for n, line in enumerate(lines) if line.strip() and n not in cut]
    if len(left) < 2:
        return None
    line = lines[left[0]].strip()
    if len(line) > _TITLE_LETTERS or not any(map(str.isalpha, line)):
        return None
    ends = line.rstrip(_CLOSING).endswith((".", "。", "।", "۔", ":", "،", ","))
    longer = len(lines[left[1]]) > len(line) or left[0] < first_body
    return left[0] if longer and not ends else None


def _without(lines: list[str], cut: set[int]) -> str:
    """Join what stays; a cut line takes the blank lines under it along."""
    kept: list[str] = []
    for n, line in enumerate(lines):
        if n in cut:
            continue
        above_cut = n > 0 and not line.strip() and (not kept or not kept[-1].strip())
        if above_cut and _follows_cut(lines, cut, n):
            continue
        kept.append(line)
    while kept and not kept[-1].strip() and max(cut) >= len(kept):
        kept.pop()
    return "\n".join(kept)


def _follows_cut(lines: list[str], cut: set[int], n: int) -> bool:
    """Tell whether only blank lines lie between line `n` and a cut line above it."""
    while n > 0 and not lines[n].strip() and n not in cut:
        n -= 1
    return n in cut
