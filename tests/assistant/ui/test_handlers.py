from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import gradio as gr
import pytest

from assistant.answers import Answer, Answered, Sentence, SentenceDone, SentenceStarted, TextDelta
from assistant.conversation import Conversation
from assistant.conversation_store import ConversationStore
from assistant.errors import AssistantError, ModelError
from assistant.history import Turn
from assistant.parts import Parts
from assistant.translation.base_model import MODEL
from assistant.ui import handlers as module
from assistant.ui.desk import Desk
from assistant.ui.handlers import Handlers, Mode, View
from assistant.ui.words import words
from tests.assistant.ui.material import CITATION, MODELS, TIMINGS, text_of
from tests.fakes import ScriptedAssistant
from vectorstore.catalog import Catalog
from vectorstore.ingest import Ingestor

SENTENCE = Sentence("It asked for help.", (1,), "supported")
ANSWER = Answer("What?", (SENTENCE,), (CITATION,), MODELS, TIMINGS)
EVENTS = (
    SentenceStarted(0),
    TextDelta(0, "It "),
    SentenceDone(0, SENTENCE, (CITATION,)),
    Answered(ANSWER),
)
ANN = "user:ann"
HIDDEN = gr.update(visible=False)


@pytest.fixture
def store(tmp_path: Path) -> ConversationStore:
    return ConversationStore(tmp_path / "conversations.db")


@pytest.fixture
def catalog(make_ingestor: Callable[..., Ingestor], tmp_path: Path) -> Catalog:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.txt").write_text("Bakers strike\n\nThe bakers of Lyon strike today.\n")
    (folder / "b.txt").write_text("A harbour opens\n\nAna Quispe opened the harbour of Lima.\n")
    make_ingestor().ingest([str(folder)])
    return Catalog(tmp_path / "articles.db")


class Room:
    """Handlers over a scripted assistant, and a reader's desk."""

    def __init__(
        self, assistant: ScriptedAssistant, store: ConversationStore, catalog: Catalog
    ) -> None:
        parts: Any = SimpleNamespace(assistant=assistant, catalog=catalog)
        self.handlers = Handlers(cast("Parts", parts), store, words("en"))
        self.assistant, self.store = assistant, store
        self.desk = Desk(ANN, Conversation())

    def begin(
        self, question: str = "What?", mode: Any = "ask", article: str | None = None,
        length: Any = "medium", scope: list[str] | None = None,
    ) -> str:  # fmt: skip
        told = json.dumps(scope or [])
        job, *_ = self.handlers.begin(mode, question, article, length, told, self.desk)
        return job

    def answer(self, job: str) -> list[View]:
        return list(self.handlers.answer(job, self.desk))

    def act(self, does: str, to: str = "", scope: str = "") -> tuple[Any, View]:
        message = json.dumps({"does": does, "to": to, "number": 1})
        job, *view = self.handlers.act(message, "medium", scope, self.desk)
        return job, View(*view)

    def kept(self, conversation: Conversation | None = None) -> Conversation:
        return self.store.load(ANN, (conversation or self.desk.conversation).id)


@pytest.fixture
def make_room(store: ConversationStore, catalog: Catalog) -> Callable[..., Room]:
    return lambda *events, error=None: Room(
        ScriptedAssistant(*(events or EVENTS), error=error), store, catalog
    )


MakeRoom = Callable[..., Room]


@pytest.fixture
def ids(catalog: Catalog) -> dict[str, str]:
    return {article.title: article.id for article in catalog.articles()}


def shown(view: View) -> str:
    return "\n".join(text_of(message["content"]) for message in view.chat)


def test_a_question_is_begun_answered_and_kept(make_room: MakeRoom) -> None:
    room = make_room()
    job, *begun = room.handlers.begin("ask", "  What? ", None, "medium", "", room.desk)
    view = View(*begun)
    assert view.question == "" and "What?" in shown(view) and "What?" in text_of(view.head)
    assert (view.send, view.stop) == (HIDDEN, gr.update(visible=True))
    assert room.kept().exchanges[0].question == "What?"
    last = room.answer(job)[-1]
    assert [m["role"] for m in last.chat] == ["user", "assistant"]
    assert "It asked for help." in shown(last)
    assert (last.send, last.stop) == (gr.update(visible=True), HIDDEN)
    assert room.assistant.asked == [("ask", "What?", [], None)]
    assert room.kept().exchanges == room.desk.conversation.exchanges
    assert room.kept().exchanges[0].answer == ANSWER


