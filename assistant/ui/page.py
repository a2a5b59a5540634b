"""The page: its components, where they stand, and which handler each of them calls.

Gradio's components hold what is asked and answered, brought in and set. The library, the
article on view, the cards and the kept conversations are HTML that the page's own scripts ask
for (`routes.py`); they reach Gradio's events through two hidden boxes, `mj-bridge` and
`mj-scope`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.conversation_store import ConversationStore
from assistant.parts import Parts
from assistant.settings import Settings
from assistant.ui.adding import Added, Adding
from assistant.ui.handlers import Choice, Handlers, View
from assistant.ui.markup import escape
from assistant.ui.models import ModelsPanel
from assistant.ui.words import Words
from vectorstore.loaders import SUFFIXES

STATIC = Path(__file__).parent / "static"
# No handler can be called but by the page itself; none of them is a public API.
_PRIVATE: dict[str, Any] = {"api_visibility": "private"}
_QUIET: dict[str, Any] = {**_PRIVATE, "show_progress": "hidden"}
# Answers at a time in one language: whoever comes after them waits until one has ended. Each holds
# a thread while it is written, and the server has 40 for both languages and all the rest.
_ANSWERS = 16


@dataclass(frozen=True, slots=True)
class _Talk:
    """The conversation's components."""

    head: gr.Markdown
    chat: gr.Chatbot
    mode: gr.Radio
    question: gr.Textbox
    article: gr.Dropdown
    length: gr.Radio
    send: gr.Button
    stop: gr.Button
    fresh: gr.Button

    @property
    def outputs(self) -> list[Any]:
        return [getattr(self, name) for name in View._fields]

    @property
    def choice(self) -> list[Any]:
        return [getattr(self, name) for name in Choice._fields]


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The components for articles that come and go."""

    report: gr.Markdown
    files: gr.File
    version: gr.Markdown
    welcome: gr.Column
    workplace: gr.Row
    chat: gr.Chatbot
    cancel: gr.Button

    @property
    def outputs(self) -> list[Any]:
        return [getattr(self, name) for name in Added._fields]


def build_page(parts: Parts, store: ConversationStore, words: Words) -> gr.Blocks:
    """Return the page over an app's parts, in one language."""
    handlers, adding = Handlers(parts, store, words), Adding(parts, words)
    page: gr.Blocks
    with gr.Blocks(title=words["title"], analytics_enabled=False, fill_width=True) as page:
        desk = gr.State(None)
        bridge = gr.Textbox(visible="hidden", elem_id="mj-bridge")
        scope = gr.Textbox(visible="hidden", elem_id="mj-scope")
        side: Any = "right" if words.direction == "rtl" else "left"
        with gr.Sidebar(open=False, width=300, position=side, elem_id="mj-sidebar"):
            gr.Markdown(f"### {words['conversations']}", **_markdown(words))
            _place(words, "mj-conversations")
        gr.Markdown(_top(words), elem_id="mj-top", **_markdown(words))
        version = gr.Markdown("", elem_id="mj-version", **_markdown(words))
        with gr.Column(visible=False, elem_id="mj-welcome") as welcome:
            gr.Markdown(_welcome(parts.app.settings, words), **_markdown(words))
            first_files = _file_box("mj-first-files", words)
            samples = gr.Button(words["samples"], variant="primary", elem_id="mj-samples")
            first_report = gr.Markdown(elem_id="mj-first-report", **_markdown(words))
            first_cancel = gr.Button(words["cancel"], visible=False, size="sm")
        with gr.Row(visible=False, elem_id="mj-workplace") as workplace:
            with gr.Column(scale=6, min_width=320, elem_id="mj-talk"):
                talk = _build_talk(words)
            with gr.Column(scale=6, min_width=320, elem_id="mj-side"):
                with gr.Tabs(selected="sources", elem_id="mj-tabs") as tabs:
                    with gr.Tab(words["sources"], id="sources", render_children=True):
                        _place(words, "mj-sources", words["no_sources"])
                    with gr.Tab(words["article"], id="article", render_children=True):
                        _place(words, "mj-article", words["no_article"])
                    with gr.Tab(words["library"], id="library", render_children=True):
                        files, address, fetch, report, cancel = _build_adding(words)
                        _place(words, "mj-library")
                    with gr.Tab(words["settings"], id="settings", render_children=True):
                        panel = ModelsPanel(parts, words)
                        fields = panel.build()
        shelf = _Shelf(report, files, version, welcome, workplace, talk.chat, cancel)
        first = _Shelf(
            first_report, first_files, version, welcome, workplace, talk.chat, first_cancel
        )
        _wire_talk(handlers, talk, desk, bridge, scope)
        _wire_upload(adding, shelf, desk)
        uploaded = _wire_upload(adding, first, desk)
        sampled = samples.click(
            adding.load_samples, desk, first.outputs, show_progress_on=samples, **_INGESTING
        )
        for added in (uploaded, sampled):  # the welcome goes, and its report with it
            added.then(adding.welcomed, first_report, [report, tabs], **_QUIET)
        gr.on(
            [fetch.click, address.submit],
            adding.fetch,
            [address, desk],
            shelf.outputs,
            show_progress_on=fetch,
            **_INGESTING,
        ).success(adding.fetched, [address, report], address, **_QUIET)
        page.load(handlers.arrive, None, [desk, *talk.outputs], **_QUIET)
        page.load(adding.arrive, None, shelf.outputs, **_QUIET)
        page.load(panel.arrive, None, fields, **_QUIET)
    return page


