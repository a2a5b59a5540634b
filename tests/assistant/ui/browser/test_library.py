from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.assistant.ui.browser.conftest import PATIENCE, Opened
from tests.browser import find_browser

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_browser() is None, reason="there is no Chromium"),
]
FISHERMEN = """Fishermen of Sète ask for help after the storm

The fishermen of Sète asked the government for 3 million euros after the storm.
"""


@pytest.fixture(scope="module", autouse=True)
def library(opened: Opened) -> None:
    opened.open_tab("Library")
    opened.page.wait_for_selector(".mj-listed")


def test_files_are_told_of_one_by_one_and_reported_with_reasons(
    opened: Opened, tmp_path: Path
) -> None:
    article, empty = tmp_path / "fishermen.txt", tmp_path / "empty.txt"
    article.write_text(FISHERMEN, "utf-8")
    empty.write_text("")
    report = opened.upload("#mj-files", article, empty)
    assert "Added: 1" in report and "Fishermen of Sète" in report
    assert "Left out: 1" in report and "empty" in report
    assert str(tmp_path) not in report and "uploads" not in report
    assert opened.app.catalog.count() == 3
    opened.row("Fishermen").wait_for()
    assert opened.page.locator(".mj-listed").count() == 3


def test_adding_many_shows_each_and_can_be_stopped(opened: Opened, tmp_path: Path) -> None:
    page = opened.page
    rows = [
        {
            "title": f"Report {n}",
            "text": f"Harbour {n} was closed for {n} days after storm {n}. " * 40,
        }
        for n in range(60)
    ]
    files = []
    for n, row in enumerate(rows):
        file = tmp_path / f"feed{n}.jsonl"
        file.write_text(json.dumps(row) + "\n")
        files.append(str(file))
    before = opened.app.catalog.count()
    page.set_input_files("#mj-files input[type=file]", files)
    page.wait_for_selector("#mj-report .mj-file", timeout=PATIENCE)
    page.click("#mj-cancel")
    page.wait_for_selector("#mj-report .mj-report", timeout=PATIENCE)
    added = opened.app.catalog.count() - before
    assert added < 60
    assert "stopped" in page.inner_text("#mj-report")
    opened.app.ingestor.remove(
        [a.id for a in opened.app.catalog.articles() if a.title.startswith("Report")]
    )


def test_only_addresses_are_fetched(opened: Opened) -> None:
    before = opened.app.catalog.count()
    opened.page.locator("#mj-address").locator("input, textarea").fill("/etc/hostname")
    opened.page.click("#mj-fetch")
    toast = opened.page.locator(".toast-body")
    toast.wait_for()
    assert "isn't an address" in toast.inner_text()
    assert opened.app.catalog.count() == before


def test_articles_are_found_by_words_in_either_script(opened: Opened) -> None:
    page = opened.page
    opened.open_tab("Library")
    page.reload()
    opened.open_tab("Library")
    page.wait_for_selector(".mj-listed")
    search = page.locator("[data-filter=wanted]")
    search.fill("fishermen")
    expect(page.locator(".mj-listed")).to_have_count(1)
    search.fill("ليبيا")
    opened.row("ليبيا").wait_for()
    assert opened.style("[data-filter=wanted]", "direction") == "rtl"
    assert opened.style(".mj-listed .mj-title span", "direction") == "rtl"
    search.fill("zzzz")
    page.wait_for_selector("#mj-library .mj-hint")
    search.fill("")
    expect(page.locator(".mj-listed")).to_have_count(3)


def test_articles_are_filtered_by_language(opened: Opened) -> None:
    page = opened.page
    page.locator("select[data-filter=language]").select_option("en")
    expect(page.locator(".mj-listed")).to_have_count(1)
    page.locator("select[data-filter=language]").select_option("")
    expect(page.locator(".mj-listed")).to_have_count(3)


