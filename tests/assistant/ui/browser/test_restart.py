from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from assistant.app import open_app
from assistant.settings import load_settings
from tests.assistant.ui.browser.conftest import PATIENCE, Opened, Server, visit
from tests.browser import find_browser

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_browser() is None, reason="there is no Chromium"),
]
FILES = 30


class Killable:
    """A server in a process of its own, to be killed and started again on the same port."""

    def __init__(self, data: Path, cache: Path) -> None:
        self.data, self.cache = data, cache
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "assistant", "serve", "--samples", "--data"]
        self.process = subprocess.Popen(
            [*command, str(self.data), "--port", str(self.port)],
            env=os.environ | {"MUJAZ_CACHE": str(self.cache)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + PATIENCE / 1000
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health").close()
                return
            except OSError:
                assert time.monotonic() < until and self.process.poll() is None
                time.sleep(0.1)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    @property
    def titles(self) -> list[str]:
        return [a.title for a in self.server.app.catalog.articles()]

    @property
    def server(self) -> Server:
        app = open_app(load_settings(data=self.data, cache=self.cache))
        return Server(f"http://127.0.0.1:{self.port}", app, self.kill)


@pytest.fixture
def killable(tmp_path: Path, cache: Path) -> Iterator[Killable]:
    killable = Killable(tmp_path / "restarted", cache)
    yield killable
    killable.kill()


def ready(browser: Browser, killable: Killable) -> Opened:
    opened = visit(browser, killable.server)
    opened.page.wait_for_selector("#mj-chat", state="visible", timeout=PATIENCE)
    opened.open_tab("Library")
    opened.page.wait_for_selector(".mj-listed")
    return opened


def test_killed_in_the_middle_of_an_answer(chromium: Browser, killable: Killable) -> None:
    opened = ready(chromium, killable)
    page = opened.page
    page.locator(".mj-listed [data-do=translate]").first.click()
    whole = page.locator("#mj-chat .mj-sentence:has(a.mj-chip) > span:first-of-type").first
    whole.wait_for(timeout=PATIENCE)
    said = whole.inner_text()
    killable.kill()
    page.wait_for_selector("#mj-told:has-text('server')", timeout=PATIENCE)

    killable.start()
    page.wait_for_selector("#mj-chat .mj-ended", timeout=PATIENCE)
    assert "Interrupted" in page.inner_text("#mj-chat .mj-ended")
    assert whole.inner_text() == said
    page.locator("#mj-chat .mj-retry").first.click()  # what was cut off makes way
    page.wait_for_selector("#mj-chat .mj-ended", state="detached", timeout=PATIENCE)
    whole.wait_for(timeout=PATIENCE)
    expect(opened.answers).to_have_count(1)


def test_killed_in_the_middle_of_an_upload(
    chromium: Browser, killable: Killable, tmp_path: Path
) -> None:
    files = []
    for n in range(FILES):
        file = tmp_path / f"feed{n}.jsonl"
        text = f"Harbour {n} closed for {n} days after storm {n}. " * 40
        file.write_text(json.dumps({"title": f"Report {n}", "text": text}) + "\n")
        files.append(str(file))
    opened = ready(chromium, killable)
    page = opened.page
    page.set_input_files("#mj-files input[type=file]", files)
    page.wait_for_selector("#mj-report .mj-file.mj-embedding", timeout=PATIENCE)
    killable.kill()
    assert len(killable.titles) < FILES + 2
    page.wait_for_selector("#mj-told:has-text('server')", timeout=PATIENCE)

    killable.start()
    until = time.monotonic() + PATIENCE / 1000
    while len(killable.titles) < FILES + 2:
        assert time.monotonic() < until
        time.sleep(0.3)
    assert sorted(t for t in killable.titles if t.startswith("Report")) == sorted(
        f"Report {n}" for n in range(FILES)
    )
    page.wait_for_selector("#mj-told", state="hidden", timeout=PATIENCE)  # it is there again
    opened.open_tab("Library")
    opened.row("Report 7").first.wait_for(timeout=PATIENCE)
