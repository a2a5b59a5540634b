from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.app import App, open_app
from assistant.errors import AssistantError
from assistant.settings import load_settings
from assistant.ui.server import build_server, content_security_policy, serve


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> App:
    data = tmp_path_factory.mktemp("collection")
    return open_app(load_settings(data=data, cache=cache, max_file_mb=1, max_upload_mb=2))


@pytest.fixture(scope="module")
def client(app: App) -> TestClient:
    return TestClient(build_server(app), base_url="http://127.0.0.1:7860")


def policy(header: str) -> dict[str, list[str]]:
    parts = header.split("; ")
    return {name: values for name, *values in (part.split() for part in parts)}


def test_health_is_told_and_nothing_else(client: TestClient) -> None:
    assert client.get("/health").json() == {"status": "ok"}


def test_nothing_but_our_own_may_be_loaded(client: TestClient) -> None:
    rules = policy(client.get("/").headers["content-security-policy"])
    assert rules["default-src"] == rules["connect-src"] == ["'self'"]
    assert rules["object-src"] == rules["frame-ancestors"] == ["'none'"]
    assert rules["base-uri"] == rules["form-action"] == ["'self'"]
    assert not [v for values in rules.values() for v in values if "http" in v or "*" in v]
    scripts = rules["script-src"]
    assert scripts[0] == "'self'"
    assert all(re.fullmatch(r"'sha256-[\w+/]{43}='", v) for v in scripts[1:])


@pytest.mark.parametrize("path", ["/", "/ar/"])
def test_the_pages_first_scripts_run_before_gradio(client: TestClient, path: str) -> None:
    page = client.get(path)
    assert page.headers["content-length"] == str(len(page.content))
    scripts = re.findall(r'<script[^>]* ?src="([^"]+)"', page.text)
    ours = ["/mujaz/static/direction.js", "/mujaz/static/frames.js"]
    assert scripts[:2] == ours and "/assets/index-" in scripts[2]


@pytest.mark.parametrize("path", ["/", "/health", "/mujaz/page.js", "/config", "/nothing"])
def test_every_response_carries_the_headers(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert "content-security-policy" in response.headers
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "same-origin"


def test_only_the_pages_own_inline_scripts_are_allowed() -> None:
    assert content_security_policy(b'<script src="/a.js">x</script>').count("sha256") == 0
    one = content_security_policy(b"<script>\nlet a = 1;\n</script>")
    other = content_security_policy(b"<script>\nlet a = 2;\n</script>")
    assert one.count("sha256") == other.count("sha256") == 1
    assert one != other


@pytest.mark.parametrize("host", ["evil.invalid", "127.0.0.1.evil.invalid", "192.168.1.4:7860"])
def test_other_host_names_are_refused(client: TestClient, host: str) -> None:
    assert client.get("/health", headers={"host": host}).status_code == 400


@pytest.mark.parametrize("host", ["localhost:7860", "127.0.0.1", "[::1]:7860"])
def test_this_machines_names_are_accepted(client: TestClient, host: str) -> None:
    assert client.get("/health", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("origin", ["http://evil.invalid", "null", "http://127.0.0.1:9999"])
def test_requests_of_other_sites_are_refused(client: TestClient, origin: str) -> None:
    files = {"files": ("a.txt", b"text")}
    response = client.post("/gradio_api/upload", files=files, headers={"origin": origin})
    assert response.status_code == 403
    assert "access-control-allow-origin" not in response.headers


def test_no_endpoint_is_public(client: TestClient) -> None:
    config = client.get("/config").json()
    visible = [d["api_name"] for d in config["dependencies"] if d["api_visibility"] != "private"]
    assert visible == []
    for dependency in config["dependencies"]:
        response = client.post(f"/gradio_api/call/{dependency['api_name']}", json={"data": []})
        assert response.status_code == 404
    for path in (
        "info",
        "run/ask",
        "api/ask",
        "proxy=http://evil.invalid/",
        "vibe-starter-queries",
    ):
        for page in ("", "/ar"):
            answer = client.get(f"{page}/gradio_api/{path}")
            assert (answer.status_code, answer.text) == (404, "There is no such page.")


def test_an_upload_over_the_limit_is_refused(client: TestClient) -> None:
    files = {"files": ("a.txt", b"x" * (2 * 1024 * 1024 + 1))}
    response = client.post("/gradio_api/upload", files=files)
    assert response.status_code == 413


def test_files_of_the_machine_are_not_served(client: TestClient, app: App) -> None:
    secret = app.settings.data / "secret.txt"
    secret.write_text("secret")
    assert client.get(f"/gradio_api/file={secret}").status_code in (403, 404)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "::", "example.org"])
def test_nothing_is_served_beyond_this_machine_without_a_user(app: App, host: str) -> None:
    with pytest.raises(AssistantError, match="mujaz user add NAME"):
        serve(app, host, 0)


def test_a_port_in_use_names_the_flag(app: App) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(
            AssistantError, match=rf"port {port} can't be used at '127.0.0.1'.*--port"
        ):
            serve(app, "127.0.0.1", port)
