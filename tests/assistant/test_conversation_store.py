from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.answers import Answer, Answered, Citation, Models, Sentence, SentenceDone
from assistant.conversation import Conversation, Exchange
from assistant.conversation_store import ConversationStore
from assistant.errors import ConversationStoreError, UnknownConversationError
from tests.assistant.strategies import EXCHANGES

CITATION = Citation(1, "a1", "العنوان", "/data/a.txt", "ar", 0, 5, "طالبت", "She asked")
SENTENCE = Sentence("The minister asked Morocco for help.", (1,))
ANSWER = Answer("What?", (SENTENCE,), (CITATION,), Models("w", "t", "e"), {"write": 1})


def answered(question: str, text: str = SENTENCE.text) -> Exchange:
    sentences = (replace(SENTENCE, text=text),)
    return Exchange(question).after(
        Answered(replace(ANSWER, question=question, sentences=sentences))
    )


@pytest.fixture
def store(tmp_path: Path) -> ConversationStore:
    return ConversationStore(tmp_path / "conversations.db")


def keep(store: ConversationStore, owner: str, *questions: str, named: str = "") -> Conversation:
    conversation = Conversation(map(answered, questions), named=named)
    store.save(owner, conversation)
    return conversation


def titles(store: ConversationStore, owner: str, wanted: str = "") -> list[str]:
    return [kept.title for kept in store.saved(owner, wanted)]


def test_what_was_saved_is_there_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "new" / "conversations.db"
    conversation = keep(ConversationStore(path), "ann", "What?", "And then?", named="Libya")
    loaded = ConversationStore(path).load("ann", conversation.id)
    assert loaded.exchanges == conversation.exchanges
    assert (loaded.id, loaded.named) == (conversation.id, "Libya")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.lists(EXCHANGES, min_size=1, max_size=3))
def test_any_exchange_is_kept_as_it_was(
    store: ConversationStore, exchanges: list[Exchange]
) -> None:
    conversation = Conversation(exchanges)
    store.save("ann", conversation)
    store.save("ann", conversation, exchanges[-1])
    assert [
        replace(e, interrupted=e.interrupted) for e in store.load("ann", conversation.id).exchanges
    ] == [e if e.ended else replace(e, interrupted=True) for e in exchanges]
    store.saved("ann")[0].title.encode()


def test_those_that_grew_last_come_first(store: ConversationStore) -> None:
    first, second = keep(store, "ann", "One?"), keep(store, "ann", "Two?")
    assert titles(store, "ann") == ["Two?", "One?"]
    store.save("ann", first)  # as it was
    assert store.latest("ann") == second.id
    first.begin(answered("Three?"))
    store.save("ann", first)
    (kept, _) = store.saved("ann")
    assert (kept.id, kept.exchanges, kept.updated[-1]) == (first.id, 2, "Z")
    assert datetime.fromisoformat(kept.updated).tzinfo is not None
    assert len(store.saved("ann", limit=1)) == 1
    assert store.latest("bob") is None


def test_an_exchange_is_kept_sentence_by_sentence(store: ConversationStore) -> None:
    conversation, exchange = Conversation(), Exchange("What?")
    conversation.begin(exchange)
    store.save("ann", conversation, exchange)
    exchange = exchange.after(SentenceDone(0, SENTENCE, (CITATION,)))
    conversation.advance(exchange)
    store.save("ann", conversation, exchange)
    (kept,) = store.load("ann", conversation.id).exchanges
    assert kept.interrupted and kept.sentences == (SENTENCE,)
    conversation.begin(following := Exchange("And then?"))
    store.save("ann", conversation, following)
    assert [e.stopped for e in store.load("ann", conversation.id).exchanges] == [True, False]
    conversation.cut(following.id)
    store.save("ann", conversation, following)
    assert [e.question for e in store.load("ann", conversation.id).exchanges] == ["What?"]


def test_saving_one_exchange_of_a_new_conversation_keeps_those_before_it(
    store: ConversationStore,
) -> None:
    conversation = Conversation(answered(f"{n}?") for n in range(5))
    store.save("ann", conversation, conversation.exchanges[-1])
    assert store.load("ann", conversation.id).exchanges == conversation.exchanges


def test_a_conversation_that_is_open_twice_loses_nothing(store: ConversationStore) -> None:
    here = keep(store, "ann", "One?")
    there = store.load("ann", here.id)
    for conversation, question in ((here, "Here?"), (there, "There?")):
        conversation.begin(exchange := answered(question))
        store.save("ann", conversation, exchange)
    store.save("ann", here)
    kept = store.load("ann", here.id).exchanges
    assert [e.question for e in kept] == ["One?", "Here?", "There?"]


