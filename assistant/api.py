"""The same assistant over HTTP, for programs: `/v1/...`, JSON in, the design's JSON out.

It is part of the page's server and shares its protections: this machine alone, and no
requests of other sites' pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, field_validator

from assistant.assistant import final_answer
from assistant.errors import USER_ERRORS, ModelError
from assistant.history import Turn
from assistant.parts import Parts
from assistant.printing import article_row, hit_row
from assistant.writers.writer import Length
from vectorstore.errors import CollectionBusyError, UnknownArticleError

Row = dict[str, Any]


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

    query: str
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
        return parts.verifier.check(body.text, [body.source]).to_dict()

    return router


def _tell_form(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    problems = [f"{'.'.join(map(str, e['loc'][1:]))}: {e['msg']}" for e in error.errors()]
    return JSONResponse({"error": "; ".join(problems)}, 422)


def _tell(request: Request, error: Exception) -> JSONResponse:
    status = 400
    if isinstance(error, UnknownArticleError):
        status = 404
    elif isinstance(error, CollectionBusyError):
        status = 409
    elif isinstance(error, ModelError):
        status = 502
    return JSONResponse({"error": str(error)}, status)
