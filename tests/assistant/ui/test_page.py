"""The page in a real browser, over the bundled models; the tests tell one story, in order."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import uvicorn

from assistant.app import App, open_app
from assistant.settings import load_settings
from tests.browser import find_browser

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

playwright = pytest.importorskip("playwright.sync_api")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_browser() is None, reason="no Chromium"),
]
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
MARKUP = (
    "<img src=x onerror=\"document.title='owned'\"> ![x](http://evil.invalid/x.png) "
    "[press](javascript:document.title='owned') <script>document.title='owned'</script>"
)
HOSTILE = f"""Fishermen of Sète ask for help after the storm

The fishermen of Sète {MARKUP} asked the government for 3 million euros after the storm.

The mayor, Anne Durand, said that the harbour would be open again on 12 March.
"""
LIBYA = "What did Libya's foreign minister ask Morocco for?"
PATIENCE = 60_000  # milliseconds


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

    def open_tab(self, name: str) -> None:
        self.page.get_by_role("tab", name=name).click()

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


@pytest.fixture(scope="module")
def origin_and_app(
    tmp_path_factory: pytest.TempPathFactory, cache: Path
) -> Iterator[tuple[str, App]]:
    from assistant.ui.server import build_server

    app = open_app(load_settings(data=tmp_path_factory.mktemp("page"), cache=cache))
    configuration = uvicorn.Config(build_server(app), port=0, log_level="warning")
    server = uvicorn.Server(configuration)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}", app
    server.should_exit = server.force_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def opened(origin_and_app: tuple[str, App]) -> Iterator[Opened]:
    origin, app = origin_and_app
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find_browser(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        opened = Opened(page, app, origin)
        page.on("request", lambda request: opened.requests.append(request.url))
        page.on("console", lambda message: opened.console.append(message.text))
        page.on("pageerror", lambda error: opened.console.append(str(error)))
        page.goto(origin)
        yield opened
        browser.close()


def test_an_empty_collection_says_what_to_do_and_loads_the_samples(opened: Opened) -> None:
    page = opened.page
    page.wait_for_selector("#mj-samples", state="visible")
    assert page.locator("#mj-welcome input[type=file]").count() == 1
    assert not page.is_visible("#mj-chat")
    page.click("#mj-samples")
    page.wait_for_selector("#mj-chat", state="visible", timeout=PATIENCE)
    assert not page.is_visible("#mj-welcome")
    assert page.locator("#mj-chat .example").count() == 3
    assert opened.app.catalog.count() == 2


def test_an_answer_streams_and_its_citation_opens_the_arabic(opened: Opened) -> None:
    page = opened.page
    lengths = "() => document.querySelector('#mj-chat .message.bot')?.innerText.length ?? 0"
    page.fill("#mj-question textarea", LIBYA)
    page.press("#mj-question textarea", "Enter")
    seen = set()
    until = time.monotonic() + PATIENCE / 1000
    while not page.locator("#mj-chat a.mj-chip").count():
        seen.add(page.evaluate(lengths))
        assert time.monotonic() < until
        page.wait_for_timeout(40)
    assert len(seen) > 3, "the text should have grown before its sentence was done"
    page.wait_for_selector("#mj-send", state="visible", timeout=PATIENCE)
    assert "Libya" in opened.last_message().inner_text()

    page.locator("#mj-chat a.mj-chip").first.click()
    page.wait_for_selector("article.mj-source.mj-open", state="visible")
    assert opened.style("article.mj-open .mj-original", "direction") == "rtl"
    assert page.locator("article.mj-open .mj-original").get_attribute("lang") == "ar"
    marked = page.locator("article.mj-open mark").evaluate("element => element.textContent")
    quotes = {a.text[s.start : s.end] for a in opened.app.catalog.articles() for s in a.sentences}
    assert marked in quotes
    assert page.locator("article.mj-open .mj-half").count() == 2
    assert page.evaluate("document.activeElement.className").startswith("mj-source")
    page.keyboard.press("Escape")
    assert "mj-chip" in page.evaluate("document.activeElement.className")


def test_a_chip_opens_by_keyboard_even_from_the_other_tab(opened: Opened) -> None:
    opened.open_tab("Articles")
    opened.page.wait_for_selector("#mj-files", state="visible")
    opened.page.locator("#mj-chat a.mj-chip").first.focus()
    opened.page.keyboard.press("Enter")
    opened.page.wait_for_selector("article.mj-source.mj-open", state="visible")


def test_an_unanswerable_question_is_refused_with_the_nearest(opened: Opened) -> None:
    opened.ask("What is the population of Iceland?")
    opened.page.wait_for_selector(".mj-refusal", timeout=PATIENCE)
    assert "Iceland" in opened.page.inner_text(".mj-refusal")
    assert opened.page.locator(".mj-refusal a.mj-chip").count() > 0


def test_the_chips_of_an_older_answer_still_open_its_own_passages(opened: Opened) -> None:
    chip = opened.page.locator("#mj-chat a.mj-chip").first
    target = (chip.get_attribute("href") or "")[1:]
    chip.click()
    opened.page.wait_for_selector(f"#{target}.mj-open", state="visible")
    assert opened.page.locator("section.mj-sources:visible").count() == 1


def test_an_arabic_question_is_right_to_left(opened: Opened) -> None:
    opened.page.fill("#mj-question textarea", "ماذا طلبت ليبيا من المغرب؟")
    assert opened.style("#mj-question textarea", "direction") == "rtl"
    opened.page.fill("#mj-question textarea", "What else?")
    assert opened.style("#mj-question textarea", "direction") == "ltr"


def test_a_question_that_is_too_long_is_an_error_and_stays(opened: Opened) -> None:
    before = opened.page.locator("#mj-chat .message").count()
    opened.page.fill("#mj-question textarea", "why " * 501)
    opened.page.click("#mj-send")
    toast = opened.page.locator(".toast-body")
    toast.wait_for()
    assert "2,000" in toast.inner_text()
    assert len(opened.page.input_value("#mj-question textarea")) == 2004
    assert opened.page.locator("#mj-chat .message").count() == before
    toast.locator("button.toast-close, [aria-label=Close]").first.click()
    opened.page.fill("#mj-question textarea", "")


def test_uploads_are_reported_with_reasons(opened: Opened, tmp_path: Path) -> None:
    article, empty = tmp_path / "fishermen.txt", tmp_path / "empty.txt"
    article.write_text(HOSTILE, "utf-8")
    empty.write_text("")
    opened.open_tab("Articles")
    report = opened.upload("#mj-files", article, empty)
    assert "1 added" in report and "Fishermen of Sète" in report
    assert "1 skipped" in report and "empty" in report
    assert str(tmp_path) not in report and "uploads" not in report
    assert opened.app.catalog.count() == 3
    opened.page.wait_for_selector(".mj-card:has-text('Fishermen')")
    assert opened.page.locator(".mj-card").count() == 3


def test_a_summary_is_cited_and_its_markup_stays_text(opened: Opened) -> None:
    page = opened.page
    before = opened.answers.count()
    page.locator(".mj-card:has-text('Fishermen') .mj-summarize").click()
    opened.wait_for_answer(before)
    assert opened.last_message().locator("a.mj-chip").count() > 0
    opened.ask("What did the fishermen of Sète ask for?")
    said = opened.last_message()
    assert MARKUP in said.inner_text()
    assert said.locator("img, script, a:not(.mj-chip)").count() == 0
    assert page.locator("#mj-sources").locator("img, script, [href^='javascript']").count() == 0
    assert page.title() == "Mujaz"


def test_stop_ends_an_answer(opened: Opened) -> None:
    page = opened.page
    opened.open_tab("Articles")
    page.get_by_label("long").check()
    page.locator(".mj-card:not(:has-text('Fishermen')) .mj-summarize").first.click()
    page.wait_for_selector("#mj-stop", state="visible")
    page.click("#mj-stop")
    page.wait_for_selector(".mj-ended")
    page.wait_for_selector("#mj-send", state="visible")
    before = opened.last_message().inner_text()
    page.wait_for_timeout(1500)
    assert opened.last_message().inner_text() == before


def test_another_question_takes_the_place_of_an_answer(opened: Opened) -> None:
    page = opened.page
    opened.open_tab("Articles")
    page.locator(".mj-card:not(:has-text('Fishermen')) .mj-summarize").last.click()
    page.wait_for_selector("#mj-stop", state="visible")
    stopped = page.locator(".mj-ended").count()
    opened.ask("Who is the mayor of Sète?")
    assert page.locator(".mj-ended").count() == stopped + 1
    page.wait_for_timeout(1000)
    assert page.locator(".mj-status:not(.mj-ended)").count() == 0
    assert page.is_visible("#mj-send")


def test_only_addresses_are_fetched(opened: Opened) -> None:
    opened.open_tab("Articles")
    opened.page.locator("#mj-address").locator("input, textarea").fill("/etc/hostname")
    opened.page.click("#mj-fetch")
    toast = opened.page.locator(".toast-body")
    toast.wait_for()
    assert "isn't an address" in toast.inner_text()
    assert opened.app.catalog.count() == 3


def test_an_article_is_removed_after_a_second_click(opened: Opened) -> None:
    card = opened.page.locator(".mj-card:has-text('Fishermen')")
    card.locator(".mj-remove").click()
    card.locator(".mj-really").click()
    opened.page.wait_for_selector(".mj-part.mj-removed")
    card.wait_for(state="detached")
    assert opened.app.catalog.count() == 2


def test_nothing_came_from_outside_and_the_policy_was_kept(opened: Opened) -> None:
    inside = (opened.origin + "/", "data:", "blob:")
    assert [url for url in opened.requests if not url.startswith(inside)] == []
    assert [text for text in opened.console if "Content Security Policy" in text] == []
    assert [text for text in opened.console if "Error" in text] == []