def test_one_of_many_exchanges_is_saved_quickly(store: ConversationStore) -> None:
    conversation = keep(store, "ann", *(f"Question {n}?" for n in range(500)))
    took = []
    for n in range(40):
        last = replace(conversation.exchanges[-1], sentences=(SENTENCE,) * n)
        conversation.exchanges = (*conversation.exchanges[:-1], last)
        began = time.thread_time()
        store.save("ann", conversation, last)
        took.append(time.thread_time() - began)
    assert sorted(took)[20] < 0.005
    assert store.load("ann", conversation.id).exchanges == conversation.exchanges


# --------------------------------------------------------------------- owners
def test_no_owner_sees_another_s(store: ConversationStore) -> None:
    conversation = keep(store, "ann", "Secret?")
    exchange = conversation.exchanges[0].id
    attempts: list[Callable[[], object]] = [
        lambda: store.load("bob", conversation.id),
        lambda: store.rename("bob", conversation.id, "Mine"),
        lambda: store.delete("bob", conversation.id),
        lambda: store.restore("bob", conversation.id),
        lambda: store.rate("bob", conversation.id, exchange, "wrong"),
        lambda: store.unrate("bob", conversation.id, exchange),
        lambda: store.rating("bob", conversation.id, exchange),
        lambda: store.ratings("bob", conversation.id),
        lambda: store.load("", conversation.id),
        lambda: store.load("ANN", conversation.id),
        lambda: store.load("ann%", conversation.id),
        lambda: store.load("ann", conversation.id[:-1]),
        lambda: store.load("ann", "\ud800"),
    ]
    for attempt in attempts:
        with pytest.raises(UnknownConversationError):
            attempt()
    for wanted in ("", "Secret", "minister"):
        assert store.saved("bob", wanted) == []
    assert titles(store, "ann", "secret") == ["Secret?"]


def test_another_s_id_makes_a_conversation_of_one_s_own(store: ConversationStore) -> None:
    conversation = keep(store, "ann", "Secret?")
    store.save("bob", Conversation([answered("Mine?")], conversation.id))
    assert [e.question for e in store.load("bob", conversation.id).exchanges] == ["Mine?"]
    assert store.load("ann", conversation.id).exchanges == conversation.exchanges
    store.delete("bob", conversation.id)
    assert titles(store, "ann") == ["Secret?"]


# --------------------------------------------------------------------- search
@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("", True),
        ("  \n", True),
        ("MOROCCO", True),
        ("minis", True),
        ("minister libya", True),
        ("المغرب", True),
        ("مغرب", True),
        ("الأوروبي", True),
        ("اوروب", True),
        ("news brief", True),
        ("1.25", True),
        ("algeria", False),
        ("minister algeria", False),
        ("???", False),
        ('minister" OR "algeria', False),
        ("\ud800", False),
    ],
)
def test_a_search_finds_words_in_titles_questions_and_answers(
    store: ConversationStore, wanted: str, found: bool
) -> None:
    exchange = answered(
        "ماذا طلبت Libya من والمغرب والاتّحاد الاوروبيّ؟", "The minister: 1.25 Morocco"
    )
    store.save("ann", Conversation([exchange], named="News brief"))
    keep(store, "ann", "Other?", named="Nothing of it")
    store.save("ann", Conversation([answered("x", "y")]))
    assert ("News brief" in titles(store, "ann", wanted)) is found


def test_a_search_looks_for_each_word_anywhere_in_a_conversation(store: ConversationStore) -> None:
    store.save("ann", Conversation([answered("Rabat?", "One."), answered("Tunis?", "Two.")]))
    assert titles(store, "ann", "two rabat") == ["Rabat?"]


def test_what_is_gone_is_no_longer_found(store: ConversationStore) -> None:
    conversation = keep(store, "ann", "Rabat?", "Tunis?")
    dropped = conversation.exchanges[1]
    conversation.cut(dropped.id)
    store.save("ann", conversation, dropped)
    store.rename("ann", conversation.id, "Tripoli")
    store.rename("ann", conversation.id, "Cairo")
    assert [titles(store, "ann", w) for w in ("tunis", "tripoli", "cairo rabat")] == [
        [], [], ["Cairo"],
    ]  # fmt: skip


# --------------------------------------------------------------------- naming
def test_an_emptied_name_gives_the_first_question_back(store: ConversationStore) -> None:
    conversation = keep(store, "ann", "What?")
    store.rename("ann", conversation.id, f"  A\nname {'x' * 99}")
    (title,) = titles(store, "ann")
    assert title.startswith("A name xxx") and len(title) == 80
    store.rename("ann", conversation.id, " \n ")
    assert titles(store, "ann") == ["What?"]


