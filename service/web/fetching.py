"""Documents that a provider's webhook has us fetch: by https, from where it was said to be, small and soon.

Which addresses may be fetched is the provider's file's business, before it asks (service/feedback/webhooks/ses.py).
"""

from functools import lru_cache
from time import monotonic

import httpx2

LARGEST = 65_536  # bytes
SECONDS = 5


class Unavailable(Exception):
    """It is not to be had now; let the provider try again."""


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


def _read(answer: httpx2.Response) -> bytes:
    until, body = monotonic() + SECONDS, b""
    if answer.status_code != 200:
        raise Unavailable
    for piece in answer.iter_bytes():
        body += piece
        if len(body) > LARGEST or monotonic() > until:
            raise Unavailable
    return body
