"""A chat model's failure: whether to try again, and what to tell the user to do."""

from __future__ import annotations

import json
import math

from vectorstore.errors import describe

RETRY_WAITS = (0.5, 1.0)  # seconds before the second and the third try
LONGEST_WAIT = 5.0  # seconds: a server that asks for more is given up at once
_PASSING = frozenset({429, 500, 502, 503, 504, 529})
_ADVICE = {
    400: "the server refused the request: check the model's name; where the text was too long "
    "for the model, name one with a larger window or set fewer `passages`",
    401: "check the key in 'api_key' (MUJAZ_API_KEY)",
    403: "check the key in 'api_key' (MUJAZ_API_KEY), and that it may use this model",
    404: "check the model's name, and that 'writer_url' is where the server's API begins (mostly "
    "it ends in /v1)",
    429: "it is busy, or the account's quota is used up; ask again later",
}
_UNREACHED = "no server answers there; check the address in 'writer_url', and that it runs"


def retry_wait(error: Exception, tries: int) -> float | None:
    """Return how many seconds to wait before the next try; None where there should be none.

    Only what passes by itself is tried again, and never a time-out: that would make the user
    wait a multiple of the setting.

    Args:
        error: what the provider's client raised.
        tries: how many tries there have been.
    """
    if _status(error) not in _PASSING or tries > len(RETRY_WAITS):
        return None
    asked = _asked_wait(error)
    if asked is None:
        return RETRY_WAITS[tries - 1]
    return asked if asked <= LONGEST_WAIT else None


def explain(error: Exception, begun: bool) -> str:
    """Return what failed and what to do about it, in one line.

    Args:
        error: what the provider's client raised.
        begun: whether a part of the reply had come.
    """
    if begun:
        return (
            f"the chat model's reply was cut off ({describe(error)}), and what was written so far "
            f"isn't the whole answer; {_advice(error)}"
        )
    advice = _UNREACHED if "connect" in type(error).__name__.lower() else _advice(error)
    return f"the chat model failed ({describe(error)}); {advice}"


def _advice(error: Exception) -> str:
    status = _status(error)
    if status == 429 and (asked := _asked_wait(error)):
        return f"it is busy and asks to wait {asked:g} seconds; ask again then"
    if status in _ADVICE:
        return _ADVICE[status]
    if status is not None and status >= 500:
        return "its server is in trouble; ask again later, or look at the server's log"
    if "timeout" in type(error).__name__.lower():
        return "it was silent for longer than the setting `timeout` allows; raise it, or ask again"
    if isinstance(error, json.JSONDecodeError):
        return "what came isn't an OpenAI-compatible stream; check 'writer_url', then ask again"
    return "check 'writer', 'writer_url' and 'api_key', then ask again"


def _status(error: Exception) -> int | None:
    status = getattr(error, "status_code", None)
    return status if isinstance(status, int) else None


def _asked_wait(error: Exception) -> float | None:
    """Return the seconds of an answer's Retry-After; its form with a date is left unread."""
    headers = getattr(getattr(error, "response", None), "headers", {})
    try:
        seconds = float(headers.get("retry-after", "nan"))
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None
