from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from vectorstore.errors import LoadError
from vectorstore.loaders import load_url
from vectorstore.loaders.url import fetch

PAGE = "<html lang='ar'><body><p>قال الوزير إن الأمر انتهى يوم الجمعة.</p></body></html>".encode()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        if path == "/slow":
            time.sleep(3)
        if path == "/loop":
            return self.answer(302, "text/html", b"", "/loop")
        if path == "/away":
            return self.answer(302, "text/html", b"", "file:///etc/passwd")
        if path == "/moved":
            return self.answer(301, "text/html", b"", "/page")
        if path in ("/404", "/500", "/403"):
            return self.answer(int(path[1:]), "text/html", b"no")
        if path == "/text":
            return self.answer(200, "text/plain; charset=windows-1256", "نص قصير".encode("cp1256"))
        if path == "/host":
            return self.answer(200, "text/plain", self.headers["Host"].encode())
        if path == "/image":
            return self.answer(200, "image/png", b"\x89PNG")
        if path == "/big":
            return self.answer(200, "text/html", b"x" * 100_000)
        self.answer(200, "text/html; charset=utf-8", PAGE)

    def answer(self, status: int, kind: str, body: bytes, location: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def load(url: str, timeout: float = 5.0) -> str:
    loaded = load_url(url, timeout=timeout, max_bytes=50_000, allow_private=True)
    return loaded.documents[0].text


def test_pages_and_texts_are_read_by_their_content_type(site: str) -> None:
    assert "قال الوزير" in load(f"{site}/page")
    assert load(f"{site}/text") == "نص قصير"


def test_the_source_is_where_the_redirect_led(site: str) -> None:
    loaded = load_url(f"{site}/moved", timeout=5, allow_private=True)
    assert loaded.documents[0].source == f"{site}/page"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/404", "404.*check the address"),
        ("/403", "403.*save the page"),
        ("/500", "500.*try later"),
        ("/image", "image/png"),
        ("/big", "larger than 50,000 bytes"),
        ("/loop", "redirects more than"),
        ("/away", "file:///etc/passwd.*redirects"),
    ],
)
def test_failures_say_what_to_do(site: str, path: str, message: str) -> None:
    with pytest.raises(LoadError, match=message):
        load(site + path)


def test_a_slow_server_times_out(site: str) -> None:
    with pytest.raises(LoadError, match="in time"):
        load(f"{site}/slow", timeout=0.3)


def test_a_refused_connection_says_so() -> None:
    with pytest.raises(LoadError, match="couldn't be fetched"):
        load("http://127.0.0.1:1/")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://a.b/c", "example.com", "http://", ""])
def test_other_schemes_are_refused(url: str) -> None:
    with pytest.raises(LoadError, match="http"):
        load(url)


PRIVATE = [
    "127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0", "::1",
    "fe80::1", "fd00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "100.64.0.1", "224.0.0.1",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_names_that_lead_inside_are_refused(address: str) -> None:
    with pytest.raises(LoadError, match="refused"):
        fetch(
            "http://innocent.example/",
            timeout=1,
            max_bytes=10,
            resolve=lambda host, port: ["8.8.8.8", address],
        )


def test_addresses_written_oddly_are_refused(site: str) -> None:
    port = site.rpartition(":")[2]
    for host in ("127.0.0.1", "2130706433", "0x7f.1", "localhost", "[::1]", "[::ffff:7f00:1]"):
        with pytest.raises(LoadError, match="refused|isn't known"):
            load_url(f"http://{host}:{port}/page", timeout=2)


def test_the_connection_goes_to_the_checked_address_under_the_host_that_was_asked(
    site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vectorstore.loaders.url._is_public", lambda address: True)
    port = site.rpartition(":")[2]
    asked = f"http://innocent.example:{port}/host"
    fetched = fetch(asked, timeout=2, max_bytes=99, resolve=lambda host, port: ["127.0.0.1"])
    assert fetched.data.decode() == f"innocent.example:{port}"
    assert fetched.url == asked
