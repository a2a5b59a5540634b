"""What the page's scripts ask for: articles, the library, kept conversations, as pieces of HTML.

These are read by the page's own scripts and by nothing else; `api.py` is for programs. They
stand beside Gradio's events, and so neither wait for a long answer nor hold one up.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Iterator, Sequence
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from assistant.answers import Citation, Progressed, Sentence
from assistant.assistant import Translated
from assistant.citations import CitedSpan
from assistant.conversation import Exchange
from assistant.conversation_store import ConversationStore, Verdict
from assistant.errors import USER_ERRORS, AssistantError
from assistant.exports import (
    Document,
    Format,
    conversation_document,
    export,
    file_name,
    translation_document,
)
from assistant.parts import Parts
from assistant.ui.article_view import render_article_view, render_english, render_guide
from assistant.ui.gate import owner_of
from assistant.ui.lists import (
    render_conversations,
    render_filters,
    render_removed,
    render_shelf,
)
from assistant.ui.messages import render_verdict
from assistant.ui.sources import find_translation, render_card, render_sources
from assistant.ui.words import PageLanguage, words
from vectorstore.articles import Article, Span
from vectorstore.listing import Order

PAGE = 50  # rows of the library at a time
_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "md": "text/markdown; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
}
_Numbers = Annotated[str, Query(pattern=r"^\d{1,6}(,\d{1,6})*$", max_length=50_000)]
_Date = Annotated[str, Query(pattern=r"^(\d{4}(-\d{2}(-\d{2})?)?)?$")]  # or its beginning


class Renamed(BaseModel):
    """A conversation's new name."""

    model_config = ConfigDict(extra="forbid")
    title: str = Field(max_length=500)


class Judged(BaseModel):
    """What a reader thinks of an answer; no verdict takes it back."""

    model_config = ConfigDict(extra="forbid")
    verdict: Verdict | None
    why: str = Field("", max_length=2_000)


def build_routes(parts: Parts, store: ConversationStore) -> APIRouter:
    """Return the routes under `/mujaz`; each runs in a thread of its own."""
    router = APIRouter(prefix="/mujaz")
    started = uuid.uuid4().hex

    @router.get("/started")
    async def tell_started() -> dict[str, str]:
        """Tell this run of the server from the next; the page looks whether it is still there."""
        return {"id": started}

    @router.get("/me")
    async def tell_user(request: Request) -> dict[str, str | None]:
        """Tell who is logged in; null where nobody needs to be."""
        kind, _, name = owner_of(request).partition(":")
        return {"user": name if kind == "user" else None}

    _add_library(router, parts)
    _add_articles(router, parts)
    _add_conversations(router, parts, store)
    _add_citations(router, parts, store)
    return router


def _add_library(router: APIRouter, parts: Parts) -> None:
    @router.get("/words")
    def texts(lang: PageLanguage = "en") -> dict[str, str]:
        return words(lang).all()

    @router.get("/library/filters")
    def filters(lang: PageLanguage = "en") -> HTMLResponse:
        return HTMLResponse(render_filters(parts.catalog.facets(), words(lang)))

    @router.get("/library")
    def library(
        wanted: str = "",
        language: str = "",
        outlet: str = "",
        since: _Date = "",
        until: _Date = "",
        order: Order = "added",
        offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
        lang: PageLanguage = "en",
    ) -> HTMLResponse:
        shelf = parts.catalog.browse(
            wanted,
            language or None,
            outlet or None,
            since or None,
            until or None,
            PAGE,
            offset,
            order,
        )
        narrowed = any((wanted, language, outlet, since, until))
        return HTMLResponse(render_shelf(shelf, offset, words(lang), narrowed))

    @router.get("/library/removed")
    def removed(lang: PageLanguage = "en") -> HTMLResponse:
        return HTMLResponse(render_removed(parts.catalog.removed(), words(lang)))

    @router.get("/library/titles")
    def titles(ids: str) -> StreamingResponse:
        return StreamingResponse(
            _title_lines(parts, ids.split(",")[:PAGE]), media_type="application/jsonl"
        )


