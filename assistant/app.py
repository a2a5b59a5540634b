"""Puts everything together: the only place that constructs."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import SettingsError
from assistant.settings import Settings, prepare_environment
from vectorstore.catalog import Catalog
from vectorstore.errors import IndexMismatchError, describe
from vectorstore.lexical import refresh_keywords

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from assistant.assistant import Assistant
    from assistant.conversation_store import ConversationStore
    from assistant.translation.memory import RememberingTranslator
    from assistant.verification import Verifier
    from assistant.writers.writer import Writer
    from vectorstore.embeddings import Embedder
    from vectorstore.ingest import Ingestor
    from vectorstore.retriever import Retriever
    from vectorstore.store import VectorStore

SAMPLES = Path(__file__).parent / "samples"
_KEY = re.compile(r"credential|api[_ -]?key", re.IGNORECASE)  # what a client misses


@dataclass(frozen=True)
class App:
    """The parts of a running Mujaz, each built at first use and then kept."""

    settings: Settings

    @functools.cached_property
    def catalog(self) -> Catalog:
        """The articles."""
        catalog = Catalog(self.settings.data / "articles.db")
        refresh_keywords(catalog)
        return catalog

    @functools.cached_property
    def conversations(self) -> ConversationStore:
        """The conversations that are kept."""
        from assistant.conversation_store import ConversationStore

        return ConversationStore(self.settings.data / "conversations.db")

    @functools.cached_property
    def embedder(self) -> Embedder:
        """The embedding model."""
        from vectorstore.embeddings import get_embedder

        s = self.settings
        key = s.api_key.get_secret_value() if s.api_key else None
        return get_embedder(s.embedder, s.cache, s.embedder_url, key, s.threads)

    @functools.cached_property
    def store(self) -> VectorStore:
        """The index.

        Raises:
            IndexMismatchError: the collection's index was made with other settings.
        """
        wanted = self.open_store()
        recorded = self.catalog.recall("index")
        if recorded is not None and recorded != wanted.identity.to_json():
            raise IndexMismatchError(
                f"this collection's index was made with {recorded}, the settings now ask for "
                f"{wanted.identity.to_json()}; set them back, or run `mujaz reindex`"
            )
        if wanted.count() == 0 and self.catalog.passage_ids():
            raise IndexMismatchError(
                f"the index in {str(self.settings.data / 'index')!r} is empty, though there are "
                f"{self.catalog.count()} articles; run `mujaz reindex` to make it again"
            )
        return wanted

    def open_store(self) -> VectorStore:
        """Open the index that the settings ask for, whatever the collection was made with."""
        from vectorstore.store import IndexIdentity, VectorStore, connect

        embedder, s = self.embedder, self.settings
        identity = IndexIdentity(
            embedder.name,
            embedder.dimension,
            embedder.query_prefix,
            embedder.document_prefix,
            s.passage_tokens,
        )
        client = connect(s.data / "index", s.chroma_server)
        return VectorStore(client, identity, s.collection)

    @functools.cached_property
    def retriever(self) -> Retriever:
        """The search."""
        from vectorstore.retriever import Retriever

        return Retriever(self.catalog, self.store, self.embedder)

    @functools.cached_property
    def ingestor(self) -> Ingestor:
        """What brings articles in."""
        return self.build_ingestor(self.store)

    def build_ingestor(self, store: VectorStore) -> Ingestor:
        """Return an ingestor that writes to the given index."""
        from vectorstore.ingest import Ingestor, Limits
        from vectorstore.tokens import TokenCounter

        s = self.settings
        return Ingestor(
            self.catalog,
            store,
            self.embedder,
            TokenCounter(s.cache),
            s.data / "write.lock",
            s.passage_tokens,
            Limits(s.max_file_mb * 1024 * 1024, s.allow_private_addresses),
        )

    @functools.cached_property
    def chat_model(self) -> BaseChatModel | None:
        """The chat model that writes; None where the bundled writer does."""
        return get_chat_model(self.settings)

    @functools.cached_property
    def translator(self) -> RememberingTranslator:
        """What puts sentences into English."""
        from assistant.translation import get_translator
        from assistant.translation.memory import RememberingTranslator, TranslationMemory

        translator = get_translator(self.settings, self.chat_model, self.embedder)
        memory = TranslationMemory(self.settings.data / "translations.db")
        return RememberingTranslator(translator, memory)

    @functools.cached_property
    def verifier(self) -> Verifier:
        """What checks sentences against their sources."""
        from assistant.alignment import Alignment
        from assistant.verification import Verifier

        return Verifier(Alignment(self.embedder))

    @functools.cached_property
    def writer(self) -> Writer:
        """What writes from passages."""
        if self.chat_model is None:
            from assistant.writers.extractive import ExtractiveWriter

            limit = self.settings.sentences
            return ExtractiveWriter(self.translator, self.embedder, self.catalog, limit)
        from assistant.writers.chat_model import ChatModelWriter
        from vectorstore.tokens import TokenCounter

        return ChatModelWriter(
            self.chat_model,
            self.settings.writer,
            self.embedder,
            self.verifier.check_spans,
            TokenCounter(self.settings.cache),
        )

    @functools.cached_property
    def assistant(self) -> Assistant:
        """The assistant over all of it."""
        return build_assistant(self)


def open_app(settings: Settings) -> App:
    """Return an app for these settings; nothing is loaded until it is used."""
    prepare_environment()
    return App(settings)


def build_assistant(
    app: App, retriever: Retriever | None = None, writer: Writer | None = None
) -> Assistant:
    """Return an assistant with the writer and the translator that the settings name.

    Args:
        app: what the other parts come from.
        retriever: searches in place of the app's own.
        writer: writes in place of the app's own.

    Raises:
        SettingsError: a name isn't known, or its package isn't installed.
    """
    from assistant.assistant import Assistant
    from assistant.guide import GuideMemory

    return Assistant(
        retriever or app.retriever,
        writer or app.writer,
        app.translator,
        app.verifier,
        app.chat_model,
        app.settings.passages,
        GuideMemory(app.settings.data / "guides.db"),
    )


def get_chat_model(settings: Settings) -> BaseChatModel | None:
    """Return the chat model that the settings name, None for the bundled writer.

    Raises:
        SettingsError: the name isn't known, or its package isn't installed.
    """
    if settings.writer == "bundled":
        return None
    provider, _, name = settings.writer.partition(":")
    if not name:
        raise SettingsError(
            f"unknown writer {settings.writer!r}; use 'bundled', or PROVIDER:MODEL such as "
            "openai:MODEL, anthropic:MODEL or ollama:MODEL"
        )
    from langchain.chat_models import init_chat_model

    options: dict[str, Any] = {
        "temperature": 0,
        "timeout": settings.timeout,
        "max_retries": 0,  # clients wait up to minutes, and again after a time-out: we retry
    }
    if provider == "ollama":
        options["client_kwargs"] = {"timeout": settings.timeout}
    if settings.writer_url:
        options["base_url"] = settings.writer_url
    if settings.api_key:
        options["api_key"] = settings.api_key.get_secret_value()
    elif settings.writer_url and provider == "openai":
        options["api_key"] = "none"  # a server of one's own wants none, its client does
    try:
        model: BaseChatModel = init_chat_model(name, model_provider=provider, **options)
    except ImportError as error:
        raise SettingsError(
            f"the writer {settings.writer!r} needs a package that isn't installed; "
            f"run: pip install langchain-{provider}"
        ) from error
    except Exception as error:  # each provider's client raises its own kinds
        if not settings.api_key and _KEY.search(str(error)):
            raise SettingsError(
                f"the writer {settings.writer!r} needs a key: give it in 'api_key' (MUJAZ_API_KEY)"
            ) from error
        raise SettingsError(
            f"the writer {settings.writer!r} can't be used ({describe(error)}); check its name, "
            "and its key in 'api_key' (MUJAZ_API_KEY)"
        ) from error
    return model