def _wire_upload(adding: Adding, shelf: _Shelf, desk: gr.State) -> gr.events.Dependency:
    """Let files that are dropped be added, or not to the end; return the event."""
    shelf.cancel.click(adding.cancel, desk, None, **_QUIET)
    return shelf.files.upload(
        adding.upload,
        [shelf.files, desk],
        shelf.outputs,
        show_progress_on=shelf.cancel,
        **_INGESTING,
    )


_INGESTING: dict[str, Any] = {
    "concurrency_limit": 1,
    "concurrency_id": "ingest",
    **_QUIET,
}


def _markdown(words: Words) -> dict[str, Any]:
    return {"latex_delimiters": [], "container": False, "rtl": words.direction == "rtl"}


def _place(words: Words, elem_id: str, hint: str = "") -> None:
    """Make a place that the page's scripts fill."""
    inside = f'<p class="mj-hint">{escape(hint)}</p>' if hint else ""
    # Not `gr.HTML`: it builds itself by `eval`, which the page's policy forbids.
    gr.Markdown(f'<div class="mj-pane">{inside}</div>', elem_id=elem_id, **_markdown(words))


def _top(words: Words) -> str:
    other = "/" if words.language == "ar" else "/ar/"
    return (
        f'<div class="mj-top"><button type="button" class="mj-do mj-list">☰ '
        f'<span class="mj-wide">{escape(words["conversations"])}</span></button>'
        f"<h1>{escape(words['title'])}</h1><p>{escape(words['tagline'])}</p><div>"
        f'<button type="button" class="mj-do mj-theme" title="{escape(words["theme"])}">◐ '
        f'<span class="mj-wide">{escape(words["theme"])}</span></button>'
        f'<a class="mj-tongue" href="{other}">{escape(words["other_language"])}</a></div></div>'
    )


def _welcome(settings: Settings, words: Words) -> str:
    steps = "\n".join(f"{n}. {words[f'welcome_{k}']}" for n, k in enumerate(_STEPS, start=1))
    named = [n for n in (settings.writer, settings.embedder) if n != "bundled"]
    where = words["local"]
    if named:
        where = words.fill("elsewhere", names=escape(", ".join(named)))
    return f"## {words['welcome']}\n{steps}\n\n{where}"


_STEPS = ("add", "ask", "check")


