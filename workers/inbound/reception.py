"""One connection of inbound: aiosmtpd's commands, and a stricter end to lines, messages and what one may hold of us."""

import asyncio
from typing import Any, cast

import structlog
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope

from service.received import LARGEST
from workers.inbound.desk import Desk

log = structlog.get_logger(__name__)

SECONDS_IDLE = 60.0
OCTETS_IN_TIME = 65_536
"""Of a message, within SECONDS_IDLE: who is slower than that holds a connection for nothing."""
LONGEST_LINE = 65_536
"""Octets. RFC 5321 asks for 998, but bounces quote mails in which others wrote longer ones."""
# Each far above what one server says in one connection; a command without a number of its own has the last.
MOST_COMMANDS = {"MAIL": 1000, "RCPT": 10_000, "DATA": 1000, "RSET": 1000, "*": 100}

BARE = "550 5.6.11 A line ends with CR and LF together, and nothing else (RFC 5321, 2.3.8)"
TOO_LONG = "500 5.5.2 A line is too long"
TOO_LARGE = "552 5.3.4 The message is too large"
TOO_SOON = "554 5.5.0 Nothing is said after DATA before it is answered (RFC 2920, 3.1)"


class Reception(SMTP):
    """An SMTP connection."""

    greeting = "ESMTP"

    line_length_limit = LONGEST_LINE

    def __init__(self, desk: Desk, open_: set["Reception"], **options: Any) -> None:
        super().__init__(
            desk,
            data_size_limit=LARGEST,
            enable_SMTPUTF8=True,
            ident=self.greeting,
            timeout=SECONDS_IDLE,
            command_call_limit=MOST_COMMANDS,
            **options,
        )
        self._open = open_
        self._octets = 0
        self._counted: Envelope | None = None

    @property
    def peer(self) -> str:
        """The client's IP address; "" on a socket of this machine."""
        return peer_of(self.transport)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._open.add(self)

    def connection_lost(self, error: Exception | None) -> None:
        self._open.discard(self)
        super().connection_lost(error)

    def data_received(self, data: bytes) -> None:
        # The pieces of a line without an end are kept for as long as they come; each message is a new envelope.
        self._octets = (self._octets if self.envelope is self._counted else 0) + len(data)
        self._counted = self.envelope
        if self._octets > 2 * LARGEST:
            log.warning("inbound connection cut", octets=self._octets)
            cast("asyncio.Transport", self.transport).abort()
            return
        super().data_received(data)

    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        """Take a message. Not aiosmtpd's own, which lets bare line feeds through to be smuggled on by others."""
        if await self.check_helo_needed() or await self.check_auth_needed("DATA"):
            return
        envelope = cast("Envelope", self.envelope)
        recipients = len(envelope.rcpt_tos)
        if not recipients or arg:
            await self.push("501 5.5.4 Syntax: DATA" if arg else "503 5.5.1 Whom for?")
            return
        if cast("Any", self._reader)._buffer:  # asyncio shows it in no other way
            # What comes now would be taken for the message, or for commands.
            await self.push(TOO_SOON)
            cast("asyncio.Transport", self.transport).close()
            return
        await self.push("354 End with <CR><LF>.<CR><LF>")
        message, fault = await self._message()
        envelope.content = envelope.original_content = message
        status = fault or await self._call_handler_hook("DATA")
        cast("Any", self)._set_post_data_state()
        await self._settle(status, recipients)

    async def _settle(self, status: str, _recipients: int) -> None:
        await self.push(status)

    async def _message(self) -> tuple[bytes, str]:
        """The message without its transparency dots, and what is wrong with it: read to its end in either case."""
        lines: list[bytes] = []
        size, paid, fault = 0, 0, ""
        while (line := await self._line()) != b".\r\n":
            size += len(line)
            fault = fault or _fault(line, size)
            if fault:
                lines.clear()
            else:
                lines.append(line[1:] if line.startswith(b".") else line)
            if size - paid > OCTETS_IN_TIME:
                paid = size
                self._reset_timeout()
        return b"".join(lines), fault

    async def _line(self) -> bytes:
        """The next line with its CRLF; what is left of one that was too long without it."""
        longest = b""
        while True:
            try:
                line: bytes = await self._reader.readuntil(b"\r\n")
            except asyncio.LimitOverrunError as over:
                longest = await self._reader.read(over.consumed)
                continue
            return longest[:-1].ljust(LONGEST_LINE + 1) if longest else line


class Lmtp(Reception, LMTP):
    """An LMTP connection (RFC 2033): the same, but that after the text each recipient is answered by itself."""

    greeting = "LMTP"

    async def _settle(self, status: str, recipients: int) -> None:
        await self.push("\r\n".join([status] * recipients))


def peer_of(transport: Any) -> str:
    """The IP address at the other end; "" where there is none."""
    found = transport.get_extra_info("peername") if transport is not None else None
    return str(found[0]) if isinstance(found, tuple) else ""


def _fault(line: bytes, size: int) -> str:
    if len(line) > LONGEST_LINE:
        return TOO_LONG
    if b"\n" in line[:-2] or b"\r" in line[:-2]:
        return BARE
    return TOO_LARGE if size > LARGEST else ""