def test_saving_a_conversation_does_not_undo_its_renaming(store: ConversationStore) -> None:
    conversation = keep(store, "ann", "What?", named="Old")
    store.rename("ann", conversation.id, "New")
    conversation.begin(answered("And then?"))
    store.save("ann", conversation)
    assert store.load("ann", conversation.id).title == "New"


def test_an_empty_conversation_is_not_listed(store: ConversationStore) -> None:
    store.save("ann", Conversation())
    assert store.saved("ann") == []
    assert store.latest("ann") is None


def test_what_is_not_text_harms_nothing(store: ConversationStore) -> None:
    conversation = keep(store, "ann", "half \ud83d of it \x00?")
    store.rate("ann", conversation.id, conversation.exchanges[0].id, "wrong", "bad \udc00")
    store.rename("ann", conversation.id, "name \ud800")
    assert store.load("ann", conversation.id).exchanges == conversation.exchanges
    assert titles(store, "ann", "half") == ["name ?"]


# ------------------------------------------------------------------- deletion
def test_a_deleted_conversation_can_be_had_back_for_a_day(tmp_path: Path) -> None:
    path, now = tmp_path / "c.db", datetime(2026, 1, 1, tzinfo=UTC)
    store = ConversationStore(path, lambda: now)
    conversation = keep(store, "ann", "What?")
    exchange = conversation.exchanges[0]
    store.rate("ann", conversation.id, exchange.id, "right")
    store.delete("ann", conversation.id)
    store.save("ann", conversation, exchange)  # an answer's last words, come late
    assert (store.saved("ann"), store.saved("ann", "what"), list(store.rated())) == ([], [], [])
    with pytest.raises(UnknownConversationError):
        store.load("ann", conversation.id)
    now += timedelta(hours=23)
    store = ConversationStore(path, lambda: now)
    assert [kept.title for kept in store.deleted("ann")] == ["What?"]
    assert store.deleted("bob") == []
    store.restore("ann", conversation.id)
    assert store.deleted("ann") == []
    store.restore("ann", conversation.id)
    assert store.load("ann", conversation.id).exchanges == conversation.exchanges
    assert len(list(store.rated())) == 1


def test_what_was_deleted_long_ago_is_purged_with_all_its_words(tmp_path: Path) -> None:
    path, now = tmp_path / "c.db", datetime(2026, 1, 1, tzinfo=UTC)
    store = ConversationStore(path, lambda: now)
    conversation = keep(store, "ann", "What?", named="Libya")
    kept = keep(store, "ann", "Kept?")
    store.rate("ann", conversation.id, conversation.exchanges[0].id, "right")
    store.delete("ann", conversation.id)
    now += timedelta(hours=25)
    assert store.deleted("ann") == []
    store = ConversationStore(path, lambda: now)
    with pytest.raises(UnknownConversationError):
        store.restore("ann", conversation.id)
    with sqlite3.connect(path) as connection:
        counts = [
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("conversations", "exchanges", "words", "ratings")
        ]
    assert counts == [1, 1, 1, 0]
    assert store.latest("ann") == kept.id


# -------------------------------------------------------------------- ratings
def test_an_exchange_has_one_rating_that_can_be_replaced(store: ConversationStore) -> None:
    conversation = keep(store, "ann", "One?", "Two?")
    one, two = (e.id for e in conversation.exchanges)
    store.rate("ann", conversation.id, one, "right")
    store.rate("ann", conversation.id, one, "wrong", " The year is wrong. ")
    rating = store.rating("ann", conversation.id, one)
    assert rating is not None
    assert (rating.verdict, rating.why) == ("wrong", "The year is wrong.")
    assert store.rating("ann", conversation.id, two) is None
    store.rate("ann", conversation.id, two, "right")
    assert {i: r.verdict for i, r in store.ratings("ann", conversation.id).items()} == {
        one: "wrong", two: "right",
    }  # fmt: skip
    store.unrate("ann", conversation.id, one)
    store.unrate("ann", conversation.id, one)
    assert [(r.exchange.id, r.rating.verdict) for r in store.rated()] == [(two, "right")]
    with pytest.raises(UnknownConversationError, match="no answer 'zzz'"):
        store.rate("ann", conversation.id, "zzz", "right")


