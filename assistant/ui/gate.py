"""The gate of the page's server: who may pass, whose each request is, and how much is too much."""

from __future__ import annotations

import base64
import binascii
import hashlib
import html
import re
import secrets
from collections.abc import Sequence
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import HTTPConnection
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)

from assistant.ui.access import Access, Wait, neighbourhood
from assistant.users import User

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
"""The names that a browser on this machine may have called us by."""

PAGES = {"/": "en", "/ar/": "ar"}
"""Where the page may be mounted, and in which language."""

LOGIN, BROWSER = "mujaz_login", "mujaz_browser"
LONGEST_BODY = 4 * 1024 * 1024  # bytes of anything but an upload: /v1/verify takes 1.4 MB
_YEAR = 365 * 24 * 3600
_OPEN = ("/health", "/login", "/mujaz/login.css")
_IDENTITY = re.compile(r"[\w-]{43}", re.ASCII)

_TEXTS = {
    "en": {
        "login": "log in first: open the page anew",
        "much": "too many requests; try again in {} s",
        "long": "the request is larger than the {:,} bytes allowed; send less at a time",
    },
    "ar": {
        "login": "سجّل الدخول أولاً: افتح الصفحة من جديد",
        "much": "طلبات كثيرة جداً؛ حاول مرة أخرى بعد {} ثانية",
        "long": "الطلب أكبر من الحد المسموح به، وهو {:,} بايت؛ أرسل أقل في كل مرة",
    },
}


def owner_of(request: Any) -> str:  # noqa: ANN401 - starlette's Request, or gradio's around it
    """Return whose a request is: "user:NAME", or "browser:ID" where nobody logs in.

    The gate has written it into the request's state, which no client can reach. An id is the
    hash of a random cookie: to know it, from a database say, isn't to have the cookie.
    """
    owner: str = request.state.owner
    return owner


def may_configure(request: Any) -> bool:  # noqa: ANN401
    """Tell whether who sent a request may change what models are used.

    Where there are users only admins may; without, whoever is at this machine.
    """
    allowed: bool = request.state.admin
    return allowed


def page_of(path: str) -> str:
    """Return the page that a path belongs to: `/ar/config` is of the Arabic one."""
    return next((page for page in PAGES if page != "/" and f"{path}/".startswith(page)), "/")


def inner_path(path: str) -> str:
    """Return a path without its page's: `/ar/config` is the Arabic `/config`."""
    return "/" if f"{path}/" in PAGES else path[len(page_of(path)) - 1 :]


def set_cookie(scope: Scope, name: str, value: str, age: int) -> tuple[bytes, bytes]:
    """Return the header that gives a cookie to a browser; at an age of 0 it is taken away."""
    cookie: SimpleCookie = SimpleCookie({name: value})
    rules: dict[str, Any] = {"path": "/", "max-age": age, "samesite": "Strict", "httponly": True}
    if scope["scheme"] == "https":
        rules["secure"] = True
    cookie[name].update(rules)
    return b"set-cookie", cookie[name].OutputString().encode("latin-1")