def test_what_was_asked_before_is_told_with_the_next_question(make_room: MakeRoom) -> None:
    room = make_room()
    room.answer(room.begin())
    room.answer(room.begin("And Algeria?"))
    assert room.assistant.asked[1][2] == [Turn("What?", "It asked for help. [1]")]


@pytest.mark.parametrize("mode", ["ask", "digest"])
@pytest.mark.parametrize("question", ["", "   ", "?!", "x" * 2001])
def test_a_question_that_cannot_be_asked_begins_nothing(
    make_room: MakeRoom, question: str, mode: str
) -> None:
    if mode == "digest" and not question.strip():
        return  # of the main news
    room = make_room()
    with pytest.raises(gr.Error):
        room.begin(question, mode)
    assert room.desk.conversation.exchanges == () and room.store.saved(ANN) == []


@pytest.mark.parametrize("mode", ["ask", "digest", "summarize"])
def test_what_is_written_next_is_a_question_again(
    make_room: MakeRoom, ids: dict[str, str], mode: Mode
) -> None:
    room = make_room()
    article = ids["Bakers strike"]
    _, *begun = room.handlers.begin(mode, "What?", article, "medium", "", room.desk)
    assert View(*begun).mode == (gr.skip() if mode == "ask" else "ask")
    _, view = room.act("retry", room.desk.conversation.exchanges[0].id)
    assert view.mode == gr.skip()


@pytest.mark.parametrize(("mode", "asked"), [("ask", "What?"), ("digest", "floods")])
def test_what_is_edited_is_put_back_as_it_was_asked(
    make_room: MakeRoom, mode: Mode, asked: str
) -> None:
    room = make_room()
    room.answer(room.begin(asked, mode))
    _, view = room.act("edit", room.desk.conversation.exchanges[0].id)
    assert (view.question, view.mode) == (asked, mode)
    _, view = room.act("edit", "")
    assert (view.question, view.mode) == ("", "ask")


def test_an_early_question_edited_begins_a_conversation_and_the_old_one_stays(
    make_room: MakeRoom,
) -> None:
    room = make_room()
    for question in ("One?", "Two?", "Three?"):
        room.answer(room.begin(question))
    old = room.desk.conversation
    room.act("edit", old.exchanges[1].id)
    room.answer(room.begin("Other?"))
    asked = [e.question for e in room.kept().exchanges]
    assert asked == ["One?", "Other?"] and room.desk.conversation.id != old.id
    assert (room.kept().title, room.kept(old).title) == ("One? (2)", "One?")
    assert [e.question for e in room.kept(old).exchanges] == ["One?", "Two?", "Three?"]
    assert not {e.id for e in room.kept().exchanges} & {e.id for e in old.exchanges}


def test_the_last_question_edited_takes_its_place(make_room: MakeRoom) -> None:
    room = make_room()
    for question in ("One?", "Two?"):
        room.answer(room.begin(question))
    room.act("edit", room.desk.conversation.exchanges[1].id)
    room.answer(room.begin("Other?"))
    assert [e.question for e in room.kept().exchanges] == ["One?", "Other?"]
    assert len(room.store.saved(ANN)) == 1


@pytest.mark.parametrize(("topic", "title"), [("", "Digest"), (" floods ", "Digest: floods")])
def test_a_digest_begins_in_the_conversation(make_room: MakeRoom, topic: str, title: str) -> None:
    room = make_room()
    room.answer(room.begin(topic, "digest"))
    assert room.assistant.asked == [("digest", topic.strip(), None)]
    assert room.desk.conversation.title == title


