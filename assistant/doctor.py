"""Is everything in place? Each part is tried as it would be used."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable
from dataclasses import dataclass

from assistant.app import App
from assistant.errors import AssistantError
from vectorstore.errors import VectorstoreError


@dataclass(frozen=True, slots=True)
class Finding:
    """One part, whether it works, and in words how or why not."""

    what: str
    ok: bool
    detail: str


def examine(app: App) -> list[Finding]:
    """Try each part; one that fails doesn't keep the others from being tried."""
    parts: list[tuple[str, Callable[[App], str]]] = [
        ("python", _python),
        ("collection", _collection),
        ("embedder", _embedder),
        ("index", _index),
        ("writer and translator", _models),
    ]
    findings = []
    for what, examine_part in parts:
        try:
            findings.append(Finding(what, True, examine_part(app)))
        except (AssistantError, VectorstoreError, OSError) as error:
            findings.append(Finding(what, False, str(error)))
    return findings


def _python(app: App) -> str:
    return f"{sys.version.split()[0]} on {platform.system()} {platform.machine()}"


def _collection(app: App) -> str:
    return f"{app.catalog.count()} articles in {app.settings.data}"


def _embedder(app: App) -> str:
    size = len(app.embedder.embed_query("Is the embedder there?"))
    return f"{app.embedder.name}, {size} dimensions"


def _index(app: App) -> str:
    stored, indexed = len(app.catalog.passage_ids()), app.store.count()
    if stored != indexed:
        return f"{indexed} of {stored} passages; the next ingest or `mujaz reindex` mends it"
    return f"all {stored} passages"


def _models(app: App) -> str:
    models = app.assistant.models
    if models.writer.startswith("extractive"):
        english = app.assistant.translate_text("صباح الخير.")
        return f"{models.writer}; صباح الخير is {english!r}"
    return f"{models.writer} (not called), translating with {models.translator}"
