"""A relay by a provider's HTTP API: what all of them have in common; each provider is one file and a `Provider`.

One HTTPS connection each, with one request in flight. `connect` proves both ends with an empty request to the address
mail goes to: it needs no right beyond sending, cannot send anything, and finds a wrong key before anybody's mail does.
HTTP has no final dot: once the request has begun to leave, a lost connection or a 5xx says nothing about what was
taken, and no provider here documents a key that would make a second try harmless. So that is UNCERTAIN, never retried.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import httpx2

from workers.relays import trust
from workers.relays.relay import Answer, Envelope, LoginRefused, Outcome, Stage, Unavailable, Untrusted
from workers.relays.url import Place
from workers.relays.verdicts import LOGIN, THROTTLED, answer_to
from workers.relays.wire import Timeouts

DEFAULT = Timeouts(dot=120)
LARGEST_REPLY = 65536
REST = 1
"""Seconds a relay that throttled us without saying for how long is left alone."""


@dataclass(frozen=True, slots=True)
class Request:
    """One POST."""

    path: str
    content: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered; header names in lower case, at most 64 KiB of body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        """The body's object; empty when it is none."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


class Provider(Protocol):
    """One provider: an envelope in its words, and its answer in ours. `size` is its limit in octets.

    `signs_itself`: it changes what a signature of ours would cover, and puts its own on what it makes of it.
    """

    @property
    def base(self) -> str:
        """Scheme, host and port."""
        ...

    @property
    def size(self) -> int: ...
    @property
    def signs_itself(self) -> bool: ...

    def knock(self) -> Request:
        """A request that is refused for being empty, after the login was looked at."""
        ...

    def request(self, envelope: Envelope) -> Request: ...

    def understand(self, reply: Reply) -> Answer | None:
        """What the reply means, where it means something of this provider's own."""
        ...


class ApiRelay:
    """One account at a provider."""

    def __init__(self, provider: Provider, place: Place, *, timeouts: Timeouts | None = None) -> None:
        self._provider = provider
        self._timeouts = timeouts or DEFAULT
        self._tls = trust.context(place.options.get("ca"))
        self._refused: str | None = None
        self._rests_until = 0.0
        self.name = place.name

    async def connect(self) -> ApiConnection:
        """Reach the provider and knock."""
        if self._refused is not None:
            why, self._refused = self._refused, None
            raise LoginRefused(why, LOGIN)
        if time.monotonic() < self._rests_until:
            raise Unavailable("throttled", THROTTLED)
        connection = ApiConnection(self, self._provider, self._client(), self._timeouts)
        try:
            await connection.knock()
        except BaseException:
            await connection.close()
            raise
        return connection

    def remember(self, told: Answer) -> None:
        """What one connection was told about the account holds for the next one."""
        if told.code == LOGIN:
            self._refused = told.text
        elif told.code == THROTTLED:
            self._rests_until = time.monotonic() + (told.retry_after or REST)

    def _client(self) -> httpx2.AsyncClient:
        # No proxy and no .netrc from the environment; a redirect would take the key elsewhere.
        limits = httpx2.Limits(max_connections=1, max_keepalive_connections=1)
        transport = httpx2.AsyncHTTPTransport(verify=self._tls, trust_env=False, limits=limits)
        patience = httpx2.Timeout(self._timeouts.dot, connect=self._timeouts.connect)
        return httpx2.AsyncClient(transport=transport, trust_env=False, follow_redirects=False, timeout=patience)


