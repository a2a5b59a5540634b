"""Engines of the bundled translator: llama.cpp servers, each in a process of its own.

A model takes half a second to load, all of it with Python's lock held: in a process of its own it
loads while this one imports libraries and searches, and the next while the first one writes.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import subprocess
import sys
import threading
import urllib.request
import weakref
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

from assistant.errors import ModelError
from assistant.translation.base_model import REPAIR
from assistant.translation.turns import Line, Reader, Turn

_SERVER = Path(__file__).with_name("server.py")
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # it is on loopback


class Engine:
    """One server; its process starts at once, and is waited for at its first use.

    Args:
        model: the base model's file.
        adapter: the adapter's.
    """

    def __init__(self, model: Path, adapter: Path) -> None:
        self._key = secrets.token_hex(16)
        self._model = model
        self._address: str | None = None
        self._telling = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-P", str(_SERVER)],
            bufsize=0,  # a thread that waits at the program's end must hold no buffer's lock
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        weakref.finalize(self, self._process.kill)
        wanted = {"model": str(model), "adapter": str(adapter), "key": self._key}
        with contextlib.suppress(BrokenPipeError):  # it has ended: `wait` tells
            assert self._process.stdin
            self._process.stdin.write(json.dumps(wanted).encode() + b"\n")
            self._process.stdin.flush()

    @property
    def alive(self) -> bool:
        """Whether its process runs."""
        return self._process.poll() is None

    def wait(self) -> str:
        """Return its address, when it has loaded its model.

        Raises:
            ModelError: it couldn't.
        """
        with self._telling:
            if self._address is None:
                assert self._process.stdout
                line = self._process.stdout.readline()
                told = json.loads(line) if line else {"error": "its process ended"}
                if "error" in told:
                    self._process.kill()
                    raise ModelError(
                        f"{str(self._model)!r} can't be loaded ({told['error']}); {REPAIR}"
                    )
                self._address = str(told["address"])
        return self._address

    def complete(self, request: dict[str, Any], receive: Callable[[dict[str, Any]], None]) -> None:
        """Pass on the chunks of a completion as they come.

        Raises:
            ModelError: the server refused, failed or ended.
        """
        with self._post("/v1/completions", request) as reply:
            for line in reply:
                kind, _, told = line.decode().strip().partition(": ")
                if kind == "error":
                    raise ModelError(_message(told))
                if told == "[DONE]":
                    return
                if kind == "data":
                    receive(json.loads(told))
            raise ModelError("it ended in the middle of a sentence")

    def tokenize(self, text: str) -> list[int]:
        """Return the ids of a text's tokens.

        Raises:
            ModelError: the server failed or ended.
        """
        with self._post("/tokenize", {"content": text, "add_special": False}) as reply:
            tokens: list[int] = json.load(reply)["tokens"]
        return tokens

    @contextmanager
    def _post(self, path: str, body: dict[str, Any]) -> Iterator[HTTPResponse]:
        address = self.wait()
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._key}"}
        request = urllib.request.Request(address + path, json.dumps(body).encode(), headers)
        try:
            with _DIRECT.open(request) as reply:
                yield reply
        except HTTPError as error:
            raise ModelError(_message(error.read().decode())) from error
        except (OSError, HTTPException) as error:
            raise ModelError(f"its process can't be reached ({error})") from error


class Engines:
    """Engines to lend, each to one user at a time.

    Args:
        start: starts one.
        most: how many there may be.
    """

    def __init__(self, start: Callable[[], Engine], most: int) -> None:
        self._start = start
        self._most = most
        self._lock = threading.Lock()
        self._idle: deque[Engine] = deque()
        self.line = Line(most)
        self.started = 0

    def add(self) -> Engine | None:
        """Start another one where there may be more, and return it; it isn't waited for.

        Raises:
            ModelError: the model's files are missing or damaged.
        """
        with self._lock:
            if self.started == self._most:
                return None
            engine = self._begin()
            self._idle.append(engine)
            return engine

    @contextmanager
    def lend(self, reader: Reader | None = None) -> Iterator[Engine]:
        """Lend an idle engine, a new one where there may be more, when it is a reader's turn.

        Raises:
            ModelError: the model's files are missing or damaged.
        """
        with self.line.place(Turn(reader or Reader())):
            with self._lock:
                engine = self._idle.popleft() if self._idle else self._begin()
            with self._returning(engine):
                yield engine

    @contextmanager
    def lend_ahead(self, turn: Turn) -> Iterator[Engine | None]:
        """Lend as `lend` does, but none is started for a turn that is ahead of need.

        None where the turn was withdrawn while it waited.
        """
        with self.line.place(turn, lambda: bool(self._idle) or not turn.ahead) as held:
            if not held:
                yield None
                return
            with self._lock:
                engine = self._idle.popleft() if self._idle else self._begin()
            with self._returning(engine):
                yield engine

    def _begin(self) -> Engine:
        engine = self._start()
        self.started += 1
        return engine

    @contextmanager
    def _returning(self, engine: Engine) -> Iterator[None]:
        """Take an engine back after its use; one that has ended is forgotten."""
        try:
            yield
        finally:
            with self._lock:
                if engine.alive:
                    self._idle.append(engine)
                else:
                    self.started -= 1


def _message(body: str) -> str:
    try:
        error = json.loads(body)
    except ValueError:
        return body
    error = error.get("error", error)
    return str(error.get("message", error)) if isinstance(error, dict) else str(error)
