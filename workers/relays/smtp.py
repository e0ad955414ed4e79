"""The SMTP and LMTP relay: one message in flight per connection, nothing pipelined past the final dot.

LMTP (RFC 2033) differs by its greeting only: one reply per recipient after the dot is one reply, as we name but one.
Messages travel by DATA: BDAT (RFC 3030) would save dot-stuffing, which the composer has mostly spared us already.
"""

from __future__ import annotations

import asyncio
import ssl

from workers.relays import capabilities, trust
from workers.relays.capabilities import Capabilities
from workers.relays.dialogue import Dialogue
from workers.relays.login import log_in
from workers.relays.relay import Answer, Envelope, Outcome, Stage, Unavailable, Untrusted
from workers.relays.server import Security, Server, server
from workers.relays.transaction import Transaction, answer, commands
from workers.relays.url import Place, parse
from workers.relays.wire import Timeouts

DEFAULT = Timeouts()


class SmtpRelay:
    """One server. `name` is what reports and logs call the relay.

    Raises OSError or ssl.SSLError when the given CA file cannot be read.
    """

    def __init__(self, server: Server, *, name: str, timeouts: Timeouts = DEFAULT) -> None:
        self._server = server
        self._timeouts = timeouts
        self._tls = trust.context(server.ca) if server.security is not Security.CLEAR else None
        self.name = name

    @classmethod
    def at(cls, place: Place, timeouts: Timeouts | None = None) -> SmtpRelay:
        """A relay at smtp://, smtp+starttls://, smtps:// or lmtp://. Raises ValueError (see `server`)."""
        return cls(server(place), name=place.name, timeouts=timeouts or DEFAULT)

    @classmethod
    def from_url(cls, url: str, *, name: str = "", timeouts: Timeouts = DEFAULT) -> SmtpRelay:
        """The same by its URL. Raises ValueError (see `url.parse`)."""
        place = parse(url)
        return cls(server(place), name=name or place.name, timeouts=timeouts)

    async def connect(self) -> SmtpConnection:
        """Open a connection, greet, protect, log in."""
        dialogue = await self._open()
        try:
            offers = await self._introduce(dialogue)
        except BaseException:
            dialogue.wire.drop("given up")
            raise
        dialogue.wire.rest()
        return SmtpConnection(self.name, dialogue, offers, self._timeouts)

    async def _open(self) -> Dialogue:
        loop = asyncio.get_running_loop()
        dialogue = Dialogue(loop, self._timeouts)
        try:
            async with asyncio.timeout(self._timeouts.connect):
                await self._reach(loop, dialogue)
        except ssl.SSLError as error:
            raise Untrusted(trust.told(error)) from error
        except OSError as error:
            raise Unavailable(f"no connection: {type(error).__name__}") from error
        return dialogue

    async def _reach(self, loop: asyncio.AbstractEventLoop, dialogue: Dialogue) -> None:
        server = self._server
        tls = self._tls if server.security is Security.TLS else None
        if server.socket:
            await loop.create_unix_connection(lambda: dialogue.wire, server.socket)
        else:
            await loop.create_connection(lambda: dialogue.wire, server.host, server.port, ssl=tls)

    async def _introduce(self, dialogue: Dialogue) -> Capabilities:
        greeting = await dialogue.greeting()
        if greeting.code != 220:
            raise Unavailable(greeting.text, greeting.code)
        offers = await self._say_hello(dialogue)
        if self._server.security is Security.STARTTLS:
            offers = await self._protect(dialogue, offers)
        if self._server.user is not None:
            await log_in(dialogue, self._server.user, self._server.password, offers.mechanisms)
        return offers

    async def _say_hello(self, dialogue: Dialogue) -> Capabilities:
        hello = self._server.hello
        reply = await dialogue.ask(f"{'LHLO' if self._server.lmtp else 'EHLO'} {hello}")
        if reply.code == 250:
            return capabilities.read(reply)
        if reply.code not in {500, 502, 504} or self._server.lmtp:
            raise Unavailable(reply.text, reply.code)
        reply = await dialogue.ask(f"HELO {hello}")
        if reply.code != 250:
            raise Unavailable(reply.text, reply.code)
        return Capabilities()

    async def _protect(self, dialogue: Dialogue, offers: Capabilities) -> Capabilities:
        if self._tls is None or not offers.starttls:
            raise Untrusted("does not offer STARTTLS")
        reply = await dialogue.ask("STARTTLS")
        if reply.code != 220:
            raise Untrusted(reply.text, reply.code)
        await dialogue.secure(self._tls, self._server.host)
        return await self._say_hello(dialogue)


class SmtpConnection:
    """One open SMTP connection."""

    def __init__(self, relay: str, dialogue: Dialogue, offers: Capabilities, timeouts: Timeouts) -> None:
        self.relay = relay
        self.signs_itself = False
        self._dialogue = dialogue
        self._wire = dialogue.wire
        self._offers = offers
        self._timeouts = timeouts
        self._to_reset = False
        self._busy = False

    @property
    def eight_bit(self) -> bool:
        """It takes 8-bit bodies."""
        return self._offers.eight_bit

    @property
    def utf8(self) -> bool:
        """It takes UTF-8 addresses and headers."""
        return self._offers.utf8

    @property
    def size(self) -> int | None:
        """The largest message it takes, octets; None when it states no limit."""
        return self._offers.size

    @property
    def closed(self) -> bool:
        """No message can be sent any more."""
        return self._wire.closed

    async def send(self, envelope: Envelope) -> Answer:
        """Hand over one message. Raises RuntimeError when another one is in flight: that is the caller's mistake."""
        if self._busy:
            raise RuntimeError("one message at a time")
        said = commands(envelope, self._offers)
        if isinstance(said, Answer):
            return said
        if self._wire.closed:
            return self._gone()
        transaction = Transaction(self._wire, envelope, self._timeouts)
        transaction.begin(said, pipelining=self._offers.pipelining, after_reset=self._to_reset)
        self._busy = True
        try:
            return await transaction.answer
        except asyncio.CancelledError:
            self._wire.drop("cancelled")
            raise
        finally:
            self._busy = False
            self._to_reset = transaction.is_open

    def _gone(self) -> Answer:
        farewell = self._wire.farewell
        if farewell is None:
            return Answer(Outcome.DEFERRED, Stage.CONNECT, text=self._wire.why)
        return answer(Stage.CONNECT, farewell)

    async def close(self) -> None:
        """QUIT, wait for the goodbye, close. A message in flight is given up: its answer says what is known."""
        if not self._wire.closed and not self._busy:
            await self._quit()
        self._wire.drop("closed")

    async def _quit(self) -> None:
        try:
            await self._dialogue.ask("QUIT", self._timeouts.quit)
        except Unavailable:
            return  # it has hung up first, which is goodbye enough
