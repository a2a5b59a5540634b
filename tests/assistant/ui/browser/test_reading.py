from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from assistant.assistant import Assistant
from tests.assistant.ui.browser.conftest import LIBYA, PATIENCE, Opened, Server, visit
from tests.browser import find_browser

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_browser() is None, reason="there is no Chromium"),
]


@pytest.fixture(scope="module")
def data(data: Path) -> Path:
    """A folder in which some sentences of the samples are still to be translated."""
    with closing(sqlite3.connect(data / "translations.db")) as kept, kept:
        kept.execute("DELETE FROM translations WHERE rowid % 4 = 0")
    return data


@pytest.fixture(scope="module")
def answered(opened: Opened) -> Opened:
    opened.ask(LIBYA)
    return opened


def test_a_citation_shows_a_card_while_it_is_pointed_at(answered: Opened) -> None:
    page = answered.page
    answered.chips().first.hover()
    page.wait_for_selector("#mj-card", state="visible")
    quotes = {a.text[s.start : s.end] for a in answered.app.catalog.articles() for s in a.sentences}
    assert page.locator("#mj-card .mj-original").evaluate("e => e.textContent") in quotes
    assert answered.style("#mj-card .mj-original", "direction") == "rtl"
    assert answered.style("#mj-card h4", "direction") == "rtl"
    assert page.locator("#mj-card .mj-original").get_attribute("lang") == "ar"
    assert "Libya" in page.inner_text("#mj-card .mj-english")
    assert page.locator("#mj-card .mj-facts").inner_text()
    page.mouse.move(5, 5)
    page.wait_for_selector("#mj-card", state="hidden")


def test_a_citation_opens_the_article_at_its_span(answered: Opened) -> None:
    page = answered.page
    answered.chips().first.click()
    page.wait_for_selector("#mj-article .mj-cited mark", state="visible")
    marked = page.locator("#mj-article mark").evaluate("element => element.textContent")
    article = next(a for a in answered.app.catalog.articles() if marked in a.text)
    assert marked in {article.text[s.start : s.end] for s in article.sentences}
    assert page.locator("#mj-article .mj-row").count() == len(article.sentences)
    assert answered.style("#mj-article .mj-original", "direction") == "rtl"
    assert answered.style("#mj-article h3", "direction") == "rtl"
    assert answered.style("#mj-article .mj-cited .mj-english", "direction") == "ltr"
    shown = page.locator("#mj-article .mj-cited").bounding_box()
    pane = page.locator("#mj-side").bounding_box()
    assert shown and pane
    assert pane["y"] <= shown["y"] < pane["y"] + pane["height"]


def test_the_english_stands_beside_its_sentence(answered: Opened) -> None:
    row = answered.page.locator("#mj-article .mj-cited")
    original, english = row.evaluate(  # at once: a verdict may come in above
        """row => [".mj-original", ".mj-english"].map(part => {
            const { left, right, top } = row.querySelector(part).getBoundingClientRect();
            return { left, right, top };
        })"""
    )
    assert abs(original["top"] - english["top"]) < 12
    assert original["right"] <= english["left"] + 1


def test_escape_goes_back_to_the_answer(answered: Opened) -> None:
    page = answered.page
    assert "mj-cited" in page.evaluate("document.activeElement.className")
    page.keyboard.press("Escape")
    assert "mj-chip" in page.evaluate("document.activeElement.className")


def test_a_citation_opens_by_keyboard_from_another_tab(answered: Opened) -> None:
    answered.open_tab("Library")
    answered.page.wait_for_selector("#mj-files", state="visible")
    answered.chips().first.focus()
    answered.page.keyboard.press("Enter")
    answered.page.wait_for_selector("#mj-article .mj-cited", state="visible")


def test_the_sources_of_an_answer_stand_together(answered: Opened) -> None:
    page = answered.page
    answered.last_message().locator(".mj-sources").click()
    page.wait_for_selector("#mj-sources article.mj-source", state="visible")
    assert answered.style("#mj-sources .mj-original", "direction") == "rtl"
    assert page.locator("#mj-sources article.mj-source").first.locator(".mj-half").count() == 2


