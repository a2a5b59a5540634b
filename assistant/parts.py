"""An app's parts for a server of many threads: built one at a time, and ahead of use."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.app import App
    from assistant.assistant import Assistant
    from assistant.verification import Verifier
    from vectorstore.catalog import Catalog
    from vectorstore.ingest import Ingestor

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
        thread.start()
        return thread
