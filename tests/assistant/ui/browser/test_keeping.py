from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Browser, expect

from tests.assistant.ui.browser.conftest import LIBYA, PATIENCE, Opened, Server, visit
from tests.browser import find_browser

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_browser() is None, reason="there is no Chromium"),
]


def open_sidebar(opened: Opened) -> None:
    if not opened.page.locator(".sidebar.open").count():
        opened.page.locator("#mj-top .mj-list").click()
    opened.page.wait_for_selector(".sidebar.open #mj-conversations input", state="visible")
    opened.page.wait_for_timeout(400)  # it slides in


@pytest.fixture(scope="module")
def answered(opened: Opened) -> Opened:
    opened.ask(LIBYA)
    opened.page.wait_for_selector(".mj-headline")
    return opened


def test_a_conversation_is_there_again_after_a_reload(answered: Opened) -> None:
    said = answered.last_message().inner_text()
    answered.page.reload()
    answered.answers.first.wait_for(timeout=PATIENCE)
    assert answered.last_message().inner_text() == said


def test_another_browser_sees_none_of_it(
    answered: Opened, served: Server, chromium: Browser
) -> None:
    other = visit(chromium, served)
    other.page.wait_for_selector("#mj-chat", state="visible")
    open_sidebar(other)
    assert other.answers.count() == 0
    assert other.page.locator(".mj-kept").count() == 0


def test_conversations_are_found_renamed_opened_deleted_and_had_back(answered: Opened) -> None:
    page = answered.page
    page.click("#mj-fresh")
    expect(page.locator("#mj-chat .message.bot")).to_have_count(0)
    answered.ask("ماذا طلبت ليبيا من المغرب؟")
    open_sidebar(answered)
    expect(page.locator(".mj-kept")).to_have_count(2)
    assert answered.style(".mj-kept:has-text('ليبيا') .mj-title", "direction") == "rtl"

    kept = page.locator(".mj-kept:has-text('foreign minister')")
    kept.locator("[data-do=rename]").click()
    page.keyboard.type("Training for Libya")
    page.keyboard.press("Enter")
    renamed = page.locator(".mj-kept:has-text('Training for Libya')")
    renamed.wait_for()

    page.locator("#mj-conversations input").fill("security services")
    expect(page.locator(".mj-kept:has-text('Training for Libya')")).to_be_visible()
    page.locator("#mj-conversations input").fill("")
    expect(page.locator(".mj-kept")).to_have_count(2)

    renamed.locator(".mj-title").click()
    expect(page.locator(".mj-headline bdi")).to_have_text("Training for Libya")
    assert "Libya" in answered.last_message().inner_text()

    renamed.locator("[data-do=delete]").click()
    expect(page.locator(".mj-kept")).to_have_count(1)
    expect(page.locator("#mj-chat .message.bot")).to_have_count(0)
    page.locator(".mj-bin summary").click()
    page.locator(".mj-bin").get_by_role("button", name="Put back: Training for Libya").click()
    renamed.wait_for()
    renamed.locator(".mj-title").click()
    expect(page.locator(".mj-headline bdi")).to_have_text("Training for Libya")
    renamed.locator("[data-do=delete]").click()
    expect(page.locator(".mj-kept")).to_have_count(1)
    expect(page.locator("#mj-chat .message.bot")).to_have_count(0)
    page.locator(".mj-gone button").click()
    renamed.wait_for()
    expect(page.locator(".mj-headline bdi")).to_have_text("Training for Libya")
    answered.answers.first.wait_for()
    page.locator(".sidebar .toggle-button").click()
    expect(page.locator("#mj-top .mj-list")).to_be_focused()


def test_an_answer_is_judged_and_the_judgement_kept(answered: Opened) -> None:
    page = answered.page
    answered.last_message().locator(".mj-wrong").click()
    page.locator(".mj-why input").fill("It leaves out the minister.")
    page.locator(".mj-why [type=submit]").click()
    expect(page.locator(".mj-reason")).to_have_text("Noted: It leaves out the minister.")
    answered.last_message().locator(".mj-wrong").click()
    expect(page.locator(".mj-why input")).to_have_value("It leaves out the minister.")
    page.reload()
    expect(page.locator(".mj-headline bdi")).to_have_text("Training for Libya", timeout=PATIENCE)
    expect(page.locator("#mj-chat .mj-wrong.mj-chosen")).to_have_count(1)
    (rated,) = answered.app.conversations.rated()
    assert (rated.rating.verdict, rated.rating.why) == ("wrong", "It leaves out the minister.")
    expect(page.locator(".mj-reason q")).to_have_text("It leaves out the minister.")

    wrong = answered.last_message().locator(".mj-wrong")
    wrong.click()  # asks why again, and loses nothing
    expect(page.locator(".mj-why input")).to_have_value("It leaves out the minister.")
    wrong.click()
    expect(page.locator(".mj-why")).to_have_count(0)
    (rated,) = answered.app.conversations.rated()
    assert rated.rating.why == "It leaves out the minister."
    wrong.click()
    page.locator(".mj-why [type=button]").click()
    expect(page.locator("#mj-chat .mj-chosen, .mj-reason")).to_have_count(0)
    assert list(answered.app.conversations.rated()) == []


def exported(opened: Opened, name: str, folder: Path) -> Path:
    page = opened.page
    page.locator(".mj-headline summary").click()
    with page.expect_download() as download:
        page.locator(f".mj-headline a:has-text('{name}')").click()
    target = folder / download.value.suggested_filename
    download.value.save_as(target)
    if page.locator(".mj-headline details[open]").count():
        page.locator(".mj-headline summary").click()
    return target


class _Directions(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[tuple[str | None, str | None]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if "dir" in named:
            self.found.add((named.get("lang"), named["dir"]))


def test_a_conversation_is_exported_in_every_form(answered: Opened, tmp_path: Path) -> None:
    kept = json.loads(exported(answered, "JSON", tmp_path).read_text("utf-8"))
    assert "طالبت" in json.dumps(kept, ensure_ascii=False)
    markdown = exported(answered, "Markdown", tmp_path).read_text("utf-8")
    assert "طالبت" in markdown and 'dir="rtl"' in markdown and "Libya" in markdown
    page = _Directions()
    page.feed(exported(answered, "HTML", tmp_path).read_text("utf-8"))
    assert ("ar", "rtl") in page.found
    word = docx.Document(str(exported(answered, "Word", tmp_path)))
    arabic = [p for p in word.paragraphs if "طالبت" in p.text]
    assert arabic
    assert all(p._p.pPr is not None and p._p.pPr.findall(".//{*}bidi") for p in arabic)