def test_one_sentence_is_translated_where_it_stands(answered: Opened) -> None:
    page = answered.page
    answered.chips().first.click()
    row = page.locator("#mj-article .mj-row:has(.mj-none)").first
    number = row.get_attribute("data-sentence")
    row.get_by_role("button", name="Translate this sentence").click()
    done = page.locator(f'#mj-article .mj-row[data-sentence="{number}"]')
    expect(done.locator(".mj-english[lang=en]")).not_to_be_empty(timeout=PATIENCE)
    expect(done.locator(".mj-check")).to_have_count(1, timeout=PATIENCE)
    expect(done).to_be_focused()
    assert answered.answers.count() == 1


def test_what_is_half_translated_comes_as_a_file_when_it_is_whole(answered: Opened) -> None:
    page = answered.page
    answered.open_tab("Library")
    page.locator(".mj-listed .mj-title:has-text('الساحل')").click()
    page.wait_for_selector("#mj-article .mj-row .mj-none")
    before = answered.answers.count()
    page.locator("#mj-article .mj-menu summary").click()
    with page.expect_download(timeout=3 * PATIENCE) as download:
        page.locator("#mj-article .mj-export:has-text('Markdown')").click()
    written = download.value.path().read_text("utf-8")
    assert "Sahel" in written and "translator was unsure" in written
    expect(page.locator("#mj-article .mj-row .mj-none")).to_have_count(0, timeout=PATIENCE)
    assert answered.answers.count() == before, "and nothing is asked for it"


def test_a_translation_fills_the_article_on_view(answered: Opened) -> None:
    page = answered.page
    answered.chips().first.click()
    page.wait_for_selector("#mj-article .mj-row .mj-none")
    before = answered.answers.count()
    page.locator("#mj-article [data-do=translate]").click()
    answered.answers.nth(before).wait_for(timeout=PATIENCE)
    page.wait_for_selector("#mj-send", state="visible", timeout=3 * PATIENCE)
    page.wait_for_selector("#mj-article .mj-row .mj-none", state="detached", timeout=PATIENCE)
    article_id = page.locator("#mj-article .mj-view").get_attribute("data-article")
    article = answered.app.catalog.article(article_id or "")
    assert answered.last_message().locator(".mj-sentence").count() == len(article.sentences)
    assert page.locator("#mj-article .mj-english[lang=en]").count() >= len(article.sentences)


def test_every_translated_sentence_of_an_article_wears_its_verdict(answered: Opened) -> None:
    page = answered.page
    marked = page.locator("#mj-article .mj-row:has(.mj-english[lang=en])")
    expect(marked.locator(".mj-check")).to_have_count(marked.count(), timeout=60_000)
    answered.open_tab("Library")
    page.locator("#mj-library .mj-listed .mj-title").first.click()
    known = page.locator("#mj-article .mj-row:has(.mj-english[lang=en])")
    expect(known.first.locator(".mj-check")).to_have_count(1, timeout=60_000)
    assert page.locator("#mj-article .mj-row:has(.mj-none) .mj-check").count() == 0


def test_what_is_read_stays_in_place_where_the_browser_does_not_hold_it(
    served: Server, chromium: Browser
) -> None:
    """Safari doesn't anchor what is scrolled: verdicts come in above the row that is read."""
    page = visit(chromium, served).page
    page.add_style_tag(content="* { overflow-anchor: none !important }")
    page.evaluate("CSS.supports = () => false")
    held: list[Route] = []
    page.route("**/verdicts?**", lambda route: held.append(route))
    page.get_by_role("tab", name="Library").click()
    with page.expect_request("**/verdicts?**"):
        page.locator("#mj-library .mj-listed .mj-title").last.click()
    read = page.evaluate_handle(
        """() => {
          const side = document.getElementById("mj-side");
          const row = document.querySelectorAll("#mj-article .mj-row")[3];
          const top = (element) => element.getBoundingClientRect().top;
          side.scrollTop += top(row) - top(side);
          return row;
        }"""
    )
    page.wait_for_timeout(100)  # the rows that have come on view are drawn
    top = "row => row.getBoundingClientRect().top"
    before = read.evaluate(top)
    held[0].continue_()
    expect(page.locator("#mj-article .mj-row .mj-check").nth(4)).to_be_attached(timeout=60_000)
    assert abs(read.evaluate(top) - before) < 3
    page.context.close()


