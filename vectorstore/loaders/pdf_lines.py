"""The lines of a PDF page in reading order, right-to-left ones put together from geometry.

A PDF draws glyphs at places; in which order they are stored is up to the program that
wrote it, and pdfium's guess at Arabic turns single words round. So a line with
right-to-left letters is read anew: glyphs by their place on the line from right to left,
with runs of digits and Latin letters from left to right (the inverse of the Unicode
bidirectional algorithm, as far as news text needs it).
"""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Set
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

from vectorstore.arabic import normalize_for_search

_RTL = re.compile("[֐-׿؀-ۿ܀-ࣿיִ-﷿ﹰ-ﻼ]")
_RTL_LETTER = re.compile("[א-תء-يٮ-ۓۺ-ۿࢠ-ࣉיִ-ﷻﹰ-ﻼ]")
# What keeps its order in a right-to-left line. After an Arabic letter a number takes up only
# the separators inside it, so that "3,5%" is drawn as "%3,5"; after a Hebrew one signs too.
_LATIN_RUN = r"[A-Za-zÀ-ɏ@](?:[^֐-ࣿיִ-﷿ﹰ-ﻼ]*[A-Za-zÀ-ɏ\d])?"
_NUMBER = r"[\d٠-٩۰-۹]+(?:[.,:/٫٬][\d٠-٩۰-۹]+)*"
_LTR_RUN = re.compile(f"{_LATIN_RUN}|{_NUMBER}")
_LTR_RUN_HEBREW = re.compile(f"{_LATIN_RUN}|[%$€£₪+-]?{_NUMBER}(?:[-/]{_NUMBER})*[%$€£₪°]?")
_BRACKETS = {"(": ")", "[": "]", "{": "}", "«": "»", "‹": "›"}
_OPENERS = {closer: opener for opener, closer in _BRACKETS.items()}
_COMMON = frozenset(
    normalize_for_search(
        "في من على إلى الى أن ان التي الذي هذا هذه عن مع ما لا كان بعد قال بين لم قد كما خلال "
        "أو كل ذلك حيث عام يوم هو هي و است را این که از به با در های می برای آن של את על לא הוא כי"
    ).split()
)
# pdfium puts blanks where runs of glyphs are stored apart; right to left we measure ourselves.
_GUESSED_SPACE = "\x1f"
_GAP = 0.22
_WIDE_GAP = 2.5


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character of a page and its place, in points from the page's lower left.

    `origin` is where the pen stood, `base` the height of its base line.
    """

    text: str
    left: float
    right: float
    origin: float
    base: float
    size: float

    @property
    def center(self) -> float:
        """The middle of the glyph's advance: what glyphs are ordered by."""
        return (self.left + self.right) / 2


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page; `left`, `right` and `base` in points, `size` the glyphs' height."""

    text: str
    left: float
    right: float
    base: float
    size: float


def read_lines(
    textpage: Any,  # noqa: ANN401 - pypdfium2 is untyped
    raw: Any,  # noqa: ANN401
    hidden: Set[int] = frozenset(),
) -> list[Line]:
    """Return a page's lines.

    Args:
        textpage: pypdfium2's.
        raw: its module of bindings.
        hidden: the numbers of the characters to leave out.
    """
    lines: list[Line] = []
    drawn: list[str] = []
    for segment in _merge_segments(_read_segments(textpage, raw, hidden)):
        cells = _read_cells(segment) if _has_rtl(segment) else [glyph.text for glyph in segment]
        text = _tidy(_to_reading_order(cells) if _has_rtl(segment) else "".join(cells))
        if text:
            lines.append(_make_line(segment, text))
            drawn.append(_mend_brackets(_tidy("".join(cells))))
    return _choose_order(lines, drawn)


def _tidy(text: str) -> str:
    """Collapse blanks, and join a word where pdfium joined its halves over a line's end."""
    text = re.sub("\u00ad\\s*(?=[^\\W\\d_])", "", text)
    return re.sub(r"\s+", " ", text).strip()


def _make_line(glyphs: list[Glyph], text: str) -> Line:
    seen = [glyph for glyph in glyphs if not glyph.text.isspace()]
    return Line(
        text,
        min(glyph.left for glyph in seen),
        max(glyph.right for glyph in seen),
        median(glyph.base for glyph in seen),
        median(glyph.size for glyph in seen),
    )