def test_a_digest_names_its_articles_in_english_where_that_is_known(
    make_room: MakeRoom, ids: dict[str, str]
) -> None:
    sentence = replace(SENTENCE, reported_by=("Bakers strike",))
    citation = replace(CITATION, article_id=ids["Bakers strike"])
    room = make_room(SentenceDone(0, sentence, (citation,)))
    view = room.answer(room.begin("", "digest"))[-1]
    told = f"The title of {ids['Bakers strike']} (by machine): It asked"
    assert told in shown(view)


def test_a_summary_has_the_length_that_was_chosen(make_room: MakeRoom, ids: dict[str, str]) -> None:
    room = make_room()
    room.answer(room.begin("", "summarize", ids["Bakers strike"], "long"))
    assert room.assistant.asked == [("summarize", ids["Bakers strike"], "long")]


def test_a_summary_is_shown_to_be_of_the_english_title_that_no_follow_up_goes_by(
    make_room: MakeRoom, ids: dict[str, str]
) -> None:
    room = make_room()
    english = f"The title of {ids['Bakers strike']} (by machine)"
    both = f"Summarize: {english} · Bakers strike"
    view = room.answer(room.begin("", "summarize", ids["Bakers strike"]))[-1]
    assert both in shown(view) and room.desk.conversation.title == both
    room.answer(room.act("retry", room.desk.conversation.exchanges[0].id)[0])
    assert [e.heading for e in room.kept().exchanges] == [both, both]
    assert [kept.title for kept in room.store.saved(ANN, "title")] == [both]
    assert {turn.question for turn in room.kept().turns()} == {"Summarize: Bakers strike"}


def test_an_article_is_translated_whole(make_room: MakeRoom, ids: dict[str, str]) -> None:
    room = make_room()
    room.answer(room.begin("", "translate", ids["Bakers strike"]))
    assert room.assistant.asked == [("translate", ids["Bakers strike"])]
    assert room.kept().exchanges[0].kind == "translate"


@pytest.mark.parametrize("article", [None, "", "gone"])
@pytest.mark.parametrize("mode", ["summarize", "translate"])
def test_without_an_article_nothing_is_begun(
    make_room: MakeRoom, mode: str, article: str | None
) -> None:
    room = make_room()
    with pytest.raises(gr.Error, match="article"):
        room.begin("", mode, article)
    assert room.desk.conversation.exchanges == ()


def test_scope_limits_what_is_asked_to_the_articles_that_are_still_there(
    make_room: MakeRoom, ids: dict[str, str]
) -> None:
    room, chosen = make_room(), ids["A harbour opens"]
    room.answer(room.begin(scope=[chosen, "gone"]))
    room.answer(room.begin("floods", "digest", scope=[chosen]))
    job, _ = room.act("ask", "Who opened it?", json.dumps([chosen]))
    room.answer(job)
    room.answer(room.begin(scope=["gone"]))
    assert [asked[-1] for asked in room.assistant.asked] == [(chosen,)] * 3 + [None]
    assert room.kept().exchanges[0].scope == (chosen,)


def test_a_failing_writer_is_an_error_box_and_what_it_wrote_is_kept(make_room: MakeRoom) -> None:
    room = make_room(
        *EVENTS[:3], SentenceStarted(1), TextDelta(1, "Half a"),
        error=ModelError("the server said <img src=x>"),
    )  # fmt: skip
    job, views = room.begin(), []
    with pytest.raises(gr.Error) as caught:
        for view in room.handlers.answer(job, room.desk):
            views.append(view)
    assert caught.value.message == "The server said &lt;img src=x&gt;"
    assert "Interrupted before the end" in shown(views[-1])
    assert "It asked for help." in shown(views[-1]) and "Half a" not in shown(views[-1])
    assert views[-1].send == gr.update(visible=True)
    (kept,) = room.kept().exchanges
    assert kept.interrupted and kept.sentences == (SENTENCE,)


def test_an_interrupted_answer_is_tried_again_as_it_was_asked(
    make_room: MakeRoom, ids: dict[str, str]
) -> None:
    room = make_room(SentenceStarted(0), error=ModelError("gone"))
    job = room.begin(scope=[ids["Bakers strike"]])
    with pytest.raises(gr.Error):
        room.answer(job)
    room.assistant.events, room.assistant.error = EVENTS, None
    again, view = room.act("retry", job)
    assert again != job and shown(view).count("What?") == 1
    room.answer(again)
    assert room.assistant.asked[0] == room.assistant.asked[1]
    assert [(e.interrupted, e.answer) for e in room.kept().exchanges] == [(False, ANSWER)]


