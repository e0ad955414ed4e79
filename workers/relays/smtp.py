"""The SMTP relay: one message in flight per connection, nothing pipelined past the final dot."""

from __future__ import annotations

import asyncio
import ssl

from workers.relays import capabilities
from workers.relays.capabilities import Capabilities
from workers.relays.dialogue import Dialogue
from workers.relays.login import log_in
from workers.relays.relay import Answer, Envelope, Outcome, Stage, Unavailable, Untrusted
from workers.relays.transaction import Transaction, answer, commands
from workers.relays.url import Security, Server, parse
from workers.relays.wire import Timeouts

DEFAULT = Timeouts()


class SmtpRelay:
    """One server, by URL. `hello` is the name we give in EHLO, `name` what reports and logs call the relay.

    Raises OSError or ssl.SSLError when the given CA file cannot be read.
    """

    def __init__(
        self, server: Server, *, name: str = "", hello: str = "localhost", timeouts: Timeouts = DEFAULT
    ) -> None:
        self._server = server
        self._hello = hello
        self._timeouts = timeouts
        self._tls = _tls(server) if server.security is not Security.CLEAR else None
        self.name = name or f"{server.host}:{server.port}"

    @classmethod
    def from_url(cls, url: str, *, name: str = "", hello: str = "localhost", timeouts: Timeouts = DEFAULT) -> SmtpRelay:
        """A relay at smtp://, smtp+starttls:// or smtps://. Raises ValueError (see `url.parse`)."""
        return cls(parse(url), name=name, hello=hello, timeouts=timeouts)

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
        tls = self._tls if self._server.security is Security.TLS else None
        try:
            async with asyncio.timeout(self._timeouts.connect):
                await loop.create_connection(lambda: dialogue.wire, self._server.host, self._server.port, ssl=tls)
        except ssl.SSLError as error:
            raise Untrusted(f"TLS failed: {error.reason or type(error).__name__}") from error
        except OSError as error:
            raise Unavailable(f"no connection: {type(error).__name__}") from error
        return dialogue

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
        reply = await dialogue.ask(f"EHLO {self._hello}")
        if reply.code == 250:
            return capabilities.read(reply)
        if reply.code not in {500, 502, 504}:
            raise Unavailable(reply.text, reply.code)
        reply = await dialogue.ask(f"HELO {self._hello}")
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


def _tls(server: Server) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=server.ca)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
