"""What decides who comes in: the users, their sessions, and how much each may do."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field

from anyio import CapacityLimiter, to_thread

from assistant.settings import Settings
from assistant.ui.allowance import Allowance
from assistant.ui.sessions import Sessions
from assistant.users import User, Users

_AT_ONCE = 2  # passwords hashed side by side: each takes 64 MB


@dataclass(frozen=True, slots=True)
class Wait:
    """Too many attempts: the next is heard in so many seconds."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Access:
    """The rules of one server, for the gate and for the login page.

    `beyond` tells that it is reached from beyond this machine: a login is then asked for even
    when the last user has been removed.
    """

    users: Users
    sessions: Sessions
    allowance: Allowance
    beyond: bool = False
    _hashing: list[CapacityLimiter] = field(default_factory=list)

    @property
    def required(self) -> bool:
        """Whether one has to log in."""
        return self.beyond or self.users.exist()

    async def log_in(self, client: str, name: str, password: str) -> User | Wait | None:
        """Return the user with this name and password, None where they are wrong."""
        known = self.users.remembered(name, password)
        if known is not None:
            return known
        address = neighbourhood(client)
        wait = self.allowance.try_password(address, name[:64])
        if wait:
            return Wait(wait)
        if not self._hashing:  # it belongs to a running loop
            self._hashing.append(CapacityLimiter(_AT_ONCE))
        user = await to_thread.run_sync(self.users.check, name, password, limiter=self._hashing[0])
        if user is not None:
            self.allowance.forgive(address, name[:64])
        return user


def open_access(settings: Settings, beyond: bool = False) -> Access:
    """Return the rules that the settings ask for."""
    users = Users(settings.users_file)
    sessions = Sessions(settings.data / "sessions.json", users)
    return Access(users, sessions, Allowance(settings.requests_a_minute), beyond)


def neighbourhood(client: str) -> str:
    """Return what is counted as one address: of IPv6, a subscriber has 2**64 at least."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return client
    if address.version == 4:
        return client
    return str(ipaddress.ip_network((address, 64), strict=False).network_address)
