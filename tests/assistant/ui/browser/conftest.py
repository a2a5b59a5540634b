"""The page in headless Chromium, over a server of its own for each module of tests."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import uvicorn

from assistant.app import SAMPLES, App, open_app
from assistant.settings import load_settings
from tests.browser import find_browser
from tests.conftest import put_translations

playwright = pytest.importorskip("playwright.sync_api")
from playwright.sync_api import Browser, Locator, Page  # noqa: E402

FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
LIBYA = "What did Libya's foreign minister ask Morocco for?"
PATIENCE = 60_000  # milliseconds


@dataclass
class Server:
    """A server, and the app behind it."""

    origin: str
    app: App
    stop: Callable[[], None]


@dataclass
class Opened:
    """The page, the app behind it, and what the browser did."""

    page: Page
    app: App
    origin: str
    requests: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)

    def ask(self, question: str) -> None:
        """Ask and wait until the answer is complete."""
        before = self.answers.count()
        self.page.fill("#mj-question textarea", question)
        self.page.press("#mj-question textarea", "Enter")
        self.wait_for_answer(before)

    def wait_for_answer(self, before: int) -> None:
        """Wait until there are more answers than before, and the last is complete."""
        self.answers.nth(before).wait_for(timeout=PATIENCE)
        self.page.wait_for_selector("#mj-send", state="visible", timeout=PATIENCE)

    @property
    def answers(self) -> Locator:
        return self.page.locator("#mj-chat .message.bot")

    def last_message(self) -> Locator:
        return self.answers.last

    def chips(self) -> Locator:
        return self.page.locator("#mj-chat a.mj-chip")

    def open_tab(self, name: str) -> None:
        self.page.get_by_role("tab", name=name, exact=True).click()

    def row(self, title: str) -> Locator:
        """Return a row of the library."""
        return self.page.locator(f".mj-listed:has-text('{title}')")

    def upload(self, box: str, *files: Path) -> str:
        """Upload files and return the report's text."""
        self.page.set_input_files(f"{box} input[type=file]", [str(file) for file in files])
        self.page.wait_for_selector("#mj-report .mj-report", timeout=PATIENCE)
        return self.page.inner_text("#mj-report")

    def style(self, selector: str, name: str) -> str:
        found = self.page.locator(selector).last.evaluate(
            "(element, name) => getComputedStyle(element)[name]", name
        )
        return str(found)


def start_server(app: App, port: int = 0) -> Server:
    """Serve an app from a thread."""
    from assistant.ui.server import build_server

    configuration = uvicorn.Config(
        build_server(app), port=port, log_level="warning", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(configuration)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]

    def stop() -> None:
        server.should_exit = True
        thread.join(15)

    return Server(f"http://127.0.0.1:{port}", app, stop)


def visit(browser: Browser, server: Server, path: str = "/", width: int = 1400) -> Opened:
    """Open the page in a browser of its own: other cookies, other storage."""
    page = browser.new_context(viewport={"width": width, "height": 900}).new_page()
    opened = Opened(page, server.app, server.origin)
    page.on("request", lambda request: opened.requests.append(request.url))
    page.on("console", lambda message: opened.console.append(message.text))
    page.on("pageerror", lambda error: opened.console.append(str(error)))
    page.goto(server.origin + path)
    page.wait_for_selector("#mj-top .mj-top", timeout=PATIENCE)
    return opened


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, translations: Path) -> Path:
    """A folder for a collection, with the samples' translations already there."""
    return put_translations(translations, tmp_path_factory.mktemp("page"))


@pytest.fixture(scope="module")
def empty(data: Path, cache: Path) -> Iterator[Server]:
    """A server with no articles."""
    app = open_app(load_settings(data=data, cache=cache))
    server = start_server(app)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def served(empty: Server) -> Server:
    """A server with the two sample articles."""
    empty.app.ingestor.ingest([str(SAMPLES)])
    return empty


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find_browser(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def opened(served: Server, chromium: Browser) -> Opened:
    """The page over the two sample articles."""
    opened = visit(chromium, served)
    opened.page.wait_for_selector("#mj-chat", state="visible", timeout=PATIENCE)
    return opened
