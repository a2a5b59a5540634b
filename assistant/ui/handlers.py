"""What the page's controls do. Each handler takes and returns the values of components."""

from __future__ import annotations

import html
import json
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from itertools import chain, zip_longest
from typing import Any, Literal, NamedTuple

import gradio as gr

from assistant.answers import Answered, Event, SentenceDone, TextDelta
from assistant.assistant import checked
from assistant.conversation import Conversation, Exchange
from assistant.conversation_store import ConversationStore, Rating
from assistant.errors import USER_ERRORS, AssistantError, UnknownConversationError
from assistant.parts import Parts
from assistant.ui.desk import Desk
from assistant.ui.gate import owner_of
from assistant.ui.messages import (
    is_bundled,
    render_exchange,
    render_head,
    render_question,
    render_suggestions,
)
from assistant.ui.words import Words
from assistant.writers.writer import Length
from vectorstore.articles import Article

EXAMPLES = (
    "What did Libya’s foreign minister ask Morocco for?",
    "Who is Mohamed Benhammou?",
    "ماذا طلبت ليبيا من المغرب؟",
)
"""Questions that the sample articles answer."""

STREAM_EVERY = 0.1  # seconds between updates of a growing sentence at most
SUGGESTED = 3  # questions to go on with at most
LISTED = 200  # articles to choose from at most; the others are found in the library
Mode = Literal["ask", "summarize", "digest", "translate"]
Update = Any  # a component's value, or gradio's description of a change to it


class View(NamedTuple):
    """The conversation's components, in the order in which events list them."""

    chat: Update
    head: Update
    question: Update
    send: Update
    stop: Update
    mode: Update


class Choice(NamedTuple):
    """The components that a way of asking shows or hides."""

    question: Update
    article: Update
    length: Update


