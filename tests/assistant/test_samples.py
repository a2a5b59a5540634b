import threading
from concurrent.futures import ThreadPoolExecutor

from assistant.translation.samples import Samples
from assistant.translation.translator import Translation


class Engine:
    """Samples with one engine, which may have something else to do."""

    def __init__(self, idle: bool) -> None:
        self.idle = idle
        self.made: list[tuple[int, bool]] = []
        self.stopped: threading.Event | None = None

    def sample(self, seed: int, idle: bool, stopped: threading.Event) -> Translation | None:
        self.stopped = stopped
        if idle and not self.idle:
            return None
        self.made.append((seed, idle))
        return Translation(f"sample {seed}")


def test_the_next_is_begun_while_the_first_is_written() -> None:
    engine, shown = Engine(idle=True), list[str]()
    with ThreadPoolExecutor(1) as pool, Samples(engine.sample, 2, pool) as samples:
        tell = samples.listen(shown.append)
        for piece in "abc":
            tell(piece)
        assert engine.stopped is None, "other sentences find their engines first"
        tell("d")
        assert samples.take(1) == Translation("sample 1")
        assert samples.take(2) == Translation("sample 2")
    assert shown == ["a", "b", "c", "d"]
    assert engine.made == [(1, True), (2, True)], "and none beyond the last"
    assert engine.stopped and engine.stopped.is_set()


def test_the_same_is_taken_where_no_engine_is_idle() -> None:
    engine = Engine(idle=False)
    with ThreadPoolExecutor(1) as pool, Samples(engine.sample, 3, pool) as samples:
        assert [samples.take(seed).text for seed in (1, 2)] == ["sample 1", "sample 2"]
    assert engine.made == [(1, False), (2, False)]
