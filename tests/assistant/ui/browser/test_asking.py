from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.assistant.ui.browser.conftest import LIBYA, PATIENCE, Opened, Server, visit
from tests.browser import find_browser

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_browser() is None, reason="there is no Chromium"),
]
EDITED = "What did Libya ask Morocco to help with?"
MARKUP = (
    "<img src=x onerror=\"document.title='owned'\"> ![x](http://evil.invalid/x.png) "
    "[press](javascript:document.title='owned') <script>document.title='owned'</script>"
)
HOSTILE = f"""Fishermen of Sète ask for help after the storm

The fishermen of Sète {MARKUP} asked the government for 3 million euros after the storm.

The mayor, Anne Durand, said that the harbour would be open again on 12 March.
"""


@pytest.fixture(scope="module")
def opened(empty: Server, chromium: Browser) -> Opened:
    return visit(chromium, empty)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which nothing is translated yet, so that answers grow."""
    return tmp_path_factory.mktemp("page")


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
    expect(page.locator("#mj-report")).to_contain_text("Added: 2")  # where the welcome was


def test_an_answer_streams_and_says_what_it_is_doing(opened: Opened) -> None:
    page = opened.page
    lengths = "() => document.querySelector('#mj-chat .message.bot')?.innerText.length ?? 0"
    page.fill("#mj-question textarea", LIBYA)
    page.press("#mj-question textarea", "Enter")
    seen = set()
    said = set()
    until = time.monotonic() + PATIENCE / 1000
    while not opened.chips().count():
        seen.add(page.evaluate(lengths))
        said.update(page.locator(".mj-status").all_inner_texts())
        assert time.monotonic() < until
        page.wait_for_timeout(40)
    assert len(seen) > 3, "the text should have grown before its sentence was done"
    assert any("passage" in text or "Writing" in text for text in said)
    page.wait_for_selector("#mj-send", state="visible", timeout=PATIENCE)
    assert "Libya" in opened.last_message().inner_text()


def test_every_sentence_wears_its_verdict_in_words(opened: Opened) -> None:
    sentences = opened.last_message().locator(".mj-sentence")
    for n in range(sentences.count()):
        verdict = sentences.nth(n).locator(".mj-check")
        assert re.search("supported|no fault found", verdict.inner_text())
        titled = verdict.locator("xpath=descendant-or-self::*[@title]").first
        assert titled.get_attribute("title")


def test_the_steps_times_are_told_on_demand(opened: Opened) -> None:
    making = opened.last_message().locator(".mj-making")
    assert not making.locator("p").is_visible()
    making.locator("summary").click()
    assert "found in" in making.locator("p").inner_text()


def test_an_unanswerable_question_is_refused_with_the_nearest(opened: Opened) -> None:
    opened.ask("What is the population of Iceland?")
    opened.page.wait_for_selector(".mj-refusal", timeout=PATIENCE)
    assert "Iceland" in opened.page.inner_text(".mj-refusal")
    assert opened.page.locator(".mj-refusal a.mj-chip").count() > 0


def test_an_arabic_question_is_right_to_left(opened: Opened) -> None:
    opened.page.fill("#mj-question textarea", "ماذا طلبت ليبيا من المغرب؟")
    assert opened.style("#mj-question textarea", "direction") == "rtl"
    opened.page.fill("#mj-question textarea", "What else?")
    assert opened.style("#mj-question textarea", "direction") == "ltr"
    opened.page.fill("#mj-question textarea", "")


def test_an_edited_question_takes_the_place_of_what_was_asked_from_there_on(
    opened: Opened,
) -> None:
    page = opened.page
    assert opened.answers.count() == 2
    page.locator("#mj-chat .mj-edit").first.click()
    box = page.locator("#mj-question textarea")
    expect(box).to_have_value(LIBYA)
    expect(box).to_be_focused()
    assert "takes the place" in page.inner_text("#mj-edit-note")
    page.locator("#mj-edit-note button").click()
    expect(box).to_have_value("")
    page.locator("#mj-chat .mj-edit").first.click()
    expect(box).to_have_value(LIBYA)
    page.fill("#mj-question textarea", EDITED)
    page.press("#mj-question textarea", "Enter")
    expect(opened.answers).to_have_count(1)
    page.wait_for_selector("#mj-send", state="visible", timeout=PATIENCE)
    assert page.locator("#mj-chat .mj-question").all_inner_texts() == [EDITED]
    expect(page.locator("#mj-edit-note")).to_be_empty()


def test_an_answer_is_asked_for_again(opened: Opened) -> None:
    page, count = opened.page, opened.answers.count()
    acts = page.locator("#mj-chat .mj-acts[id^=mj-a-]")
    before = acts.last.get_attribute("id")
    opened.last_message().locator(".mj-retry").click()
    expect(page.locator(f"#{before}")).to_have_count(0, timeout=PATIENCE)
    expect(acts).to_have_count(count, timeout=PATIENCE)  # in the place of what it says again
    page.wait_for_selector("#mj-send", state="visible", timeout=PATIENCE)
    assert page.locator("#mj-chat .mj-question").all_inner_texts()[-1] == EDITED
    assert opened.answers.count() == count


def test_a_question_is_shown_with_its_answer_from_the_beginning(opened: Opened) -> None:
    page = opened.page
    page.set_viewport_size({"width": 1400, "height": 480})  # an answer is longer than the pane
    opened.ask(LIBYA)
    page.wait_for_timeout(800)  # the page settles
    log = page.locator("#mj-chat .bubble-wrap").bounding_box()
    asked = page.locator("#mj-chat .mj-question").last.bounding_box()
    assert log and asked
    assert log["y"] <= asked["y"] <= log["y"] + log["height"] / 2
    # The reader has turned to something else.
    page.locator("#mj-chat .bubble-wrap").evaluate("log => log.scrollTo({top: 0})")
    page.wait_for_timeout(100)
    page.locator("#mj-chat .mj-making").last.evaluate("making => making.append('a change')")
    page.wait_for_timeout(800)
    assert page.locator("#mj-chat .bubble-wrap").evaluate("log => log.scrollTop") == 0
    page.set_viewport_size({"width": 1400, "height": 900})


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


def test_an_article_is_chosen_to_be_summarized(opened: Opened) -> None:
    page = opened.page
    page.get_by_label("Summarize", exact=True).first.check()
    page.wait_for_selector("#mj-article-choice", state="visible")
    assert not page.is_visible("#mj-question")
    page.click("#mj-article-choice input")
    page.locator("[role=option]").first.click()
    page.get_by_label("short").check()
    before = opened.answers.count()
    page.click("#mj-send")
    opened.wait_for_answer(before)
    assert "of the article’s" in opened.last_message().inner_text()
    expect(page.get_by_label("Ask", exact=True)).to_be_checked()
    expect(page.locator("#mj-question")).to_be_visible()


def test_a_digest_says_who_reports_what(opened: Opened) -> None:
    page = opened.page
    page.get_by_label("Digest", exact=True).check()
    before = opened.answers.count()
    page.fill("#mj-question textarea", "security")
    page.click("#mj-send")
    opened.wait_for_answer(before)
    assert opened.last_message().locator(".mj-lead").count() > 0
    expect(page.get_by_label("Ask", exact=True)).to_be_checked()


def test_hostile_markup_stays_text(opened: Opened, tmp_path: Path) -> None:
    page = opened.page
    article = tmp_path / "fishermen.txt"
    article.write_text(HOSTILE, "utf-8")
    opened.open_tab("Library")
    opened.upload("#mj-files", article)
    before = opened.answers.count()
    opened.row("Fishermen").get_by_role("button", name="Summarize").click()
    opened.wait_for_answer(before)
    assert opened.last_message().locator("a.mj-chip").count() > 0
    opened.ask("What did the fishermen of Sète ask for?")
    said = opened.last_message()
    assert MARKUP in said.inner_text()
    assert said.locator("img, script, a:not(.mj-chip)").count() == 0
    said.locator("a.mj-chip").first.click()
    page.wait_for_selector("#mj-article .mj-cited")
    assert MARKUP in page.inner_text("#mj-article .mj-cited")
    for place in ("#mj-article .mj-text", "#mj-sources", "#mj-card"):
        assert page.locator(place).locator("img, script, [href^='javascript']").count() == 0
    assert page.title() == "Mujaz"


def test_stop_ends_an_answer(opened: Opened) -> None:
    page = opened.page
    opened.open_tab("Library")
    page.locator(".mj-listed:not(:has-text('Fishermen')) [data-do=translate]").first.click()
    page.wait_for_selector("#mj-stop", state="visible")
    page.click("#mj-stop")
    page.wait_for_selector(".mj-ended")
    page.wait_for_selector("#mj-send", state="visible")
    before = opened.last_message().inner_text()
    page.wait_for_timeout(1500)
    assert opened.last_message().inner_text() == before


def test_another_question_takes_the_place_of_an_answer(opened: Opened) -> None:
    page = opened.page
    page.locator(".mj-listed:not(:has-text('Fishermen')) [data-do=translate]").last.click()
    page.wait_for_selector("#mj-stop", state="visible")
    stopped = page.locator(".mj-ended").count()
    opened.ask("Who is the mayor of Sète?")
    assert page.locator(".mj-ended").count() == stopped + 1
    page.wait_for_timeout(1000)
    assert page.locator(".mj-status:not(.mj-ended)").count() == 0
    assert page.is_visible("#mj-send")


def test_nothing_came_from_outside_and_the_policy_was_kept(opened: Opened) -> None:
    inside = (opened.origin + "/", "data:", "blob:")
    assert [url for url in opened.requests if not url.startswith(inside)] == []
    assert [text for text in opened.console if "Content Security Policy" in text] == []
    assert [text for text in opened.console if "Error" in text] == []