@pytest.mark.parametrize(("refused", "rated", "left"), [
    (True, False, 1), (True, True, 2), (False, False, 2),
])  # fmt: skip
def test_trying_again_takes_the_place_of_a_refusal_that_nobody_judged(
    make_room: MakeRoom, refused: bool, rated: bool, left: int
) -> None:
    room = make_room(Answered(replace(ANSWER, refused=refused)))
    job = room.begin("What?")
    room.answer(job)
    if rated:
        room.store.rate(ANN, room.desk.conversation.id, job, "wrong")
    room.answer(room.act("retry", job)[0])
    assert len(room.kept().exchanges) == left


@pytest.mark.parametrize(("rated", "same_models", "left"), [
    (False, True, 1), (True, True, 2), (False, False, 2),
])  # fmt: skip
def test_the_bundled_writer_s_answer_is_no_second_one(
    make_room: MakeRoom, rated: bool, same_models: bool, left: int
) -> None:
    models = replace(ANSWER.models, writer=f"extractive+{MODEL}+x")
    room = make_room(Answered(replace(ANSWER, models=models)))
    if same_models:
        room.assistant.models = models
    job = room.begin("What?")
    room.answer(job)
    if rated:
        room.store.rate(ANN, room.desk.conversation.id, job, "right")
    room.answer(room.act("retry", job)[0])
    assert len(room.kept().exchanges) == left


def test_a_judgement_stays_on_view_when_the_next_question_is_asked(make_room: MakeRoom) -> None:
    room = make_room()
    first = room.begin("What?")
    room.answer(first)
    room.store.rate(ANN, room.desk.conversation.id, first, "wrong", "Ships aren't asked for.")
    view = room.answer(room.begin("Who?"))[-1]
    assert "mj-wrong mj-chosen" in view.chat[1]["content"]
    assert "Ships aren" in shown(view)
    room.store.unrate(ANN, room.desk.conversation.id, first)
    assert "mj-chosen" not in room.answer(room.begin("When?"))[-1].chat[1]["content"]


def test_trying_an_earlier_one_again_keeps_what_came_after_it(make_room: MakeRoom) -> None:
    room = make_room(Answered(replace(ANSWER, refused=True)))
    first = room.begin("What?")
    room.answer(first)
    room.answer(room.begin("Who?"))
    room.answer(room.act("retry", first)[0])
    assert [e.question for e in room.kept().exchanges] == ["What?", "Who?", "What?"]


def test_an_answer_that_is_gone_cannot_be_tried_again(make_room: MakeRoom) -> None:
    with pytest.raises(gr.Error, match="gone"):
        make_room().act("retry", "no-such")


def test_a_bug_stays_a_bug_and_what_was_written_is_kept(make_room: MakeRoom) -> None:
    room = make_room(*EVENTS[:3], error=ZeroDivisionError())
    job = room.begin()
    with pytest.raises(ZeroDivisionError):
        room.answer(job)
    assert room.kept().exchanges[0].interrupted
    assert room.kept().exchanges[0].sentences == (SENTENCE,)


def test_a_page_that_is_closed_ends_the_work_and_keeps_what_was_written(
    make_room: MakeRoom,
) -> None:
    room = make_room()
    views: Any = room.handlers.answer(room.begin(), room.desk)
    while "It asked for help." not in shown(next(views)):
        pass
    views.close()
    assert room.assistant.closed == 1
    (kept,) = room.kept().exchanges
    assert kept.interrupted and kept.sentences == (SENTENCE,)


