"""Fetching an article from the web, for the command line and for a page open to others."""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit, urlunsplit

from vectorstore.errors import LoadError

if TYPE_CHECKING:
    import httpx

_REDIRECTS = (301, 302, 303, 307, 308)
_MOST_REDIRECTS = 8
_HEADERS = {
    "User-Agent": "Mozilla/5.0 (compatible; Mujaz/0.1)",
    "Accept": "text/html,application/xhtml+xml,application/pdf,text/plain;q=0.9,*/*;q=0.5",
    "Accept-Language": "ar,en;q=0.8,*;q=0.5",
    "Accept-Encoding": "gzip, deflate",
}
_SERVER_WORDS = {
    401: "it wants a login: save the page from a browser and load the file",
    403: "it refuses programs: save the page from a browser and load the file",
    404: "there is no such page: check the address",
    410: "the page was removed: look for a copy",
    429: "it was asked too often: wait some minutes",
    451: "it is blocked for legal reasons: look for a copy",
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address gave: its bytes, and the address after redirects."""

    data: bytes
    url: str
    content_type: str
    charset: str | None


Resolve = Callable[[str, int], list[str]]


def resolve_host(host: str, port: int) -> list[str]:
    """Return the addresses of a host, in the system's order."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def fetch(
    url: str,
    *,
    timeout: float,
    max_bytes: int,
    allow_private: bool = False,
    resolve: Resolve = resolve_host,
) -> Fetched:
    """Fetch an address over http or https.

    Unless `allow_private`, an address that leads into this machine or its own network is
    refused (a page that takes addresses from strangers must not become their way in): the
    host is resolved once, all its addresses must be public, and the connection goes to the
    one that was checked. Each redirect is checked the same way. Proxies named in the
    environment aren't used, since the check would then say nothing.

    Args:
        url: an http or https address.
        timeout: seconds for the whole fetch, redirects included.
        max_bytes: the most to read after decompression.
        allow_private: also fetch from loopback, private and link-local addresses.
        resolve: from host and port to addresses; tests give their own.

    Raises:
        LoadError: it can't be fetched; says why and what to do.
    """
    import httpx

    deadline = time.monotonic() + timeout
    target = url.strip()
    try:
        with httpx.Client(trust_env=False, timeout=timeout, headers=_HEADERS) as client:
            for _ in range(_MOST_REDIRECTS + 1):
                request = _prepare(client, target, url, allow_private, resolve)
                response = client.send(request, stream=True)
                try:
                    if response.status_code not in _REDIRECTS:
                        return _read(response, target, max_bytes, deadline)
                    target = urljoin(target, response.headers.get("location", ""))
                finally:
                    response.close()
    except httpx.TimeoutException as error:
        raise LoadError(_explain_timeout(url)) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise LoadError(
            f"{url!r} couldn't be fetched ({error or type(error).__name__}): check the address and "
            "the network, or save the page from a browser and load the file."
        ) from error
    raise LoadError(f"{url!r} redirects more than {_MOST_REDIRECTS} times: check the address.")


def _explain_timeout(url: str) -> str:
    return (
        f"{url!r} didn't answer in time: try again later or with a longer timeout, or save the "
        "page from a browser and load the file."
    )


def _prepare(
    client: httpx.Client, target: str, asked: str, allow_private: bool, resolve: Resolve
) -> httpx.Request:
    """Check a target and make the request that goes to the address that was checked."""
    try:
        parts = urlsplit(target)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise LoadError(
            f"{target!r} isn't an address ({error}): check how it is written."
        ) from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        via = "" if target == asked else f" (where {asked!r} redirects to)"
        raise LoadError(
            f"{target!r}{via} isn't an http or https address: give one that begins with https://."
        )
    if allow_private:
        return client.build_request("GET", target)
    address = _choose_address(parts.hostname, port, asked, resolve)
    place = f"[{address}]" if ":" in address else address
    pinned = urlunsplit((parts.scheme, f"{place}:{port}", parts.path, parts.query, ""))
    host = parts.netloc.rpartition("@")[2]
    return client.build_request(
        "GET",
        pinned,
        headers={"Host": host.encode("idna").decode() if not host.isascii() else host},
        extensions={"sni_hostname": parts.hostname.encode("idna").decode()}
        if not _is_address(parts.hostname)
        else {},
    )


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _choose_address(host: str, port: int, asked: str, resolve: Resolve) -> str:
    try:
        addresses = resolve(host, port)
    except (OSError, UnicodeError) as error:
        raise LoadError(
            f"{asked!r} couldn't be fetched: the host {host!r} isn't known: check the "
            "address and the network."
        ) from error
    for address in addresses:
        if not _is_public(address):
            raise LoadError(
                f"{asked!r} leads to {host!r} at {address}, inside this machine's own network, and "
                "was refused: save the page and load the file, or start Mujaz with "
                "MUJAZ_ALLOW_PRIVATE_ADDRESSES=true."
            )
    if not addresses:
        raise LoadError(f"{asked!r} couldn't be fetched: the host {host!r} has no address.")
    return addresses[0]


def _is_public(address: str) -> bool:
    """Tell whether an address is on the public internet, also when wrapped in IPv6."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return _is_public(str(inner))
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _read(response: httpx.Response, url: str, max_bytes: int, deadline: float) -> Fetched:
    status = response.status_code
    if status >= 400:
        advice = _SERVER_WORDS.get(
            status, "the server failed: try later" if status >= 500 else "check the address"
        )
        raise LoadError(f"{url!r} answered {status} {response.reason_phrase}: {advice}.")
    if status != 200:
        raise LoadError(f"{url!r} answered {status} without a page: check the address.")
    parts: list[bytes] = []
    size = 0
    for part in response.iter_bytes():
        size += len(part)
        if size > max_bytes:
            raise LoadError(
                f"{url!r} is larger than {max_bytes:,} bytes: raise the limit, or save the "
                "article alone and load the file."
            )
        if time.monotonic() > deadline:
            raise LoadError(_explain_timeout(url))
        parts.append(part)
    content_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    return Fetched(b"".join(parts), url, content_type, response.charset_encoding)
