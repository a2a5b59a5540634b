from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.app import SAMPLES, open_app
from assistant.settings import load_settings
from assistant.users import Users
from tests.assistant.ui.browser.conftest import LIBYA, PATIENCE, Opened, Server, start_server, visit
from tests.browser import find_browser
from tests.conftest import put_translations

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_browser() is None, reason="there is no Chromium"),
]
PASSWORDS = {"amina": "a long first password", "omar": "a long second password"}


@pytest.fixture(scope="module")
def guarded(
    tmp_path_factory: pytest.TempPathFactory, cache: Path, translations: Path
) -> Iterator[Server]:
    """A server with two users; the first is an admin."""
    data = put_translations(translations, tmp_path_factory.mktemp("users"))
    settings = load_settings(data=data, cache=cache)
    users = Users(settings.users_file)
    for name, password in PASSWORDS.items():
        users.add(name, password, admin=name == "amina")
    app = open_app(settings)
    app.ingestor.ingest([str(SAMPLES)])
    server = start_server(app)
    yield server
    server.stop()


def log_in(page: Page, name: str, password: str) -> None:
    page.fill("#name", name)
    page.fill("#password", password)
    page.press("#password", "Enter")


def enter(browser: Browser, server: Server, name: str, path: str = "/") -> Opened:
    """Return the page as a user sees it, in a browser of their own."""
    page = browser.new_context(viewport={"width": 1400, "height": 900}).new_page()
    page.goto(server.origin + path)
    log_in(page, name, PASSWORDS[name])
    page.wait_for_selector("#mj-chat", state="visible", timeout=PATIENCE)
    return Opened(page, server.app, server.origin)


@pytest.fixture(scope="module")
def amina(guarded: Server, chromium: Browser) -> Opened:
    opened = enter(chromium, guarded, "amina")
    opened.ask(LIBYA)
    return opened


def test_a_wrong_password_says_so_and_lets_nobody_in(guarded: Server, chromium: Browser) -> None:
    page = chromium.new_context().new_page()
    page.goto(guarded.origin + "/ar/")
    expect(page).to_have_url(f"{guarded.origin}/login?lang=ar&next=%2Far%2F")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    log_in(page, "omar", PASSWORDS["amina"])
    expect(page.locator("[role=alert]")).not_to_be_empty()
    expect(page.locator("#name")).to_have_value("omar")
    expect(page.locator("#password")).to_have_value("")
    page.goto(guarded.origin + "/ar/")
    expect(page.locator("#password")).to_be_visible()
    log_in(page, "omar", PASSWORDS["omar"])
    page.wait_for_selector("#mj-chat", state="visible", timeout=PATIENCE)
    expect(page).to_have_url(guarded.origin + "/ar/")


def test_each_user_sees_their_own_conversations_wherever_they_log_in(
    amina: Opened, guarded: Server, chromium: Browser
) -> None:
    again = enter(chromium, guarded, "amina", "/ar/")
    expect(again.page.locator("#mj-chat .mj-question")).to_have_text(LIBYA)
    expect(again.page.locator(".mj-kept")).to_have_count(1)
    other = enter(chromium, guarded, "omar")
    expect(other.page.locator("#mj-conversations .mj-hint")).to_have_count(1)
    expect(other.page.locator(".mj-kept")).to_have_count(0)
    expect(other.answers).to_have_count(0)


def test_only_admins_change_settings(amina: Opened, guarded: Server, chromium: Browser) -> None:
    amina.open_tab("Settings")
    expect(amina.page.locator("#mj-writer textarea, #mj-writer input")).to_be_editable()
    other = enter(chromium, guarded, "omar")
    other.open_tab("Settings")
    writer = other.page.locator("#mj-writer textarea, #mj-writer input")
    expect(writer).to_be_visible()
    expect(writer).to_be_disabled()
    for button in ("#mj-test", "#mj-save"):
        expect(other.page.locator(button)).to_be_disabled()
    expect(other.page.locator("#mj-settings-note")).to_contain_text("administrators")


def test_who_signs_out_has_to_log_in_again(guarded: Server, chromium: Browser) -> None:
    page = enter(chromium, guarded, "omar", "/ar/").page
    page.get_by_role("button", name="تسجيل الخروج").click()
    expect(page.locator("#password")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    page.goto(guarded.origin + "/ar/")
    expect(page.locator("#password")).to_be_visible()


def test_without_users_there_is_nothing_to_sign_out_of(opened: Opened) -> None:
    expect(opened.page.locator(".mj-rows .mj-hint")).to_have_count(1)  # its scripts have run
    expect(opened.page.locator(".mj-leave")).to_have_count(0)


def test_a_session_that_ended_leads_to_the_login_and_back(
    guarded: Server, chromium: Browser
) -> None:
    omar = enter(chromium, guarded, "omar", "/ar/")
    expect(omar.page.locator(".mj-leave")).to_be_visible()
    omar.page.context.clear_cookies()
    expect(omar.page.locator("#password")).to_be_visible(timeout=PATIENCE)
    log_in(omar.page, "omar", PASSWORDS["omar"])
    omar.page.wait_for_selector("#mj-chat", state="visible", timeout=PATIENCE)
    expect(omar.page).to_have_url(omar.origin + "/ar/")


def test_too_many_requests_are_told_and_lose_nothing(
    chromium: Browser, tmp_path: Path, cache: Path
) -> None:
    settings = load_settings(data=tmp_path / "hasty", cache=cache, requests_a_minute=8)
    app = open_app(settings)
    app.ingestor.ingest([str(SAMPLES)])
    server = start_server(app)
    try:
        reader = visit(chromium, server)
        page = reader.page
        page.wait_for_selector("#mj-chat", state="visible", timeout=PATIENCE)
        reader.ask(LIBYA)
        said = reader.last_message().inner_text()
        toast = page.locator(".toast-body")
        modes = ("Digest", "Ask")
        for n in range(9):
            page.get_by_label(modes[n % 2], exact=True).check()
            page.wait_for_timeout(200)
            if toast.count():
                break
        expect(toast).to_contain_text("too many requests; try again in")
        page.fill("#mj-question textarea", "What else?")
        page.press("#mj-question textarea", "Enter")
        expect(toast).to_contain_text("(2)")  # so many boxes in one
        expect(page.locator("#mj-question textarea")).to_have_value("What else?")
        expect(page.locator("#mj-send")).to_be_visible()
        expect(reader.answers).to_have_count(1)
        assert reader.last_message().inner_text() == said
    finally:
        server.stop()
