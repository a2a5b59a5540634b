"""The topics' file, and what is taken for one."""

from __future__ import annotations

import json
from collections.abc import Callable

from assistant.app import App
from evals.topics import DOCUMENTS, SPLITS, Topic, read_topics, take


def test_every_topic_names_articles_that_are_there() -> None:
    known = {json.loads(line)["id"] for line in DOCUMENTS.read_text("utf-8").splitlines()}
    topics = read_topics()
    assert {topic.split for topic in topics} == set(SPLITS)
    assert all(topic.articles and topic.articles <= known for topic in topics)
    assert len({topic.topic for topic in topics}) == len(topics)


def test_what_is_taken_is_counted(make_app: Callable[..., App]) -> None:
    app = make_app()
    app.ingestor.ingest(["tests/data/wire.jsonl"])
    wanted = frozenset(("kassala-1", "kassala-2", "taza-1"))
    (outcome,) = take(app, [Topic("floods in Sudan", "dev", wanted)])
    assert outcome.taken == {"kassala-1", "kassala-2"} and outcome.right == 2
