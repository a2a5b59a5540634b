from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answers import Answer, Answered, Citation, Models, Sentence
from assistant.app import SAMPLES, App
from assistant.cli import main
from assistant.conversation import Conversation, Exchange
from assistant.conversation_store import ConversationStore
from evals.cases import Suite, load_cases, misplaced_spans, place
from vectorstore.articles import Article

Call = Callable[..., str]


@pytest.fixture
def article(samples: App) -> Article:
    return samples.catalog.articles()[0]


@pytest.fixture
def rated(article: Article, tmp_path: Path) -> Conversation:
    """A rated conversation: an answer, a follow-up, a refusal, a summary, a digest, one cut off."""
    span = article.sentences[1]
    quote = article.text[span.start : span.end]
    cited = Citation(
        1, article.id, article.title, article.source, "ar", span.start, span.end, quote, "Asked."
    )
    sentence = Sentence("Libya asked.", (1,), reported_by=("An outlet",))
    models = Models("w", "t", "e")
    answer = Answer("What?", (sentence,), (cited, replace(cited, n=2)), models, {})
    refusal = Answer("Iceland?", (), (cited,), models, {}, refused=True, reason="Nobody says.")
    asked = [
        (Exchange("What did Libya ask Morocco for?").after(Answered(answer)), "right", ""),
        (
            replace(Exchange("And it?"), understood="And Libya?").after(Answered(answer)),
            "wrong",
            "No",
        ),
        (Exchange("Iceland?").after(Answered(refusal)), "right", ""),
        (Exchange("Summarize: it", article.id).after(Answered(answer)), "right", "So it is"),
        (Exchange("Digest", topic="").after(Answered(answer)), "right", ""),
        (Exchange("Cut off?").stop(), "right", ""),
    ]
    conversation = Conversation(exchange for exchange, _, _ in asked)
    store = ConversationStore(tmp_path / "data" / "conversations.db")
    store.save("ann", conversation)
    for exchange, verdict, why in asked:
        store.rate("ann", conversation.id, exchange.id, verdict, why)
    return conversation


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Call:
    def run(*arguments: str, code: int = 0) -> str:
        with pytest.raises(SystemExit) as ended:
            main(["--data", str(tmp_path / "data"), "feedback", *arguments])
        assert ended.value.code == code
        captured = capsys.readouterr()
        return captured.err if code else captured.out

    return run


def test_ratings_are_listed_the_last_first(call: Call, rated: Conversation) -> None:
    lines = call().splitlines()
    assert len(lines) == 8
    assert lines[0].endswith("  right  Cut off?")
    assert lines[5].endswith("  wrong  And it?")
    assert lines[6].strip() == "No"
    rows = json.loads(call("--json"))
    assert [row["verdict"] for row in rows].count("wrong") == 1
    assert rows[4]["conversation"] == rated.id
    assert (rows[4]["question"], rows[4]["why"]) == ("And it?", "No")
    assert rows[4]["answer"]["citations"][0]["n"] == 1


def test_a_store_without_ratings_says_so(call: Call) -> None:
    assert call().startswith("No ratings yet")
    assert json.loads(call("--json")) == []


def test_the_evaluation_reads_the_cases_that_were_written(
    call: Call, rated: Conversation, article: Article, samples: App, tmp_path: Path
) -> None:
    file = tmp_path / "cases.jsonl"
    assert call("--cases", str(file)) == "4 cases written, 2 ratings can't be cases\n"
    assert json.loads(call("--cases", str(file), "--json")) == {"written": 4, "left_out": 2}
    suite = Suite.load([file], [SAMPLES])
    cases = {case.text: place(case, samples.catalog.articles()) for case in suite.cases}
    assert [p for c in cases.values() for p in misplaced_spans(c, samples.catalog.find)] == []
    span = article.sentences[1]
    right = cases["What did Libya ask Morocco for?"]
    assert (right.kind, right.answerable, right.language) == ("question", True, "en")
    assert right.reference_answers == ("Libya asked.",)
    assert [(s.article_id, s.start, s.end) for s in right.gold_spans] == [
        (article.id, span.start, span.end)
    ]
    wrong = cases["And Libya?"]
    assert (wrong.kind, wrong.note, wrong.gold_spans) == ("search", "No", ())
    refused = cases["Iceland?"]
    assert (refused.kind, refused.answerable, refused.gold_spans) == ("question", False, ())
    summary = cases["Summarize: it"]
    assert (summary.kind, summary.article_ids, summary.note) == (
        "summary", (article.id,), "So it is",
    )  # fmt: skip
    assert {c.type for c in cases.values()} == {"called right", "called wrong"}


def test_what_is_not_text_harms_no_case(call: Call, tmp_path: Path) -> None:
    store = ConversationStore(tmp_path / "data" / "conversations.db")
    exchange = Exchange("half \ud83d\u2028 a question?").stop()
    conversation = Conversation([exchange])
    store.save("ann", conversation)
    store.rate("ann", conversation.id, exchange.id, "wrong", "two\nlines \udc00")
    call("--cases", str(tmp_path / "cases.jsonl"))
    (case,) = load_cases(tmp_path / "cases.jsonl")
    assert (case.text, case.note) == ("half\na question?", "two\nlines ?")


def test_a_file_that_cannot_be_written_is_told(call: Call, tmp_path: Path) -> None:
    assert "can't be written" in call("--cases", str(tmp_path), code=1)
