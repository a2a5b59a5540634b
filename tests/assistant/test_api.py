"""The API: the design's JSON, the users' mistakes named, other sites shut out."""

import pytest
from fastapi.testclient import TestClient

from assistant.app import App
from assistant.ui.server import build_server
from tests.assistant.test_cli import ANSWER_KEYS

LIBYA = "What did Libya's foreign minister ask Morocco for?"


@pytest.fixture(scope="module")
def client(samples: App) -> TestClient:
    return TestClient(build_server(samples), base_url="http://127.0.0.1:7860")


def test_an_answer_is_the_same_as_the_command_line_s(client: TestClient) -> None:
    answer = client.post("/v1/ask", json={"question": LIBYA}).json()
    assert answer.keys() == ANSWER_KEYS
    cited = answer["citations"][0]
    article = client.get(f"/v1/articles/{cited['article_id']}").json()
    assert article["text"][cited["start"] : cited["end"]] == cited["quote"]


def test_a_follow_up_and_a_choice_of_articles_count(client: TestClient) -> None:
    libya, sahel = (a["id"] for a in client.get("/v1/articles").json())
    history = [{"question": LIBYA, "answer": "Help with training."}]
    body = {"question": "And why?", "history": history, "article_ids": [sahel[:8]]}
    answer = client.post("/v1/ask", json=body).json()
    assert {c["article_id"] for c in answer["citations"]} == {sahel}


def test_search_summary_digest_translation_and_verdict(client: TestClient) -> None:
    hits = client.post("/v1/search", json={"query": "Benhammou", "limit": 2}).json()["hits"]
    assert len(hits) == 2
    body = {"article_id": hits[0]["article_id"][:8], "length": "short"}
    assert len(client.post("/v1/summarize", json=body).json()["sentences"]) == 3
    digest = client.post("/v1/digest", json={"topic": "terrorism in the Sahel"}).json()
    assert len({c["article_id"] for c in digest["citations"]}) == 2
    text = {"text": "يلعب المغرب أدوارا طلائعية في مكافحة الإرهاب."}
    assert "Morocco" in client.post("/v1/translate", json=text).json()["translation"]
    pair = {"text": "He met 12 people.", "source": "التقى 11 شخصا."}
    assert client.post("/v1/verify", json=pair).json()["support"] == "unsupported"


@pytest.mark.parametrize(
    ("path", "body", "status", "message"),
    [
        ("ask", {"question": " "}, 400, "the question is empty"),
        ("ask", {"question": "a?", "history": [{"q": "x"}]}, 422, "history"),
        ("translate", {"text": " "}, 400, "the text is empty"),
        ("ask", {"question": "x" * 50_000}, 400, "2,000 are allowed"),
        ("ask", {"question": "why?", "article_ids": ["zzz"]}, 404, "no article with 'zzz'"),
        ("summarize", {"article_id": "zzz"}, 404, "no article with 'zzz'"),
        ("summarize", {"article_id": "zzz", "length": "endless"}, 422, "short"),
        ("ask", {"question": "why?", "anything": 1}, 422, "Extra inputs"),
        ("search", {"query": "a", "limit": 0}, 422, "greater than or equal to 1"),
        ("ask", {}, 422, "question: Field required"),
        ("search", {"query": " "}, 400, "the query is empty; write what to look for"),
        ("verify", {"text": " ", "source": "a"}, 400, "the text is empty; write the English"),
        ("verify", {"text": "a", "source": ""}, 400, "the source is empty; write the text"),
    ],
)
def test_a_mistake_is_named(
    client: TestClient, path: str, body: dict[str, object], status: int, message: str
) -> None:
    response = client.post(f"/v1/{path}", json=body)
    assert response.status_code == status
    assert message in response.text


@pytest.mark.parametrize(
    ("body", "kind", "status", "message"),
    [
        (b"{x", "application/json", 422, "the body isn't JSON"),
        (b"\xff", "application/json", 400, "parsing the body"),
        (b'["a"]', "application/json", 422, "send a JSON object as the body"),
        (b'{"query": "a"}', "text/plain", 422, "with Content-Type: application/json"),
        (b"query=a", "application/x-www-form-urlencoded", 422, "send a JSON object"),
        (b"", "application/json", 422, "send a JSON object"),
    ],
)
def test_what_isn_t_a_json_object_is_named(
    client: TestClient, body: bytes, kind: str, status: int, message: str
) -> None:
    response = client.post("/v1/search", content=body, headers={"content-type": kind})
    assert response.status_code == status
    assert message in response.json()["error"]


@pytest.mark.parametrize(
    ("method", "path", "status", "message"),
    [
        ("GET", "/v1", 404, "there is no /v1; there are /v1/articles, "),
        ("GET", "/v1/", 404, "there are /v1/articles, "),
        ("POST", "/v1/asks", 404, "there is no /v1/asks; there are /v1/articles, "),
        ("GET", "/v1/ask", 405, "/v1/ask is asked by POST, not by GET"),
        ("DELETE", "/v1/articles", 405, "by GET, not by DELETE"),
    ],
)
def test_another_path_is_answered_with_those_there_are(
    client: TestClient, method: str, path: str, status: int, message: str
) -> None:
    response = client.request(method, path)
    assert response.status_code == status
    assert message in response.json()["error"]


def test_other_sites_may_not_ask(client: TestClient) -> None:
    headers = {"origin": "http://evil.invalid"}
    response = client.post("/v1/ask", json={"question": LIBYA}, headers=headers)
    assert response.status_code == 403


def test_half_a_character_is_refused_in_words(client: TestClient) -> None:
    body = b'{"question": "\\ud800 who?"}'
    headers = {"content-type": "application/json"}
    response = client.post("/v1/ask", content=body, headers=headers)
    assert response.status_code == 422
    assert "lone surrogate" in response.json()["error"]
