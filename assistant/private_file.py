"""A small file for its owner's eyes alone: users, sessions, preferences."""

from __future__ import annotations

import json
import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock

from assistant.errors import SettingsError


class PrivateFile:
    """A JSON object on disk, of mode 600, replaced as a whole and never half written.

    What another process changed is seen at the next read: a user who is added while the
    server runs may come in at once, and one who is removed is out at once.

    Args:
        path: where it is; it needn't be there yet.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._reading = threading.Lock()
        self._read: tuple[tuple[int, int, int], dict[str, Any]] | None = None

    def read(self) -> dict[str, Any]:
        """Return the object, empty where there is no file; it isn't to be changed.

        Raises:
            SettingsError: the file can't be read, or isn't what was written.
        """
        with self._reading:
            try:
                facts = self.path.stat()
                stamp = (facts.st_mtime_ns, facts.st_size, facts.st_ino)
                if self._read is None or self._read[0] != stamp:
                    content = json.loads(self.path.read_text("utf-8"))
                    if not isinstance(content, dict):
                        raise ValueError("it holds no object")
                    self._read = (stamp, content)
            except FileNotFoundError:
                return {}
            except (OSError, ValueError) as error:
                raise SettingsError(
                    f"{str(self.path)!r} can't be read ({error}); mend it, or move it away"
                ) from error
            return self._read[1]

    @contextmanager
    def changing(self) -> Iterator[dict[str, Any]]:
        """Lend a copy of the object to be changed, and put it on disk when that went well.

        Raises:
            SettingsError: the file can't be read or written.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(self.path.with_name(f"{self.path.name}.lock"), timeout=30):
                content = json.loads(json.dumps(self.read()))
                yield content
                self._write(content)
        except OSError as error:  # filelock's time-out is one too
            raise SettingsError(
                f"{str(self.path)!r} can't be written ({error}); see who may write there"
            ) from error

    def _write(self, content: dict[str, Any]) -> None:
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:  # mkstemp's mode is 600
                json.dump(content, file, ensure_ascii=False, indent=1)
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, self.path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
