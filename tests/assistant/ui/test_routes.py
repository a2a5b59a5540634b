from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from fastapi import FastAPI, Request, Response
from fastapi.testclient import TestClient

from assistant.answers import Sentence
from assistant.api import add_api
from assistant.conversation import Conversation
from assistant.conversation_store import ConversationStore
from assistant.parts import Parts
from assistant.ui.routes import build_routes
from tests.assistant.ui.material import answered, text_of
from tests.fakes import ScriptedAssistant
from vectorstore.catalog import Catalog
from vectorstore.ingest import Ingestor

ANN, BOB = {"x-owner": "user:ann"}, {"x-owner": "user:bob"}
EXCHANGE = "/exchanges/e1"


@pytest.fixture
def store(tmp_path: Path) -> ConversationStore:
    return ConversationStore(tmp_path / "conversations.db")


@pytest.fixture
def client(
    make_ingestor: Callable[..., Ingestor], store: ConversationStore, tmp_path: Path
) -> TestClient:
    parts: Any = SimpleNamespace(
        assistant=ScriptedAssistant(),
        catalog=Catalog(tmp_path / "articles.db"),
        ingestor=make_ingestor(),
    )
    server = FastAPI()

    @server.middleware("http")
    async def own(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
        request.state.owner = request.headers["x-owner"]
        return await go_on(request)

    add_api(server, cast("Parts", parts))
    server.include_router(build_routes(cast("Parts", parts), store))
    return TestClient(server, raise_server_exceptions=False)


@pytest.fixture
def kept(store: ConversationStore) -> str:
    sentence = Sentence("It asked for help.", (1,), "supported")
    conversation = Conversation([answered(sentence)])
    store.save("user:ann", conversation)
    return f"/mujaz/conversations/{conversation.id}"


@pytest.mark.parametrize(
    ("method", "rest", "body"),
    [
        ("PATCH", "", {"title": "Mine"}),
        ("DELETE", "", None),
        ("POST", "/restoration", None),
        ("GET", "/export?format=md", None),
        ("PUT", EXCHANGE + "/rating", {"verdict": None}),
        ("GET", EXCHANGE + "/sources", None),
        ("GET", EXCHANGE + "/citations/1", None),
    ],
)
def test_anothers_conversation_is_refused(
    client: TestClient, kept: str, method: str, rest: str, body: Any
) -> None:
    answer = client.request(method, kept + rest, json=body, headers=BOB)
    assert 400 <= answer.status_code < 500
    assert answer.json()["error"]


def test_only_ones_own_conversations_are_listed(client: TestClient, kept: str) -> None:
    name = kept.rpartition("/")[2]
    assert name in client.get("/mujaz/conversations", headers=ANN).text
    assert name not in client.get("/mujaz/conversations", headers=BOB).text


def test_a_card_outlives_its_article(client: TestClient, kept: str) -> None:
    row = client.get(f"{kept}{EXCHANGE}/citations/1", headers=ANN).json()
    assert row["article"] is None
    assert "The minister asked for help." in text_of(row["card"])


@pytest.mark.parametrize(
    ("format", "begins"), [("docx", b"PK"), ("md", b"#"), ("html", b"<!"), ("json", b"{")]
)
def test_a_conversation_is_exported(
    client: TestClient, kept: str, format: str, begins: bytes
) -> None:
    answer = client.get(f"{kept}/export?format={format}", headers=ANN)
    assert answer.status_code == 200
    assert answer.content.startswith(begins)
    assert f".{format}" in answer.headers["content-disposition"]


def test_a_deleted_conversation_is_restored(client: TestClient, kept: str) -> None:
    name = kept.rpartition("/")[2]
    client.delete(kept, headers=ANN)
    listed = client.get("/mujaz/conversations", headers=ANN).text
    assert "Deleted; can be put back within a day: 1" in text_of(listed)
    assert name in listed.partition("<details")[2] and name not in listed.partition("<details")[0]
    assert name not in client.get("/mujaz/conversations", headers=BOB).text
    client.post(kept + "/restoration", headers=ANN)
    listed = client.get("/mujaz/conversations", headers=ANN).text
    assert name in listed and "<details" not in listed


@pytest.mark.parametrize("query", ["offset=x", "offset=-1", "lang=xx", "since=nonsense"])
def test_nonsense_about_the_library_is_refused_in_words(client: TestClient, query: str) -> None:
    answer = client.get(f"/mujaz/library?{query}", headers=ANN)
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.json()["error"]
    assert "Traceback" not in answer.text


def test_an_unknown_format_is_refused_in_words(client: TestClient, kept: str) -> None:
    answer = client.get(f"{kept}/export?format=exe", headers=ANN)
    assert 400 <= answer.status_code < 500
    assert answer.json()["error"]


@pytest.mark.parametrize("numbers", ["", "x", "1,", "-1", "1;2"])
def test_verdicts_are_of_sentences_by_number(client: TestClient, numbers: str) -> None:
    answer = client.get(f"/mujaz/articles/a1/verdicts?of={numbers}", headers=ANN)
    assert answer.status_code == 422


@pytest.mark.parametrize("number", [-1, 10_000])
def test_a_sentence_that_is_not_there_is_told_of(client: TestClient, number: int) -> None:
    answer = client.post(f"/mujaz/articles/a1/sentences/{number}/english", headers=ANN)
    assert 400 <= answer.status_code < 500 and answer.json()["error"]


def test_titles_come_before_what_a_check_says_against_them_and_are_found_from_then_on(
    client: TestClient, make_ingestor: Callable[..., Ingestor], tmp_path: Path
) -> None:
    catalog = Catalog(tmp_path / "articles.db")
    for name in ("Bakers strike", "Floods recede"):
        (tmp_path / f"{name}.txt").write_text(f"{name}\n\nThey did so on Monday.", "utf-8")
        make_ingestor().ingest([str(tmp_path / f"{name}.txt")])
    ids = {article.title: article.id for article in catalog.articles()}
    answer = client.get(f"/mujaz/library/titles?ids={','.join(ids.values())},gone", headers=ANN)
    *titles, last = map(json.loads, answer.text.splitlines())
    assert {line["id"]: line["title"] for line in titles} == {
        i: f"The title of {i}" for i in ids.values()
    }
    assert last == {"id": ids["Bakers strike"], "doubted": True}
    assert [row.id for row in catalog.browse("title of").articles] != []
