from __future__ import annotations

import html
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from assistant.app import App
from assistant.parts import Parts
from assistant.preferences import CHANGEABLE
from assistant.ui.models import ModelsPanel
from assistant.ui.words import words

ENGLISH = words("en")


def sent_by(admin: bool) -> Any:
    return SimpleNamespace(state=SimpleNamespace(admin=admin))


@pytest.fixture
def panel(make_app: Callable[..., App]) -> ModelsPanel:
    return ModelsPanel(Parts(make_app()), ENGLISH)


def filled(**changes: object) -> list[object]:
    values: dict[str, object] = {
        "writer": "bundled",
        "writer_url": "",
        "api_key": "",
        "translator": "bundled",
        "sentences": 3,
        "passages": 6,
    }
    values |= changes
    return [values[name] for name in CHANGEABLE]


@pytest.mark.parametrize("admin", [True, False])
def test_only_who_may_change_the_settings_can_press_the_buttons(
    panel: ModelsPanel, admin: bool
) -> None:
    *fields, test, save, note = panel.arrive(sent_by(admin))
    assert [update["interactive"] for update in (*fields, test, save)] == [admin] * 8
    assert ("administrators" in note) is not admin
    if not admin:
        with pytest.raises(gr.Error, match="administrators"):
            next(panel.test(sent_by(admin), *filled()))
        with pytest.raises(gr.Error, match="administrators"):
            panel.save(sent_by(admin), *filled(sentences=5))


def test_a_test_says_that_it_has_begun_and_then_what_came_of_it(panel: ModelsPanel) -> None:
    begun, ended = panel.test(sent_by(True), *filled())
    assert "Testing the connection" in begun and "nothing to connect to" in ended


def test_what_went_wrong_stays_and_names_the_field_as_the_page_does(panel: ModelsPanel) -> None:
    wrong = filled(writer_url="localhost")
    _, ended = panel.test(sent_by(True), *wrong)
    note, *fields = panel.save(sent_by(True), *wrong)
    for told in map(html.unescape, (ended, note)):
        assert f"“{ENGLISH['writer_url']}”" in told and "writer" not in told
        assert "mj-wrong" in told
    assert fields == [gr.skip()] * len(CHANGEABLE)
