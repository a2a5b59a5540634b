"""Who may use the page: names and hashed passwords in one file."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import AssistantError
from assistant.private_file import PrivateFile

LEAST_PASSWORD = 8  # characters
_LONGEST_PASSWORD = 1_000
_NAME = re.compile(r"[\w.@+-]{1,64}")
_REMEMBERED = 1_000  # logins whose password needn't be hashed again


@dataclass(frozen=True, slots=True)
class User:
    """One who may come in; `admin` may change what models are used."""

    name: str
    hash: str
    admin: bool = False

    @property
    def stamp(self) -> str:
        """What ends with the password: a session that was begun with another is no longer good."""
        return hashlib.sha256(self.hash.encode()).hexdigest()[:32]


class Users:
    """The users in a file; without any, no login is asked for.

    Args:
        path: the file; it needn't be there yet.
    """

    def __init__(self, path: Path) -> None:
        self._file = PrivateFile(path)
        self._key = secrets.token_bytes(32)
        self._remembered: dict[bytes, str] = {}

    def all(self) -> list[User]:
        """Return the users by name."""
        rows = self._file.read()
        return [
            User(name, str(row["password"]), bool(row.get("admin")))
            for name, row in sorted(rows.items())
        ]

    def exist(self) -> bool:
        """Tell whether there is any user."""
        return bool(self._file.read())

    def find(self, name: str) -> User | None:
        """Return the user of this name."""
        row = self._file.read().get(_normal(name))
        return User(_normal(name), str(row["password"]), bool(row.get("admin"))) if row else None

    def add(self, name: str, password: str, admin: bool = False) -> bool:
        """Add a user, or give one a new password; an admin remains one.

        Returns:
            Whether the user is new.

        Raises:
            AssistantError: the name or the password can't be one.
        """
        from argon2 import PasswordHasher

        name, password = _normal(name), _normal(password)
        if not _NAME.fullmatch(name):
            raise AssistantError(
                f"{name[:100]!r} can't be a user's name; use up to 64 letters, digits and . _ - @ +"
            )
        if not LEAST_PASSWORD <= len(password) <= _LONGEST_PASSWORD:
            raise AssistantError(
                f"the password has {len(password)} characters; give one of at least "
                f"{LEAST_PASSWORD}, and of {_LONGEST_PASSWORD:,} at most"
            )
        with self._file.changing() as rows:
            old = rows.get(name)
            admin = admin or bool(old and old.get("admin"))
            rows[name] = {"password": PasswordHasher().hash(password), "admin": admin}
        return old is None

    def remove(self, name: str) -> None:
        """Remove a user, whose sessions end with it.

        Raises:
            AssistantError: there is no such user.
        """
        with self._file.changing() as rows:
            if rows.pop(_normal(name), None) is None:
                raise AssistantError(f"there is no user {name!r}; `mujaz user list` names them")

    def remembered(self, name: str, password: str) -> User | None:
        """Return the user of a login that `check` has found right before, at no cost."""
        user = self.find(name)
        known = self._remembered.get(self._digest(name, password))
        return user if user is not None and known == user.hash else None

    def check(self, name: str, password: str) -> User | None:
        """Return the user whose name and password these are.

        It takes as long for a name that isn't there as for a wrong password.
        """
        from argon2 import PasswordHasher
        from argon2.exceptions import InvalidHashError, VerificationError

        user = self.find(name)
        try:
            right = PasswordHasher().verify(
                user.hash if user else _NOBODY, _normal(password)[:_LONGEST_PASSWORD]
            )
        except (VerificationError, InvalidHashError):
            return None
        if user is None or not right:
            return None
        if len(self._remembered) >= _REMEMBERED:
            self._remembered.clear()
        self._remembered[self._digest(name, password)] = user.hash
        return user

    def _digest(self, name: str, password: str) -> bytes:
        text = f"{_normal(name)}\0{_normal(password)}".encode(errors="surrogatepass")
        return hmac.digest(self._key, text, "sha256")


_NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$bm9ib2R5aXNoZXJlMTIzNA$"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
)
"""A hash that no password has, of the same cost as a user's."""


def _normal(text: str) -> str:
    """Write letters with accents one way: keyboards differ in it."""
    return unicodedata.normalize("NFC", text)
