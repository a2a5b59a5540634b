"""How much one may ask in a minute, and how often a password may be tried."""

from __future__ import annotations

import math
import time

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

TRIES_OF_ADDRESS = RateLimitItemPerMinute(10)
TRIES_OF_NAME = RateLimitItemPerMinute(30, 15)  # in a quarter of an hour, from anywhere


class Allowance:
    """Counts requests in memory, over the last minute.

    Args:
        a_minute: requests that one user or address may make in a minute; 0 is no limit.
    """

    def __init__(self, a_minute: int) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._requests = RateLimitItemPerMinute(a_minute) if a_minute else None

    def spend(self, who: str) -> int:
        """Count a request, and return the seconds to wait: 0 where it is allowed."""
        return 0 if self._requests is None else self._take(self._requests, "request", who)

    def try_password(self, address: str, name: str) -> int:
        """Count an attempt to log in, and return the seconds to wait: 0 where it is allowed."""
        return self._take(TRIES_OF_ADDRESS, "address", address) or self._take(
            TRIES_OF_NAME, "name", name
        )

    def forgive(self, address: str, name: str) -> None:
        """Forget the attempts that came before the right password."""
        self._limiter.clear(TRIES_OF_ADDRESS, "address", address)
        self._limiter.clear(TRIES_OF_NAME, "name", name)

    def _take(self, limit: RateLimitItem, *key: str) -> int:
        if self._limiter.hit(limit, *key):
            return 0
        again = self._limiter.get_window_stats(limit, *key).reset_time
        return max(1, math.ceil(again - time.time()))
