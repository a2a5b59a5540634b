"""What a reader may change from the page, kept with the collection."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from assistant.errors import SettingsError
from assistant.private_file import PrivateFile

CHANGEABLE = ("writer", "writer_url", "api_key", "translator", "sentences", "passages")
"""The settings that can be changed from the page; all others have to be set outside it."""

_MAY_BE_NONE = ("writer_url", "api_key")


class Preferences:
    """The preferences in a file, which count over the settings' file and under all else.

    Args:
        path: the file; it needn't be there yet.
    """

    def __init__(self, path: Path) -> None:
        self._file = PrivateFile(path)

    def values(self) -> dict[str, object]:
        """Return what was chosen, by the settings' names.

        Raises:
            SettingsError: the file can't be read, or holds what can't be chosen.
        """
        values = dict(self._file.read())
        unknown = sorted(values.keys() - set(CHANGEABLE))
        if unknown:
            raise SettingsError(
                f"{str(self._file.path)!r} holds {unknown[0]!r}, which isn't a preference; take "
                "it out, or move the file away"
            )
        return values

    def save(self, changes: Mapping[str, object]) -> None:
        """Put changes on disk, in the form that `merged` gives them.

        Raises:
            SettingsError: the file can't be read or written.
        """
        with self._file.changing() as values:
            new = merged(values, changes)
            values.clear()
            values.update(new)


def merged(values: Mapping[str, object], changes: Mapping[str, object]) -> dict[str, object]:
    """Return preferences with changes made to them.

    An address or a key that is empty or None is none at all, whatever the settings' file says.
    Another setting that is None goes back to what was set outside the page.
    """
    result = dict(values)
    for name, value in changes.items():
        if isinstance(value, str):
            value = value.strip() or None
        if value is None and name not in _MAY_BE_NONE:
            result.pop(name, None)
        else:
            result[name] = value
    return result
