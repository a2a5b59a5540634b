"""The page: its components, where they stand, and which handler each of them calls."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.conversation import Conversation
from assistant.parts import Parts
from assistant.settings import Settings
from assistant.ui.handlers import NO_SOURCES, Added, Handlers, View, Wish
from assistant.ui.rendering import escape, render_article
from vectorstore.articles import Article
from vectorstore.loaders import SUFFIXES

FOLDER = Path(__file__).parent
LISTED = 20  # articles shown at a time
_INTRODUCTION = """# Mujaz
Questions and briefs over articles in Arabic and other languages, in English, with every \
sentence’s source beside it."""
_WELCOME = """## Begin with some articles
1. **Add articles**: text, web pages, PDF, Word, Markdown, or a CSV or JSON-lines feed.
2. **Ask** in English or Arabic, or have an article summarized.
3. **Check**: each sentence of an answer opens the passage that it stands on.

"""
_CAVEAT = (
    '<div class="mj-caveat">Translated by machine: open a source before you rely on a sentence.'
    "</div>"
)
# No handler can be called but by the page itself; none of them is a public API.
_PRIVATE: dict[str, Any] = {"api_visibility": "private"}
_QUIET: dict[str, Any] = {**_PRIVATE, "show_progress": "hidden"}
_MARKDOWN: dict[str, Any] = {"latex_delimiters": [], "container": False}


@dataclass(frozen=True, slots=True)
class _Talk:
    """The conversation's components."""

    chat: gr.Chatbot
    sources: gr.Markdown
    question: gr.Textbox
    send: gr.Button
    stop: gr.Button
    tabs: gr.Tabs

    @property
    def outputs(self) -> list[Any]:
        return [getattr(self, name) for name in View._fields]


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The components for articles that come and go."""

    report: gr.Markdown
    files: gr.File
    version: gr.State
    welcome: gr.Column
    workplace: gr.Row
    chat: gr.Chatbot

    @property
    def outputs(self) -> list[Any]:
        return [getattr(self, name) for name in Added._fields]


def build_page(parts: Parts) -> gr.Blocks:
    """Return the page over an app's parts."""
    handlers = Handlers(parts)
    page: gr.Blocks
    with gr.Blocks(title="Mujaz", analytics_enabled=False, fill_width=True) as page:
        version = gr.State(0.0)
        wish = gr.State(None)
        gr.Markdown(_INTRODUCTION, elem_id="mj-top")
        with gr.Column(visible=False, elem_id="mj-welcome") as welcome:
            gr.Markdown(_WELCOME + _whereabouts(parts.app.settings))
            first_files = _file_box("mj-first-files")
            samples = gr.Button(
                "Load the two sample articles", variant="primary", elem_id="mj-samples"
            )
            first_report = gr.Markdown(elem_id="mj-first-report", **_MARKDOWN)
        with gr.Row(visible=False, elem_id="mj-workplace") as workplace:
            with gr.Column(scale=6, min_width=320, elem_id="mj-talk"):
                chat, question, send, stop, digest, fresh = _conversation()
            with gr.Column(scale=5, min_width=320, elem_id="mj-side"):
                with gr.Tabs(selected="sources", elem_id="mj-tabs") as tabs:
                    with gr.Tab("Sources", id="sources", render_children=True):
                        sources = gr.Markdown(NO_SOURCES, elem_id="mj-sources", **_MARKDOWN)
                    with gr.Tab("Articles", id="articles", render_children=True):
                        files, address, fetch, report = _bringing_in()
                        with gr.Row(elem_id="mj-list-head"):
                            length = gr.Radio(
                                ["short", "medium", "long"],
                                value="medium",
                                label="Length of summaries",
                                scale=3,
                                min_width=290,
                                elem_id="mj-length",
                            )
                            find = gr.Textbox(
                                "",
                                label="Find an article",
                                max_lines=1,
                                scale=2,
                                elem_id="mj-find",
                            )
                        shelf = _Shelf(report, files, version, welcome, workplace, chat)
                        _article_list(parts, handlers, shelf, wish, find)
        talk = _Talk(chat, sources, question, send, stop, tabs)
        _wire_conversation(handlers, talk, wish, length, (digest, fresh))
        _wire_articles(handlers, shelf, address, fetch)
        _wire_welcome(handlers, shelf, first_files, first_report, samples)
        page.load(handlers.arrive, None, shelf.outputs, **_QUIET)
    for function in page.fns.values():  # what `gr.render` adds can't be told so beforehand
        function.api_visibility = "private"
    return page


def _whereabouts(settings: Settings) -> str:
    """Say where articles and questions go."""
    named = [n for n in (settings.writer, settings.embedder) if n != "bundled"]
    if not named:
        return "All of it happens on this computer."
    return f"What you add and ask goes to the models that are set up: {escape(', '.join(named))}."


def _conversation() -> tuple[gr.Chatbot, gr.Textbox, gr.Button, gr.Button, gr.Button, gr.Button]:
    chat = gr.Chatbot(
        label="Conversation",
        show_label=False,
        elem_id="mj-chat",
        height="62vh",
        buttons=[],
        feedback_options=None,
        latex_delimiters=[],
        allow_tags=False,
        line_breaks=False,
        group_consecutive_messages=False,
        placeholder="### Ask about your articles\nIn English or Arabic.",
    )
    with gr.Row(elem_id="mj-composer"):
        question = gr.Textbox(
            show_label=False,
            label="Your question",
            placeholder="Ask about the articles…",
            lines=1,
            max_lines=6,
            scale=8,
            container=False,
            elem_id="mj-question",
        )
        send = gr.Button("Ask", variant="primary", scale=1, min_width=80, elem_id="mj-send")
        stop = gr.Button("Stop", scale=1, min_width=80, visible=False, elem_id="mj-stop")
    with gr.Row(elem_id="mj-under"):
        gr.Markdown(_CAVEAT, **_MARKDOWN)
        digest = gr.Button("Digest", size="sm", scale=0, min_width=80, elem_id="mj-digest")
        fresh = gr.Button("New conversation", size="sm", scale=0, elem_id="mj-fresh")
    return chat, question, send, stop, digest, fresh


