"""A chat model's server that misbehaves as it is told to: real HTTP, on a loopback port.

It speaks the streaming form of `/v1/chat/completions`. A script says what it does with each
request in turn; the last act is repeated.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

QUESTION = "What did Libya's foreign minister ask Morocco for?"
TRUE = "Libya's foreign minister Najla Mangoush asked Morocco in Rabat on 11 June for help"

Act = Callable[["Exchange"], None]


@dataclass
class Exchange:
    """One request being answered: its prompt, and the ways to send something back."""

    prompt: str
    handler: BaseHTTPRequestHandler
    released: threading.Event

    def begin(self, content_type: str = "text/event-stream") -> None:
        self.handler.send_response(200)
        self.handler.send_header("Content-Type", content_type)
        self.handler.send_header("Transfer-Encoding", "chunked")
        self.handler.end_headers()

    def send(self, data: bytes) -> None:
        self.handler.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.handler.wfile.flush()

    def send_event(self, delta: dict[str, str], finish: str | None = None) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        event = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "x"}
        self.send(f"data: {json.dumps(event | {'choices': [choice]})}\n\n".encode())

    def send_text(self, text: str, piece: int = 7) -> None:
        for i in range(0, len(text), piece):
            self.send_event({"content": text[i : i + piece]})

    def end(self, finish: str = "stop") -> None:
        self.send_event({}, finish)
        self.send(b"data: [DONE]\n\n")
        self.handler.wfile.write(b"0\r\n\r\n")


def say(text: str, finish: str = "stop") -> Act:
    """Write a reply as a well-behaved server would."""

    def act(exchange: Exchange) -> None:
        exchange.begin()
        exchange.send_text(text)
        exchange.end(finish)

    return act


def fail(status: int, reason: str = "broken", **headers: str) -> Act:
    """Answer with an error."""

    def act(exchange: Exchange) -> None:
        body = json.dumps({"error": {"message": reason, "type": "t", "code": None}}).encode()
        exchange.handler.send_response(status)
        for name, value in headers.items():
            exchange.handler.send_header(name.replace("_", "-"), value)
        exchange.handler.send_header("Content-Type", "application/json")
        exchange.handler.send_header("Content-Length", str(len(body)))
        exchange.handler.end_headers()
        exchange.handler.wfile.write(body)

    return act


def cut_in_chunk(text: str) -> Act:
    """Write a part, promise a chunk, and close the connection in the middle of it."""

    def act(exchange: Exchange) -> None:
        exchange.begin()
        exchange.send_text(text)
        exchange.handler.wfile.write(b'40\r\ndata: {"id": "1", "cho')
        exchange.handler.close_connection = True

    return act


def end_without_mark(text: str) -> Act:
    """Write a part, and end the stream as if that were all: no reason, no [DONE]."""

    def act(exchange: Exchange) -> None:
        exchange.begin()
        exchange.send_text(text)
        exchange.handler.wfile.write(b"0\r\n\r\n")

    return act


def stall(text: str | None = None) -> Act:
    """Write a part, or not even a status line, and then nothing more."""

    def act(exchange: Exchange) -> None:
        if text is not None:
            exchange.begin()
            exchange.send_text(text)
        exchange.released.wait(60)
        exchange.handler.close_connection = True

    return act


def go_on(text: str) -> Act:
    """Write the same text for ever."""

    def act(exchange: Exchange) -> None:
        exchange.begin()
        while not exchange.released.is_set():
            exchange.send_text(text, piece=200)

    return act


def send_raw(data: bytes, content_type: str = "text/event-stream") -> Act:
    """Write these bytes as the stream."""

    def act(exchange: Exchange) -> None:
        exchange.begin(content_type)
        exchange.send(data)
        exchange.handler.wfile.write(b"0\r\n\r\n")

    return act


@dataclass
class ModelServer:
    """The server: its script, what it was asked, and when clients hung up on it."""

    script: list[Act] = field(default_factory=list)
    prompts: list[str] = field(default_factory=list)
    asked_at: list[float] = field(default_factory=list)
    hung_up: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def act(self, *script: Act) -> None:
        """Follow this script from now on."""
        self.script = list(script)

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        body = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))
        assert handler.path == "/v1/chat/completions"
        assert body["stream"] is True
        self.asked_at.append(time.perf_counter())
        self.prompts.append(body["messages"][-1]["content"])
        act = self.script[min(len(self.prompts), len(self.script)) - 1]
        try:
            act(Exchange(self.prompts[-1], handler, self.released))
        except ConnectionError:
            self.hung_up.set()
            handler.close_connection = True


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that hung up."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def run_server() -> Iterator[ModelServer]:
    """Yield a server that runs until the caller is done with it."""
    model = ModelServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:  # noqa: N802
            model.answer(self)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    with _Server(("127.0.0.1", 0), Handler) as http:
        model.port = http.server_address[1]
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield model
        model.released.set()
        http.shutdown()
        thread.join()