class Hosts:
    """Refuses requests for other host names than ours.

    Another site could have its name lead to this machine (DNS rebinding), and its pages would
    then count as ours. A login guards against that by itself, since a browser keeps cookies by
    name and has none of ours for theirs: with users, any name will do, unless some are set.

    Args:
        app: the application behind it.
        access: what knows whether there are users.
        names: the names set, beside this machine's own.
    """

    def __init__(self, app: ASGIApp, access: Access, names: Sequence[str] = ()) -> None:
        self._app = app
        self._access = access
        self._named = bool(names)
        self._strict = TrustedHostMiddleware(
            app, allowed_hosts=[*LOOPBACK, *names], www_redirect=False
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        free = scope["type"] == "lifespan" or (not self._named and self._access.required)
        await (self._app if free else self._strict)(scope, receive, send)


class Gate:
    """Lets in who may come, tells whose a request is, and holds back what is too much.

    Args:
        app: the application behind it.
        access: the rules.
        largest_upload: bytes of one upload, all its files together.
    """

    def __init__(self, app: ASGIApp, access: Access, largest_upload: int) -> None:
        self._app = app
        self._access = access
        self._largest_upload = largest_upload

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with why not."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # nothing of ours speaks through a web socket
            await send({"type": "websocket.close", "code": 1008})
            return
        request = HTTPConnection(scope)
        refusal = self._refuse_size(request)
        user = None if refusal else await self._recognise(request)
        if isinstance(user, Wait):
            refusal, user = _too_much(request, user.seconds), None
        refusal = (
            refusal or self._refuse_stranger(request, user) or self._refuse_haste(request, user)
        )
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        identity = _browser(request)
        owner = f"user:{user.name}" if user else f"browser:{_hashed(identity)}"
        admin = user.admin if user else not self._access.required
        state = {**scope.get("state", {}), "owner": owner, "admin": admin}
        if user is None and _is_page(request):
            send = _giving(send, set_cookie(scope, BROWSER, identity, _YEAR))
        await self._app({**scope, "state": state}, receive, send)

    async def _recognise(self, request: HTTPConnection) -> User | Wait | None:
        if not self._access.required:
            return None
        basic = request.headers.get("authorization", "")
        if basic[:6].lower() == "basic " and request.scope["path"].startswith("/v1/"):
            try:
                name, _, password = (
                    base64.b64decode(basic[6:], validate=True).decode().partition(":")
                )
            except (binascii.Error, UnicodeDecodeError):
                return None
            return await self._access.log_in(_address(request), name, password)
        return self._access.sessions.find(request.cookies.get(LOGIN, ""))

    def _refuse_size(self, request: HTTPConnection) -> Response | None:
        """Refuse a body that is too long, by what its head says: a server holds it to that."""
        if "transfer-encoding" in request.headers:
            return _refusal(request, 411, "send the request with a Content-Length")
        given = request.headers.get("content-length", "0")
        largest = self._largest_upload if _is_upload(request) else LONGEST_BODY
        if given.isascii() and given.isdigit() and int(given) <= largest:
            return None
        return _refusal(request, 413, _text(request, "long").format(largest))

    def _refuse_stranger(self, request: HTTPConnection, user: User | None) -> Response | None:
        path = request.scope["path"]
        if _comes_from_elsewhere(request):
            return _come_again(request)
        if user is not None or path in _OPEN or not self._access.required:
            return None
        if _is_page(request):
            query = urlencode({"lang": PAGES[page_of(path)], "next": path + _query(request)})
            return RedirectResponse(f"/login?{query}", 303, {"cache-control": "no-store"})
        if path.startswith("/v1/"):
            why = "log in first: send a user's name and password by HTTP Basic"
            headers = {"www-authenticate": 'Basic realm="Mujaz", charset="UTF-8"'}
            return _refusal(request, 401, why, headers)
        return _refusal(request, 401, _text(request, "login"))

    def _refuse_haste(self, request: HTTPConnection, user: User | None) -> Response | None:
        if request.scope["method"] != "POST" or not _costs(inner_path(request.scope["path"])):
            return None
        who = f"user:{user.name}" if user else neighbourhood(_address(request))
        wait = self._access.allowance.spend(who)
        return _too_much(request, wait) if wait else None


def _costs(path: str) -> bool:
    return path.startswith(("/v1/", "/mujaz/", "/gradio_api/queue/join", "/gradio_api/upload"))


def _too_much(request: HTTPConnection, seconds: int) -> Response:
    why = _text(request, "much").format(seconds)
    return _refusal(request, 429, why, {"retry-after": str(seconds)})


def _refusal(
    request: HTTPConnection, status: int, why: str, headers: dict[str, str] | None = None
) -> Response:
    """Return why a request is refused: Gradio shows an upload's answer to the reader as it is."""
    if _is_upload(request):
        return PlainTextResponse(why, status, headers)
    return JSONResponse({"error": why}, status, headers)


def _is_upload(request: HTTPConnection) -> bool:
    return inner_path(request.scope["path"]) == "/gradio_api/upload"


def _text(request: HTTPConnection, name: str) -> str:
    return _TEXTS[PAGES[page_of(request.scope["path"])]][name]


def _is_page(request: HTTPConnection) -> bool:
    return request.scope["method"] in ("GET", "HEAD") and inner_path(request.scope["path"]) == "/"


def _query(request: HTTPConnection) -> str:
    query = request.scope["query_string"].decode("latin-1")
    return f"?{query}" if query else ""


def _comes_from_elsewhere(request: HTTPConnection) -> bool:
    """Tell whether a link on another site led here: our cookies then stay in the browser."""
    elsewhere = request.headers.get("sec-fetch-site") == "cross-site"
    return elsewhere and _is_page(request) and not {LOGIN, BROWSER} & request.cookies.keys()


def _come_again(request: HTTPConnection) -> Response:
    """Have the browser ask anew, from a page of ours, so that it sends its cookies.

    Without that a reader who follows a link would have to log in again, or be taken for
    somebody new.
    """
    target = html.escape(request.scope["path"] + _query(request))
    page = (
        f'<!doctype html><title>Mujaz</title><meta http-equiv="refresh" content="0;url={target}">'
        f'<p><a href="{target}">Mujaz</a></p>'
    )
    return HTMLResponse(page, headers={"cache-control": "no-store"})


def _browser(request: HTTPConnection) -> str:
    given = request.cookies.get(BROWSER, "")
    return given if _IDENTITY.fullmatch(given) else secrets.token_urlsafe(32)


def _hashed(identity: str) -> str:
    return hashlib.sha256(identity.encode()).hexdigest()[:32]


def _address(request: HTTPConnection) -> str:
    return request.client.host if request.client else ""


def _giving(send: Send, header: tuple[bytes, bytes]) -> Send:
    async def giving(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], header]}
        await send(message)

    return giving
