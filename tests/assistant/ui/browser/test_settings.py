from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, expect

from assistant.app import SAMPLES, open_app
from assistant.settings import load_settings
from assistant.ui.words import words
from tests.assistant.ui.browser.conftest import LIBYA, PATIENCE, Opened, Server, start_server, visit
from tests.browser import find_browser
from tests.model_server import TRUE, Act, Exchange, ModelServer, fail, run_server, say

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_browser() is None, reason="there is no Chromium"),
]
KEY, WRONG = "k-right-0451", "k-wrong-1984"
BENHAMMOU = "Who is Mohammed Benhammou?"


@pytest.fixture(scope="module")
def model() -> Iterator[ModelServer]:
    yield from run_server()


def for_key(key: str, text: str) -> Act:
    """Write a reply to whoever has the key, as a hosted model would."""

    def act(exchange: Exchange) -> None:
        given = exchange.handler.headers["Authorization"]
        right = given == f"Bearer {key}"
        (say(text) if right else fail(401, "Incorrect API key provided"))(exchange)

    return act


def field(page: Page, elem_id: str) -> Locator:
    return page.locator(f"#{elem_id} textarea, #{elem_id} input:not([type=range])").first


def note(page: Page) -> Locator:
    return page.locator("#mj-settings-note")


@pytest.fixture(scope="module")
def finished(opened: Opened) -> list[Request]:
    """The requests of the page as last loaded that the browser has had answers to.

    Those of the page before are left out: Chromium forgets their bodies when it is left.
    """
    begun: set[Request] = set()
    found: list[Request] = []

    def begin(request: Request) -> None:
        if request.is_navigation_request():
            begun.clear()
            found.clear()
        begun.add(request)

    def finish(request: Request) -> None:
        if request in begun:
            found.append(request)

    opened.page.on("request", begin)
    opened.page.on("requestfinished", finish)
    return found


def exchanged(finished: list[Request]) -> tuple[str, str]:
    """Return all that was sent in these requests and all that came back, and empty the list."""
    requests = finished.copy()
    finished.clear()
    answered = [r for request in requests if (r := request.response()) and r.ok]
    sent = "".join(response.request.post_data or "" for response in answered)
    return sent, "".join(response.text() for response in answered)


@pytest.fixture(scope="module")
def panel(opened: Opened, finished: list[Request]) -> Opened:
    opened.open_tab("Settings")
    expect(field(opened.page, "mj-writer")).to_have_value("bundled")
    return opened


def test_fewer_sentences_count_from_the_next_answer_on(panel: Opened) -> None:
    page = panel.page
    panel.ask(BENHAMMOU)
    assert panel.last_message().locator(".mj-sentence").count() > 1
    field(page, "mj-sentences").fill("1")
    field(page, "mj-sentences").press("Tab")
    page.click("#mj-save")
    expect(note(page)).to_contain_text(words("en")["saved"])
    panel.ask(BENHAMMOU)
    expect(panel.last_message().locator(".mj-sentence")).to_have_count(1)


@pytest.mark.parametrize(
    ("elem_id", "value", "remedy"),
    [
        ("mj-writer", "gpt", "use 'bundled', or PROVIDER:MODEL"),
        ("mj-writer-url", "localhost", "an address begins with http:// or https://"),
    ],
)
def test_a_bad_value_is_refused_with_what_to_do_and_answers_go_on(
    panel: Opened, elem_id: str, value: str, remedy: str
) -> None:
    page = panel.page
    before = field(page, elem_id).input_value()
    in_force = panel.app.settings
    field(page, elem_id).fill(value)
    page.click("#mj-save")
    expect(note(page)).to_contain_text(remedy)
    expect(field(page, elem_id)).to_have_value(value)
    assert panel.app.settings == in_force
    panel.ask(BENHAMMOU)
    expect(panel.last_message().locator(".mj-making p")).to_contain_text("the bundled models")
    field(page, elem_id).fill(before)


def test_a_connection_is_tried_before_it_is_saved(panel: Opened, model: ModelServer) -> None:
    page = panel.page
    model.act(for_key(KEY, "ready"))
    field(page, "mj-writer").fill("openai:small")
    field(page, "mj-writer-url").fill(model.url)
    field(page, "mj-api-key").fill(WRONG)
    page.click("#mj-test")
    expect(note(page)).to_contain_text("“Its key”", timeout=PATIENCE)
    assert WRONG not in note(page).inner_text()
    field(page, "mj-api-key").fill(KEY)
    page.click("#mj-test")
    expect(note(page)).to_contain_text("openai:small answered", timeout=PATIENCE)
    assert panel.app.settings.writer == "bundled"


def test_the_next_answer_comes_from_the_writer_that_was_saved(
    panel: Opened, model: ModelServer
) -> None:
    page = panel.page
    model.act(for_key(KEY, f"{TRUE} [1]."))
    page.click("#mj-save")
    expect(note(page)).to_contain_text(words("en")["saved"])
    panel.ask(LIBYA)
    said = panel.last_message()
    assert TRUE in said.inner_text()
    said.locator(".mj-making summary").click()
    assert "openai:small" in said.locator(".mj-making p").inner_text()


