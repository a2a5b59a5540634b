from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.assistant.ui.browser.conftest import LIBYA, PATIENCE, Opened, Server, visit
from tests.browser import find_browser

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_browser() is None, reason="there is no Chromium"),
]
WIDTH, HEIGHT = 390, 900
OUTSIDE = """() => [...document.querySelectorAll('.gradio-container *')].filter(element => {
  const box = element.getBoundingClientRect();
  return box.width && box.height && getComputedStyle(element).visibility === 'visible'
    && !element.closest(
      '#mj-sidebar, .mj-hidden, .sr-only, details:not([open]) > :not(summary)')
    && (box.right > innerWidth + 1 || box.left < -1);
}).map(element => element.outerHTML.slice(0, 120))"""


def assert_fits(page: Page) -> None:
    """Nothing goes beyond the screen's sides: neither by scrolling nor cut off."""
    page.wait_for_timeout(400)  # what slides or fades has come to rest
    width = page.evaluate("document.scrollingElement.scrollWidth")
    assert width <= WIDTH
    assert page.evaluate(OUTSIDE) == []


def is_on_screen(page: Page, selector: str) -> bool:
    box = page.locator(selector).first.bounding_box()
    return box is not None and box["y"] < HEIGHT and box["y"] + box["height"] > 0


@pytest.fixture(scope="module", params=["/", "/ar/"])
def narrow(request: pytest.FixtureRequest, served: Server, chromium: Browser) -> Opened:
    opened = visit(chromium, served, request.param, WIDTH)
    opened.page.wait_for_selector("#mj-chat", state="visible", timeout=PATIENCE)
    return opened


def tab(opened: Opened, number: int) -> None:
    opened.page.locator("#mj-tabs [role=tab]").nth(number).click()


def test_the_welcome_fits(empty: Server, chromium: Browser) -> None:
    everything = [article.id for article in empty.app.catalog.articles()]
    empty.app.ingestor.remove(everything)
    opened = visit(chromium, empty, width=WIDTH)
    opened.page.wait_for_selector("#mj-samples", state="visible")
    assert_fits(opened.page)
    empty.app.ingestor.restore(everything)


def test_a_citation_is_followed_to_its_article_and_back(narrow: Opened) -> None:
    page = narrow.page
    assert_fits(page)
    narrow.ask(LIBYA)
    assert_fits(page)
    chip = narrow.chips().first
    chip.hover()
    page.wait_for_selector("#mj-card", state="visible")
    assert_fits(page)
    chip.click()
    page.wait_for_selector("#mj-article .mj-cited", state="visible")
    expect(page.locator("#mj-article .mj-cited")).to_be_in_viewport()
    assert_fits(page)
    page.locator("#mj-article .mj-menu summary").click()
    expect(page.locator("#mj-article .mj-export").first).to_be_visible()
    assert_fits(page)
    page.mouse.wheel(0, 300)
    expect(page.locator("#mj-article .mj-back")).to_be_in_viewport()
    page.locator("#mj-article .mj-back").click()
    expect(chip).to_be_in_viewport()
    expect(chip).to_be_focused()
    page.wait_for_timeout(300)
    assert is_on_screen(page, "#mj-chat a.mj-chip")


def test_the_browser_s_back_leads_from_an_article_to_what_opened_it(narrow: Opened) -> None:
    page = narrow.page
    address = page.url
    chip = narrow.chips().first
    chip.click()
    expect(page.locator("#mj-article .mj-cited")).to_be_in_viewport()
    page.go_back()
    expect(chip).to_be_in_viewport()
    page.go_forward()
    expect(page.locator("#mj-article .mj-cited")).to_be_in_viewport()
    page.evaluate("scrollTo(0, 0)")
    tab(narrow, 2)
    expect(page.locator("#mj-address")).to_be_in_viewport()  # not left below the screen
    title = page.locator(".mj-listed .mj-title").first
    title.click()
    expect(page.locator("#mj-article h3")).to_be_in_viewport()
    expect(page.locator("#mj-article .mj-back")).to_have_text(
        "عُد إلى المكتبة" if "/ar/" in address else "Back to the library"
    )
    page.go_back()
    expect(title).to_be_in_viewport()
    expect(title).to_be_focused()
    assert page.url == address


def test_the_sources_fit(narrow: Opened) -> None:
    narrow.last_message().locator(".mj-sources").click()
    expect(narrow.page.locator("#mj-sources article.mj-source").first).to_be_visible()
    assert_fits(narrow.page)


def test_the_guide_fits(narrow: Opened) -> None:
    page = narrow.page
    tab(narrow, 1)
    page.locator("#mj-article .mj-guide summary").first.click()
    page.wait_for_selector(".mj-guide-body .mj-mentions", timeout=3 * PATIENCE)
    assert_fits(page)


def test_the_library_is_of_use(narrow: Opened) -> None:
    page = narrow.page
    tab(narrow, 2)
    page.wait_for_selector(".mj-listed")
    assert_fits(page)
    search = page.locator("#mj-library input[type=search]")
    search.fill("ليبيا")
    expect(page.locator(".mj-listed")).to_have_count(1)
    page.locator(".mj-listed .mj-pick").check()
    expect(page.locator("#mj-scope-note")).to_contain_text("1")
    assert_fits(page)
    page.locator("#mj-scope-note button").click()
    before = narrow.answers.count()
    page.locator(".mj-listed [data-do=summarize]").click()
    narrow.wait_for_answer(before)
    expect(page.locator("#mj-chat")).to_be_in_viewport()
    assert_fits(page)
    search.fill("")
    expect(page.locator(".mj-listed")).to_have_count(2)
    page.locator(".mj-listed .mj-title").first.click()
    expect(page.locator("#mj-article h3")).to_be_in_viewport()


def test_the_ways_of_asking_and_the_settings_fit(narrow: Opened) -> None:
    page = narrow.page
    for number in (1, 2, 3, 0):
        page.locator("#mj-mode input").nth(number).check()
        assert_fits(page)
    tab(narrow, 3)
    page.wait_for_selector("#mj-save", state="visible")
    assert_fits(page)


def test_the_conversations_fit(narrow: Opened) -> None:
    page = narrow.page
    page.locator("#mj-top .mj-list").click()
    page.wait_for_selector("#mj-conversations .mj-kept", state="visible")
    assert_fits(page)
    for place in ("#mj-conversations input", "#mj-conversations .mj-kept", ".toggle-button"):
        box = page.locator(place).first.bounding_box()
        assert box
        assert box["x"] >= 0 and box["x"] + box["width"] <= WIDTH
    page.locator(".sidebar .toggle-button").click()
    expect(page.locator("#mj-sidebar.open")).to_have_count(0)
    expect(page.locator("#mj-chat")).to_be_in_viewport()