def _read_segments(textpage: Any, raw: Any, hidden: Set[int]) -> list[list[Glyph]]:  # noqa: ANN401
    """Return the glyphs as pdfium groups them into lines."""
    segments: list[list[Glyph]] = [[]]
    handle = textpage.raw
    x, y = ctypes.c_double(), ctypes.c_double()
    box, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    high = 0
    for index in range(textpage.count_chars()):
        if index in hidden:
            continue
        code = raw.FPDFText_GetUnicode(handle, index)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD
            high = 0
        if code in (10, 13):
            segments.append([])
            continue
        if code == 0xFFFE or code == 2:
            code = 0xAD  # pdfium's marks of a hyphen at a line's end
        if code == 32 and raw.FPDFText_IsGenerated(handle, index):
            code = ord(_GUESSED_SPACE)
        raw.FPDFText_GetCharOrigin(handle, index, x, y)
        raw.FPDFText_GetLooseCharBox(handle, index, box)
        raw.FPDFText_GetMatrix(handle, index, matrix)
        size = raw.FPDFText_GetFontSize(handle, index) * math.hypot(matrix.c, matrix.d)
        left, right = sorted((box.left, box.right))
        segments[-1].append(Glyph(chr(code), left, right, x.value, y.value, size or 1.0))
    return [s for s in segments if any(not glyph.text.isspace() for glyph in s)]


def _merge_segments(segments: list[list[Glyph]]) -> list[list[Glyph]]:
    """Join neighbouring segments that lie on one line of one column."""
    merged: list[list[Glyph]] = []
    for segment in segments:
        if merged and _has_rtl(merged[-1] + segment) and _touch(merged[-1], segment):
            merged[-1] = merged[-1] + segment
        else:
            merged.append(segment)
    return merged


def _has_rtl(glyphs: list[Glyph]) -> bool:
    return any(_RTL.match(glyph.text) for glyph in glyphs)


def _touch(first: list[Glyph], second: list[Glyph]) -> bool:
    one, two = _make_line(first, ""), _make_line(second, "")
    size = min(one.size, two.size)
    if abs(one.base - two.base) > 0.4 * size:
        return False
    return max(one.left, two.left) - min(one.right, two.right) < _WIDE_GAP * size


def _read_cells(glyphs: list[Glyph]) -> list[str]:
    """Return a line's letters with their marks, and its blanks, from left to right."""
    letters = [glyph for glyph in glyphs if not glyph.text.isspace()]
    marks = [glyph for glyph in letters if unicodedata.category(glyph.text) == "Mn"]
    bases = [glyph for glyph in letters if unicodedata.category(glyph.text) != "Mn"]
    ordered = _order_visually(_widen(bases, marks))
    clusters = [_expand_shape(glyph.text) for glyph in ordered]
    for mark in marks if ordered else []:
        at = min(range(len(ordered)), key=lambda n: _distance(mark, ordered[n]))
        clusters[at] += mark.text
    spaces = [glyph for glyph in glyphs if glyph.text.isspace() and glyph.text != _GUESSED_SPACE]
    apart = _find_gaps(ordered, spaces)
    cells = []
    for n, cluster in enumerate(clusters):
        cells.extend([" ", cluster] if n in apart else [cluster])
    return cells


def _widen(bases: list[Glyph], marks: list[Glyph]) -> list[Glyph]:
    """Give a letter drawn in one glyph with its marks the whole glyph: pdfium shares it out."""
    widened = []
    for base in bases:
        own = [mark for mark in marks if abs(mark.origin - base.origin) < 0.01 * base.size]
        left = min([base.left, *(mark.left for mark in own)])
        right = max([base.right, *(mark.right for mark in own)])
        widened.append(replace(base, left=left, right=right))
    return widened


def _distance(mark: Glyph, base: Glyph) -> float:
    same_glyph = abs(mark.origin - base.origin) < 0.01 * base.size
    return -1.0 if same_glyph else abs(mark.center - base.center)


def _expand_shape(text: str) -> str:
    """Fold a presentation form; cells are reversed whole, so a ligature stays in order."""
    if "ﭐ" <= text <= "ﻼ":
        return unicodedata.normalize("NFKC", text).strip()
    return text


def _order_visually(glyphs: list[Glyph]) -> list[Glyph]:
    """Sort from left to right; the alef of a lam-alef glyph lies left of its lam."""
    ordered = sorted(glyphs, key=lambda glyph: glyph.center)
    for n in range(len(ordered) - 1):
        one, two = ordered[n], ordered[n + 1]
        same = abs(one.center - two.center) < 0.02 * one.size
        if same and one.text == "ل" and two.text in "اأإآ":
            ordered[n], ordered[n + 1] = two, one
    return ordered