def test_titles_come_in_english_too(opened: Opened) -> None:
    english = opened.row("ليبيا").locator(".mj-title-english")
    expect(english).to_have_text(re.compile("Libya"), timeout=PATIENCE)
    assert opened.style(".mj-listed .mj-title-english", "direction") == "ltr"


def test_articles_are_found_by_the_english_of_their_titles(opened: Opened) -> None:
    page = opened.page
    title = opened.row("ليبيا").locator(".mj-title-english")
    expect(title).to_have_text(re.compile("Libya"), timeout=PATIENCE)
    word = max(re.findall(r"[a-z]+", title.inner_text()), key=len)
    page.fill("[data-filter=wanted]", word)
    expect(page.locator(".mj-listed")).to_have_count(1, timeout=PATIENCE)
    assert "ليبيا" in page.inner_text(".mj-listed")
    page.fill("[data-filter=wanted]", "")
    expect(page.locator(".mj-listed")).to_have_count(3)


def test_selected_articles_limit_what_is_asked(opened: Opened) -> None:
    page = opened.page
    opened.row("Fishermen").locator(".mj-pick").check()
    page.wait_for_selector("#mj-scope-note button")
    assert "1" in page.inner_text("#mj-scope-note")
    opened.ask("Who asked the government for money?")
    cited = opened.last_message().locator("a.mj-chip").first
    cited.click()
    page.wait_for_selector("#mj-article .mj-view")
    assert "Fishermen" in page.inner_text("#mj-article h3")
    page.click("#mj-scope-note button")
    page.wait_for_selector("#mj-scope-note button", state="detached")
    opened.open_tab("Library")
    assert not opened.row("Fishermen").locator(".mj-pick").is_checked()


def test_a_removal_is_undone(opened: Opened) -> None:
    page = opened.page
    ids = {a.id for a in opened.app.catalog.articles()}
    opened.row("Fishermen").get_by_role("button", name="Remove").click()
    opened.row("Fishermen").wait_for(state="detached")
    assert opened.app.catalog.count() == 2
    undo = page.locator(".mj-rows > .mj-gone button")
    expect(undo).to_be_focused()
    page.keyboard.press("Enter")
    opened.row("Fishermen").wait_for()
    expect(opened.row("Fishermen").locator(".mj-title")).to_be_focused()
    expect(page.locator(".mj-gone")).to_have_count(0)
    assert {a.id for a in opened.app.catalog.articles()} == ids


def test_what_was_removed_is_put_back_after_undo_is_gone(opened: Opened) -> None:
    page = opened.page
    ids = {a.id for a in opened.app.catalog.articles()}
    expect(page.locator(".mj-bin")).to_have_count(0)
    opened.row("Fishermen").get_by_role("button", name="Remove").click()
    opened.row("Fishermen").wait_for(state="detached")
    page.reload()
    opened.open_tab("Library")
    page.locator(".mj-bin summary").click()
    page.locator(".mj-bin").get_by_role("button", name="Put back: Fishermen").click()
    opened.row("Fishermen").wait_for()
    expect(page.locator(".mj-bin")).to_have_count(0)
    assert {a.id for a in opened.app.catalog.articles()} == ids


def test_what_was_removed_goes_by_its_english_title_too(opened: Opened) -> None:
    page = opened.page
    row = page.locator(".mj-listed", has=page.locator(".mj-title [lang=ar]")).first
    english = row.locator(".mj-title-english")
    expect(english).not_to_be_empty(timeout=PATIENCE)
    title = english.inner_text()
    row.get_by_role("button", name="Remove").click()
    told = page.locator(".mj-gone")
    expect(told).to_contain_text(f"Removed: {title} (by machine)")
    expect(page.locator(".mj-bin .mj-title-english")).to_have_text(title, timeout=PATIENCE)
    told.get_by_role("button", name="Undo").click()
    expect(page.locator(".mj-bin")).to_have_count(0)


def test_nothing_went_wrong_meanwhile(opened: Opened) -> None:
    assert [text for text in opened.console if "Error" in text] == []
