"""MTA-STS policies, fetched by HTTPS (RFC 8461, 3.3): no redirect, 200 only, a small text, soon."""

from time import monotonic

import httpx2

LARGEST = 65_536  # bytes; RFC 8461, 3.3 lets a fetcher stop there
SECONDS = 5


class Unfetched(Exception):
    """The policy is not to be had; the message says why."""


def fetch(domain: str, *, transport: httpx2.BaseTransport | None = None) -> str:
    """The policy of a domain, as it stands there. Raises Unfetched."""
    url = f"https://mta-sts.{domain}/.well-known/mta-sts.txt"
    try:
        with httpx2.Client(transport=transport, timeout=SECONDS, follow_redirects=False) as client:
            return _read(client, url, until=monotonic() + SECONDS)
    except httpx2.HTTPError as fault:
        raise Unfetched(f"{url} cannot be fetched ({type(fault).__name__})") from fault


def _read(client: httpx2.Client, url: str, *, until: float) -> str:
    body = b""
    with client.stream("GET", url) as answer:
        if answer.status_code != 200:
            raise Unfetched(f"{url} answers {answer.status_code}, not 200")
        for piece in answer.iter_bytes():
            body += piece
            if len(body) > LARGEST or monotonic() > until:
                raise Unfetched(f"{url} is too long or too slow")
    return body.decode(errors="replace")
