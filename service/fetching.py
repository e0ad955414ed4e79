"""What is fetched from the web outside: small and soon, and never from an address inside.

`fetch` takes a document that a provider's webhook names; which addresses may be fetched is the provider's file's
business, before it asks (service/feedback/webhooks/ses.py). `status` knocks at any address somebody wrote. A name is
looked up once, and what is connected to is what was looked at: one that answers with our own network, at once or at its
second asking (DNS rebinding), leads nowhere.
"""

import socket
import ssl
from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv6Address, IPv6Network
from time import monotonic

import httpx2

from service import networks
from service.resolver import Resolver, Unanswered

LARGEST = 65_536  # bytes
SECONDS = 5
STEPS = 4
"""An address and the redirects from it."""
PORTS = {"http": 80, "https": 443}
NAT64 = IPv6Network("64:ff9b::/96")
"""RFC 6052: an IPv4 address behind a translator, and so perhaps one of ours."""


Resolve = Callable[[str, int], list[str]]


class Unavailable(Exception):
    """It is not to be had now; let the provider try again."""


class Private(Exception):
    """It leads to where the public web is not: nothing was asked there."""


class Nowhere(Exception):
    """There is no such host."""


def addresses_of(host: str, port: int) -> list[str]:
    """The IP addresses of a host, as this machine resolves it. Raises OSError."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def is_public(address: str) -> bool:
    """Whether anybody on the internet may reach it; also what is hidden in an IPv6 address counts."""
    found = networks.parsed(address)
    if found is None or not found.is_global or found.is_multicast:
        return False
    if not isinstance(found, IPv6Address):
        return True
    within = (found.sixtofour, *(found.teredo or ()))
    return found not in NAT64 and all(one.is_global for one in within if one is not None)


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


def status(url: str, *, dns: Resolver, transport: httpx2.BaseTransport | None = None) -> int:
    """The HTTP status at an address of the public web, at most three redirects on; no body is read.

    The host is looked up once and that very address asked, so that a name cannot lead elsewhere between the two; each
    redirect is looked at like the first. Raises Private, Nowhere, Unavailable.
    """
    place = _parsed(url)
    with httpx2.Client(transport=transport, timeout=SECONDS, follow_redirects=False, trust_env=False) as client:
        for _ in range(STEPS):
            answer = _knock(client, place, dns)
            if "location" not in answer.headers or not 300 <= answer.status_code < 400:
                return answer.status_code
            place = _parsed(answer.headers["location"], place)
    raise Unavailable


def _knock(client: httpx2.Client, place: httpx2.URL, dns: Resolver) -> httpx2.Response:
    host = place.raw_host.decode("ascii")
    address = _public_address(host, dns)
    request = client.build_request(
        "GET",
        place.copy_with(host=address, userinfo=b"", fragment=None),
        headers={"Host": f"[{host}]" if ":" in host else host, "User-Agent": "Dateline link check"},
        extensions={"sni_hostname": host},
    )
    try:
        answer = client.send(request, stream=True)
        answer.close()
    except httpx2.HTTPError as fault:
        raise Unavailable from fault
    return answer


def _parsed(url: str, base: httpx2.URL | None = None) -> httpx2.URL:
    try:
        place = base.join(url) if base else httpx2.URL(url)
    except (httpx2.InvalidURL, UnicodeError) as fault:
        raise Nowhere from fault
    if place.scheme not in PORTS or not place.host:
        raise Nowhere
    if place.port not in (None, PORTS[place.scheme]):
        raise Private
    return place


def _public_address(host: str, dns: Resolver) -> str:
    given = networks.parsed(host)
    try:
        found = [str(given)] if given else dns.addresses(host)
    except Unanswered as fault:
        raise Unavailable from fault
    if not found:
        raise Nowhere
    if not all(map(is_public, found)):
        raise Private
    return found[0]


def _address(where: httpx2.URL, resolve: Resolve, allows: Callable[[str], bool]) -> str:
    """The one that is connected to; of a name with any that is not allowed, none."""
    found = resolve(where.host, where.port or PORTS["https"])
    if not found or not all(map(allows, found)):
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
