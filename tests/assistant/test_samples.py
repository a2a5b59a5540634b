import threading
from concurrent.futures import ThreadPoolExecutor

from assistant.translation.samples import Samples
from assistant.translation.translator import Translation
from assistant.translation.turns import Line, Reader, Turn


class Engine:
    """Samples with one engine; none is made ahead where it has something else to do."""

    def __init__(self, idle: bool = True) -> None:
        self.line = Line(1)
        self.idle = idle
        self.made: list[tuple[int, bool]] = []
        self.stopped: threading.Event | None = None

    def sample(self, seed: int, turn: Turn, stopped: threading.Event) -> Translation | None:
        self.stopped = stopped
        with self.line.place(turn, lambda: self.idle or not turn.ahead) as held:
            if not held:
                return None
            self.made.append((seed, turn.ahead))
            return Translation(f"sample {seed}")


def test_the_next_is_begun_while_the_first_is_written() -> None:
    engine = Engine()
    with (
        ThreadPoolExecutor(2) as pool,
        Samples(engine.sample, 2, pool, engine.line, Reader()) as samples,
    ):
        samples.begin(1)
        assert samples.take(1) == Translation("sample 1")
        assert samples.take(2) == Translation("sample 2")
    assert [seed for seed, _ in engine.made] == [1, 2], "and none beyond the last"
    assert engine.stopped and engine.stopped.is_set()


def test_the_same_is_taken_where_no_engine_is_idle() -> None:
    engine = Engine(idle=False)
    with (
        ThreadPoolExecutor(1) as pool,
        Samples(engine.sample, 3, pool, engine.line, Reader()) as samples,
    ):
        assert [samples.take(seed).text for seed in (1, 2)] == ["sample 1", "sample 2"]
    assert engine.made == [(1, False), (2, False)]


def test_what_was_given_up_is_made_when_it_is_asked_for() -> None:
    line, made = Line(1), list[bool]()

    def sample(seed: int, turn: Turn, stopped: threading.Event) -> Translation | None:
        with line.place(turn):
            made.append(turn.ahead)
            return None if len(made) == 1 else Translation("made")

    with ThreadPoolExecutor(1) as pool, Samples(sample, 1, pool, line, Reader()) as samples:
        samples.begin(1)
        assert samples.take(1) == Translation("made")
    assert len(made) == 2 and not made[1]
