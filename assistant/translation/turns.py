"""Whose turn it is, where several readers wait for a few places.

Readers who wait at the same time get a place each in turn, however much one of them asks for:
start-time fair queueing, by Goyal, Vin and Cheng (SIGCOMM 1996), every turn counted alike. What
is done ahead of need waits behind everything else.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(eq=False, slots=True)
class Reader:
    """One whose turns are counted together: an answer in the making.

    `next` is the time of its next turn, in turns of the one who has had the most.
    """

    next: int = 0


@dataclass(eq=False, slots=True)
class Turn:
    """One place wanted, once; `ahead` where nobody waits for what is done in it."""

    reader: Reader = field(default_factory=Reader)
    ahead: bool = False
    time: int = 0


class Line:
    """Those who wait for places.

    Args:
        places: how many there are.
    """

    def __init__(self, places: int) -> None:
        self._free = places
        self._now = 0
        self._waiting: list[Turn] = []
        self._changed = threading.Condition()

    @contextmanager
    def place(self, turn: Turn, ready: Callable[[], bool] | None = None) -> Iterator[bool]:
        """Wait for a place and hold it; False where the turn was withdrawn before.

        Args:
            turn: whose it is.
            ready: tells whether the place can be used; asked when a place gets free.
        """
        with self._changed:
            self._set_time(turn)
            self._waiting.append(turn)
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._is_next(turn, ready))
            held = turn in self._waiting
            if held:
                self._waiting.remove(turn)
                self._free -= 1
                self._now = max(self._now, turn.time)
                self._changed.notify_all()
        try:
            yield held
        finally:
            if held:
                with self._changed:
                    self._free += 1
                    self._changed.notify_all()

    def stands_back(self, turn: Turn) -> bool:
        """Tell whether a turn is ahead of need while somebody waits."""
        return turn.ahead and any(not waiting.ahead for waiting in tuple(self._waiting))

    def hurry(self, turn: Turn) -> None:
        """Have a turn that was ahead of need wait as one that somebody waits for."""
        with self._changed:
            if turn.ahead:
                turn.ahead = False
                self._set_time(turn)
                self._changed.notify_all()

    def withdraw(self, turn: Turn) -> None:
        """Take a turn that waits out of the line."""
        with self._changed:
            if turn in self._waiting:
                self._waiting.remove(turn)
                self._changed.notify_all()

    def _set_time(self, turn: Turn) -> None:
        if not turn.ahead:
            turn.time = max(self._now, turn.reader.next)
            turn.reader.next = turn.time + 1

    def _is_next(self, turn: Turn, ready: Callable[[], bool] | None) -> bool:
        if turn not in self._waiting:
            return True
        first = min(self._waiting, key=lambda t: (t.ahead, t.time))
        return self._free > 0 and turn is first and (ready is None or ready())