def test_stopping_ends_the_work_behind_an_answer_and_keeps_what_was_written(
    make_room: MakeRoom,
) -> None:
    room = make_room()
    job = room.begin()
    views = room.handlers.answer(job, room.desk)
    while "It asked for help." not in shown(next(views)):
        pass
    stopped = room.handlers.stop(room.desk)
    assert "Stopped before the end. " in shown(stopped) and stopped.stop == HIDDEN
    (last,) = views
    assert last.stop == HIDDEN and "Stopped before the end. " in shown(last)
    assert room.assistant.closed == 1
    assert room.kept().exchanges[0].stopped and not room.kept().exchanges[0].interrupted
    assert room.answer(job) == []


def test_stopping_nothing_changes_nothing(make_room: MakeRoom) -> None:
    room = make_room()
    assert room.handlers.stop(room.desk).chat == []
    room.answer(room.begin())
    room.handlers.stop(room.desk)
    assert room.kept().exchanges[0].answer == ANSWER


def test_asking_again_stops_the_answer_being_written(make_room: MakeRoom) -> None:
    room = make_room()
    views = room.handlers.answer(room.begin("One?"), room.desk)
    next(views)
    room.answer(room.begin("Two?"))
    list(views)
    assert [(e.question, e.stopped, e.answer) for e in room.kept().exchanges] == [
        ("One?", True, None), ("Two?", False, ANSWER)
    ]  # fmt: skip


