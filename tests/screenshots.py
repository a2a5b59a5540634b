"""Takes the pictures in `docs/screenshots`: `python -m tests.screenshots [NAME...]`.

Each is one state of the page, over the sample articles or over the evaluation's 123 articles in
Arabic. They are looked at, not compared: fonts differ from machine to machine.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from assistant.app import SAMPLES, App, open_app
from assistant.settings import load_settings
from tests.assistant.ui.browser.conftest import FLAGS, LIBYA, Opened, Server, start_server, visit
from tests.browser import find_browser

FOLDER = Path("docs/screenshots")
DOCUMENTS = Path("evals/datasets/ntrex-documents.jsonl")
BENHAMMOU = "Who is Mohamed Benhammou?"
SETTLED_MS = 900


def main(names: list[str]) -> None:
    """Take the pictures that are named, or all of them."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find_browser(), args=FLAGS)
        empty = start_server(_app(Path(folder) / "empty"))
        few = start_server(_app(Path(folder) / "few", [str(SAMPLES)]))
        for name, take in PICTURES.items():
            if (not names or name in names) and name not in MANY:
                _take(name, take, browser, empty if name.startswith("empty") else few)
        if not names or set(names) & MANY:
            many = start_server(_app(Path(folder) / "many", [str(_arabic(Path(folder)))]))
            for name in sorted(MANY):
                if not names or name in names:
                    _take(name, PICTURES[name], browser, many)


def _take(
    name: str, take: Callable[[Browser, Server], Opened], browser: Browser, server: Server
) -> None:
    opened = take(browser, server)
    opened.page.wait_for_timeout(SETTLED_MS)
    opened.page.screenshot(path=FOLDER / f"{name}.png")
    opened.page.context.close()
    sys.stdout.write(f"{name}\n")


def _app(data: Path, targets: list[str] | None = None) -> App:
    app = open_app(load_settings(data=data))
    if targets:
        app.ingestor.ingest(targets)
    return app


def _arabic(folder: Path) -> Path:
    """Write the evaluation's Arabic articles as a feed."""
    rows = map(json.loads, DOCUMENTS.read_text("utf-8").splitlines())
    feed = folder / "articles.jsonl"
    feed.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    return feed


def _open(
    browser: Browser, server: Server, path: str = "/", width: int = 1400, dark: bool = False
) -> Opened:
    opened = visit(browser, server, path, width)
    if dark:
        opened.page.locator("#mj-top .mj-theme").click()
    opened.page.wait_for_timeout(SETTLED_MS)
    return opened


def _answered(browser: Browser, server: Server, **how: object) -> Opened:
    opened = _open(browser, server, **how)  # type: ignore[arg-type]
    opened.ask(LIBYA)
    return opened


def _article(browser: Browser, server: Server, **how: object) -> Opened:
    opened = _answered(browser, server, **how)
    opened.last_message().locator("a.mj-chip").first.click()
    opened.page.wait_for_selector("#mj-article .mj-cited")
    opened.page.wait_for_selector("#mj-article .mj-row:first-child .mj-check", timeout=60_000)
    return opened


def _card(browser: Browser, server: Server) -> Opened:
    opened = _answered(browser, server)
    opened.ask(BENHAMMOU)
    opened.last_message().locator("a.mj-chip").first.hover()
    opened.page.wait_for_selector("#mj-card", state="visible")
    return opened


def _guide(browser: Browser, server: Server) -> Opened:
    opened = _article(browser, server)
    opened.page.locator(".mj-guide summary").first.click()
    opened.page.wait_for_selector(".mj-guide-body .mj-mentions", timeout=120_000)
    opened.page.evaluate("document.getElementById('mj-side').scrollTo(0, 0)")
    return opened


def _long(browser: Browser, server: Server) -> Opened:
    opened = _answered(browser, server)
    for question in (BENHAMMOU, "What is the population of Iceland?", "ماذا طلبت ليبيا من المغرب؟"):
        opened.ask(question)
    opened.page.locator("#mj-top .mj-list").click()
    return opened


def _library(browser: Browser, server: Server) -> Opened:
    opened = _open(browser, server)
    opened.open_tab("Library")
    opened.page.wait_for_timeout(15_000)  # the titles' English comes one by one
    return opened


def _upload(browser: Browser, server: Server) -> Opened:
    opened = _open(browser, server)
    opened.open_tab("Library")
    files = []
    with tempfile.TemporaryDirectory() as folder:
        for n, line in enumerate(DOCUMENTS.read_text("utf-8").splitlines()[:40]):
            file = Path(folder) / f"article-{n + 1:02}.jsonl"
            file.write_text(line, "utf-8")
            files.append(str(file))
        opened.page.set_input_files("#mj-files input[type=file]", files)
        opened.page.wait_for_selector("#mj-report .mj-file.mj-embedding")
    return opened


def _error(browser: Browser, server: Server) -> Opened:
    opened = _answered(browser, server)
    opened.page.fill("#mj-question textarea", "why " * 501)
    opened.page.click("#mj-send")
    opened.page.wait_for_selector(".toast-body")
    return opened


def _settings(browser: Browser, server: Server) -> Opened:
    opened = _open(browser, server)
    opened.open_tab("Settings")
    return opened


PICTURES: dict[str, Callable[[Browser, Server], Opened]] = {
    "empty": _open,
    "empty-narrow-arabic": lambda b, s: _open(b, s, path="/ar/", width=390),
    "answer": _article,
    "card": _card,
    "guide": _guide,
    "arabic": lambda b, s: _article(b, s, path="/ar/"),
    "dark": lambda b, s: _article(b, s, dark=True),
    "narrow": lambda b, s: _answered(b, s, width=390),
    "narrow-article": lambda b, s: _article(b, s, width=390, dark=True),
    "conversation": _long,
    "error": _error,
    "settings": _settings,
    "library": _library,
    "upload": _upload,
}
MANY = {"library"}

if __name__ == "__main__":
    main(sys.argv[1:])
