"""The login page: plain HTML from the server, in English or Arabic, without a script."""

from __future__ import annotations

import html
from pathlib import Path
from string import Template
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from assistant.ui.access import Access, Wait
from assistant.ui.gate import LOGIN, PAGES, inner_path, page_of, set_cookie
from assistant.ui.sessions import LASTS

_FOLDER = Path(__file__).parent
_PAGE = Template((_FOLDER / "login.html").read_text("utf-8"))
_TEXTS = {
    "en": {
        "direction": "ltr",
        "title": "Log in to Mujaz",
        "name": "Name",
        "password": "Password",
        "enter": "Log in",
        "other": "العربية",
        "wrong": "No user has this name and password.",
        "wait": "Too many attempts. Try again in {} seconds.",
    },
    "ar": {
        "direction": "rtl",
        "title": "الدخول إلى موجز",
        "name": "الاسم",
        "password": "كلمة المرور",
        "enter": "دخول",
        "other": "English",
        "wrong": "لا يوجد مستخدم بهذا الاسم وكلمة المرور.",
        "wait": "محاولات كثيرة. حاول مرة أخرى بعد {} ثانية.",
    },
}


def build_login(access: Access) -> APIRouter:
    """Return the routes for logging in and out."""
    router = APIRouter()

    @router.get("/mujaz/login.css")
    def style() -> FileResponse:
        return FileResponse(_FOLDER / "login.css", media_type="text/css")

    @router.get("/login")
    def show(request: Request, lang: str = "en", next: str = "") -> Response:
        if not access.required or access.sessions.find(request.cookies.get(LOGIN, "")):
            return RedirectResponse(_target(next, lang), 303)
        return _render(lang, next)

    @router.post("/login")
    async def enter(request: Request) -> Response:
        async with request.form(max_files=0, max_fields=8) as form:
            name, password, lang, wanted = (
                str(form.get(field, "")) for field in ("name", "password", "lang", "next")
            )
        client = request.client.host if request.client else ""
        found = await access.log_in(client, name, password)
        if isinstance(found, Wait):
            page = _render(lang, wanted, name, ("wait", found.seconds), 429)
            page.headers["retry-after"] = str(found.seconds)
            return page
        if found is None:
            return _render(lang, wanted, name, ("wrong", 0), 401)
        answer = RedirectResponse(_target(wanted, lang), 303)
        answer.raw_headers.append(
            set_cookie(request.scope, LOGIN, access.sessions.begin(found), LASTS)
        )
        return answer

    @router.post("/logout")
    def leave(request: Request, lang: str = "en") -> Response:
        access.sessions.end(request.cookies.get(LOGIN, ""))
        query = urlencode({"lang": lang if lang in _TEXTS else "en"})
        answer = RedirectResponse(f"/login?{query}", 303)
        answer.raw_headers.append(set_cookie(request.scope, LOGIN, "", 0))
        return answer

    return router


def _target(wanted: str, lang: str) -> str:
    """Return where to go after the login: a page of ours, whatever was asked for."""
    parts = urlsplit(wanted)
    ours = not parts.scheme and not parts.netloc and parts.path.startswith("/")
    if ours and inner_path(parts.path) == "/" and "\\" not in wanted:
        path = page_of(parts.path)
        return f"{path}?{parts.query}" if parts.query else path
    return next((path for path, language in PAGES.items() if language == lang), "/")


def _render(
    lang: str,
    wanted: str,
    name: str = "",
    problem: tuple[str, int] | None = None,
    status: int = 200,
) -> HTMLResponse:
    lang = lang if lang in _TEXTS else "en"
    texts = _TEXTS[lang]
    other = "en" if lang == "ar" else "ar"
    said = texts[problem[0]].format(problem[1]) if problem else ""
    values = {
        "lang": lang,
        "direction": texts["direction"],
        "title": texts["title"],
        "name_label": texts["name"],
        "password_label": texts["password"],
        "enter": texts["enter"],
        "name": name,
        "next": wanted,
        "problem": said,
        "other_lang": other,
        "other": texts["other"],
        "other_url": f"/login?{urlencode({'lang': other, 'next': wanted})}",
    }
    page = _PAGE.substitute({key: html.escape(value) for key, value in values.items()})
    return HTMLResponse(page, status, {"cache-control": "no-store"})