class Handlers:
    """The page's handlers for conversations.

    Args:
        parts: the parts of the app that the page is over.
        store: where conversations are kept.
        words: the page's words.
    """

    def __init__(self, parts: Parts, store: ConversationStore, words: Words) -> None:
        self._parts = parts
        self._store = store
        self._words = words

    def arrive(self, request: gr.Request) -> tuple[Any, ...]:  # gradio evaluates these types
        """Put the reader's latest conversation on a desk of their own."""
        owner = owner_of(request)
        latest = self._store.latest(owner)
        conversation = self._store.load(owner, latest) if latest else Conversation()
        desk = Desk(owner, conversation)
        return desk, *self._view(desk)

    # ------------------------------------------------------------------ asking
    def choose(self, mode: Mode, scope: str) -> Choice:
        """Show what a way of asking needs: a question, or an article."""
        on_one = mode in ("summarize", "translate")
        if not on_one:
            hint = self._words["hint_digest" if mode == "digest" else "hint_ask"]
            return Choice(
                gr.update(visible=True, placeholder=hint),
                gr.update(visible=False),
                gr.update(visible=False),
            )
        catalog = self._parts.catalog
        shelf = catalog.browse(limit=LISTED)
        choices = [(self._named(catalog.article(a.id)), a.id) for a in shelf.articles]
        picked = self._picked(scope)
        value = picked[0] if picked else (choices[0][1] if len(choices) == 1 else None)
        if value is not None and value not in {identity for _, identity in choices}:
            choices.insert(0, (self._named(catalog.article(value)), value))
        return Choice(
            gr.update(visible=False),
            gr.update(visible=True, choices=choices, value=value),
            gr.update(visible=mode == "summarize"),
        )

    def _named(self, article: Article) -> str:
        """Return an article's title, behind its English, and whose that is, where it is known."""
        english = self._english_title(article)
        if english is None:
            return article.title
        return f"{english} ({self._words['title_by_machine']}) · {article.title}"

    def begin(
        self,
        mode: Mode,
        question: str,
        article_id: str | None,
        length: Length,
        scope: str,
        desk: Desk,
    ) -> tuple[str, *View]:
        """Begin an exchange; what is refused stays where it was written.

        Returns:
            The exchange's id, for `answer`, and the view.
        """
        with told():
            picked = self._picked(scope)
            if mode == "ask":
                exchange = Exchange(checked(question), scope=picked)
            elif mode == "digest":
                exchange = self._digest(question, picked)
            else:
                exchange = self._on_article(mode, article_id, length)
        exchange_id, *view = self._begun(desk, exchange)
        # What is written next is a question again, not another digest's topic.
        chosen = gr.skip() if mode == "ask" else "ask"
        return exchange_id, *View(*view)._replace(mode=chosen)

    def act(self, message: str, length: Length, scope: str, desk: Desk) -> tuple[Update, *View]:
        """Do what the page's scripts ask for: `{"does": ..., "to": ...}`.

        `of` is the article whose guide proposed a question; it is asked of that one alone.
        """
        with told():
            asked = json.loads(message)
            does, to = str(asked["does"]), str(asked.get("to", ""))
            desk.editing = to if does == "edit" else ""
            match does:
                case "ask":
                    about = json.dumps([asked["of"]]) if asked.get("of") else scope
                    return self._begun(desk, Exchange(checked(to), scope=self._picked(about)))
                case "retry":
                    again = desk.conversation.find(to)
                    if again is None:
                        raise AssistantError("that answer is gone; ask again")
                    desk.editing = to if self._is_to_be_replaced(desk, again) else ""
                    return self._begun(desk, again.again())
                case "summarize" | "translate":
                    return self._begun(desk, self._on_article(does, to, length))
                case "open":
                    kept = self._store.load(desk.owner, to)
                    desk.conversation = desk.left(to) or kept
                    desk.conversation.named = kept.named
                case "edit":
                    return gr.skip(), *self._edited(desk)
                case "renamed" | "deleted":
                    self._refresh(desk)
                case _:
                    raise AssistantError(f"the page can't do {does!r}; reload it")
        return gr.skip(), *self._view(desk)

    def _is_to_be_replaced(self, desk: Desk, exchange: Exchange) -> bool:
        """Tell whether trying again loses nothing.

        The last answer isn't kept where it was cut off or refused, or where the same models will
        write it again, the bundled writer saying the same; one that was judged is.
        """
        is_last = exchange.id == desk.conversation.exchanges[-1].id
        if not is_last or exchange.id in self._ratings(desk):
            return False
        answer = exchange.answer
        if answer is None or answer.refused:
            return True
        return is_bundled(answer.models.writer) and answer.models == self._parts.assistant.models

    def _begun(self, desk: Desk, exchange: Exchange) -> tuple[str, *View]:
        if desk.conversation.exchanges:
            self._refresh(desk)  # it may have been deleted in another window
        conversation = desk.conversation
        edited = conversation.find(desk.editing)
        if edited is not None and edited.id != conversation.exchanges[-1].id:
            desk.conversation = conversation = conversation.branch(edited.id)
            self._store.save(desk.owner, conversation)
        elif edited is not None:
            for dropped in conversation.cut(edited.id):
                self._store.save(desk.owner, conversation, dropped)
        desk.editing = ""
        conversation.begin(exchange)
        self._store.save(desk.owner, conversation, exchange)
        return exchange.id, *self._view(desk, question="")

    def _edited(self, desk: Desk) -> View:
        """Put what is edited back into the question's box, as it was asked; else empty it."""
        edited = desk.conversation.find(desk.editing) or Exchange("")
        written = edited.question if edited.topic is None else edited.topic
        return self._view(desk, written)._replace(mode=edited.kind)

    def _digest(self, topic: str, picked: tuple[str, ...]) -> Exchange:
        topic = checked(topic) if topic.strip() else ""
        label = self._words["digest"]
        return Exchange(f"{label}: {topic}" if topic else label, topic=topic, scope=picked)

    def _on_article(self, mode: str, article_id: str | None, length: Length) -> Exchange:
        if not article_id:
            raise AssistantError(self._words["which_article_error"])
        article = self._parts.catalog.article(article_id)
        return Exchange(
            f"{self._words[mode]}: {article.title}",
            article.id,
            length=length,
            whole=mode == "translate",
            shown=f"{self._words[mode]}: {self._named(article)}",
        )

    def _picked(self, scope: str) -> tuple[str, ...]:
        """Return the selected articles that are still there."""
        wanted = json.loads(scope) if scope else []
        return tuple(i for i in wanted if self._parts.catalog.find(str(i)) is not None)

    def _refresh(self, desk: Desk) -> None:
        """Take up a conversation's new name, or leave it if it was deleted."""
        try:
            desk.conversation.named = self._store.name(desk.owner, desk.conversation.id)
        except UnknownConversationError:
            desk.conversation = Conversation()

    # --------------------------------------------------------------- answering
    def answer(self, exchange_id: str, desk: Desk) -> Iterator[View]:
        """Answer an exchange that was begun, as a stream of views.

        It ends by itself when the exchange has been stopped, with a last view that makes good
        any that was on its way then. (Gradio's own way of cancelling goes by the handler, and
        can hit the next answer.) After a failure, or when the page is closed, what was written
        is kept, and can be tried again.
        """
        conversation = desk.holding(exchange_id)
        exchange = conversation.find(exchange_id)
        if exchange is None or exchange.ended:
            return
        shown = 0.0
        try:
            with ended(self._events(exchange, conversation)) as events:
                for event in events:
                    exchange = exchange.after(event)
                    if not conversation.advance(exchange):
                        yield self._view(desk)
                        return
                    if isinstance(event, SentenceDone | Answered):
                        self._store.save(desk.owner, conversation, exchange)
                    if isinstance(event, TextDelta) and time.monotonic() - shown < STREAM_EVERY:
                        continue
                    shown = time.monotonic()
                    if desk.conversation is conversation:
                        yield self._view(desk)
        except Exception as error:
            self._interrupt(desk, conversation, exchange)
            if desk.conversation is conversation:
                yield self._view(desk)
            with told():
                raise error
        finally:
            self._interrupt(desk, conversation, exchange)

    def _interrupt(self, desk: Desk, conversation: Conversation, exchange: Exchange) -> None:
        """Keep an exchange as cut off where it has come to no end."""
        cut = exchange.interrupt()
        if conversation.advance(cut):
            self._store.save(desk.owner, conversation, cut)

    def _events(self, exchange: Exchange, conversation: Conversation) -> Iterator[Event]:
        assistant = self._parts.assistant
        scope = exchange.scope or None
        if exchange.topic is not None:
            return assistant.digest(exchange.topic, scope)
        if exchange.article_id is None:
            return assistant.ask(exchange.question, conversation.turns(), scope)
        article = self._parts.catalog.article(exchange.article_id)
        if exchange.whole:
            return assistant.translate_cited(article)
        return assistant.summarize(article, exchange.length)

    def stop(self, desk: Desk) -> View:
        """Keep what was written when the reader stopped it."""
        conversation = desk.conversation
        conversation.stop()
        if conversation.exchanges:
            self._store.save(desk.owner, conversation, conversation.exchanges[-1])
        return self._view(desk)

    def clear(self, desk: Desk) -> View:
        """Begin a new conversation; the one on the desk stays kept."""
        desk.conversation = Conversation()
        return self._view(desk, question="")

    def _view(self, desk: Desk, question: str | None = None) -> View:
        conversation = desk.conversation
        messages = self._messages(desk)
        if messages and not conversation.busy:
            messages[-1]["content"] += self._suggestions(conversation)
        return View(
            chat=messages,
            head=render_head(conversation.id, conversation.title, self._words),
            question=gr.skip() if question is None else question,
            send=gr.update(visible=not conversation.busy),
            stop=gr.update(visible=conversation.busy),
            mode=gr.skip(),
        )

    def _messages(self, desk: Desk) -> list[dict[str, str]]:
        """Return the conversation's messages, as the reader judged them meanwhile."""

        def render(exchange: Exchange, rating: Rating | None) -> tuple[str, str]:
            told = exchange.answer is not None and exchange.answer.disagreements
            titles = self._titles(exchange) if exchange.topic is not None or told else {}
            return (
                render_question(exchange, self._words),
                render_exchange(exchange, self._words, rating, titles),
            )

        return [
            {"role": role, "content": html}
            for drawn in desk.draw(render, self._ratings(desk))
            for role, html in zip(("user", "assistant"), drawn, strict=True)
        ]

    def _titles(self, exchange: Exchange) -> dict[str, str]:
        """Return what is known of the cited articles' titles in English, by the original."""
        found = (self._parts.catalog.find(c.article_id) for c in exchange.citations)
        articles = {article.id: article for article in found if article is not None}
        known = {a.title: self._english_title(a) for a in articles.values()}
        return {title: english for title, english in known.items() if english}

    def _english_title(self, article: Article) -> str | None:
        """Return an article's title in English; None where it isn't known.

        It isn't where the models can't be used: whoever asks is told why.
        """
        try:
            return self._parts.assistant.recall_title(article)
        except USER_ERRORS:
            return None

    def _suggestions(self, conversation: Conversation) -> str:
        """Return what else the cited articles answer, where their guides were made before.

        There is none where the models can't be used: whoever asks is told why, and a kept
        conversation is shown all the same.
        """
        try:
            suggested = self._suggest(conversation)
        except USER_ERRORS:
            return ""
        return f"\n\n{suggested}" if suggested else ""

    def _suggest(self, conversation: Conversation) -> str:
        last = conversation.exchanges[-1]
        if last.answer is not None and last.answer.refused:
            return ""  # what came nearest isn't what was asked about
        asked = {exchange.question for exchange in conversation.exchanges}
        found: list[list[tuple[str, str]]] = []
        for article_id in dict.fromkeys(citation.article_id for citation in last.citations):
            article = self._parts.catalog.find(article_id)
            guide = self._parts.assistant.recall_guide(article) if article is not None else None
            questions = guide.questions if guide else ()
            found.append([(q, article_id) for q in questions if q not in asked])
        in_turn = chain.from_iterable(zip_longest(*found))  # each article's first, then the next
        suggested = {question: of for question, of in filter(None, in_turn)}
        return render_suggestions(last.id, tuple(suggested.items())[:SUGGESTED], self._words)

    def _ratings(self, desk: Desk) -> dict[str, Rating]:
        try:
            return self._store.ratings(desk.owner, desk.conversation.id)
        except UnknownConversationError:  # deleted in another window, while it was answered here
            return {}


@contextmanager
def told() -> Iterator[None]:
    """Turn what the user can mend into an error box.

    Gradio takes the message for HTML, and it may quote an article.
    """
    try:
        yield
    except USER_ERRORS as error:
        why = str(error)
        why = html.escape(why[:1].upper() + why[1:])
        raise gr.Error(why, duration=15, print_exception=False) from error


@contextmanager
def ended(events: Iterator[Event]) -> Iterator[Iterator[Event]]:
    """End the work behind a stream of events when its reader has gone."""
    try:
        yield events
    finally:
        if isinstance(events, Generator):
            events.close()
