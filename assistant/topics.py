"""Which articles a topic is about: a digest reports those and no others.

A small embedder's cosines lie close together, and some passages lie near to everything, so an
article's likeness to the topic counts together with how far its best sentence stands above a
bank of questions about anything. The figures were chosen on the `dev` topics of
`python -m evals.topics`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from assistant.referents import is_arabic
from assistant.writers.evidence import QuestionBank
from vectorstore.articles import Article, Hit
from vectorstore.embeddings import Embedder
from vectorstore.names import locate_places, place_mentions
from vectorstore.store import Vectors

_NEAR = 0.05  # of cosine: an article this far below the nearest is about something else
_SIGMA = 0.004  # of cosine that a sigma above the bank is worth
_OFF_TOPIC = 0.0225  # of both: an article this far below the first is about something else
_HEAD = 1_200  # characters: a place named there is more than named in passing
_LEAST_STANDING = 2.25  # sigmas above the bank


def _central_places(article: Article) -> frozenset[str]:
    """Return the places that an article begins with or names more than once."""
    head = place_mentions(f"{article.title}\n{article.text[:_HEAD]}")
    counted = Counter(place for place, _, _ in locate_places(article.text))
    return head | {place for place, times in counted.items() if times > 1}


def _naming(places: frozenset[str], hits: Sequence[Hit]) -> list[Hit]:
    """Return the passages of articles that name one of the places, if need be in passing."""
    articles = {hit.article.id: hit.article for hit in hits}
    wanted = {i for i, article in articles.items() if places & _central_places(article)}
    if not wanted:
        wanted = {i for i, article in articles.items() if places & place_mentions(article.text)}
    return [hit for hit in hits if hit.article.id in wanted]


class Topics:
    """Tells which of the passages found for a topic are of articles about it.

    Args:
        embedder: what likeness is measured by.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._bank = QuestionBank(embedder)

    def load(self) -> None:
        """Embed the bank of questions."""
        self._bank.load()

    def on_topic(self, topic: str, hits: Sequence[Hit]) -> list[Hit]:
        """Leave out the passages of articles that are about something else than a topic.

        They are those that name none of its places more than in passing, where others do, and
        those that are far from it compared with the nearest. Where they are in another script
        than the topic, and no place is named, likeness alone has to tell, and has to be closer.
        """
        places = place_mentions(topic)
        naming = _naming(places, hits) if places else []
        hits = naming or list(hits)
        nearness: dict[str, float] = {}
        for hit in hits:
            if hit.similarity is not None:
                nearness[hit.article.id] = max(nearness.get(hit.article.id, -1.0), hit.similarity)
        if not nearness:
            return hits
        nearest = max(nearness, key=lambda i: nearness[i])
        near = {i for i, n in nearness.items() if n >= nearness[nearest] - _NEAR}
        hits = [hit for hit in hits if hit.article.id in near]
        language = next(hit.article.language for hit in hits if hit.article.id == nearest)
        if naming or is_arabic(topic) == (language == "ar"):
            return hits
        return self._closest(topic, hits, nearness)

    def _closest(self, topic: str, hits: Sequence[Hit], nearness: Mapping[str, float]) -> list[Hit]:
        """Keep the articles close to the first in nearness and standing; always the first.

        Whether that one is about the topic at all is for the writer to tell.
        """
        asked = self._embedder.embed_query(topic)
        standing = {
            article: self._standing(asked, [hit for hit in hits if hit.article.id == article])
            for article in dict.fromkeys(hit.article.id for hit in hits)
        }
        scores = {i: nearness[i] + _SIGMA * stands for i, stands in standing.items()}
        first = max(scores, key=lambda i: scores[i])
        kept = {
            i
            for i, score in scores.items()
            if score >= scores[first] - _OFF_TOPIC and standing[i] >= _LEAST_STANDING
        }
        return [hit for hit in hits if hit.article.id in kept | {first}]

    def _standing(self, asked: Vectors, hits: Sequence[Hit]) -> float:
        """Return how far the best sentence of an article's passages stands above the bank."""
        spans = {(s.start, s.end): hit.article for hit in hits for s in hit.passage.sentences}
        vectors = self._embedder.embed_sentences([a.text[s:e] for (s, e), a in spans.items()])
        return self._bank.standing(asked, vectors[int((vectors @ asked).argmax())])
