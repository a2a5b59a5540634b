"""Several translations of one sentence, some made before they are asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from types import TracebackType

from assistant.translation.translator import Translation
from assistant.translation.turns import Line, Reader, Turn

# Makes the translation of a seed in a turn; None where the turn was withdrawn or it was given up.
Sample = Callable[[int, Turn, threading.Event], Translation | None]


class Samples:
    """Translations of a sentence by their seeds, 1 and up.

    What is made ahead runs where nothing else is to be done, and is given up when something is,
    so that it delays nobody; it is stopped when the block ends. What a seed's translation is
    doesn't depend on any of this.

    Args:
        sample: makes one.
        count: how many there may be.
        pool: where those made ahead run.
        line: where turns wait.
        reader: who they are for.
    """

    def __init__(
        self, sample: Sample, count: int, pool: Executor, line: Line, reader: Reader
    ) -> None:
        self._sample = sample
        self._count = count
        self._pool = pool
        self._line = line
        self._reader = reader
        self._begun: dict[int, tuple[Turn, Future[Translation | None]]] = {}
        self._stopped = threading.Event()

    def __enter__(self) -> Samples:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopped.set()
        for turn, future in self._begun.values():
            future.cancel()
            self._line.withdraw(turn)

    def begin(self, seed: int) -> None:
        """Have a seed's translation made ahead, as soon as nothing else is to be done."""
        if seed <= self._count and seed not in self._begun:
            turn = Turn(self._reader, ahead=True)
            future = self._pool.submit(self._sample, seed, turn, self._stopped)
            self._begun[seed] = turn, future

    def take(self, seed: int) -> Translation:
        """Return a seed's translation, the next one begun meanwhile."""
        self.begin(seed)
        self.begin(seed + 1)
        turn, future = self._begun[seed]
        self._line.hurry(turn)
        # Where every thread of the pool waits, it isn't begun; where others came, it was given up.
        made = None if future.cancel() else future.result()
        made = made or self._sample(seed, Turn(self._reader), self._stopped)
        assert made is not None, "only the end of the block stops it now"
        return made