def test_a_key_that_was_saved_never_comes_back(panel: Opened, finished: list[Request]) -> None:
    page = panel.page
    expect(field(page, "mj-api-key")).to_have_value("")
    page.wait_for_timeout(1000)
    sent, came = exchanged(finished)
    page.reload()
    page.wait_for_selector("#mj-chat", state="visible", timeout=PATIENCE)
    panel.open_tab("Settings")
    expect(field(page, "mj-writer")).to_have_value("openai:small")
    expect(field(page, "mj-api-key")).to_have_value("")
    expect(field(page, "mj-api-key")).to_have_attribute("placeholder", words("en")["key_kept"])
    page.wait_for_timeout(1000)
    came += exchanged(finished)[1]
    assert KEY in sent and WRONG in sent
    assert words("en")["key_kept"] in came
    assert KEY not in came and WRONG not in came
    assert KEY not in page.content()


def test_what_is_set_by_flag_is_shown_as_such(
    chromium: Browser, tmp_path: Path, cache: Path
) -> None:
    flags = {"data": tmp_path / "locked", "cache": cache, "sentences": 2, "writer": "bundled"}
    app = open_app(load_settings(**flags))
    app.ingestor.ingest([str(SAMPLES)])
    server = start_server(app)
    try:
        reader = visit(chromium, server)
        reader.page.wait_for_selector("#mj-chat", state="visible", timeout=PATIENCE)
        reader.open_tab("Settings")
        told = words("en").fill("locked", names="sentences, writer")
        expect(reader.page.get_by_text(told)).to_be_visible()
        expect(field(reader.page, "mj-sentences")).to_have_value("2")
        expect(field(reader.page, "mj-sentences")).to_be_disabled()
        expect(field(reader.page, "mj-writer")).to_be_disabled()
        expect(field(reader.page, "mj-passages")).to_be_enabled()
    finally:
        server.stop()


def test_light_or_dark_is_kept_over_a_reload(panel: Opened) -> None:
    page = panel.page
    body = page.locator("body")
    was_dark = "dark" in (body.get_attribute("class") or "")
    page.click(".mj-theme")
    expect(page.locator("body.dark")).to_have_count(0 if was_dark else 1)
    page.reload()
    page.wait_for_selector("#mj-chat", state="visible", timeout=PATIENCE)
    expect(page.locator("body.dark")).to_have_count(0 if was_dark else 1)


@pytest.fixture(scope="module")
def arabic(panel: Opened, served: Server, chromium: Browser) -> Opened:
    """The page in Arabic, gone to by its link from the one in English."""
    opened = visit(chromium, served)
    opened.page.wait_for_selector("#mj-chat", state="visible", timeout=PATIENCE)
    opened.ask(LIBYA)
    opened.page.get_by_role("link", name="العربية").click()
    expect(opened.page).to_have_url(served.origin + "/ar/")
    expect(opened.page.locator("#mj-chat .mj-question")).to_have_text(LIBYA, timeout=PATIENCE)
    return opened


def test_both_pages_have_the_same_conversation(arabic: Opened) -> None:
    page = arabic.page
    said = arabic.last_message().locator(".mj-sentence > span").first.inner_text()
    page.get_by_role("link", name="English").click()
    expect(page).to_have_url(arabic.origin + "/")
    expect(arabic.last_message().locator(".mj-sentence > span").first).to_have_text(
        said, timeout=PATIENCE
    )
    page.get_by_role("link", name="العربية").click()
    expect(arabic.last_message().locator(".mj-sentence > span").first).to_have_text(
        said, timeout=PATIENCE
    )


def left(page: Page, selector: str) -> float:
    box = page.locator(selector).bounding_box()
    assert box
    return box["x"]


def test_the_arabic_page_is_mirrored(arabic: Opened) -> None:
    page = arabic.page
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    arabic.open_tab("المكتبة")
    page.wait_for_selector(".mj-listed")
    for place in ("#mj-top .mj-top", "#mj-chat .bubble-wrap", "#mj-mode .wrap", "#mj-library"):
        assert arabic.style(place, "direction") == "rtl", place
    assert left(page, "#mj-talk") > left(page, "#mj-side")
    assert left(page, "#mj-question") > left(page, "#mj-send")
    assert left(page, "#mj-top .mj-list") > 1200
    expect(page.locator("#mj-files")).not_to_contain_text("Drop File")
    assert left(page, ".mj-top h1") > left(page, ".mj-tongue")
    label = page.locator("#mj-mode label").last
    circle, said = label.locator("input").bounding_box(), label.locator("span").bounding_box()
    assert circle and said
    assert circle["x"] >= said["x"] + said["width"] + 4, "the circle touches its label"


TEXTS = """root => [...root.querySelectorAll('*')].flatMap(element => [
  ...['aria-label', 'title', 'placeholder'].map(name => element.getAttribute(name)),
  ...[...element.childNodes].filter(node => node.nodeType === 3).map(node => node.data),
]).map(text => text?.trim()).filter(Boolean)"""


def test_the_arabic_page_says_nothing_of_ours_in_english(arabic: Opened) -> None:
    page = arabic.page
    ours = set(words("en").all().values()) - {words("en")["other_language"]}
    arabic.chips().first.click()
    page.wait_for_selector("#mj-article .mj-cited")
    arabic.open_tab("المكتبة")
    page.wait_for_selector(".mj-listed")
    arabic.open_tab("الإعدادات")
    page.wait_for_selector("#mj-save", state="visible")
    said = set(page.locator("body").evaluate(TEXTS))
    assert {
        words("ar")[key] for key in ("send", "how_made", "remove", "retry", "conversations")
    } <= said
    assert said & ours == {words("en")["title"]} & said
    assert "Toggle Sidebar" not in said