class ApiConnection:
    """One connection to a provider."""

    eight_bit = False
    utf8 = False

    def __init__(self, relay: ApiRelay, provider: Provider, client: httpx2.AsyncClient, timeouts: Timeouts) -> None:
        self._account = relay
        self._provider = provider
        self._client = client
        self._timeouts = timeouts
        self._busy = False
        self.relay = relay.name
        self.size = provider.size
        self.signs_itself = provider.signs_itself
        self.closed = False

    async def knock(self) -> None:
        """Raises Unavailable, LoginRefused, Untrusted."""
        try:
            reply = await self._ask(self._provider.knock(), _Progress())
        except (httpx2.HTTPError, TimeoutError) as fault:
            raise _unreachable(fault) from fault
        told = self._understand(reply)
        if told.code == LOGIN:
            raise LoginRefused(told.text, LOGIN)
        if told.outcome in {Outcome.DEFERRED, Outcome.UNCERTAIN}:
            self._account.remember(told)
            raise Unavailable(told.text, told.code)

    async def send(self, envelope: Envelope) -> Answer:
        """Hand over one message. Raises RuntimeError when another one is in flight: that is the caller's mistake."""
        if self._busy:
            raise RuntimeError("one message at a time")
        if self.closed:
            return Answer(Outcome.DEFERRED, Stage.CONNECT, text="closed")
        impossible = _impossible(envelope, self.size)
        if impossible is not None:
            return impossible
        self._busy = True
        try:
            told = await self._hand_over(envelope)
        except asyncio.CancelledError:
            self.closed = True
            raise
        finally:
            self._busy = False
        if told.outcome is Outcome.UNCERTAIN or told.stage is Stage.CONNECT or told.code == THROTTLED:
            self.closed = True
            self._account.remember(told)
        return told

    async def close(self) -> None:
        """Close the connection; HTTP has no goodbye."""
        self.closed = True
        await self._client.aclose()

    async def _hand_over(self, envelope: Envelope) -> Answer:
        try:
            request = self._provider.request(envelope)
        except (ValueError, LookupError) as fault:
            return Answer(Outcome.REJECTED, Stage.DATA, enhanced="5.6.0", text=f"could not be taken apart: {fault}")
        progress = _Progress()
        try:
            reply = await self._ask(request, progress)
        except (httpx2.HTTPError, TimeoutError) as fault:
            self.closed = True
            return progress.answer(type(fault).__name__)
        return self._understand(reply)

    def _understand(self, reply: Reply) -> Answer:
        return self._provider.understand(reply) or answer_to(reply.status, reply.headers, _words(reply))

    async def _ask(self, request: Request, progress: _Progress) -> Reply:
        """One request, its reply. httpx2 counts its time by the read; ours ends all the same."""
        headers = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "dateline"}
        async with (
            asyncio.timeout(self._timeouts.connect + self._timeouts.dot),
            self._client.stream(
                "POST",
                self._provider.base + request.path,
                content=request.content,
                headers={**headers, **request.headers},
                extensions={"trace": progress.trace},
            ) as response,
        ):
            body = b""
            async for piece in response.aiter_raw():
                body += piece
                if len(body) > LARGEST_REPLY:
                    break
        return Reply(response.status_code, dict(response.headers), body[:LARGEST_REPLY])


class _Progress:
    """How far a request came: what httpcore2 traces."""

    def __init__(self) -> None:
        self._begun = False
        self._broken = False

    async def trace(self, event: str, info: Mapping[str, Any]) -> None:
        if event == "http11.send_request_body.started":
            self._begun = True
        elif event == "http11.send_request_body.failed":
            # The rest of it is thrown away with the connection. A time-out is no proof: it may leave while we look.
            self._broken = type(info["exception"]).__name__ == "WriteError"

    def answer(self, why: str) -> Answer:
        if not self._begun:
            return Answer(Outcome.DEFERRED, Stage.CONNECT, text=f"no connection: {why}")
        if self._broken:
            return Answer(Outcome.DEFERRED, Stage.DATA, text=f"connection lost: {why}")
        return Answer(Outcome.UNCERTAIN, Stage.DOT, text=f"no answer: {why}")


def _words(reply: Reply) -> str:
    """The provider's words: the members by which these name what is wrong, else what came."""
    found = reply.json
    errors = found.get("errors")
    if isinstance(errors, list) and errors and isinstance(errors[0], dict):
        found = errors[0]
    for key in ("message", "Message"):
        if isinstance(found.get(key), str):
            return str(found[key])
    return reply.body.decode("utf-8", "backslashreplace")


def _impossible(envelope: Envelope, size: int) -> Answer | None:
    """What could only be refused: too long, or an address that needs SMTPUTF8, which none of these APIs speaks."""
    length = len(envelope.message)
    if length > size:
        text = f"the message has {length} octets, the relay takes {size}"
        return Answer(Outcome.REJECTED, Stage.MAIL, enhanced="5.3.4", text=text)
    if envelope.utf8 or not envelope.recipient.isascii():
        return Answer(Outcome.REJECTED, Stage.RCPT, enhanced="5.6.7", text="the relay does not take UTF-8 addresses")
    return None


def _unreachable(fault: BaseException) -> Unavailable:
    cause: BaseException | None = fault
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return Untrusted(trust.told(cause))
        cause = cause.__cause__ or cause.__context__  # httpcore2 keeps the latter only
    return Unavailable(f"no connection: {type(fault).__name__}")
