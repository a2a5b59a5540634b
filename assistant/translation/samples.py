"""Several translations of one sentence, some made before they are asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from types import TracebackType

from assistant.translation.translator import OnText, Translation

_SETTLED = 4  # pieces of the first translation: other sentences have found their engines by then

# Makes the translation of a seed; only if an engine has nothing else to do, where that is asked.
Sample = Callable[[int, bool, threading.Event], Translation | None]


class Samples:
    """Translations of a sentence by their seeds, 1 and up.

    What is made ahead runs on engines with nothing else to do, so that it delays nobody; it is
    stopped when the block ends. What a seed's translation is doesn't depend on any of this.

    Args:
        sample: makes one.
        count: how many there may be.
        pool: where those made ahead run.
    """

    def __init__(self, sample: Sample, count: int, pool: Executor) -> None:
        self._sample = sample
        self._count = count
        self._pool = pool
        self._ahead: dict[int, Future[Translation | None]] = {}
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

    def listen(self, on_text: OnText | None) -> OnText:
        """Return what is to be told the first translation's pieces; it begins the next one."""
        told = 0

        def receive(piece: str) -> None:
            nonlocal told
            told += 1
            if told == _SETTLED:
                self._begin(1)
            if on_text:
                on_text(piece)

        return receive

    def take(self, seed: int) -> Translation:
        """Return a seed's translation, the next one begun meanwhile."""
        self._begin(seed)
        self._begin(seed + 1)
        made = self._ahead[seed].result() or self._sample(seed, False, self._stopped)
        assert made is not None, "a sample that waits for an engine gets one"
        return made

    def _begin(self, seed: int) -> None:
        if seed <= self._count and seed not in self._ahead:
            self._ahead[seed] = self._pool.submit(self._sample, seed, True, self._stopped)
