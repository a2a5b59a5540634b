"""The vectors, in Chroma: in a folder of the collection's, or in a Chroma server.

The only module that knows Chroma. What the index was made with is recorded in it, and an
index made otherwise is refused. Vectors are always passed in: Chroma's own default embedder
would download a model.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from vectorstore.articles import Passage, hash_id
from vectorstore.errors import VectorstoreError

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.collection_configuration import CreateHNSWConfiguration

Vectors = np.ndarray[tuple[int, int], np.dtype[np.float32]]

_BATCH = 1000  # Chroma refuses more than 5,461 in one call
# Chroma builds its graph on several threads, never twice the same. Looking at 400 nodes in place
# of 100 finds the same 40 passages whatever the graph (343 of 343 questions over 493 passages,
# where 329 were the same before), and takes 0.1 ms longer.
_HNSW: CreateHNSWConfiguration = {"space": "cosine", "ef_construction": 200, "ef_search": 400}


@dataclass(frozen=True, slots=True)
class IndexIdentity:
    """What makes two indexes interchangeable; recorded in the index, compared at opening."""

    embedder: str
    dimension: int
    query_prefix: str
    document_prefix: str
    tokens_per_passage: int
    metric: str = "cosine"

    def to_json(self) -> str:
        """Return one canonical line of JSON."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        return json.dumps(fields, sort_keys=True, ensure_ascii=False)


class VectorStore:
    """One collection's index: passages' vectors by id, searched by cosine.

    Indexes of different identities lie beside one another under different names, so that a
    new one can be filled while the old one goes on answering.

    Args:
        client: what `connect` returned.
        identity: what the vectors are made with.
        name: the collection's name, unique where several share a server.
    """

    def __init__(self, client: ClientAPI, identity: IndexIdentity, name: str) -> None:
        self.identity = identity
        self._client = client
        self._name = name
        self._collection = client.get_or_create_collection(
            f"{name}-{hash_id(identity.to_json())}",
            metadata={"mujaz": name, "identity": identity.to_json()},
            configuration={"hnsw": _HNSW},
            embedding_function=None,
        )

    def drop_others(self) -> None:
        """Delete this collection's indexes of other identities."""
        for other in self._client.list_collections():
            if (other.metadata or {}).get("mujaz") == self._name:
                if other.name != self._collection.name:
                    self._client.delete_collection(other.name)

    def count(self) -> int:
        """Return how many passages the index holds."""
        return int(self._collection.count())

    def upsert(self, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Add or overwrite passages; `vectors` has shape (len(passages), dimension)."""
        for i in range(0, len(passages), _BATCH):
            batch = passages[i : i + _BATCH]
            self._collection.upsert(
                ids=[p.id for p in batch],
                embeddings=vectors[i : i + _BATCH],
                metadatas=[{"article_id": p.article_id} for p in batch],
            )

    def delete(self, passage_ids: Iterable[str]) -> None:
        """Remove passages; ids that aren't there are passed over."""
        ids = list(passage_ids)
        for i in range(0, len(ids), _BATCH):
            self._collection.delete(ids=ids[i : i + _BATCH])

    def ids(self) -> set[str]:
        """Return the ids of all passages in the index."""
        return set(self._collection.get(include=[])["ids"])

    def query(
        self, vector: Vectors, limit: int, article_ids: Sequence[str] | None = None
    ) -> dict[str, float]:
        """Return the nearest passages' ids with their cosine similarity, nearest first.

        Args:
            vector: shape (dimension,).
            limit: how many at most.
            article_ids: search these articles only; None searches all.
        """
        where: Any = {"article_id": {"$in": list(article_ids)}} if article_ids else None
        found = self._collection.query(
            query_embeddings=vector.reshape(1, -1),
            n_results=limit,
            where=where,
            include=["distances"],
        )
        distances = found["distances"] or [[]]
        return {
            identity: 1.0 - float(distance)
            for identity, distance in zip(found["ids"][0], distances[0], strict=True)
        }

    def vectors(self, passage_ids: Sequence[str]) -> dict[str, Vectors]:
        """Return the stored vectors, each of shape (dimension,), by passage id."""
        found = self._collection.get(ids=list(passage_ids), include=["embeddings"])
        embeddings = found["embeddings"]
        if embeddings is None:
            return {}
        return {
            identity: np.asarray(vector, dtype=np.float32)
            for identity, vector in zip(found["ids"], embeddings, strict=True)
        }


def connect(folder: Path, server: str | None = None) -> ClientAPI:
    """Open Chroma in a folder, or reach a server at `host:port`.

    Raises:
        VectorstoreError: the server can't be reached or the folder can't be read.
    """
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False)
    try:
        if server is None:
            folder.mkdir(parents=True, exist_ok=True)
            # Chroma keeps one client a path as it was written, whatever folder it stands for.
            return chromadb.PersistentClient(str(folder.resolve()), settings=settings)
        host, _, port = server.rpartition(":")
        return chromadb.HttpClient(host, int(port), settings=settings)
    except Exception as error:  # Chroma raises bare exceptions, ValueErrors and its own
        place = f"the Chroma server {server!r}" if server else f"the index in {str(folder)!r}"
        remedy = (
            "start it with `chroma run --path DIR --host HOST --port PORT`"
            if server
            else "move that folder away and run `mujaz reindex`: the articles are kept elsewhere"
        )
        raise VectorstoreError(f"{place} can't be opened ({error}); {remedy}") from error