def _add_articles(router: APIRouter, parts: Parts) -> None:
    _add_sentences(router, parts)

    @router.get("/articles/{article_id}")
    def view(
        article_id: str,
        start: int | None = None,
        end: int | None = None,
        lang: PageLanguage = "en",
    ) -> HTMLResponse:
        article = parts.catalog.article(article_id)
        cited = Span(start, end) if start is not None and end is not None else None
        english = _english_of(parts, article)
        title = parts.assistant.recall_title(article)
        return HTMLResponse(
            render_article_view(
                article, lambda span: english.get(span.start), words(lang), cited, title
            )
        )

    @router.get("/articles/{article_id}/guide")
    def guide(article_id: str, lang: PageLanguage = "en") -> StreamingResponse:
        article = parts.catalog.article(article_id)
        return StreamingResponse(_guide_lines(parts, article, lang), media_type="application/jsonl")

    @router.get("/articles/{article_id}/export")
    def export_translation(article_id: str, format: Format) -> Response:
        article = parts.catalog.article(article_id)
        *_, last = parts.assistant.translate(article)
        if not isinstance(last, Translated):
            raise AssistantError(f"the translation ended in {type(last).__name__}; try again")
        title = parts.assistant.translate_title(article)
        checked = parts.assistant.check_translation(last)
        return _file(translation_document(last, title, checked), format)

    @router.delete("/articles/{article_id}")
    def remove(article_id: str) -> dict[str, Any]:
        removed = parts.ingestor.remove([article_id])
        return {"removed": [row.title for row in removed]}

    @router.post("/articles/{article_id}/restoration")
    def restore(article_id: str) -> dict[str, Any]:
        (restored,) = parts.ingestor.restore([article_id])
        if restored.problem is not None:
            raise AssistantError(restored.problem)
        return {"restored": restored.title}


def _add_sentences(router: APIRouter, parts: Parts) -> None:
    @router.get("/articles/{article_id}/english")
    def english(article_id: str, lang: PageLanguage = "en") -> dict[int, str]:
        article = parts.catalog.article(article_id)
        known = _english_of(parts, article)
        return {
            number: render_english(known[span.start], article.language, words(lang))
            for number, span in enumerate(article.sentences)
            if span.start in known
        }

    @router.post("/articles/{article_id}/sentences/{number}/english")
    def translate(article_id: str, number: int, lang: PageLanguage = "en") -> HTMLResponse:
        article = parts.catalog.article(article_id)
        if not 0 <= number < len(article.sentences):
            raise AssistantError(f"the article has no sentence {number}; open it anew")
        text = parts.assistant.translate_sentence(CitedSpan(article, article.sentences[number]))
        return HTMLResponse(render_english(text, article.language, words(lang)))

    @router.get("/articles/{article_id}/verdicts")
    def verdicts(article_id: str, of: _Numbers, lang: PageLanguage = "en") -> StreamingResponse:
        article = parts.catalog.article(article_id)
        lines = _verdict_lines(parts, article, {int(n) for n in of.split(",")}, lang)
        return StreamingResponse(lines, media_type="application/jsonl")


def _english_of(parts: Parts, article: Article) -> dict[int, str]:
    """Return what is known of an article's English, by where each sentence starts."""
    recall = parts.assistant.recall_translation
    found = {span.start: recall(CitedSpan(article, span)) for span in article.sentences}
    return {start: text for start, text in found.items() if text is not None}


def _verdict_lines(
    parts: Parts, article: Article, wanted: Collection[int], lang: PageLanguage
) -> Iterator[str]:
    """Yield the verdict on each wanted sentence whose English is known, by its number: JSON lines.

    A sentence takes a fifth of a second where it wasn't compared before, so the page asks for
    them once the article is on view.
    """
    for number, span in enumerate(article.sentences):
        if number not in wanted:
            continue
        sentence = parts.assistant.recall_checked(CitedSpan(article, span))
        if sentence is not None:
            html = render_verdict(sentence, words(lang))
            yield json.dumps({"sentence": number, "html": html}) + "\n"


def _listed(parts: Parts, article_id: str) -> Article | None:
    """Return an article of the library, or of what was lately removed from it."""
    article = parts.catalog.find(article_id)
    binned = parts.catalog.binned(article_id) if article is None else None
    return binned[0] if binned is not None else article


def _title_lines(parts: Parts, ids: Sequence[str]) -> Iterator[str]:
    """Yield the articles' titles in English, those first that are known: JSON lines.

    One is translated at a time, so that an answer needn't wait for more than that, and the
    rest isn't once the reader has turned to something else. Then come those that a check
    contradicts; and the library is found by the words of all from then on.
    """
    found_titles: dict[str, str] = {}
    found = [a for i in ids if (a := _listed(parts, i)) is not None]
    known = {a.id: parts.assistant.recall_title(a) for a in found}
    for article in sorted(found, key=lambda a: known[a.id] is None):
        try:
            title = known[article.id] or parts.assistant.translate_title(article)
        except USER_ERRORS as error:
            yield json.dumps({"error": str(error)}) + "\n"
            return
        if title is not None:
            found_titles[article.id] = title
            yield json.dumps({"id": article.id, "title": title}) + "\n"
    parts.catalog.add_english_titles(found_titles)
    for article in found:
        if article.id in found_titles and parts.assistant.doubts_title(article):
            yield json.dumps({"id": article.id, "doubted": True}) + "\n"


def _guide_lines(parts: Parts, article: Article, lang: PageLanguage) -> Iterator[str]:
    """Yield how a guide gets on, and then the guide: JSON lines."""
    try:
        for step in parts.assistant.guide(article):
            if isinstance(step, Progressed):
                row = {"status": f"{step.stage}: {step.done}/{step.total}"}
            else:
                row = {"html": render_guide(step, words(lang))}
            yield json.dumps(row) + "\n"
    except USER_ERRORS as error:  # the response has begun: its status can't say so any more
        yield json.dumps({"error": str(error)}) + "\n"


