"""The page's server: FastAPI around Gradio, behind the gate.

It speaks plain HTTP. Beyond this machine a reverse proxy has to put TLS before it, or passwords
go over the network in the clear; uvicorn believes one on this machine as to who asks and how.

gradio is imported by `build_server`, not with this module: the environment that keeps it from
calling home has to be set before.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import logging
import re
import socket
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Literal

from starlette.requests import Request
from starlette.responses import RedirectResponse

from assistant.errors import USER_ERRORS, AssistantError
from assistant.ui.access import open_access
from assistant.ui.gate import Gate, Hosts, inner_path
from assistant.users import Users

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from assistant.app import App

_USED = tuple(
    f"/gradio_api/{name}"
    for name in ("queue/", "cancel", "reset", "upload", "heartbeat/", "startup-events", "app_id")
)
"""What the page asks of Gradio; its other services (calls by name, a proxy) stay shut."""

_PAGES: tuple[tuple[str, Literal["en", "ar"]], ...] = (("/ar", "ar"), ("/", "en"))
_HEAD = (
    '<script type="module" src="/mujaz/static/page.js"></script>'
    '<link rel="stylesheet" href="/mujaz/static/toasts.css">'
)
_BEFORE_GRADIO = (
    b'<script src="/mujaz/static/direction.js"></script>'
    b'<script src="/mujaz/static/frames.js"></script>'
)
"""Gradio adds what it is given as the page's head only once it runs itself."""
_MEGABYTE = 1024 * 1024
_log = logging.getLogger(__name__)
_SCRIPT = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)


def serve(app: App, host: str, port: int) -> None:
    """Serve the page until it is interrupted, and say where it is once it answers.

    Raises:
        AssistantError: the host is beyond this machine and there are no users, or the port is
            taken.
    """
    import uvicorn

    beyond = host not in ("127.0.0.1", "localhost", "::1")
    if beyond and not Users(app.settings.users_file).exist():
        raise AssistantError(
            f"the page isn't served at {host!r} without a login, for others could read and change "
            "all of it; add a user first with `mujaz user add NAME`, or use --host 127.0.0.1"
        )
    listening = _listen(host, port)
    name = f"[{host}]" if ":" in host else host
    address = f"http://{name}:{listening.getsockname()[1]}"

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            sys.stdout.write(f"Mujaz is at {address}\n")
            sys.stdout.flush()
            if beyond:
                sys.stderr.write(
                    "It speaks plain HTTP: unless a reverse proxy with TLS stands before it, "
                    "passwords can be read on the network.\n"
                )

    configuration = uvicorn.Config(
        build_server(app, beyond), log_level="warning", timeout_graceful_shutdown=2
    )
    Server(configuration).run(sockets=[listening])


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except (OSError, OverflowError) as error:
        listening.close()
        raise AssistantError(
            f"port {port} can't be used at {host!r} ({error}); choose another with --port "
            "(make run PORT=7861), 0 for any, or an address of this machine with --host"
        ) from error
    return listening


def build_server(app: App, beyond: bool = False) -> FastAPI:
    """Return the server: the page, the API and `/health`. Its start loads the models.

    Args:
        app: the app it is over.
        beyond: it will be reached from beyond this machine.
    """
    import gradio as gr
    from fastapi import FastAPI
    from fastapi.staticfiles import StaticFiles

    from assistant.api import add_api
    from assistant.parts import Parts
    from assistant.ui.login import build_login
    from assistant.ui.page import STATIC, build_page
    from assistant.ui.routes import build_routes
    from assistant.ui.theme import theme
    from assistant.ui.uploads import finish_uploads
    from assistant.ui.words import words

    parts = Parts(app)
    access = open_access(app.settings, beyond)

    def finish() -> None:
        """Take in what was uploaded when the server was last stopped."""
        try:
            finish_uploads(parts)
        except USER_ERRORS as error:  # the uploads stay, for the next start
            _log.warning("uploads that were cut off couldn't be finished: %s", error)

    @asynccontextmanager
    async def lifespan(server: FastAPI) -> AsyncIterator[None]:
        parts.warm_up()
        threading.Thread(target=finish, name="uploads", daemon=True).start()
        yield
        await asyncio.to_thread(parts.settle)

    server = FastAPI(
        title="Mujaz", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan
    )

    @server.get("/health")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    add_api(server, parts)
    server.include_router(build_login(access))
    server.include_router(build_routes(parts, app.conversations))
    server.mount("/mujaz/static", StaticFiles(directory=STATIC))
    for path, language in _PAGES:
        page = build_page(parts, app.conversations, words(language))
        if path != "/":
            server.add_api_route(path, _add_slash, methods=["GET", "HEAD"])
        gr.mount_gradio_app(
            server,
            page.queue(default_concurrency_limit=8, api_open=False),
            path=path,
            theme=theme(),
            css_paths=[STATIC / "page.css"],
            head=_HEAD,
            # One file that is too large is the ingestor's to leave out: Gradio refuses them all.
            max_file_size=app.settings.max_upload_mb * _MEGABYTE,
            footer_links=[],
            run_history=False,
            ssr_mode=False,
            pwa=False,
            mcp_server=False,
            enable_monitoring=False,
            show_error=False,
        )
    # The last added is the first to see a request, and the last to see its response.
    server.add_middleware(
        Gate, access=access, largest_upload=app.settings.max_upload_mb * _MEGABYTE
    )
    server.add_middleware(Shield)
    server.add_middleware(Hosts, access=access, names=app.settings.hosts)
    return server


def _add_slash(request: Request) -> RedirectResponse:
    """Send to a page that isn't at the root: Gradio's at the root would take it for its own."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"{request.url.path}/{query}", 307)


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
        if not _is_own(headers.get(b"origin"), headers.get(b"host", b""), scope["scheme"]):
            await _refuse(send, 403, b"Requests of other sites are refused.")
            return
        path = inner_path(scope["path"])
        if path.startswith("/gradio_api/") and not path.startswith(_USED):
            await _refuse(send, 404, b"There is no such page.")
            return
        if path == "/":  # its scripts are hashed below: it has to come uncompressed
            kept = [(k, v) for k, v in scope["headers"] if k != b"accept-encoding"]
            scope = {**scope, "headers": kept}
        await self._app(scope, receive, _Shielded(send))


def _is_own(origin: bytes | None, host: bytes, scheme: str) -> bool:
    """Tell whether a request comes from a page of ours, or from no page.

    A proxy that puts TLS before us needn't have told so: a page that came by https is as good.
    """
    return origin in (None, scheme.encode() + b"://" + host, b"https://" + host)


class _Shielded:
    """A `send` that adds the headers; HTML is held back for scripts to be added, and known."""

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
                body = self._body
                if b"<gradio-app" in body:
                    body = body.replace(b"<head>", b"<head>" + _BEFORE_GRADIO, 1)
                await self._send(_with_headers(self._start, body))
                await self._send({"type": "http.response.body", "body": body})


def _with_headers(message: Message, body: bytes) -> Message:
    ours = {
        **({b"content-length": str(len(body)).encode()} if body else {}),
        b"content-security-policy": content_security_policy(body).encode(),
        b"x-content-type-options": b"nosniff",
        b"referrer-policy": b"same-origin",  # with none, forms name no origin to check
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
