"""The settings that a reader may change from the page: what writes the answers, and how much."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import gradio as gr

from assistant.connection import test_connection
from assistant.errors import USER_ERRORS
from assistant.parts import Parts
from assistant.preferences import CHANGEABLE
from assistant.settings import Settings
from assistant.ui.gate import may_configure
from assistant.ui.markup import escape
from assistant.ui.words import Words


class ModelsPanel:
    """The panel and its handlers; a key that was saved is never sent to the page again.

    Args:
        parts: the parts of the app that the page is over.
        words: the page's words.
    """

    def __init__(self, parts: Parts, words: Words) -> None:
        self._parts = parts
        self._words = words

    def build(self) -> list[Any]:
        """Build the panel; return what `arrive` fills: its fields, its buttons and its note."""
        words = self._words
        fields: list[Any] = [
            gr.Textbox(label=words["writer"], info=words["writer_hint"], elem_id="mj-writer"),
            gr.Textbox(label=words["writer_url"], placeholder="http://…", elem_id="mj-writer-url"),
            gr.Textbox(label=words["api_key"], type="password", elem_id="mj-api-key"),
            gr.Radio(
                [(words["bundled"], "bundled"), (words["the_writer"], "writer")],
                label=words["translator"],
            ),
            gr.Slider(1, 10, step=1, label=words["sentences"], elem_id="mj-sentences"),
            gr.Slider(1, 20, step=1, label=words["passages"], elem_id="mj-passages"),
        ]
        locked = sorted(self._parts.app.settings.locked & set(CHANGEABLE))
        if locked:
            note_locked = escape(words.fill("locked", names=", ".join(locked)))
            gr.Markdown(f'<p class="mj-caveat">{note_locked}</p>', container=False)
        with gr.Row():
            test = gr.Button(words["test_connection"], elem_id="mj-test")
            save = gr.Button(words["save"], variant="primary", elem_id="mj-save")
        note = gr.Markdown(elem_id="mj-settings-note", container=False)
        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        test.click(self.test, fields, note, **quiet)
        save.click(self.save, fields, [note, *fields], **quiet)
        return [*fields, test, save, note]

    def arrive(self, request: gr.Request) -> list[Any]:
        """Show the settings in force, in the order of `CHANGEABLE`, and what can't be changed."""
        allowed = may_configure(request)
        button = gr.update(interactive=allowed)
        note = "" if allowed else _note(self._words["admins_only"])
        return [*self._show(allowed), button, button, note]

    def test(self, request: gr.Request, *values: Any) -> Iterator[str]:  # noqa: ANN401 - gradio's
        """Ask the chat model that the fields name a short question; what came of it stays."""
        self._check_allowed(request)
        yield f'<div class="mj-status">{escape(self._words["testing"])}</div>'
        try:
            answer = test_connection(self._parts.proposed(self._changes(values)))
        except USER_ERRORS as error:
            yield self._failed(error)
            return
        yield _note(answer)

    def save(self, request: gr.Request, *values: Any) -> list[Any]:  # noqa: ANN401
        """Use what the fields hold from now on; what is refused stays where it was written."""
        self._check_allowed(request)
        try:
            self._parts.reconfigure(self._changes(values))
        except USER_ERRORS as error:
            return [self._failed(error), *(gr.skip() for _ in CHANGEABLE)]
        return [_note(self._words["saved"]), *self._show(allowed=True)]

    def _failed(self, error: Exception) -> str:
        """Return what went wrong, naming the fields as the page does."""
        why = _FIELD.sub(lambda name: f"“{self._label(name[1] or name[2])}”", str(error))
        why = _VARIABLE.sub("", why)
        return _note(why[:1].upper() + why[1:], " mj-wrong")

    def _label(self, name: str) -> str:
        """Return a field's label without what it adds in brackets."""
        return self._words[name].partition(" (")[0]

    def _check_allowed(self, request: gr.Request) -> None:
        if not may_configure(request):
            raise gr.Error(escape(self._words["admins_only"]), print_exception=False)

    def _changes(self, values: tuple[Any, ...]) -> dict[str, object]:
        """Return what the fields say that isn't so already; an empty key is the one kept."""
        settings = self._parts.app.settings
        changes = dict(zip(CHANGEABLE, values, strict=True))
        if not changes["api_key"]:
            del changes["api_key"]
        return {
            name: value
            for name, value in changes.items()
            if name not in settings.locked and (value or None) != getattr(settings, name)
        }

    def _show(self, allowed: bool) -> list[Any]:
        settings = self._parts.app.settings
        values = shown(settings)
        updates = []
        for name in CHANGEABLE:
            open_ = allowed and name not in settings.locked
            if name == "api_key":
                kept = self._words["key_kept"] if values[name] else ""
                updates.append(gr.update(value="", placeholder=kept, interactive=open_))
            else:
                updates.append(gr.update(value=values[name], interactive=open_))
        return updates


_NAMES = "|".join(CHANGEABLE)
_VARIABLE = re.compile(r" \(MUJAZ_\w+\)")  # for who sets it without the page
_FIELD = re.compile(rf"'({_NAMES})'|\b({_NAMES})(?=: )")


def _note(text: str, kind: str = "") -> str:
    return f'<div class="mj-report{kind}" dir="auto">{escape(text)}</div>'


def shown(settings: Settings) -> dict[str, object]:
    """Return what is in force of that which can be changed; of the key, only whether there is one.

    What a flag or the environment has set is in `settings.locked` too.
    """
    values = {name: getattr(settings, name) for name in CHANGEABLE}
    return values | {"api_key": settings.api_key is not None}
