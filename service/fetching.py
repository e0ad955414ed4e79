"""What is fetched from the web outside: small and soon, and never from an address inside.

`fetch` takes a document that a provider's webhook names; which addresses may be fetched is the provider's file's
business, before it asks (service/feedback/webhooks/ses.py). `status` knocks at any address somebody wrote.
"""

from functools import lru_cache
from ipaddress import IPv6Address, IPv6Network
from time import monotonic

import httpx2

from service import networks
from service.networks import Address
from service.resolver import Resolver, Unanswered

LARGEST = 65_536  # bytes
SECONDS = 5
STEPS = 4
"""An address and the redirects from it."""
PORTS = {"http": 80, "https": 443}
NAT64 = IPv6Network("64:ff9b::/96")
"""RFC 6052: an IPv4 address behind a translator, and so perhaps one of ours."""


class Unavailable(Exception):
    """It is not to be had now; let the provider try again."""


class Private(Exception):
    """It leads to where the public web is not: nothing was asked there."""


class Nowhere(Exception):
    """There is no such host."""


def fetch(url: str, *, transport: httpx2.BaseTransport | None = None) -> bytes:
    """The document; no redirect is followed. Raises Unavailable."""
    if not url.startswith("https://"):
        raise Unavailable
    try:
        with (
            httpx2.Client(transport=transport, timeout=SECONDS, follow_redirects=False, trust_env=False) as client,
            client.stream("GET", url) as answer,
        ):
            return _read(answer)
    except httpx2.HTTPError as fault:
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
    if not all(is_public(address) for address in map(networks.parsed, found)):
        raise Private
    return found[0]


def is_public(address: Address | None) -> bool:
    """Whether anybody on the internet may reach it; also what is hidden in an IPv6 address counts."""
    if address is None or not address.is_global or address.is_multicast:
        return False
    if not isinstance(address, IPv6Address):
        return True
    within = (address.sixtofour, *(address.teredo or ()))
    return address not in NAT64 and all(one.is_global for one in within if one is not None)


def _read(answer: httpx2.Response) -> bytes:
    until, body = monotonic() + SECONDS, b""
    if answer.status_code != 200:
        raise Unavailable
    for piece in answer.iter_bytes():
        body += piece
        if len(body) > LARGEST or monotonic() > until:
            raise Unavailable
    return body