def test_a_guide_tells_what_an_article_is_about(answered: Opened) -> None:
    page = answered.page
    page.locator("#mj-article .mj-guide summary").first.click()
    page.wait_for_selector(".mj-guide-body .mj-mentions", timeout=3 * PATIENCE)
    assert page.locator(".mj-guide-title").inner_text()
    assert answered.style(".mj-guide-body bdi", "direction") == "rtl"
    page.locator(".mj-guide-body .mj-mentions a.mj-place").first.click()
    page.wait_for_selector("#mj-article .mj-cited mark")


def test_a_suggested_question_is_answered(answered: Opened) -> None:
    page = answered.page
    page.locator("#mj-article .mj-guide summary").first.click()
    page.wait_for_selector(".mj-guide-body .mj-suggested button", timeout=3 * PATIENCE)
    before = answered.answers.count()
    page.locator(".mj-guide-body .mj-suggested button").first.click()
    answered.wait_for_answer(before)
    assert answered.last_message().locator(".mj-refusal").count() == 0


def test_the_card_and_the_sources_name_the_article_in_english_too(answered: Opened) -> None:
    page = answered.page
    chip = answered.last_message().locator("a.mj-chip").first
    chip.scroll_into_view_if_needed()
    chip.hover()
    english = re.compile("Libya|Morocc|security", re.I)
    expect(page.locator("#mj-card .mj-title-english")).to_have_text(english, timeout=PATIENCE)
    page.mouse.move(0, 0)
    answered.open_tab("Sources")
    titles = page.locator("#mj-sources .mj-title-english")
    expect(titles.first).to_have_text(re.compile("[a-z]"), timeout=PATIENCE)


def test_a_title_that_a_check_contradicts_says_so_on_its_card_and_among_the_sources(
    answered: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = answered.page
    monkeypatch.setattr(Assistant, "doubts_title", lambda self, article: True)
    page.reload()
    answered.chips().first.wait_for(timeout=PATIENCE)
    for place in ("#mj-card", "#mj-sources"):
        if place == "#mj-card":
            answered.chips().first.hover()
        else:
            page.mouse.move(0, 0)
            answered.open_tab("Sources")
        title = page.locator(f"{place} .mj-title-english").first
        expect(title).to_have_class(re.compile("mj-doubted"), timeout=PATIENCE)
        expect(title).to_have_attribute("title", "by machine, check: unsupported")


def test_a_removed_articles_quote_is_still_shown(served: Server, chromium: Browser) -> None:
    reader = visit(chromium, served)
    reader.page.wait_for_selector("#mj-chat", state="visible")
    reader.ask(LIBYA)
    cited = reader.last_message().locator("a.mj-chip").first
    exchange = (cited.get_attribute("href") or "").split("-")[2]
    ids = [a.id for a in served.app.catalog.articles() if "ليبيا" in a.title]
    served.app.ingestor.remove(ids)
    try:
        cited.click()
        kept = reader.page.locator(f"#mj-sources article[id^='mj-c-{exchange}'] mark").first
        kept.wait_for()
        assert kept.inner_text()
        assert "no longer in the library" in reader.page.inner_text("#mj-sources")
        number = (cited.get_attribute("href") or "").removeprefix("#")
        expect(reader.page.locator(f"#{number}")).to_be_focused()
        expect(reader.page.locator(f"#{number}")).to_be_in_viewport()
    finally:
        served.app.ingestor.restore(ids)


def test_a_page_at_rest_draws_nothing(served: Server, chromium: Browser) -> None:
    page = chromium.new_context().new_page()
    page.add_init_script("""
        window.mjFrames = 0;
        const frame = window.requestAnimationFrame.bind(window);
        window.requestAnimationFrame = (draw) => { mjFrames += 1; return frame(draw); };
    """)
    page.goto(served.origin)
    page.wait_for_selector("#mj-question textarea", timeout=PATIENCE)
    for _ in range(30):
        drawn = page.evaluate("mjFrames")
        page.wait_for_timeout(1000)
        if page.evaluate("mjFrames") == drawn:
            break
    else:
        pytest.fail("a frame is drawn every second and more often")
    assert drawn
    page.context.close()