def _build_talk(words: Words) -> _Talk:
    head = gr.Markdown(elem_id="mj-headline", **_markdown(words))
    chat = gr.Chatbot(
        label=words["conversation"],
        show_label=False,
        elem_id="mj-chat",
        rtl=words.direction == "rtl",
        height="62vh",
        buttons=[],
        feedback_options=None,
        latex_delimiters=[],
        allow_tags=False,
        line_breaks=False,
        autoscroll=False,
        group_consecutive_messages=False,
        placeholder=words["chat_empty"],
    )
    gr.Markdown('<div id="mj-scope-note"></div><div id="mj-edit-note"></div>', **_markdown(words))
    modes = [(words[mode], mode) for mode in ("ask", "summarize", "digest", "translate")]
    lengths = [(words[length], length) for length in ("short", "medium", "long")]
    with gr.Row(elem_id="mj-modes"):
        mode = gr.Radio(
            modes, value="ask", label=words["mode"], show_label=False, container=False,
            elem_id="mj-mode",
        )  # fmt: skip
        length = gr.Radio(
            lengths, value="medium", label=words["length"], show_label=False, container=False,
            visible=False, elem_id="mj-length",
        )  # fmt: skip
    with gr.Row(elem_id="mj-composer"):
        question = gr.Textbox(
            show_label=False,
            label=words["question"],
            placeholder=words["hint_ask"],
            lines=1,
            max_lines=6,
            scale=8,
            container=False,
            elem_id="mj-question",
        )
        article = gr.Dropdown(
            [], label=words["which_article"], show_label=False, container=False, visible=False,
            scale=8, elem_id="mj-article-choice",
        )  # fmt: skip
        send = gr.Button(words["send"], variant="primary", scale=1, min_width=80, elem_id="mj-send")
        stop = gr.Button(words["stop"], scale=1, min_width=80, visible=False, elem_id="mj-stop")
    with gr.Row(elem_id="mj-under"):
        caveat = f'<div class="mj-caveat">{escape(words["caveat"])}</div>'
        gr.Markdown(caveat, **_markdown(words))
        fresh = gr.Button(words["new"], size="sm", scale=0, elem_id="mj-fresh")
    return _Talk(head, chat, mode, question, article, length, send, stop, fresh)


def _file_box(elem_id: str, words: Words) -> gr.File:
    return gr.File(
        label=words["add_articles"],
        file_count="multiple",
        file_types=sorted(SUFFIXES),
        height=160,  # its name doesn't lie on what is in it
        elem_id=elem_id,
    )


def _build_adding(words: Words) -> tuple[gr.File, gr.Textbox, gr.Button, gr.Markdown, gr.Button]:
    files = _file_box("mj-files", words)
    with gr.Row(elem_id="mj-address-row"):
        address = gr.Textbox(
            label=words["add_address"], placeholder="https://…", max_lines=1, scale=4,
            elem_id="mj-address",
        )  # fmt: skip
        fetch = gr.Button(words["add"], scale=1, min_width=80, elem_id="mj-fetch")
    report = gr.Markdown(elem_id="mj-report", **_markdown(words))
    cancel = gr.Button(words["cancel"], visible=False, size="sm", elem_id="mj-cancel")
    return files, address, fetch, report, cancel


def _wire_talk(
    handlers: Handlers, talk: _Talk, desk: gr.State, bridge: gr.Textbox, scope: gr.Textbox
) -> None:
    """Let each way of asking begin an exchange, whose id then sets off the answer.

    What begins another exchange, or stops one, does so in the conversation; the answer being
    written notices.
    """
    job = gr.State("")
    # Where progress is shown, Gradio also lays "Error" over what is there.
    settings: dict[str, Any] = {**_QUIET, "show_progress_on": talk.send}
    job.change(
        handlers.answer,
        [job, desk],
        talk.outputs,
        concurrency_limit=_ANSWERS,
        concurrency_id="answer",
        trigger_mode="multiple",  # the next may begin while a stopped one still ends
        **settings,
    )
    begun = {"outputs": [job, *talk.outputs], **settings}
    asked = [talk.mode, talk.question, talk.article, talk.length, scope, desk]
    gr.on([talk.send.click, talk.question.submit], handlers.begin, asked, **begun)
    talk.chat.example_select(_example_text, None, talk.question, **_QUIET).then(
        handlers.begin, asked, **begun
    )
    talk.mode.change(handlers.choose, [talk.mode, scope], talk.choice, **_QUIET)
    bridge.change(handlers.act, [bridge, talk.length, scope, desk], **begun)
    talk.stop.click(handlers.stop, desk, talk.outputs, **settings)
    talk.fresh.click(handlers.clear, desk, talk.outputs, **settings)


def _example_text(chosen: gr.SelectData) -> str:
    return str(chosen.value["text"])