def _add_conversations(router: APIRouter, parts: Parts, store: ConversationStore) -> None:
    @router.get("/conversations")
    def conversations(
        request: Request, wanted: str = "", lang: PageLanguage = "en"
    ) -> HTMLResponse:
        owner = owner_of(request)
        deleted = [] if wanted else store.deleted(owner)
        kept = store.saved(owner, wanted)
        return HTMLResponse(render_conversations(kept, words(lang), deleted, bool(wanted)))

    @router.patch("/conversations/{conversation_id}")
    def rename(request: Request, conversation_id: str, body: Renamed) -> dict[str, str]:
        store.rename(owner_of(request), conversation_id, body.title)
        return {"id": conversation_id}

    @router.delete("/conversations/{conversation_id}")
    def delete(request: Request, conversation_id: str) -> dict[str, str]:
        store.delete(owner_of(request), conversation_id)
        return {"id": conversation_id}

    @router.post("/conversations/{conversation_id}/restoration")
    def restore(request: Request, conversation_id: str) -> dict[str, str]:
        store.restore(owner_of(request), conversation_id)
        return {"id": conversation_id}

    @router.get("/conversations/{conversation_id}/export")
    def export_conversation(request: Request, conversation_id: str, format: Format) -> Response:
        owner = owner_of(request)
        document = conversation_document(
            store.load(owner, conversation_id),
            parts.catalog,
            parts.assistant.recall_title,
            ratings=store.ratings(owner, conversation_id),
        )
        return _file(document, format)


def _add_citations(router: APIRouter, parts: Parts, store: ConversationStore) -> None:
    base = "/conversations/{conversation_id}/exchanges/{exchange_id}"

    @router.put(base + "/rating")
    def rate(
        request: Request, conversation_id: str, exchange_id: str, body: Judged
    ) -> dict[str, str | None]:
        owner = owner_of(request)
        if body.verdict is None:
            store.unrate(owner, conversation_id, exchange_id)
        else:
            store.rate(owner, conversation_id, exchange_id, body.verdict, body.why)
        return {"verdict": body.verdict}

    @router.get(base + "/sources")
    def sources(
        request: Request, conversation_id: str, exchange_id: str, lang: PageLanguage = "en"
    ) -> HTMLResponse:
        exchange = store.exchange(owner_of(request), conversation_id, exchange_id)
        found = {c.article_id: parts.catalog.find(c.article_id) for c in exchange.citations}
        articles = {i: article for i, article in found.items() if article is not None}
        titles = {i: parts.assistant.recall_title(article) for i, article in articles.items()}
        checked = {
            c.n: _sentence_of(parts, exchange, c, articles.get(c.article_id))
            for c in exchange.citations
        }
        return HTMLResponse(render_sources(exchange, articles, words(lang), titles, checked))

    @router.get(base + "/citations/{n}")
    def citation(
        request: Request,
        conversation_id: str,
        exchange_id: str,
        n: int,
        lang: PageLanguage = "en",
    ) -> JSONResponse:
        """Return a citation's card, where in which article it stands, and its verdict."""
        exchange = store.exchange(owner_of(request), conversation_id, exchange_id)
        cited = next((c for c in exchange.citations if c.n == n), None)
        if cited is None:
            raise AssistantError(f"the answer has no source {n}; load the page anew")
        article = parts.catalog.find(cited.article_id)
        title = parts.assistant.recall_title(article) if article is not None else None
        there = article is not None and article.text[cited.start : cited.end] == cited.quote
        sentence = _sentence_of(parts, exchange, cited, article)
        return JSONResponse(
            {
                "card": render_card(cited, words(lang), title, sentence),
                "verdict": render_verdict(sentence, words(lang)) if sentence else "",
                "article": cited.article_id if there else None,
                "start": cited.start,
                "end": cited.end,
            }
        )


def _sentence_of(
    parts: Parts, exchange: Exchange, cited: Citation, article: Article | None
) -> Sentence | None:
    """Return a citation's English with its verdict: the answer's, or of what it only points to.

    None where there is no English, or it isn't what the models make of it any more.
    """
    found = find_translation(exchange, cited)
    if found is not None or article is None or cited.translation is None:
        return found
    try:
        known = parts.assistant.recall_checked(CitedSpan(article, Span(cited.start, cited.end)))
    except USER_ERRORS:
        return None
    return known if known is not None and known.text == cited.translation else None


def _file(document: Document, format: Format) -> Response:
    name = quote(file_name(document, format))
    return Response(
        export(document, format),
        media_type=_TYPES[format],
        headers={"content-disposition": f"attachment; filename*=UTF-8''{name}"},
    )
