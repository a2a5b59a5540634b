"""Who may pass, whose a request is, and how much is too much: over the server as it is built."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from fastapi import Request
from fastapi.testclient import TestClient

from assistant.app import App, open_app
from assistant.settings import load_settings
from assistant.ui.gate import inner_path, may_configure, owner_of, page_of
from assistant.ui.server import build_server
from assistant.users import Users

PASSWORD = "sahel-river-1"
ADDRESS = "http://127.0.0.1:7860"
PAGE = {"accept": "text/html"}

Open = Callable[..., TestClient]


@pytest.fixture
def open_server(tmp_path: Path, cache: Path) -> Iterator[Open]:
    """Return a maker of clients, each of a new server over the same collection."""
    clients: list[TestClient] = []

    def make(beyond: bool = False, **flags: object) -> TestClient:
        app: App = open_app(load_settings(data=tmp_path, cache=cache, **flags))
        server = build_server(app, beyond)

        @server.get("/v1/owner")
        def owner(request: Request) -> dict[str, Any]:
            return {"owner": owner_of(request), "admin": may_configure(request)}

        server.router.routes.insert(0, server.router.routes.pop())  # Gradio's is for all paths
        clients.append(TestClient(server, base_url=ADDRESS, follow_redirects=False))
        return clients[-1]

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def users(tmp_path: Path) -> Users:
    users = Users(tmp_path / "users.json")
    users.add("amal", PASSWORD)
    return users


def log_in(client: TestClient, name: str = "amal", password: str = PASSWORD, **more: str) -> Any:
    return client.post("/login", data={"name": name, "password": password, **more})


def basic(name: str, password: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


class TestLogin:
    def test_without_users_none_is_asked_for(self, open_server: Open) -> None:
        client = open_server()
        assert client.get("/").status_code == 200
        assert client.get("/v1/articles").json() == []
        assert client.get("/login").headers["location"] == "/"

    def test_with_users_nothing_is_open_but_the_login(
        self, open_server: Open, users: Users
    ) -> None:
        client = open_server()
        answer = client.get("/?a=b", headers=PAGE)
        assert answer.status_code == 303
        assert answer.headers["location"] == "/login?lang=en&next=%2F%3Fa%3Db"
        for path in ("/config", "/mujaz/page.js", "/v1/articles", "/theme.css", "/nothing"):
            assert client.get(path).status_code == 401, path
            assert "log in" in client.get(path).json()["error"]
        for path in ("/gradio_api/queue/join", "/gradio_api/upload", "/v1/ask", "/ar/config"):
            assert client.post(path, json={}).status_code == 401, path
        assert client.get("/health").json() == {"status": "ok"}
        assert client.get("/mujaz/login.css").status_code == 200

    def test_the_right_password_opens_the_page(self, open_server: Open, users: Users) -> None:
        client = open_server()
        assert "No user has this name" in log_in(client, password="wrong-password").text
        assert client.get("/").status_code == 303
        answer = log_in(client, next="/?a=b")
        assert (answer.status_code, answer.headers["location"]) == (303, "/?a=b")
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie and "samesite=strict" in cookie
        assert "max-age=2592000" in cookie
        assert "secure" not in cookie
        assert client.get("/").status_code == 200
        assert client.get("/v1/owner").json() == {"owner": "user:amal", "admin": False}

    def test_a_session_outlasts_the_server(
        self, open_server: Open, users: Users, tmp_path: Path
    ) -> None:
        client = open_server()
        log_in(client)
        again = open_server()
        again.cookies = client.cookies
        assert again.get("/").status_code == 200
        kept = tmp_path / "sessions.json"
        assert kept.stat().st_mode & 0o777 == 0o600
        assert client.cookies["mujaz_login"] not in kept.read_text("utf-8")

    def test_logging_out_ends_the_session(self, open_server: Open, users: Users) -> None:
        client = open_server()
        log_in(client)
        cookie = client.cookies["mujaz_login"]
        assert client.post("/logout", params={"lang": "ar"}).headers["location"] == "/login?lang=ar"
        client.cookies.set("mujaz_login", cookie)
        assert client.get("/").status_code == 303

    def test_a_session_ends_with_its_time(
        self, open_server: Open, users: Users, tmp_path: Path
    ) -> None:
        client = open_server()
        log_in(client)
        file = tmp_path / "sessions.json"
        rows = json.loads(file.read_text("utf-8"))
        for row in rows.values():
            row["until"] -= 31 * 24 * 3600
        file.write_text(json.dumps(rows))
        assert client.get("/").status_code == 303

    @pytest.mark.parametrize("change", ["remove", "password"])
    def test_a_session_ends_with_its_user_or_password(
        self, open_server: Open, users: Users, change: str
    ) -> None:
        client = open_server()
        users.add("badr", PASSWORD)
        log_in(client)
        assert client.get("/").status_code == 200
        if change == "remove":
            users.remove("amal")
        else:
            users.add("amal", "another-password")
        assert client.get("/").status_code == 303

    def test_a_made_up_cookie_is_worth_nothing(self, open_server: Open, users: Users) -> None:
        client = open_server()
        for value in ("amal", "user:amal", users.all()[0].hash.replace("$", "_"), "x" * 5000):
            client.cookies.set("mujaz_login", value)
            assert client.get("/config").status_code == 401

    def test_a_program_comes_in_by_http_basic(self, open_server: Open, users: Users) -> None:
        client = open_server()
        refused = client.get("/v1/articles", headers=basic("amal", "wrong-password"))
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"].startswith("Basic ")
        for _ in range(20):  # the right one isn't slowed down
            assert client.get("/v1/articles", headers=basic("amal", PASSWORD)).json() == []
        assert client.get("/v1/articles", headers={"authorization": "Basic ???"}).status_code == 401
        assert client.get("/config", headers=basic("amal", PASSWORD)).status_code == 401

    @pytest.mark.parametrize("by", ["form", "basic"])
    def test_guessing_is_slowed_down(self, open_server: Open, users: Users, by: str) -> None:
        client = open_server()

        def guess(password: str) -> Any:
            if by == "form":
                return log_in(client, password=password)
            return client.get("/v1/articles", headers=basic("amal", password))

        answers = [guess(f"wrong-{i}").status_code for i in range(12)]
        assert answers == [401] * 10 + [429] * 2
        late = guess(PASSWORD)
        assert late.status_code == 429
        assert 0 < int(late.headers["retry-after"]) <= 60

    @pytest.mark.parametrize(
        "wanted",
        [
            "http://evil.invalid/",
            "//evil.invalid",
            "/\\evil.invalid",
            "/config",
            "",
            "javascript:1",
        ],
    )
    def test_the_login_leads_to_a_page_of_ours(
        self, open_server: Open, users: Users, wanted: str
    ) -> None:
        assert log_in(open_server(), next=wanted).headers["location"] == "/"

    def test_the_login_is_in_arabic_too(self, open_server: Open, users: Users) -> None:
        client = open_server()
        answer = client.get("/ar/")
        assert answer.headers["location"] == "/login?lang=ar&next=%2Far%2F"
        page = client.get(answer.headers["location"]).text
        assert '<html lang="ar" dir="rtl">' in page
        assert "كلمة المرور" in page
        assert (
            log_in(client, lang="ar", password="wrong-password").text.count("لا يوجد مستخدم") == 1
        )
        assert log_in(client, lang="ar", next="/ar/").headers["location"] == "/ar/"
        assert "<script" not in page

    def test_what_is_typed_is_text(self, open_server: Open, users: Users) -> None:
        client = open_server()
        page = log_in(client, name='"><script>x</script>', next='"><b>', lang="<i>").text
        assert not re.search("<script|<b>|<i>", page)

    def test_over_tls_its_cookies_are_for_tls_alone(self, open_server: Open, users: Users) -> None:
        client = open_server()
        client.base_url = "https://127.0.0.1:7860"
        origin = {"origin": "https://127.0.0.1:7860"}
        answer = client.post("/login", data={"name": "amal", "password": PASSWORD}, headers=origin)
        assert answer.status_code == 303
        assert "secure" in answer.headers["set-cookie"].lower()

    def test_other_sites_may_not_log_anyone_in(self, open_server: Open, users: Users) -> None:
        data = {"name": "amal", "password": PASSWORD}
        for origin in ("http://evil.invalid", "null"):
            answer = open_server().post("/login", data=data, headers={"origin": origin})
            assert answer.status_code == 403

    def test_beyond_this_machine_a_login_is_asked_for_to_the_last(
        self, open_server: Open, users: Users
    ) -> None:
        client = open_server(beyond=True)
        users.remove("amal")
        assert client.get("/").status_code == 303
        assert client.get("/v1/articles").status_code == 401


@pytest.mark.parametrize(
    ("path", "page", "inner"),
    [
        ("/", "/", "/"),
        ("/config", "/", "/config"),
        ("/ar", "/ar/", "/"),
        ("/ar/", "/ar/", "/"),
        ("/ar/gradio_api/upload", "/ar/", "/gradio_api/upload"),
        ("/articles", "/", "/articles"),
        ("//evil.invalid", "/", "//evil.invalid"),
    ],
)
def test_a_path_is_of_its_page(path: str, page: str, inner: str) -> None:
    assert (page_of(path), inner_path(path)) == (page, inner)


class TestHosts:
    def test_with_users_any_name_will_do(self, open_server: Open, users: Users) -> None:
        client = open_server()
        headers = {"host": "mujaz.example.org"}
        assert client.get("/login", headers=headers).status_code == 200
        users.remove("amal")
        assert client.get("/login", headers=headers).status_code == 400

    @pytest.mark.parametrize("hosts", ["mujaz.example.org", "a.example, mujaz.example.org"])
    def test_names_that_are_set_are_the_only_ones(
        self, open_server: Open, users: Users, hosts: str
    ) -> None:
        client = open_server(hosts=hosts)
        for host, status in (
            ("mujaz.example.org", 200),
            ("127.0.0.1:7860", 200),
            ("evil.invalid", 400),
        ):
            assert client.get("/login", headers={"host": host}).status_code == status

    def test_a_proxy_may_speak_tls_before_us(self, open_server: Open) -> None:
        client = open_server(hosts="mujaz.example.org")
        for origin, status in (
            ("https://mujaz.example.org", 200),
            ("http://mujaz.example.org", 200),
            ("https://evil.invalid", 403),
        ):
            headers = {"host": "mujaz.example.org", "origin": origin}
            assert client.get("/v1/articles", headers=headers).status_code == status


class TestOwner:
    def test_each_browser_has_its_own(self, open_server: Open) -> None:
        client = open_server()
        cookie = client.get("/").headers["set-cookie"].lower()
        assert "httponly" in cookie and "samesite=strict" in cookie
        assert "max-age=31536000" in cookie
        mine = client.get("/v1/owner").json()
        assert re.fullmatch("browser:[0-9a-f]{32}", mine["owner"])
        assert mine["admin"]
        assert client.get("/v1/owner").json() == mine
        client.get("/")
        assert client.get("/v1/owner").json() == mine
        assert client.cookies["mujaz_browser"] not in mine["owner"]
        assert open_server().get("/v1/owner").json() != mine

    def test_gradio_s_events_have_it_from_the_first_on(
        self, tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        told: list[str] = []

        def build(*given: object) -> gr.Blocks:
            def note(request: gr.Request) -> str:
                told.append(owner_of(request))
                return told[-1]

            with gr.Blocks() as page:
                button, box = gr.Button(), gr.Textbox()
                button.click(note, None, box)
            return page

        monkeypatch.setattr("assistant.ui.page.build_page", build)
        server = build_server(open_app(load_settings(data=tmp_path, cache=cache)))
        with TestClient(server, base_url=ADDRESS) as client:
            client.get("/")
            body = {"data": [], "fn_index": 0, "session_hash": "s1"}
            assert client.post("/gradio_api/queue/join", json=body).status_code == 200
            events = client.get("/gradio_api/queue/data", params={"session_hash": "s1"}).text
        assert len(told) == 1
        assert re.fullmatch("browser:[0-9a-f]{32}", told[0])
        assert told[0] in events

    def test_it_can_t_be_chosen(self, open_server: Open, users: Users) -> None:
        client = open_server()
        log_in(client)
        client.cookies.set("mujaz_browser", "user:badr")
        assert client.get("/v1/owner").json()["owner"] == "user:amal"
        users.remove("amal")
        assert client.get("/v1/owner").json()["owner"].startswith("browser:")

    def test_an_admin_may_configure(self, open_server: Open, users: Users) -> None:
        users.add("root", PASSWORD, admin=True)
        client = open_server()
        log_in(client, "root")
        assert client.get("/v1/owner").json() == {"owner": "user:root", "admin": True}

    def test_who_follows_a_link_keeps_it(self, open_server: Open) -> None:
        client = open_server()
        elsewhere = {"sec-fetch-site": "cross-site", **PAGE}
        answer = client.get("/?q=%22%3E%3Cb%3E", headers=elsewhere)
        assert "set-cookie" not in answer.headers
        assert 'content="0;url=/?q=%22%3E%3Cb%3E"' in answer.text
        assert "set-cookie" in client.get("/", headers=PAGE | {"sec-fetch-site": "none"}).headers


class TestLimits:
    def test_too_many_requests_are_told_when_to_come_again(self, open_server: Open) -> None:
        client = open_server(requests_a_minute=3)
        for _ in range(3):
            assert client.post("/v1/verify", json={}).status_code == 422
        for path in ("/v1/verify", "/gradio_api/queue/join", "/mujaz/x"):
            answer = client.post(path, json={})
            assert answer.status_code == 429
            assert re.fullmatch(r"too many requests; try again in \d+ s", answer.json()["error"])
            assert 0 < int(answer.headers["retry-after"]) <= 60
        upload = client.post("/gradio_api/upload", files={"files": ("a.txt", b"text")})
        assert upload.status_code == 429
        assert upload.text.startswith("too many requests")
        assert "طلبات كثيرة" in client.post("/ar/gradio_api/queue/join", json={}).json()["error"]
        assert client.get("/").status_code == 200
        assert client.get("/v1/articles").status_code == 200

    def test_none_is_none(self, open_server: Open) -> None:
        client = open_server(requests_a_minute=0)
        assert {client.post("/v1/verify", json={}).status_code for _ in range(150)} == {422}

    def test_each_user_has_an_own_allowance(self, open_server: Open, users: Users) -> None:
        users.add("badr", PASSWORD)
        client = open_server(requests_a_minute=1)

        def verify(name: str) -> int:
            headers = basic(name, PASSWORD)
            return client.post("/v1/verify", json={}, headers=headers).status_code

        assert [verify("amal"), verify("amal"), verify("badr")] == [422, 429, 422]

    def test_the_files_of_an_upload_count_together(self, open_server: Open) -> None:
        client = open_server(max_file_mb=1, max_upload_mb=2)
        files = [("files", (f"{i}.txt", b"x" * 900_000)) for i in range(3)]
        assert client.post("/gradio_api/upload", files=files[:2]).status_code == 200
        answer = client.post("/gradio_api/upload", files=files)
        assert answer.status_code == 413
        assert "2,097,152 bytes allowed" in answer.text

    def test_other_bodies_are_bounded(self, open_server: Open) -> None:
        client = open_server()
        long = json.dumps({"text": "a", "source": "b" * 5_000_000}).encode()
        for path in ("/v1/verify", "/gradio_api/queue/join", "/login"):
            assert client.post(path, content=long).status_code == 413
        assert client.post("/v1/verify", content=iter([long])).status_code == 411
        assert client.post("/v1/verify", headers={"content-length": "-1"}).status_code == 413
