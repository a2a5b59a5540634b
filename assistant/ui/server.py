"""The page's server: FastAPI around Gradio, on this machine alone.

gradio is imported by `build_server`, not with this module: the environment that keeps it from
calling home has to be set before.
"""

from __future__ import annotations

import base64
import hashlib
import re
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from assistant.errors import AssistantError

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from assistant.app import App

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
"""The names that a browser on this machine may have called us by."""

_USED = tuple(
    f"/gradio_api/{name}"
    for name in ("queue/", "cancel", "reset", "upload", "heartbeat/", "startup-events", "app_id")
)
"""What the page asks of Gradio; its other services (calls by name, a proxy) stay shut."""

_HEAD = (
    '<script src="/mujaz/static/direction.js"></script>'
    '<script type="module" src="/mujaz/static/page.js"></script>'
)
_SCRIPT = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)


def serve(app: App, host: str, port: int) -> None:
    """Serve the page until it is interrupted, and say where it is once it answers.

    Raises:
        AssistantError: the host isn't this machine, or the port is taken.
    """
    import uvicorn

    listening = _listen(host, port)
    name = f"[{host}]" if ":" in host else host
    address = f"http://{name}:{listening.getsockname()[1]}"

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            sys.stdout.write(f"Mujaz is at {address}\n")
            sys.stdout.flush()

    configuration = uvicorn.Config(
        build_server(app), log_level="warning", timeout_graceful_shutdown=2
    )
    Server(configuration).run(sockets=[listening])


def _listen(host: str, port: int) -> socket.socket:
    if host not in ("127.0.0.1", "localhost", "::1"):
        raise AssistantError(
            f"the page can't be served at {host!r}: it has no login yet, so it is for this "
            "machine alone; use --host 127.0.0.1"
        )
    family = socket.AF_INET6 if host == "::1" else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except (OSError, OverflowError) as error:
        listening.close()
        raise AssistantError(
            f"port {port} can't be used ({error}); choose another with --port, 0 for any"
        ) from error
    return listening


def build_server(app: App) -> FastAPI:
    """Return the server: the page, the API and `/health`. Its start loads the models."""
    import gradio as gr
    from fastapi import FastAPI
    from fastapi.responses import RedirectResponse
    from fastapi.staticfiles import StaticFiles
    from starlette.middleware.trustedhost import TrustedHostMiddleware

    from assistant.api import add_api
    from assistant.conversation_store import ConversationStore
    from assistant.parts import Parts
    from assistant.ui.page import STATIC, build_page
    from assistant.ui.routes import build_routes
    from assistant.ui.theme import theme
    from assistant.ui.words import words

    parts = Parts(app)

    @asynccontextmanager
    async def lifespan(server: FastAPI) -> AsyncIterator[None]:
        parts.warm_up()
        yield

    server = FastAPI(
        title="Mujaz", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan
    )

    @server.get("/health")
    def health() -> dict[str, Any]:
        return {"status": "ok", "articles": parts.catalog.count()}

    @server.get("/ar")
    def arabic() -> RedirectResponse:
        return RedirectResponse("/ar/")

    add_api(server, parts)
    store = ConversationStore(app.settings.data / "conversations.db")
    server.include_router(build_routes(parts, store))
    server.mount("/mujaz/static", StaticFiles(directory=STATIC))
    for path, language in (("/ar", "ar"), ("/", "en")):
        page = build_page(parts, store, words(language))
        gr.mount_gradio_app(
            server,
            page.queue(default_concurrency_limit=8, api_open=False),
            path=path,
            theme=theme(),
            css_paths=[STATIC / "page.css"],
            head=_HEAD,
            max_file_size=app.settings.max_file_mb * 1024 * 1024,
            footer_links=[],
            run_history=False,
            ssr_mode=False,
            pwa=False,
            mcp_server=False,
            enable_monitoring=False,
            show_error=False,
        )
    server.add_middleware(Shield)
    server.add_middleware(TrustedHostMiddleware, allowed_hosts=[*LOOPBACK], www_redirect=False)
    return server


class Shield:
    """Keeps other sites' pages from posting here, and the page from loading anything outside.

    Args:
        app: the application behind it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its response with the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        origin = headers.get(b"origin")
        if origin is not None and origin != b"http://" + headers.get(b"host", b""):
            await _refuse(send, 403, b"Requests of other sites are refused.")
            return
        if scope["path"].removeprefix("/ar").startswith("/gradio_api/") and not scope[
            "path"
        ].removeprefix("/ar").startswith(_USED):
            await _refuse(send, 404, b"There is no such page.")
            return
        if scope["path"] in (
            "/",
            "/ar",
            "/ar/",
        ):  # its scripts are hashed below: it has to come uncompressed
            kept = [(k, v) for k, v in scope["headers"] if k != b"accept-encoding"]
            scope = {**scope, "headers": kept}
        await self._app(scope, receive, _Shielded(send))


class _Shielded:
    """A `send` that adds the headers; HTML is held back until its scripts are known."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if b"text/html" in dict(message["headers"]).get(b"content-type", b""):
                self._start = message
                return
            await self._send(_with_headers(message, b""))
        elif self._start is None:
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._send(_with_headers(self._start, self._body))
                await self._send({"type": "http.response.body", "body": self._body})


def _with_headers(message: Message, body: bytes) -> Message:
    ours = {
        b"content-security-policy": content_security_policy(body).encode(),
        b"x-content-type-options": b"nosniff",
        b"referrer-policy": b"no-referrer",
        b"x-frame-options": b"DENY",
    }
    theirs = [(k, v) for k, v in message["headers"] if k.lower() not in ours]
    return {**message, "headers": [*theirs, *ours.items()]}


def content_security_policy(page: bytes) -> str:
    """Return the policy for a page: nothing from outside, no inline script but its own.

    Gradio writes its configuration and three small scripts into the page. They are allowed
    one by one, by their hashes, so that no other inline script runs, nor any `on...`
    attribute, nor `eval`. Inline styles have to be allowed: Gradio's components set them
    from scripts and in `style` attributes, in great number. A style can't load anything from
    outside under this policy. `blob:` is for the previews of files.
    """
    hashes = [
        base64.b64encode(hashlib.sha256(script).digest()).decode()
        for script in _SCRIPT.findall(page)
    ]
    scripts = " ".join(["'self'", *(f"'sha256-{value}'" for value in dict.fromkeys(hashes))])
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src {scripts}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


async def _refuse(send: Send, status: int, why: bytes) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    start = {"type": "http.response.start", "status": status, "headers": headers}
    await send(_with_headers(start, b""))
    await send({"type": "http.response.body", "body": why})
