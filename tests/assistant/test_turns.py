"""Readers take turns, however much one of them asks for."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.translation.turns import Line, Reader, Turn


def serve(line: Line, turns: Sequence[tuple[str, Turn]], meanwhile: Callable[[], None]) -> str:
    """Have turns come to a line in this order while its place is taken; tell who had them."""
    served: list[str] = []

    def have(name: str, turn: Turn) -> None:
        with line.place(turn) as held:
            if held:
                served.append(name)

    with ThreadPoolExecutor(len(turns)) as pool, line.place(Turn()):
        for count, (name, turn) in enumerate(turns, start=1):
            pool.submit(have, name, turn)
            with line._changed:
                assert line._changed.wait_for(lambda n=count: len(line._waiting) == n, 10)
        meanwhile()
    return "".join(served)


@pytest.mark.parametrize(
    ("order", "served"),
    [("aaaabb", "ababaa"), ("aaabc", "abcaa"), ("abab", "abab")],
)
def test_readers_take_turns(order: str, served: str) -> None:
    readers = {name: Reader() for name in order}
    turns = [(name, Turn(readers[name])) for name in order]
    assert serve(Line(1), turns, lambda: None) == served


def test_a_reader_who_comes_later_owes_nothing_and_is_owed_nothing() -> None:
    line, old, new = Line(1), Reader(), Reader()
    for _ in range(5):
        with line.place(Turn(old)) as held:
            assert held
    turns = [("n", Turn(new)), ("o", Turn(old)), ("n", Turn(new)), ("n", Turn(new))]
    assert serve(line, turns, lambda: None) == "nonn"


def test_what_is_ahead_of_need_waits_behind_everything() -> None:
    one, other, line = Reader(), Reader(), Line(1)
    turns = [("A", Turn(one, ahead=True)), ("b", Turn(other)), ("b", Turn(other)), ("c", Turn(one))]
    assert serve(line, turns, lambda: None) == "bcbA"


def test_what_somebody_waits_for_at_last_is_ahead_no_more() -> None:
    one, other, line = Reader(), Reader(), Line(1)
    turns = [("A", Turn(one, ahead=True)), ("b", Turn(other)), ("b", Turn(other))]
    assert serve(line, turns, lambda: line.hurry(turns[0][1])) == "Abb"


def test_a_turn_withdrawn_is_not_had_and_holds_nobody_up() -> None:
    line = Line(1)
    turns = [("a", Turn()), ("b", Turn())]
    assert serve(line, turns, lambda: line.withdraw(turns[0][1])) == "b"
    with line.place(Turn()) as held:
        assert held


def test_no_more_hold_places_than_there_are() -> None:
    line, inside, most = Line(2), 0, 0
    lock = threading.Lock()

    def hold() -> None:
        nonlocal inside, most
        with line.place(Turn()):
            with lock:
                inside += 1
                most = max(most, inside)
            threading.Event().wait(0.002)
            with lock:
                inside -= 1

    with ThreadPoolExecutor(8) as pool:
        for _ in range(40):
            pool.submit(hold)
    assert most == 2


def test_what_is_ahead_of_need_stands_back_for_others() -> None:
    line, ahead = Line(1), Turn(ahead=True)
    other = threading.Thread(target=lambda: serve(line, [("b", Turn())], lambda: None))
    with line.place(ahead):
        assert not line.stands_back(ahead)
        other.start()
        with line._changed:
            assert line._changed.wait_for(lambda: bool(line._waiting), 10)
        assert line.stands_back(ahead)
        line.hurry(ahead)
        assert not line.stands_back(ahead)
    other.join(10)
