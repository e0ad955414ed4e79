"""The server's side of SMTP: what a sink has to know of RFC 5321, and the decisions left to a desk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, cast

LARGEST_MESSAGE = 50_000_000
LONGEST_COMMAND = 4096
END = b"\r\n.\r\n"
GREETING = b"220 development.relay ESMTP: nothing leaves from here\r\n"
OFFERS = (b"PIPELINING", b"8BITMIME", b"SMTPUTF8", b"ENHANCEDSTATUSCODES", b"SIZE %d" % LARGEST_MESSAGE)
EHLO = b"".join(b"250%c%s\r\n" % (b"- "[offer is OFFERS[-1]], offer) for offer in (b"development.relay", *OFFERS))
HANG_UP = b""

Answered = Callable[[bytes], None]


@dataclass(frozen=True, slots=True)
class Mail:
    """One message as it was written: dots unstuffed, its last CRLF kept."""

    return_path: str
    recipients: tuple[str, ...]
    message: bytes


class Desk(Protocol):
    """Who decides. An answer is a whole reply with its CRLF; HANG_UP closes the connection without one."""

    def recipient(self, address: str) -> bytes | None:
        """A refusal, or None for someone who may be written to."""
        ...

    def deliver(self, mail: Mail, answered: Answered) -> None:
        """Take the message and answer it once, now or later."""
        ...


class Reception(asyncio.Protocol):
    """One client's connection. Commands may come in any pieces, replies to what came together go together."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._replies: list[bytes] = []
        self._text: list[bytes] | None = None
        self._size = 0
        self._tail = b""
        self._works = self._waits = self._closing = False
        self._reset()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(GREETING)

    def connection_lost(self, _exc: Exception | None) -> None:
        self._closing = True

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._work()

    def _work(self) -> None:
        self._works = True
        while not (self._waits or self._closing) and self._step():
            pass
        self._works = False
        self._flush()

    def _step(self) -> bool:
        """One command or one message; False when more has to arrive first."""
        if self._text is not None:
            return self._take(self._text)
        line, found, rest = self._buffer.partition(b"\n")
        if len(line) > LONGEST_COMMAND:
            self._closing = True
        if not found:
            return False
        self._buffer = rest
        answer = _COMMANDS.get(line[:4].upper().rstrip(), Reception._unknown)
        self._replies.append(answer(self, line))
        return True

    def _flush(self) -> None:
        if self._transport is None:
            return
        if self._replies:
            self._transport.write(b"".join(self._replies))
            self._replies.clear()
        if self._closing:
            self._transport.close()

    def _take(self, text: list[bytes]) -> bool:
        """Collect the message. Its end may lie across two reads, so each is searched with the octets before it."""
        data, self._buffer = self._buffer, b""
        end = (self._tail + data).find(END)
        if end < 0:
            text.append(data)
            self._size += len(data)
            self._tail = (self._tail + data)[-4:]
            self._closing = self._size > LARGEST_MESSAGE
            return False
        text.append(data)
        whole = b"".join(text)
        stop = self._size - len(self._tail) + end + 2
        self._text, self._buffer = None, whole[stop + 3 :]
        self._deliver(whole[:stop].replace(b"\r\n.", b"\r\n")[2:])
        return True

    def _deliver(self, message: bytes) -> None:
        mail = Mail(self._return_path or "", tuple(self._recipients), message)
        self._reset()
        self._waits = True
        self._desk.deliver(mail, self._answered)

    def _answered(self, answer: bytes) -> None:
        self._waits = False
        self._reply_or_hang_up(answer)
        if not self._works:
            self._work()

    def _reply_or_hang_up(self, answer: bytes) -> bytes:
        self._replies.append(answer)
        self._closing = self._closing or answer == HANG_UP or answer.startswith(b"421")
        return b""

    def _reset(self) -> None:
        self._return_path: str | None = None
        self._recipients: list[str] = []

    def _mail(self, line: bytes) -> bytes:
        path = _path(line)
        if path is None or self._return_path is not None:
            return b"503 5.5.1 One MAIL FROM:<address> at a time\r\n"
        self._return_path = path
        return b"250 2.1.0 Ok\r\n"

    def _rcpt(self, line: bytes) -> bytes:
        path = _path(line)
        if not path or self._return_path is None:
            return b"503 5.5.1 MAIL first, then RCPT TO:<address>\r\n"
        refusal = self._desk.recipient(path)
        if refusal is not None:
            return self._reply_or_hang_up(refusal)
        self._recipients.append(path)
        return b"250 2.1.5 Ok\r\n"

    def _data(self, _line: bytes) -> bytes:
        if not self._recipients:
            return b"554 5.5.1 No valid recipients\r\n"
        # The message begins a line, so a dot at its very start counts as one after CRLF.
        self._text, self._size, self._tail = [b"\r\n"], 2, b"\r\n"
        return b"354 End data with <CR><LF>.<CR><LF>\r\n"

    def _ehlo(self, _line: bytes) -> bytes:
        self._reset()
        return EHLO

    def _helo(self, _line: bytes) -> bytes:
        self._reset()
        return b"250 development.relay\r\n"

    def _rset(self, _line: bytes) -> bytes:
        self._reset()
        return b"250 2.0.0 Ok\r\n"

    def _noop(self, _line: bytes) -> bytes:
        return b"250 2.0.0 Ok\r\n"

    def _quit(self, _line: bytes) -> bytes:
        self._closing = True
        return b"221 2.0.0 Bye\r\n"

    def _unknown(self, _line: bytes) -> bytes:
        return b"502 5.5.1 Command not known\r\n"


_COMMANDS: dict[bytes, Callable[[Reception, bytes], bytes]] = {
    b"MAIL": Reception._mail,
    b"RCPT": Reception._rcpt,
    b"DATA": Reception._data,
    b"EHLO": Reception._ehlo,
    b"HELO": Reception._helo,
    b"RSET": Reception._rset,
    b"NOOP": Reception._noop,
    b"QUIT": Reception._quit,
}


def _path(line: bytes) -> str | None:
    """The address between < and >; None when there is none."""
    _, opened, rest = line.partition(b"<")
    path, closed, _ = rest.partition(b">")
    return path.decode("utf-8", "backslashreplace") if opened and closed else None
