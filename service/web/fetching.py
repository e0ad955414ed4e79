"""Documents that a provider's webhook has us fetch: by https, from where it was said to be, small and soon.

Which addresses may be fetched is the provider's file's business, before it asks (service/feedback/webhooks/ses.py).
The name is looked up once, and what is connected to is what was looked at: a name that answers with our own network,
at once or at its second asking (DNS rebinding), leads nowhere.
"""

import socket
import ssl
from collections.abc import Callable
from functools import lru_cache
from ipaddress import ip_address
from time import monotonic

import httpx2

LARGEST = 65_536  # bytes
SECONDS = 5

Resolve = Callable[[str, int], list[str]]


class Unavailable(Exception):
    """It is not to be had now; let the provider try again."""


def addresses_of(host: str, port: int) -> list[str]:
    """The IP addresses of a host. Raises OSError."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def is_public(address: str) -> bool:
    """Whether it is an address of the internet: not ours, not a neighbour's, not of the machine itself."""
    found = ip_address(address.partition("%")[0])
    return found.is_global and not found.is_multicast


def fetch(
    url: str,
    *,
    resolve: Resolve = addresses_of,
    allows: Callable[[str], bool] = is_public,
    trust: ssl.SSLContext | None = None,
) -> bytes:
    """The document; no redirect is followed. `trust` is whose certificates count. Raises Unavailable."""
    if not url.startswith("https://"):
        raise Unavailable
    try:
        where = httpx2.URL(url)
        address = _address(where, resolve, allows)
        with (
            httpx2.Client(
                verify=trust or ssl.create_default_context(), timeout=SECONDS, follow_redirects=False, trust_env=False
            ) as client,
            client.stream(
                "GET",
                where.copy_with(host=address),
                headers={"Host": where.netloc.decode("ascii")},
                extensions={"sni_hostname": where.host},
            ) as answer,
        ):
            return _read(answer)
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as fault:
        raise Unavailable from fault


@lru_cache(maxsize=16)
def kept(url: str) -> bytes:
    """The same, fetched once by this process: a certificate has its own address. Raises Unavailable."""
    return fetch(url)


def _address(where: httpx2.URL, resolve: Resolve, allows: Callable[[str], bool]) -> str:
    """The one that is connected to; of a name with any that is not allowed, none."""
    found = resolve(where.host, where.port or 443)
    if not found or not all(allows(address) for address in found):
        raise Unavailable
    return found[0]


def _read(answer: httpx2.Response) -> bytes:
    until, body = monotonic() + SECONDS, b""
    if answer.status_code != 200:
        raise Unavailable
    for piece in answer.iter_bytes():
        body += piece
        if len(body) > LARGEST or monotonic() > until:
            raise Unavailable
    return body
