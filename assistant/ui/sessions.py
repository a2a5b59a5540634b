"""Who is logged in: random cookies, known to the server by their hashes."""

from __future__ import annotations

import hashlib
import secrets
import time
from pathlib import Path

from assistant.private_file import PrivateFile
from assistant.users import User, Users

LASTS = 30 * 24 * 3600  # seconds


class Sessions:
    """The logins that are still good, kept in a file so that they outlast the server.

    Only hashes of the cookies are kept: whoever reads the file can't log in with it. A session
    ends after 30 days, by logging out, and with its user or the user's password.

    Args:
        path: the file.
        users: who may have one.
    """

    def __init__(self, path: Path, users: Users) -> None:
        self._file = PrivateFile(path)
        self._users = users

    def begin(self, user: User) -> str:
        """Begin a session, and return the cookie for it."""
        token = secrets.token_urlsafe(32)
        now = time.time()
        with self._file.changing() as rows:
            for old in [digest for digest, row in rows.items() if row["until"] < now]:
                del rows[old]
            rows[_digest(token)] = {"name": user.name, "stamp": user.stamp, "until": now + LASTS}
        return token

    def find(self, token: str) -> User | None:
        """Return the user whose session this cookie is of, None where it isn't good any more."""
        row = self._file.read().get(_digest(token))
        if row is None or row["until"] < time.time():
            return None
        user = self._users.find(row["name"])
        return user if user is not None and user.stamp == row["stamp"] else None

    def end(self, token: str) -> None:
        """End a session."""
        with self._file.changing() as rows:
            rows.pop(_digest(token), None)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
