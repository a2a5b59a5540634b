"""What the page's controls do. Each handler takes and returns the values of components."""

from __future__ import annotations

import html
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import gradio as gr

from assistant.answers import Answered, Event, SentenceDone, TextDelta
from assistant.app import SAMPLES
from assistant.assistant import checked
from assistant.conversation import Conversation, Exchange
from assistant.errors import USER_ERRORS
from assistant.parts import Parts
from assistant.ui.rendering import render_exchange, render_question, render_sources
from assistant.ui.uploads import add_address, add_files, render_report
from assistant.writers.writer import Length
from vectorstore.articles import Article
from vectorstore.errors import UnknownArticleError

if TYPE_CHECKING:
    from vectorstore.ingest import OnProgress
    from vectorstore.report import Report

EXAMPLES = (
    "What did Libya’s foreign minister ask Morocco for?",
    "Who is Mohammed Benhammou?",
    "ماذا طلبت ليبيا من المغرب؟",
)
"""Questions that the sample articles answer."""

STREAM_EVERY = 0.1  # seconds between updates of a growing sentence at most
NO_SOURCES = (
    '<div class="mj-hint">The passages that an answer stands on appear here, each in its own '
    "language beside its English. Open one by its number in the answer.</div>"
)
_SHOW_SOURCES = gr.update(selected="sources")
Update = Any  # a component's value, or gradio's description of a change to it


class View(NamedTuple):
    """The conversation's components, in the order in which events list them."""

    chat: Update
    sources: Update
    question: Update
    send: Update
    stop: Update
    tabs: Update


class Added(NamedTuple):
    """The components that change when articles come or go."""

    report: Update
    files: Update
    version: Update
    welcome: Update
    workplace: Update
    chat: Update


class Wish(NamedTuple):
    """A click on an article's button; `number` tells two clicks on the same one apart."""

    article_id: str
    number: float


