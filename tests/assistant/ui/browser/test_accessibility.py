from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.app import open_app
from assistant.settings import load_settings
from assistant.users import Users
from tests.assistant.ui.browser.conftest import LIBYA, PATIENCE, Opened, Server, start_server, visit
from tests.browser import find_browser

axe = pytest.importorskip("axe_playwright_python.sync_playwright")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_browser() is None, reason="there is no Chromium"),
]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
GRAVE = ("serious", "critical")
ALLOWED = [
    # The card is a tooltip: the focus stays on its mark, whose description it is, and all of a
    # long one can be read where the mark leads.
    ("scrollable-region-focusable", [["#mj-card"]]),
]
LOOKS = [
    pytest.param(("/", 1400, False), id="english-wide-light"),
    pytest.param(("/", 390, True), id="english-narrow-dark"),
    pytest.param(("/ar/", 1400, True), id="arabic-wide-dark"),
    pytest.param(("/ar/", 390, False), id="arabic-narrow-light"),
]


FADED_IN = """() => Promise.race([
  Promise.allSettled(document.getAnimations().map(fading => fading.finished)),
  new Promise(done => setTimeout(done, 2000)),
])"""


def assert_accessible(page: Page) -> None:
    """Axe finds nothing grave; what is moderate, or only good practice, is printed."""
    page.wait_for_timeout(300)
    page.evaluate(FADED_IN)
    options = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
    found = axe.Axe().run(page, options=options).response["violations"]
    told = [(v["impact"], v["id"], [node["target"] for node in v["nodes"]]) for v in found]
    print(*told, sep="\n")  # noqa: T201 - pytest shows it of a test that failed, or with -s
    assert [row for row in told if row[0] in GRAVE and row[1:] not in ALLOWED] == []


def darken(page: Page, dark: bool) -> None:
    expect(page.locator("#mj-conversations input")).to_have_count(1)  # its scripts have run
    if dark != (page.locator("body.dark").count() == 1):
        page.click(".mj-theme")
        expect(page.locator("body.dark")).to_have_count(int(dark))


@pytest.fixture(scope="module", params=LOOKS)
def look(request: pytest.FixtureRequest, served: Server, chromium: Browser) -> Iterator[Opened]:
    path, width, dark = request.param
    opened = visit(chromium, served, path, width)
    opened.page.wait_for_selector("#mj-chat", state="visible", timeout=PATIENCE)
    darken(opened.page, dark)
    yield opened
    opened.page.context.close()


def open_tab(opened: Opened, number: int) -> None:
    opened.page.locator("#mj-tabs [role=tab]").nth(number).click()


@pytest.mark.parametrize(("path", "dark"), [("/", True), ("/ar/", False)])
def test_the_welcome(chromium: Browser, tmp_path: Path, cache: Path, path: str, dark: bool) -> None:
    server = start_server(open_app(load_settings(data=tmp_path / "empty", cache=cache)))
    opened = visit(chromium, server, path)
    opened.page.wait_for_selector("#mj-samples", state="visible", timeout=PATIENCE)
    darken(opened.page, dark)
    assert_accessible(opened.page)
    server.stop()


def test_a_page_before_the_first_question(look: Opened) -> None:
    look.page.wait_for_selector("#mj-chat .example", state="visible")
    assert_accessible(look.page)


def test_an_answer_with_its_verdict_open(look: Opened) -> None:
    look.ask("Who is Mohammed Benhammou?")
    look.page.locator("#mj-chat .mj-check summary").first.click()
    look.page.locator("#mj-chat .mj-making summary").first.click()
    expect(look.page.locator("#mj-sources .mj-source").first).to_be_attached(timeout=PATIENCE)
    assert_accessible(look.page)


def test_a_refusal(look: Opened) -> None:
    look.ask("What is the population of Iceland?")
    expect(look.page.locator(".mj-refusal")).to_be_visible()
    assert_accessible(look.page)


def test_a_card(look: Opened) -> None:
    look.chips().first.hover()
    expect(look.page.locator("#mj-card")).to_be_visible()
    assert_accessible(look.page)


def test_an_article_with_its_guide(look: Opened) -> None:
    page = look.page
    look.chips().first.click()
    page.wait_for_selector("#mj-article .mj-cited")
    page.locator("#mj-article .mj-guide summary").first.click()
    page.wait_for_selector(".mj-guide-body .mj-mentions", timeout=3 * PATIENCE)
    assert_accessible(page)


def test_the_library(look: Opened) -> None:
    open_tab(look, 2)
    look.page.wait_for_selector(".mj-listed .mj-title-english:not(:empty)", timeout=PATIENCE)
    assert_accessible(look.page)


def test_the_settings(look: Opened) -> None:
    open_tab(look, 3)
    look.page.wait_for_selector("#mj-save", state="visible")
    assert_accessible(look.page)


def test_the_conversations(look: Opened) -> None:
    toggle = look.page.locator("#mj-top .mj-list")
    expect(toggle).to_have_attribute("aria-expanded", "false")
    toggle.click()
    look.page.wait_for_selector(".sidebar.open .mj-kept", state="visible")
    expect(toggle).to_have_attribute("aria-expanded", "true")
    assert_accessible(look.page)
    look.page.locator(".sidebar .toggle-button").click()
    expect(toggle).to_have_attribute("aria-expanded", "false")


