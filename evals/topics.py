"""Which articles a digest takes for a topic, against a reader's choice.

    python -m evals.topics

The topics are in `evals/datasets/topics.jsonl`, each with the articles of `ntrex-documents.jsonl`
that are about it, chosen by reading their headlines. Recall is the share of those that a digest
looks at, precision the share of what it looks at that is about the topic; of what is found, a
digest reports `MOST_STORIES` at most.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from assistant.app import App, open_app
from assistant.digest import MOST_STORIES
from assistant.settings import load_settings
from evals.cases import DATASETS

FILE = DATASETS / "topics.jsonl"
DOCUMENTS = DATASETS / "ntrex-documents.jsonl"
SPLITS = ("dev", "test")


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic, and the names of the articles about it."""

    topic: str
    split: str
    articles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The names of the articles that were taken for a topic."""

    topic: Topic
    taken: frozenset[str]

    @property
    def right(self) -> int:
        """How many of them are about it."""
        return len(self.taken & self.topic.articles)


def read_topics() -> list[Topic]:
    """Return the topics of the file."""
    rows = map(json.loads, FILE.read_text("utf-8").splitlines())
    return [Topic(row["topic"], row["split"], frozenset(row["articles"])) for row in rows]


def take(app: App, topics: Iterable[Topic]) -> list[Outcome]:
    """Return what a digest would take for each topic from an app's articles."""
    outcomes = []
    for topic in topics:
        hits = app.assistant.search_topic(topic.topic)
        names = dict.fromkeys(hit.article.source.partition("#")[2] for hit in hits)
        outcomes.append(Outcome(topic, frozenset(list(names)[:MOST_STORIES])))
    return outcomes


def main() -> None:
    """Print recall and precision for each split, and the topics that went wrong."""
    with tempfile.TemporaryDirectory() as folder:
        app = open_app(load_settings(data=Path(folder)))
        app.ingestor.ingest([str(DOCUMENTS)])
        outcomes = take(app, read_topics())
    print("| split | topics | recall | precision |\n|---|---|---|---|")
    for split in SPLITS:
        of_split = [o for o in outcomes if o.topic.split == split]
        right = sum(o.right for o in of_split)
        wanted = sum(len(o.topic.articles) for o in of_split)
        taken = sum(len(o.taken) for o in of_split)
        print(f"| {split} | {len(of_split)} | {right}/{wanted} | {right}/{taken} |")
    for outcome in outcomes:
        topic = outcome.topic
        if missed := sorted(topic.articles - outcome.taken):
            print(f"{topic.topic}: missed {', '.join(missed)}")
        if wrong := sorted(outcome.taken - topic.articles):
            print(f"{topic.topic}: wrongly {', '.join(wrong)}")


if __name__ == "__main__":
    main()