class Handlers:
    """The page's handlers.

    Args:
        parts: the parts of the app that the page is over.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    # ------------------------------------------------------------ conversation
    def ask(self, question: str, conversation: Conversation) -> tuple[str, *View]:
        """Begin to answer a question; one that is refused stays in its box.

        Returns:
            The exchange's id, for `answer`, and the view.
        """
        with told():
            exchange = Exchange(checked(question))
        conversation.begin(exchange)
        return exchange.id, *self._view(conversation, question="")._replace(tabs=_SHOW_SOURCES)

    def summarize(
        self, wish: Wish, length: Length, conversation: Conversation
    ) -> tuple[str, *View]:
        """Begin to summarise the article that was wished for, in the same conversation."""
        with told():
            article = self._parts.catalog.article(wish.article_id)
        exchange = Exchange(f"Summarize ({length}): {article.title}", article.id, length)
        conversation.begin(exchange)
        return exchange.id, *self._view(conversation)._replace(tabs=_SHOW_SOURCES)

    def digest(self, topic: str, conversation: Conversation) -> tuple[str, *View]:
        """Begin a digest of a topic, or of the main news where none was written."""
        with told():
            topic = checked(topic) if topic.strip() else ""
        exchange = Exchange(f"Digest: {topic or 'the main news'}", topic=topic)
        conversation.begin(exchange)
        return exchange.id, *self._view(conversation, question="")._replace(tabs=_SHOW_SOURCES)

    def answer(self, exchange_id: str, conversation: Conversation) -> Iterator[View]:
        """Answer an exchange that was begun, as a stream of views.

        It ends by itself when the exchange has been stopped, with a last view that makes good
        any that was on its way then. (Gradio's own way of cancelling goes by the handler, and
        can hit the next answer.) After a failure the exchange is taken out, and its question
        is back in the box.
        """
        exchange = conversation.find(exchange_id)
        if exchange is None or exchange.ended:
            return
        shown = 0.0
        try:
            with ended(self._events(exchange, conversation)) as events:
                for event in events:
                    exchange = exchange.after(event)
                    if not conversation.advance(exchange):
                        yield self._view(conversation, sources=True)
                        return
                    if isinstance(event, TextDelta) and time.monotonic() - shown < STREAM_EVERY:
                        continue
                    shown = time.monotonic()
                    cited = isinstance(event, SentenceDone | Answered)
                    yield self._view(conversation, sources=cited)
        except Exception as error:
            conversation.drop(exchange.id)
            asked = exchange.question if exchange.topic is None else exchange.topic
            back = None if exchange.article_id else asked
            yield self._view(conversation, sources=True, question=back)
            with told():
                raise error

    def _events(self, exchange: Exchange, conversation: Conversation) -> Iterator[Event]:
        if exchange.topic is not None:
            return self._parts.assistant.digest(exchange.topic)
        if exchange.article_id is None:
            return self._parts.assistant.ask(exchange.question, conversation.turns())
        article = self._parts.catalog.article(exchange.article_id)
        return self._parts.assistant.summarize(article, exchange.length)

    def stop(self, conversation: Conversation) -> View:
        """Keep what was written when the reader stopped it."""
        conversation.stop()
        return self._view(conversation, sources=True)

    def clear(self, conversation: Conversation) -> View:
        """Begin a new conversation."""
        conversation.exchanges = ()
        return self._view(conversation, sources=True)

    def _view(
        self, conversation: Conversation, sources: bool = False, question: str | None = None
    ) -> View:
        exchanges = conversation.exchanges
        return View(
            chat=[message for exchange in exchanges for message in _messages(exchange)],
            sources=self._sources(exchanges) if sources else gr.skip(),
            question=gr.skip() if question is None else question,
            send=gr.update(visible=not conversation.busy),
            stop=gr.update(visible=conversation.busy),
            tabs=gr.skip(),
        )

    def _sources(self, exchanges: Sequence[Exchange]) -> str:
        wanted = {c.article_id for exchange in exchanges for c in exchange.citations}
        articles = {i: article for i in wanted if (article := self._find(i)) is not None}
        blocks = [render_sources(exchange, articles) for exchange in exchanges]
        return "\n\n".join(block for block in blocks if block) or NO_SOURCES

    def _find(self, article_id: str) -> Article | None:
        try:
            return self._parts.catalog.article(article_id)
        except UnknownArticleError:
            return None

    # ---------------------------------------------------------------- articles
    def upload(self, files: Sequence[str] | None, progress: gr.Progress = gr.Progress()) -> Added:  # noqa: B008 - how gradio passes it
        """Ingest uploaded files and report."""
        return self._ingest(lambda tell: add_files(self._parts, files or [], tell), progress)

    def fetch(self, address: str, progress: gr.Progress = gr.Progress()) -> Added:  # noqa: B008
        """Ingest an address and report."""
        return self._ingest(lambda tell: add_address(self._parts, address, tell), progress)

    def load_samples(self, progress: gr.Progress = gr.Progress()) -> Added:  # noqa: B008
        """Ingest the sample articles and report."""
        return self._ingest(
            lambda tell: self._parts.ingestor.ingest([str(SAMPLES)], on_progress=tell), progress
        )

    def remove(self, article_id: str) -> Added:
        """Remove an article and report."""
        from vectorstore.report import Report

        with told():
            removed = self._parts.ingestor.remove([article_id])
        return self._added(Report(removed=removed))

    def _ingest(self, work: Callable[[OnProgress], Report], progress: gr.Progress) -> Added:
        def tell(stage: str, done: int, total: int) -> None:
            progress((done, total), desc=stage.capitalize())

        with told():
            return self._added(work(tell))

    def _added(self, report: Report) -> Added:
        return self.arrive()._replace(report=render_report(report), files=None)

    def arrive(self) -> Added:
        """Show the welcome where there are no articles, else the place to work."""
        articles = self._parts.catalog.articles()
        sampled = any(Path(article.source).is_relative_to(SAMPLES) for article in articles)
        return Added(
            report="",
            files=gr.skip(),
            version=time.time(),
            welcome=gr.update(visible=not articles),
            workplace=gr.update(visible=bool(articles)),
            chat=gr.update(examples=[{"text": text} for text in EXAMPLES if sampled]),
        )


def _messages(exchange: Exchange) -> Iterable[dict[str, str]]:
    yield {"role": "user", "content": render_question(exchange.question)}
    yield {"role": "assistant", "content": render_exchange(exchange)}


@contextmanager
def told() -> Iterator[None]:
    """Turn what the user can mend into an error box.

    Gradio takes the message for HTML, and it may quote an article.
    """
    try:
        yield
    except USER_ERRORS as error:
        raise gr.Error(html.escape(str(error)), duration=30, print_exception=False) from error


@contextmanager
def ended(events: Iterator[Event]) -> Iterator[Iterator[Event]]:
    """End the work behind a stream of events when its reader has gone."""
    try:
        yield events
    finally:
        if isinstance(events, Generator):
            events.close()
