"""An app's parts for a server of many threads: built one at a time, and ahead of use."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING

from assistant.preferences import Preferences
from assistant.settings import Settings, propose

if TYPE_CHECKING:
    from assistant.app import App
    from assistant.assistant import Assistant
    from assistant.verification import Verifier
    from vectorstore.catalog import Catalog
    from vectorstore.ingest import Ingestor

_KEPT = ("catalog", "embedder", "store", "retriever", "ingestor", "verifier")
"""What no preference changes, and is too heavy, or has the index open, to be made again."""

_log = logging.getLogger(__name__)


class Parts:
    """The parts of one app, each built once, whichever thread asks first.

    Two indexes opened on one folder would damage it, and from Python 3.12 on
    `functools.cached_property` lets two threads build at the same time.

    Args:
        app: the app.

    Raises:
        VectorstoreError: the collection can't be opened.
    """

    def __init__(self, app: App) -> None:
        self.app = app
        self.catalog: Catalog = app.catalog  # at once: the page shouldn't wait for the models
        self._building = threading.Lock()
        self._changing = threading.Lock()
        self._warming: list[threading.Thread] = []

    @property
    def assistant(self) -> Assistant:
        """What answers."""
        with self._building:
            return self.app.assistant

    @property
    def ingestor(self) -> Ingestor:
        """What brings articles in."""
        with self._building:
            return self.app.ingestor

    @property
    def verifier(self) -> Verifier:
        """What checks sentences against their sources."""
        with self._building:
            return self.app.verifier

    def proposed(self, changes: Mapping[str, object]) -> Settings:
        """Return the settings as they would be with these preferences, to try them out.

        Raises:
            SettingsError: a value is wrong, or can't be changed from the page.
        """
        return propose(self.app.settings, changes)

    def reconfigure(self, changes: Mapping[str, object]) -> None:
        """Use other models from now on, and after the next start too.

        An answer that is being written goes on with those it was begun with. When the new ones
        can't be used, all stays as it was.

        Args:
            changes: preferences by name; see `assistant.preferences.merged` for empty ones.

        Raises:
            SettingsError: a value is wrong or can't be changed from the page, or a package is
                missing.
            VectorstoreError: the collection can't be opened.
        """
        with self._changing:
            settings = self.proposed(changes)
            with self._building:
                app = _remake(self.app, settings)
            _ = app.assistant  # nobody else has this app yet
            Preferences(settings.preferences_file).save(changes)
            self.app = app
        self.warm_up()

    def warm_up(self) -> threading.Thread:
        """Load the models in the background, so that the first question needn't wait for them.

        A failure is logged and no more: whoever asks gets it as an error, with what to do.
        """

        def load() -> None:
            try:
                self.assistant.load()
            except Exception:  # whatever it is, the page must stay
                _log.warning("the models couldn't be loaded ahead", exc_info=True)

        thread = threading.Thread(target=load, name="warm-up", daemon=True)
        self._warming.append(thread)
        thread.start()
        return thread

    def settle(self, seconds: float = 10) -> None:
        """Wait for what loads in the background: a process that ends under it is aborted."""
        for thread in self._warming:
            thread.join(seconds)


def _remake(old: App, settings: Settings) -> App:
    """Return an app with these settings and what stays the same of the old one's parts."""
    from assistant.app import App

    _ = old.retriever  # the index isn't to be opened twice, so before it is taken over
    kept = {*_KEPT, *(["translator"] if _keeps_translator(old.settings, settings) else [])}
    app = App(settings)
    vars(app).update({name: part for name, part in vars(old).items() if name in kept})
    return app


def _keeps_translator(old: Settings, new: Settings) -> bool:
    return old.translator == new.translator == "bundled"
