"""The same assistant over HTTP, for programs: `/v1/...`, JSON in, the design's JSON out.

It is part of the page's server and shares its protections: a login where there are users (by
HTTP Basic here), so many requests a minute, and none of other sites' pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, field_validator
from starlette.exceptions import HTTPException
from starlette.routing import Match, Route

from assistant.assistant import final_answer
from assistant.errors import USER_ERRORS, ModelError, QuestionError, UnknownConversationError
from assistant.history import Turn
from assistant.parts import Parts
from assistant.printing import article_row, hit_row
from assistant.writers.writer import Length
from vectorstore.errors import CollectionBusyError, UnknownArticleError

Row = dict[str, Any]
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")

    @field_validator("*")
    @classmethod
    def _is_text(cls, value: object) -> object:
        if isinstance(value, str) and any("\ud800" <= c <= "\udfff" for c in value):
            raise ValueError("it holds half of a character (a lone surrogate)")
        return value


class Exchanged(_Body):
    """A question that was asked before, and its answer."""

    question: str
    answer: str


class Asked(_Body):
    """A question, the exchanges before it, and where to look."""

    question: str
    history: list[Exchanged] = []
    article_ids: list[str] = []


class Searched(_Body):
    """A query, and how many hits at most."""

    query: Annotated[str, Field(max_length=20_000)]
    limit: Annotated[int, Field(ge=1, le=100)] = 10
    article_ids: list[str] = []


class Summarized(_Body):
    """An article's id, or its beginning, and how long the summary is to be."""

    article_id: str
    length: Length = "medium"


class Digested(_Body):
    """A topic, and the articles to take from."""

    topic: str | None = None
    article_ids: list[str] = []


class Translated(_Body):
    """A text to put into English."""

    text: Annotated[str, Field(max_length=20_000)]


class Verified(_Body):
    """An English text and the text that it should be carried by."""

    text: Annotated[str, Field(max_length=20_000)]
    source: Annotated[str, Field(max_length=200_000)]


def add_api(server: FastAPI, parts: Parts) -> None:
    """Add the routes to a server, and tell its users' mistakes as `{"error": ...}`."""
    server.include_router(build_router(parts))
    for kind in USER_ERRORS:
        server.add_exception_handler(kind, _tell)
    server.add_exception_handler(RequestValidationError, _tell_form)
    server.add_exception_handler(HTTPException, _tell_refusal)


def build_router(parts: Parts) -> APIRouter:
    """Return the routes; each runs in a thread of its own, for models take their time."""
    router = APIRouter(prefix="/v1")

    def ids(given: Sequence[str]) -> list[str]:
        return [parts.catalog.article(i).id for i in given]

    @router.get("/articles")
    def articles() -> list[Row]:
        return [article_row(a) for a in parts.catalog.articles()]

    @router.get("/articles/{article_id}")
    def article(article_id: str) -> Row:
        found = parts.catalog.article(article_id)
        return article_row(found) | {"text": found.text}

    @router.post("/search")
    def search(body: Searched) -> Row:
        _need(body.query, "query", "write what to look for")
        hits = parts.assistant.retriever.search(
            body.query, body.limit, ids(body.article_ids) or None
        )
        return {"query": body.query, "hits": [hit_row(hit) for hit in hits]}

    @router.post("/ask")
    def ask(body: Asked) -> Row:
        turns = [Turn(t.question, t.answer) for t in body.history]
        events = parts.assistant.ask(body.question, turns, ids(body.article_ids))
        return final_answer(events).to_dict()

    @router.post("/summarize")
    def summarize(body: Summarized) -> Row:
        found = parts.catalog.article(body.article_id)
        return final_answer(parts.assistant.summarize(found, body.length)).to_dict()

    @router.post("/digest")
    def digest(body: Digested) -> Row:
        return final_answer(parts.assistant.digest(body.topic, ids(body.article_ids))).to_dict()

    @router.post("/translate")
    def translate(body: Translated) -> Row:
        return {"translation": parts.assistant.translate_text(body.text)}

    @router.post("/verify")
    def verify(body: Verified) -> Row:
        _need(body.text, "text", "write the English to check")
        _need(body.source, "source", "write the text that it should be carried by")
        return parts.verifier.check(body.text, [body.source]).to_dict()

    _add_rest(router)
    return router


def _add_rest(router: APIRouter) -> None:
    """Name the paths that there are to whoever asks for others; the page's server has them all."""
    routes = [route for route in router.routes if isinstance(route, Route)]
    known = ", ".join(route.path for route in routes)

    def refuse(request: Request) -> JSONResponse:
        path = request.scope["path"]
        for route in routes:
            if route.matches(request.scope)[0] is Match.PARTIAL:
                allowed = ", ".join(sorted(route.methods or ()))
                why = f"{path} is asked by {allowed}, not by {request.method}"
                return JSONResponse({"error": why}, 405, {"allow": allowed})
        return JSONResponse({"error": f"there is no {path}; there are {known}"}, 404)

    for path in ("", "/{path:path}"):
        router.add_api_route(path, refuse, methods=_METHODS)


def _need(text: str, name: str, remedy: str) -> None:
    if not text.strip():
        raise QuestionError(f"the {name} is empty; {remedy}")


def _tell_form(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    return JSONResponse({"error": "; ".join(map(_problem, error.errors()))}, 422)


def _tell_refusal(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    return JSONResponse({"error": error.detail}, error.status_code, error.headers)


def _problem(error: Row) -> str:
    name = ".".join(map(str, error["loc"][1:]))
    if error["type"] == "json_invalid":
        return f"the body isn't JSON ({error['ctx']['error']} at character {name})"
    if not name:
        return "send a JSON object as the body, with Content-Type: application/json"
    return f"{name}: {error['msg']}"


def _tell(request: Request, error: Exception) -> JSONResponse:
    status = 400
    if isinstance(error, UnknownArticleError | UnknownConversationError):
        status = 404
    elif isinstance(error, CollectionBusyError):
        status = 409
    elif isinstance(error, ModelError):
        status = 502
    return JSONResponse({"error": str(error)}, status)