def test_a_growing_sentence_is_shown_now_and_then(
    make_room: MakeRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STREAM_EVERY", 3600)
    room = make_room(SentenceStarted(0), *[TextDelta(0, "a ")] * 50, *EVENTS[2:])
    views = room.answer(room.begin())
    assert len(views) == 3
    assert "It asked for help." in shown(views[-1])


def test_a_new_conversation_leaves_the_old_one_kept(make_room: MakeRoom) -> None:
    room = make_room()
    room.answer(room.begin())
    old = room.desk.conversation
    view = room.handlers.clear(room.desk)
    assert (view.chat, view.head, view.question) == ([], "", "")
    room.answer(room.begin("Who?"))
    assert {kept.title for kept in room.store.saved(ANN)} == {"What?", "Who?"}
    assert room.kept(old).exchanges == old.exchanges


class TestAnotherConversationIsOpened:
    def test_the_one_being_written_is_written_to_its_end_and_not_shown(
        self, make_room: MakeRoom
    ) -> None:
        room = make_room()
        room.answer(room.begin("Earlier?"))
        earlier = room.desk.conversation
        room.handlers.clear(room.desk)
        views = room.handlers.answer(room.begin("Now?"), room.desk)
        next(views)
        written = room.desk.conversation
        _, view = room.act("open", earlier.id)
        assert "Earlier?" in shown(view) and "Now?" not in shown(view)
        assert view.send == gr.update(visible=True)
        assert list(views) == []
        assert room.kept(written).exchanges[0].answer == ANSWER
        _, back = room.act("open", written.id)
        assert "It asked for help." in shown(back) and "Interrupted" not in shown(back)

    def test_coming_back_while_it_is_written_shows_it_grow(self, make_room: MakeRoom) -> None:
        room = make_room()
        views = room.handlers.answer(room.begin("Now?"), room.desk)
        next(views)
        written = room.desk.conversation
        room.handlers.clear(room.desk)
        _, back = room.act("open", written.id)
        assert "Interrupted" not in shown(back) and back.stop == gr.update(visible=True)
        assert "It asked for help." in shown(list(views)[-1])
        room.answer(room.begin("And then?"))
        assert [e.answer for e in room.kept(written).exchanges] == [ANSWER, ANSWER]

    def test_a_failure_there_is_told_and_kept(self, make_room: MakeRoom) -> None:
        room = make_room(*EVENTS[:3], error=ModelError("gone"))
        views = room.handlers.answer(room.begin(), room.desk)
        next(views)
        written = room.desk.conversation
        room.handlers.clear(room.desk)
        with pytest.raises(gr.Error, match="Gone"):
            next(views)
        assert room.kept(written).exchanges[0].sentences == (SENTENCE,)


class TestAnotherWindow:
    """Two pages of one reader, each with its own desk."""

    def test_an_answer_finished_in_one_is_not_lost_by_asking_in_the_other(
        self, make_room: MakeRoom
    ) -> None:
        one, two = make_room(), make_room()
        views = one.handlers.answer(one.begin("One?"), one.desk)
        next(views)
        two.act("open", one.desk.conversation.id)
        list(views)
        two.answer(two.begin("Two?"))
        assert [e.answer for e in two.kept().exchanges] == [ANSWER, ANSWER]

    def test_what_is_asked_in_a_deleted_conversation_begins_a_new_one(
        self, make_room: MakeRoom
    ) -> None:
        room = make_room()
        room.answer(room.begin("Old?"))
        old = room.desk.conversation.id
        room.store.delete(ANN, old)
        room.answer(room.begin("New?"))
        assert room.desk.conversation.id != old
        assert [kept.title for kept in room.store.saved(ANN)] == ["New?"]

    def test_a_conversation_deleted_while_it_is_answered_is_answered_still(
        self, make_room: MakeRoom
    ) -> None:
        room = make_room()
        views = room.handlers.answer(room.begin(), room.desk)
        next(views)
        room.store.delete(ANN, room.desk.conversation.id)
        assert "It asked for help." in shown(list(views)[-1])
        assert room.store.saved(ANN) == []


def test_a_new_name_is_taken_up_and_a_deleted_conversation_left(make_room: MakeRoom) -> None:
    room = make_room()
    room.answer(room.begin())
    identity = room.desk.conversation.id
    room.store.rename(ANN, identity, "Libya <b>")
    _, view = room.act("renamed")
    assert "Libya <b>" in text_of(view.head) and "<b>" not in view.head
    room.store.delete(ANN, identity)
    _, view = room.act("deleted")
    assert view.chat == [] and view.head == "" and room.desk.conversation.id != identity


def test_nobody_opens_anothers_conversation(make_room: MakeRoom) -> None:
    room, other = make_room(), make_room()
    other.desk.owner = "user:bob"
    other.answer(other.begin("A secret?"))
    before = room.desk.conversation
    with pytest.raises(gr.Error, match="no conversation"):
        room.act("open", other.desk.conversation.id)
    assert room.desk.conversation is before


def test_scripts_can_summarize_and_translate(make_room: MakeRoom, ids: dict[str, str]) -> None:
    room = make_room()
    for does in ("summarize", "translate"):
        job, _ = room.act(does, ids["Bakers strike"])
        room.answer(job)
    assert [asked[:2] for asked in room.assistant.asked] == [
        ("summarize", ids["Bakers strike"]), ("translate", ids["Bakers strike"])
    ]  # fmt: skip


def test_what_the_page_cannot_do_is_told(make_room: MakeRoom) -> None:
    with pytest.raises(gr.Error, match="fly"):
        make_room().act("fly")


def test_a_rated_answer_is_drawn_as_it_was_judged(make_room: MakeRoom) -> None:
    room = make_room()
    room.answer(room.begin())
    conversation = room.desk.conversation
    room.store.rate(ANN, conversation.id, conversation.exchanges[0].id, "wrong")
    _, view = room.act("open", conversation.id)
    assert "mj-wrong mj-chosen" in view.chat[1]["content"]


def test_arriving_puts_the_readers_latest_conversation_on_a_desk(make_room: MakeRoom) -> None:
    room = make_room()
    for question in ("Earlier?", "Latest?"):
        room.handlers.clear(room.desk)
        room.answer(room.begin(question))
    for owner, seen in ((ANN, "Latest?"), ("user:bob", "")):
        request: Any = SimpleNamespace(state=SimpleNamespace(owner=owner))
        desk, *view = room.handlers.arrive(request)
        assert desk.owner == owner and desk.conversation.title == seen
        assert "Earlier?" not in shown(View(*view))


def test_each_way_of_asking_shows_what_it_needs(make_room: MakeRoom, ids: dict[str, str]) -> None:
    handlers = make_room().handlers
    asking = handlers.choose("ask", "")
    assert asking.question["visible"] and not asking.article["visible"]
    assert "topic" in handlers.choose("digest", "").question["placeholder"]
    harbour = ids["A harbour opens"]
    for mode, has_length in (("summarize", True), ("translate", False)):
        choice = handlers.choose(mode, json.dumps([harbour]))  # type: ignore[arg-type]
        assert not choice.question["visible"] and choice.length["visible"] == has_length
        assert {identity for _, identity in choice.article["choices"]} == set(ids.values())
        assert choice.article["value"] == harbour
    assert handlers.choose("translate", "").article["value"] is None


def test_an_article_is_named_in_english_to_choose_it_where_that_is_known(
    make_room: MakeRoom, ids: dict[str, str]
) -> None:
    choices = make_room().handlers.choose("translate", "").article["choices"]
    assert {name for name, _ in choices} == {
        f"The title of {i} (by machine) · {t}" for t, i in ids.items()
    }


def test_a_selected_article_beyond_the_list_can_be_chosen(
    make_room: MakeRoom, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LISTED", 1)
    handlers = make_room().handlers
    for identity in ids.values():
        choice = handlers.choose("translate", json.dumps([identity])).article
        assert choice["value"] == identity and identity in {i for _, i in choice["choices"]}


class TestSuggestions:
    @pytest.fixture
    def room(self, make_room: MakeRoom, ids: dict[str, str]) -> Room:
        citation = replace(CITATION, article_id=next(iter(ids.values())))
        answer = replace(ANSWER, citations=(citation,))
        room = make_room(SentenceDone(0, SENTENCE, (citation,)), Answered(answer))
        questions = ("What?", "Who opened it?", "When?", "Where?", "Why?")
        room.assistant.recall_guide = lambda article: SimpleNamespace(questions=questions)  # type: ignore[attr-defined]
        return room

    def test_what_else_the_cited_article_answers_is_suggested_and_nothing_asked(
        self, room: Room
    ) -> None:
        last = room.answer(room.begin("What?"))[-1].chat[-1]["content"]
        assert last.count("mj-ask") == 3
        assert "Who opened it" in last and "What&" not in last.partition("mj-suggested")[2]

    def test_each_cited_article_has_its_first_question_before_any_has_a_second(
        self, room: Room, ids: dict[str, str]
    ) -> None:
        citations = tuple(
            replace(CITATION, article_id=i, n=n) for n, i in enumerate(ids.values(), start=1)
        )
        room.assistant.recall_guide = lambda article: SimpleNamespace(  # type: ignore[attr-defined]
            questions=(f"First of {article.id}?", f"Second of {article.id}?")
        )
        room.assistant.events = (
            SentenceDone(0, SENTENCE, citations),
            Answered(replace(ANSWER, citations=citations)),
        )
        last = room.answer(room.begin("What?"))[-1].chat[-1]["content"]
        firsts = [last.find(f"First of {i}") for i in ids.values()]
        assert -1 < firsts[0] < firsts[1] < last.find(f"Second of {next(iter(ids.values()))}")

    def test_a_refusal_suggests_nothing(self, room: Room) -> None:
        refused = replace(ANSWER, refused=True, reason="Nobody says.", sentences=())
        room.assistant.events = (Answered(refused),)
        last = room.answer(room.begin("What?"))[-1].chat[-1]["content"]
        assert "Nobody says" in last and "mj-suggested" not in last

    def test_a_suggested_question_is_asked_of_its_own_article(
        self, room: Room, ids: dict[str, str]
    ) -> None:
        last = room.answer(room.begin("What?"))[-1].chat[-1]["content"]
        article = next(iter(ids.values()))
        assert last.count(f'-{article}"') == 3
        for of, asked_of in ((article, (article,)), ("gone", None), ("", None)):
            message = json.dumps({"does": "ask", "to": "When?", "of": of, "number": 1})
            job, *_ = room.handlers.act(message, "medium", "", room.desk)
            room.answer(job)
            assert room.assistant.asked[-1][3] == asked_of

    def test_a_kept_conversation_is_shown_though_the_models_cannot_be_used(
        self, room: Room
    ) -> None:
        room.answer(room.begin("What?"))

        def fail(article: object) -> None:
            raise AssistantError("the index was made with another model")

        room.assistant.recall_guide = fail  # type: ignore[attr-defined]
        _, view = room.act("renamed")
        assert "It asked" in view.chat[-1]["content"]
        assert "mj-suggested" not in view.chat[-1]["content"]