def _find_gaps(ordered: list[Glyph], spaces: list[Glyph]) -> set[int]:
    """Return the numbers of the glyphs that have a blank at their left.

    A space that one glyph draws together with a letter (as Chromium writes some) has that
    letter's place: it belongs to the wider gap at the letter's sides.
    """
    gaps = [0.0] + [two.left - one.right for one, two in zip(ordered, ordered[1:], strict=False)]
    apart = {n for n in range(1, len(ordered)) if gaps[n] > _GAP * ordered[n].size}
    centers = [glyph.center for glyph in ordered]
    for space in spaces:
        at = bisect_left(centers, space.center)
        near = [n for n in range(at - 2, at + 2) if 0 <= n < len(ordered)]
        shared = [n for n in near if _share_place(space, ordered[n])]
        if shared:
            sides = [n for n in (shared[0], shared[0] + 1) if 0 < n < len(ordered)]
            at = max(sides, key=lambda n: gaps[n], default=0)
        if 0 < at < len(ordered):
            apart.add(at)
    return apart


def _share_place(space: Glyph, glyph: Glyph) -> bool:
    return abs(space.origin - glyph.origin) < 0.01 * glyph.size


def _to_reading_order(cells: list[str]) -> str:
    """Turn cells ordered from left to right into logical order."""
    rtl = sum(1 for cell in cells if _RTL_LETTER.match(cell))
    ltr = sum(1 for cell in cells if re.match("[A-Za-zÀ-ɏ]", cell))
    if ltr > rtl:
        return _reverse_runs(cells, _RTL_RUN_CODES)
    text = "".join(_code(cell) for cell in cells)
    pieces: list[str] = []
    position = 0
    hebrew = any("א" <= cell <= "ת" for cell in cells)
    for match in (_LTR_RUN_HEBREW if hebrew else _LTR_RUN).finditer(text):
        pieces.append("".join(reversed(cells[position : match.start()])))
        pieces.append("".join(cells[match.start() : match.end()]))
        position = match.end()
    pieces.append("".join(reversed(cells[position:])))
    return _mend_brackets("".join(reversed(pieces)))


_RTL_RUN_CODES = re.compile("א(?:[^A-Za-zÀ-ɏ\\d]*א)?")


def _code(cell: str) -> str:
    """Return one character that stands for a cell's direction."""
    return "א" if _RTL_LETTER.match(cell) else cell[0]


def _reverse_runs(cells: list[str], runs: re.Pattern[str]) -> str:
    text = "".join(_code(cell) for cell in cells)
    pieces: list[str] = []
    position = 0
    for match in runs.finditer(text):
        pieces.extend(cells[position : match.start()])
        pieces.extend(reversed(cells[match.start() : match.end()]))
        position = match.end()
    return "".join(pieces + cells[position:])


def _mend_brackets(line: str) -> str:
    """Make the first bracket of each pair the opening one, whichever way it was drawn."""
    out: list[str] = []
    opened: list[str] = []
    for sign in line:
        opener = _OPENERS.get(sign, sign)
        if opener not in _BRACKETS:
            out.append(sign)
        elif opener in opened:
            opened.remove(opener)
            out.append(_BRACKETS[opener])
        else:
            opened.append(opener)
            out.append(opener)
    return "".join(out)


def _choose_order(lines: list[Line], drawn: list[str]) -> list[Line]:
    """Take the lines from left to right where they read as words only that way.

    A program that knows nothing of right-to-left text draws its letters in logical order
    from the left: what it shows is backwards, and reading it from the right is wrong.
    """
    here = sum(_rate(line.text) for line in lines)
    there = sum(_rate(text) for text in drawn)
    if there <= here:
        return lines
    return [
        replace(line, text=text) if _rate(text) >= _rate(line.text) else line
        for line, text in zip(lines, drawn, strict=True)
    ]


def _rate(text: str) -> int:
    """Rate how much a line reads like Arabic, Persian or Hebrew in its right order."""
    if not _RTL.search(text):
        return 0
    words = re.findall("[א-תء-ي]+", normalize_for_search(text))
    known = sum(2 for word in words if word in _COMMON)
    article = sum(1 for word in words if len(word) > 3 and word.startswith(("ال", "وال", "بال")))
    wrong = sum(1 for word in words if len(word) > 3 and word.endswith("لا"))
    feminine = sum(1 for word in re.findall("[ء-ي]+", text) if len(word) > 2 and word[0] in "ةى")
    return known + article - wrong - 2 * feminine