@pytest.mark.parametrize(("scheme", "lang"), [("light", "ar"), ("dark", "en")])
def test_the_login(chromium: Browser, tmp_path: Path, cache: Path, scheme: Any, lang: str) -> None:
    settings = load_settings(data=tmp_path / "users", cache=cache)
    Users(settings.users_file).add("amina", "a long first password")
    server = start_server(open_app(settings))
    page = chromium.new_context(color_scheme=scheme).new_page()
    page.goto(f"{server.origin}/login?lang={lang}")
    page.fill("#name", "amina")
    page.fill("#password", "a wrong password")
    page.press("#password", "Enter")
    expect(page.locator("[role=alert]")).not_to_be_empty()
    assert_accessible(page)
    server.stop()


# ------------------------------------------------------------------------------- contrast
CONTRAST = """element => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const shown = (...colours) => {
    canvas.clearRect(0, 0, 1, 1);
    for (const colour of colours) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = ([r, g, b]) => [r, g, b].map(value => value / 255)
    .map(value => value <= .04045 ? value / 12.92 : ((value + .055) / 1.055) ** 2.4)
    .reduce((sum, value, i) => sum + value * [.2126, .7152, .0722][i], 0);
  const grounds = [];
  for (let at = element; at; at = at.parentElement) {
    grounds.unshift(getComputedStyle(at).backgroundColor);
  }
  const style = getComputedStyle(element, element.placeholder ? '::placeholder' : null);
  const pair = [light(shown('white', ...grounds)), light(shown('white', ...grounds, style.color))];
  return (Math.max(...pair) + .05) / (Math.min(...pair) + .05);
}"""
QUIET = (
    ".mj-top p",
    ".mj-caveat",
    ".mj-facts",
    ".mj-about",
    ".mj-half h5",
    ".mj-half .mj-original",
    ".mj-tally",
    ".mj-title-english",
    "#mj-chat .mj-acts > button",
    "#mj-chat .mj-making summary",
    "#mj-question textarea",
    "#mj-library input[type=search]",
)


@pytest.mark.parametrize("dark", [False, True])
def test_quiet_text_stands_out_from_its_ground(
    served: Server, chromium: Browser, dark: bool
) -> None:
    opened = visit(chromium, served)
    page = opened.page
    page.wait_for_selector("#mj-chat", state="visible", timeout=PATIENCE)
    darken(page, dark)
    opened.ask(LIBYA)
    open_tab(opened, 2)
    page.wait_for_selector(".mj-listed .mj-title-english:not(:empty)", timeout=PATIENCE)
    page.wait_for_timeout(300)
    measured = {q: page.locator(q).first.evaluate(CONTRAST) for q in QUIET}
    assert {q: ratio for q, ratio in measured.items() if ratio < 4.5} == {}


# ------------------------------------------------------------------------------- keyboard
FOCUSED = """() => {
  const element = document.activeElement, box = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  return {
    what: element.outerHTML.slice(0, 100),
    outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
      || parseFloat(getComputedStyle(element.parentElement).outlineWidth) >= 2,
    visible: element.checkVisibility({ checkVisibilityCSS: true }),
    inside: box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight,
  };
}"""


def tab_until(page: Page, there: Callable[[], bool], key: str = "Tab") -> None:
    """Press a key until the focus is where it should be, looking at each stop on the way."""
    for _ in range(60):
        page.keyboard.press(key)
        page.wait_for_timeout(120)  # what the focus brings into sight has come
        stop = page.evaluate(FOCUSED)
        if stop["what"].startswith("<body"):
            continue
        assert stop["visible"] and stop["inside"], stop
        assert stop["outlined"], stop
        if there():
            return
    raise AssertionError("the focus never came there")


def focus_is_at(page: Page, selector: str) -> Callable[[], bool]:
    return lambda: bool(page.evaluate(f"document.activeElement.matches({selector!r})"))


@pytest.mark.parametrize("path", ["/", "/ar/"])
def test_a_question_is_asked_and_checked_by_keyboard_alone(
    served: Server, chromium: Browser, path: str
) -> None:
    opened = visit(chromium, served, path)
    page = opened.page
    page.wait_for_selector("#mj-chat", state="visible", timeout=PATIENCE)
    expect(page.locator("#mj-conversations input")).to_have_count(1)
    tab_until(page, focus_is_at(page, "#mj-question textarea"))
    page.keyboard.type(LIBYA)
    tab_until(page, focus_is_at(page, "#mj-send"))
    page.keyboard.press("Enter")
    opened.wait_for_answer(0)
    tab_until(page, focus_is_at(page, "#mj-chat a.mj-chip"), "Shift+Tab")
    reached = page.evaluate("document.activeElement.id")
    expect(page.locator("#mj-card")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#mj-article .mj-cited")).to_be_focused(timeout=PATIENCE)
    expect(page.locator("#mj-card")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator(f"#{reached}")).to_be_focused()


def test_what_is_closed_takes_no_focus(served: Server, chromium: Browser) -> None:
    page = visit(chromium, served).page
    page.wait_for_selector("#mj-chat", state="visible", timeout=PATIENCE)
    expect(page.locator("#mj-conversations input")).to_have_count(1)
    page.locator("#mj-conversations input").evaluate("element => element.focus()")
    assert not focus_is_at(page, "#mj-sidebar *")()
    page.locator("#mj-top .mj-list").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".sidebar.open #mj-conversations input", state="visible")
    page.wait_for_timeout(400)  # it slides in
    tab_until(page, focus_is_at(page, "#mj-conversations input"))