def _file_box(elem_id: str) -> gr.File:
    return gr.File(
        label="Add articles",
        file_count="multiple",
        file_types=sorted(SUFFIXES),
        height=132,
        elem_id=elem_id,
    )


def _bringing_in() -> tuple[gr.File, gr.Textbox, gr.Button, gr.Markdown]:
    files = _file_box("mj-files")
    with gr.Row(elem_id="mj-address-row"):
        address = gr.Textbox(
            label="Or add by address", placeholder="https://…", max_lines=1, scale=4,
            elem_id="mj-address",
        )  # fmt: skip
        fetch = gr.Button("Add", scale=1, min_width=80, elem_id="mj-fetch")
    report = gr.Markdown(elem_id="mj-report", **_MARKDOWN)
    return files, address, fetch, report


def _article_list(
    parts: Parts,
    handlers: Handlers,
    shelf: _Shelf,
    wish: gr.State,
    find: gr.Textbox,
) -> None:
    @gr.render(  # type: ignore[untyped-decorator]
        inputs=[shelf.version, find],
        triggers=[shelf.version.change, find.change],
        show_progress="hidden",
    )
    def show_articles(version: float, wanted: str) -> None:
        found = [a for a in parts.catalog.articles() if _matches(a, wanted)]
        for article in found[:LISTED]:
            _article_card(handlers, shelf, wish, article)
        if len(found) > LISTED:
            gr.Markdown(f"{LISTED} of {len(found):,} articles; find the others by a word.")
        elif not found:
            gr.Markdown("No article’s title, outlet or source has that in it.")


def _matches(article: Article, wanted: str) -> bool:
    text = " ".join((article.title, article.outlet or "", article.source))
    return wanted.strip().casefold() in text.casefold()


def _article_card(handlers: Handlers, shelf: _Shelf, wish: gr.State, article: Article) -> None:
    identity = article.id
    with gr.Row(elem_classes="mj-card", key=f"card-{identity}"):
        gr.Markdown(render_article(article), **_MARKDOWN)
        with gr.Row(elem_classes="mj-card-buttons"):
            summarize = gr.Button("Summarize", size="sm", elem_classes="mj-summarize")
            remove = gr.Button("Remove", size="sm", elem_classes="mj-remove")
            really = gr.Button(
                "Really remove", size="sm", variant="stop", visible=False, elem_classes="mj-really"
            )
    summarize.click(lambda: Wish(identity, time.time()), None, wish, **_QUIET)
    remove.click(
        lambda: (gr.update(visible=False), gr.update(visible=True)), None, [remove, really],
        **_QUIET,
    )  # fmt: skip
    really.click(lambda: handlers.remove(identity), None, shelf.outputs, **_QUIET)


def _wire_conversation(
    handlers: Handlers,
    talk: _Talk,
    wish: gr.State,
    length: gr.Radio,
    under: tuple[gr.Button, gr.Button],
) -> None:
    """Let each way of asking begin an exchange, whose id then sets off the answer.

    What begins another exchange, or stops one, does so in the conversation; the answer being
    written notices.
    """
    conversation = gr.State(Conversation())
    job = gr.State("")
    # Where progress is shown, Gradio also lays "Error" over what is there.
    settings: dict[str, Any] = {**_QUIET, "show_progress_on": talk.send}
    job.change(
        handlers.answer,
        [job, conversation],
        talk.outputs,
        concurrency_limit=4,
        concurrency_id="answer",
        trigger_mode="multiple",  # the next may begin while a stopped one still ends
        **settings,
    )
    begun = {"outputs": [job, *talk.outputs], **settings}
    asked = [talk.question, conversation]
    gr.on([talk.send.click, talk.question.submit], handlers.ask, asked, **begun)
    talk.chat.example_select(_example_text, None, talk.question, **_QUIET).then(
        handlers.ask, asked, **begun
    )
    digest, fresh = under
    digest.click(handlers.digest, asked, **begun)
    wish.change(handlers.summarize, [wish, length, conversation], **begun)
    for button, handler in ((talk.stop, handlers.stop), (fresh, handlers.clear)):
        button.click(handler, conversation, talk.outputs, **settings)


def _example_text(chosen: gr.SelectData) -> str:
    return str(chosen.value["text"])


def _wire_articles(
    handlers: Handlers, shelf: _Shelf, address: gr.Textbox, fetch: gr.Button
) -> None:
    shelf.files.upload(handlers.upload, shelf.files, shelf.outputs, **_ingesting(shelf.report))
    gr.on(
        [fetch.click, address.submit],
        handlers.fetch,
        address,
        shelf.outputs,
        **_ingesting(shelf.report),
    ).success(lambda: "", None, address, **_QUIET)


def _wire_welcome(
    handlers: Handlers,
    shelf: _Shelf,
    files: gr.File,
    report: gr.Markdown,
    samples: gr.Button,
) -> None:
    outputs = [report, files, *shelf.outputs[2:]]
    files.upload(handlers.upload, files, outputs, **_ingesting(report))
    samples.click(handlers.load_samples, None, outputs, **_ingesting(report))


def _ingesting(report: gr.Markdown) -> dict[str, Any]:
    return {
        "concurrency_limit": 1,
        "concurrency_id": "ingest",
        "show_progress": "full",
        "show_progress_on": report,
        **_PRIVATE,
    }
