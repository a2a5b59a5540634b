"""The characters of a PDF page that nobody who looks at it sees."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterable, Iterator
from typing import Any

_INVISIBLE_MODES = (3, 7)  # drawn neither filled nor stroked
_SMALLEST = 1.0  # points
_PALE = 245  # of 255, in each channel


def find_hidden(page: Any, textpage: Any, raw: Any) -> set[int]:  # noqa: ANN401 - untyped
    """Return the numbers of the characters that are hidden.

    Hidden is what is drawn outside the page or smaller than a point, transparent text, white
    text with nothing dark or pictured under it, and text in the invisible mode. Only, that is
    also how a scanned page carries the text of its picture: where most of a page is in that
    mode, it is the page's text.

    Args:
        page: pypdfium2's page.
        textpage: its text page.
        raw: pypdfium2's module of bindings.
    """
    handle = textpage.raw
    total = textpage.count_chars()
    box = page.get_cropbox()
    hidden = {n for n in range(total) if _is_out_of_sight(handle, n, box, raw)}
    invisible = {n for n in range(total) if _mode(handle, n, raw) in _INVISIBLE_MODES}
    if 2 * len(invisible) <= total:
        hidden |= invisible
    pale = [n for n in range(total) if n not in hidden and _is_pale(handle, n, raw)]
    if pale:
        grounds = list(_dark_grounds(page, raw))
        hidden |= {n for n in pale if not _lies_on(_place(handle, n, raw), grounds)}
    return hidden


def read_hidden(textpage: Any, raw: Any, hidden: Iterable[int]) -> list[str]:  # noqa: ANN401
    """Return the hidden texts, in the file's order, each run of characters as one."""
    runs: list[str] = []
    before = -10
    for n in sorted(hidden):
        sign = chr(raw.FPDFText_GetUnicode(textpage.raw, n))
        if 0 <= n - before <= 3:
            runs[-1] += " " * (n - before > 1) + sign
        else:
            runs.append(sign)
        before = n
    texts = (" ".join(run.split()) for run in runs)
    return [text for text in texts if any(map(str.isalnum, text))]


def _is_out_of_sight(handle: Any, n: int, box: tuple[float, ...], raw: Any) -> bool:  # noqa: ANN401
    if raw.FPDFText_IsGenerated(handle, n) == 1:
        return False
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(handle, n, matrix)
    scale = math.hypot(matrix.c, matrix.d)
    if 0 < raw.FPDFText_GetFontSize(handle, n) * scale < _SMALLEST:
        return True
    x, y = _place(handle, n, raw)
    over = (box[2] - box[0]) / 2  # a long line may run over the page's edge
    return not (box[0] - over <= x <= box[2] + over and box[1] <= y <= box[3])


def _mode(handle: Any, n: int, raw: Any) -> int:  # noqa: ANN401
    drawn = raw.FPDFText_GetTextObject(handle, n)
    return int(raw.FPDFTextObj_GetTextRenderMode(drawn)) if drawn else -1


def _is_pale(handle: Any, n: int, raw: Any) -> bool:  # noqa: ANN401
    if not raw.FPDFText_GetTextObject(handle, n) or _mode(handle, n, raw) == 1:
        return False
    channels = [ctypes.c_uint() for _ in range(4)]
    if not raw.FPDFText_GetFillColor(handle, n, *channels):
        return False
    red, green, blue, alpha = (channel.value for channel in channels)
    return alpha == 0 or min(red, green, blue) >= _PALE


def _place(handle: Any, n: int, raw: Any) -> tuple[float, float]:  # noqa: ANN401
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(handle, n, x, y)
    return x.value, y.value


def _dark_grounds(page: Any, raw: Any) -> Iterator[tuple[float, ...]]:  # noqa: ANN401
    """Yield the places of pictures and of areas that aren't white."""
    for drawn in page.get_objects(max_depth=1):
        if drawn.type == raw.FPDF_PAGEOBJ_TEXT:
            continue
        channels = [ctypes.c_uint() for _ in range(4)]
        is_path = drawn.type == raw.FPDF_PAGEOBJ_PATH
        if is_path and raw.FPDFPageObj_GetFillColor(drawn.raw, *channels):
            if min(channel.value for channel in channels[:3]) >= _PALE:
                continue
        yield drawn.get_bounds()


def _lies_on(place: tuple[float, float], grounds: Iterable[tuple[float, ...]]) -> bool:
    x, y = place
    return any(left <= x <= right and low <= y <= high for left, low, right, high in grounds)
