"""From a question to the passages that may answer it: by meaning and by keywords, fused.

Scores of the two legs can't be compared, ranks can: they are fused by reciprocal rank
(Cormack, Clarke & Buettcher, SIGIR 2009), then thinned so that near-identical passages don't
crowd out others (maximal marginal relevance, Carbonell & Goldstein, SIGIR 1998).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever

from vectorstore.arabic import tokenize
from vectorstore.articles import Article, Hit, Passage
from vectorstore.catalog import Catalog
from vectorstore.cleaning import normalize_text
from vectorstore.embeddings import Embedder
from vectorstore.lexical import articles_with_place, search_keywords
from vectorstore.names import place_mentions
from vectorstore.store import Vectors, VectorStore

Leg = Literal["dense", "keywords"]

# Chosen on the development questions of the evaluation suite, over values around the paper's
# (60, equal weights): names and numbers put right passages first, but find few alone.
RANK_CONSTANT = 10
KEYWORD_WEIGHT = 0.2
PLACE_COST = 0.3  # of a passage's score, where its article names none of the places asked about
DIVERSITY = 0.1  # the weight of being unlike what is chosen already, against rank
CANDIDATES = 40  # from each leg
FEW_WORDS = 3  # a passage of fewer says too little for its vector to mean anything
FEW_WORDS_SHARE = 0.1  # what such a passage keeps of its score
_HEAD = 60  # characters


@dataclass(frozen=True, slots=True)
class Retriever:
    """Searches one collection; `legs` says by what, for comparisons."""

    catalog: Catalog
    store: VectorStore
    embedder: Embedder
    legs: tuple[Leg, ...] = ("dense", "keywords")

    def search(
        self, query: str, limit: int = 6, article_ids: Sequence[str] | None = None
    ) -> list[Hit]:
        """Return the passages that best match a query, best first.

        Args:
            query: a question or keywords, in any language.
            limit: how many hits at most.
            article_ids: search these articles only; None searches all.
        """
        query = normalize_text(query)
        if not query or limit < 1:
            return []
        ranked: list[tuple[list[str], float]] = []
        similarities: dict[str, float] = {}
        if "dense" in self.legs:
            vector = self.embedder.embed_query(query)
            similarities = self.store.query(vector, CANDIDATES, article_ids)
            ranked.append((list(similarities), 1.0))
        if "keywords" in self.legs:
            ranked.append((search_keywords(self.catalog, query, CANDIDATES), KEYWORD_WEIGHT))
        fused = fuse_ranks(ranked)
        found = self.catalog.passages(fused)
        allowed = set(article_ids) if article_ids else None
        for identity, lacking in self._lacking_places(query, found).items():
            fused[identity] *= 1 - PLACE_COST * lacking
        for identity, (passage, _) in found.items():
            if _says_little(passage.text):
                fused[identity] *= FEW_WORDS_SHARE
        order = [
            identity
            for identity in sorted(fused, key=lambda i: (-fused[i], i))
            if identity in found and (allowed is None or found[identity][1].id in allowed)
        ]
        chosen = self._diverse(order[: 3 * limit], limit)
        return [Hit(*found[i], score=fused[i], similarity=similarities.get(i)) for i in chosen]

    def _lacking_places(
        self, query: str, found: dict[str, tuple[Passage, Article]]
    ) -> dict[str, float]:
        """Return, by passage, the share of the places in a query that its article lacks."""
        places = [articles_with_place(self.catalog, p) for p in place_mentions(query)]
        if not places:
            return {}
        return {
            identity: sum(article.id not in having for having in places) / len(places)
            for identity, (_, article) in found.items()
        }

    def _diverse(self, order: list[str], limit: int) -> list[str]:
        if len(order) <= limit:
            return order
        vectors = self.store.vectors(order)
        known = [i for i in order if i in vectors]
        if len(known) < len(order):
            return order[:limit]
        return [order[i] for i in spread(np.stack([vectors[i] for i in order]), limit)]


def _says_little(text: str) -> bool:
    head = text[:_HEAD]  # nearly always enough, and 20 times as fast as the whole
    return len(tokenize(head)) < FEW_WORDS and len(tokenize(text)) < FEW_WORDS


def fuse_ranks(
    rankings: Iterable[tuple[Sequence[str], float]], constant: int = RANK_CONSTANT
) -> dict[str, float]:
    """Return the sum of weight / (constant + rank) over the rankings, rank counted from 1."""
    scores: dict[str, float] = {}
    for ranking, weight in rankings:
        for rank, identity in enumerate(ranking, start=1):
            scores[identity] = scores.get(identity, 0.0) + weight / (constant + rank)
    return scores


def spread(vectors: Vectors, limit: int, diversity: float = DIVERSITY) -> list[int]:
    """Choose `limit` rows, ordered by relevance, so that they are unlike one another.

    Args:
        vectors: unit vectors of shape (n, dimension), the most relevant first.
        limit: how many rows to choose.
        diversity: 0 keeps the order as it is, 1 looks at unlikeness alone.

    Returns:
        The chosen rows' numbers, in the order they were chosen.
    """
    relevance = 1.0 / (1.0 + np.arange(len(vectors)))
    likeness = vectors @ vectors.T
    # A small model's cosines all lie high and close: stretch them over the range they have.
    low = float(likeness.min())
    likeness = (likeness - low) / max(1.0 - low, 1e-6)
    chosen: list[int] = []
    left = list(range(len(vectors)))
    while left and len(chosen) < limit:
        scores = [
            (1 - diversity) * relevance[i]
            - diversity * (float(likeness[i, chosen].max()) if chosen else 0.0)
            for i in left
        ]
        chosen.append(left.pop(int(np.argmax(scores))))
    return chosen


class PassageRetriever(BaseRetriever):
    """The same search as a LangChain retriever, for chains built by others."""

    retriever: Retriever
    limit: int = 6

    model_config = {"arbitrary_types_allowed": True}

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[LangChainDocument]:
        return [as_document(hit) for hit in self.retriever.search(query, self.limit)]


def as_document(hit: Hit) -> LangChainDocument:
    """Return a hit as a LangChain document, with all that a citation needs in its metadata."""
    return LangChainDocument(
        id=hit.passage.id,
        page_content=hit.passage.text,
        metadata={
            "article_id": hit.article.id,
            "title": hit.article.title,
            "source": hit.article.source,
            "language": hit.article.language,
            "start": hit.passage.start,
            "end": hit.passage.end,
            "score": hit.score,
        },
    )