def test_a_rating_stays_when_its_exchange_grows(store: ConversationStore) -> None:
    conversation, exchange = Conversation(), Exchange("What?")
    conversation.begin(exchange)
    store.save("ann", conversation, exchange)
    store.rate("ann", conversation.id, exchange.id, "right")
    conversation.advance(exchange.after(Answered(ANSWER)))
    store.save("ann", conversation, exchange)
    (rated,) = store.rated()
    assert (rated.exchange.answer, rated.conversation_id) == (ANSWER, conversation.id)


# --------------------------------------------------------------------- safety
def test_many_threads_keep_their_conversations_apart(tmp_path: Path) -> None:
    store = ConversationStore(tmp_path / "c.db")

    def talk(owner: str) -> Conversation:
        conversation = Conversation()
        for n in range(8):
            conversation.begin(exchange := Exchange(f"{owner} {n}?"))
            store.save(owner, conversation, exchange)
            for step in range(3):
                exchange = exchange.after(SentenceDone(step, SENTENCE, (CITATION,)))
                conversation.advance(exchange)
                store.save(owner, conversation, exchange)
            assert store.latest(owner) == conversation.id
            conversation.advance(exchange.after(Answered(ANSWER)))
            store.save(owner, conversation, exchange)
            store.rate(owner, conversation.id, exchange.id, "right")
        return conversation

    owners = [f"owner{n}" for n in range(8)]
    with ThreadPoolExecutor(len(owners)) as pool:
        conversations = list(pool.map(talk, owners))
    for owner, conversation in zip(owners, conversations, strict=True):
        assert store.load(owner, conversation.id).exchanges == conversation.exchanges
        assert [kept.exchanges for kept in store.saved(owner)] == [8]
    assert len(list(store.rated())) == 64


def test_what_a_reader_stopped_stays_stopped_whoever_saves_last(store: ConversationStore) -> None:
    for _ in range(20):
        conversation = Conversation()
        conversation.begin(exchange := Exchange("What?"))

        def write(conversation: Conversation = conversation, begun: Exchange = exchange) -> None:
            exchange = begun
            for step in range(5):
                exchange = exchange.after(SentenceDone(step, SENTENCE, (CITATION,)))
                conversation.advance(exchange)
                store.save("ann", conversation, exchange)

        def stop(conversation: Conversation = conversation, begun: Exchange = exchange) -> None:
            conversation.stop()
            store.save("ann", conversation, begun)

        with ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(write), pool.submit(stop)]:
                done.result()
        assert store.load("ann", conversation.id).exchanges == conversation.exchanges


def test_two_stores_on_one_file_see_each_other(tmp_path: Path) -> None:
    one, two = (ConversationStore(tmp_path / "c.db") for _ in range(2))
    conversation = keep(one, "ann", "What?")
    assert two.load("ann", conversation.id).exchanges == conversation.exchanges


def test_a_file_that_is_not_ours_is_refused(tmp_path: Path) -> None:
    (tmp_path / "no.db").write_text("not a database, and longer than a header of one" * 9)
    with pytest.raises(ConversationStoreError, match=r"no\.db"):
        ConversationStore(tmp_path / "no.db")
    ConversationStore(tmp_path / "c.db")
    with sqlite3.connect(tmp_path / "c.db") as connection:
        connection.execute("UPDATE meta SET value = '99'")
    connection.close()
    with pytest.raises(ConversationStoreError, match="schema 99"):
        ConversationStore(tmp_path / "c.db")
    with pytest.raises(ConversationStoreError, match="--data"):
        ConversationStore(tmp_path / "c.db" / "c.db")


def test_a_file_that_cannot_be_written_is_told(store: ConversationStore) -> None:
    conversation = keep(store, "ann", "What?")
    store._file.connection.execute("PRAGMA query_only = 1")
    conversation.begin(answered("And then?"))
    with pytest.raises(ConversationStoreError, match=r"conversations\.db.*can't be written"):
        store.save("ann", conversation)
    store._file.connection.execute("PRAGMA query_only = 0")
    assert len(store.load("ann", conversation.id).exchanges) == 1
    store.save("ann", conversation)
    assert store.load("ann", conversation.id).exchanges == conversation.exchanges


def test_one_exchange_is_read_by_itself_and_by_its_owner_alone(store: ConversationStore) -> None:
    conversation = keep(store, "ann", "One?", "Two?")
    wanted = conversation.exchanges[1]
    assert store.exchange("ann", conversation.id, wanted.id).question == "Two?"
    with pytest.raises(UnknownConversationError):
        store.exchange("bob", conversation.id, wanted.id)
    with pytest.raises(UnknownConversationError):
        store.exchange("ann", conversation.id, "gone")
