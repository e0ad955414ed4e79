"""One message over one wire: MAIL, RCPT, DATA, the message, the answer."""

from __future__ import annotations

import asyncio
import re

from workers.relays.capabilities import Capabilities
from workers.relays.relay import Answer, Envelope, Outcome, Stage
from workers.relays.replies import Reply, enhanced, retry_after
from workers.relays.wire import Timeouts, Wire

_STAGES = (Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.DOT)
_STAGES_AFTER_RESET = (Stage.MAIL, *_STAGES)
_NOT_XTEXT = re.compile(r"[^!-*,-<>-~]")


class Transaction:
    """The state of one mail transaction; the replies themselves drive it, so a message wakes its sender once."""

    __slots__ = ("_at", "_dots", "_message", "_refused", "_stages", "_timeouts", "_waiting", "_wire", "answer")

    def __init__(self, wire: Wire, envelope: Envelope, timeouts: Timeouts) -> None:
        self._wire = wire
        self._message = envelope.message
        self._dots = envelope.dots
        self._timeouts = timeouts
        self._waiting: tuple[bytes, ...] = ()
        self._stages: tuple[Stage, ...] = _STAGES
        self._at = 0
        self._refused: Answer | None = None
        self.answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()

    def begin(self, commands: tuple[bytes, ...], *, pipelining: bool, after_reset: bool) -> None:
        """Send MAIL, RCPT and DATA: in one write with PIPELINING (RFC 2920), else one by one."""
        if after_reset:
            commands = (b"RSET\r\n", *commands)
            self._stages = _STAGES_AFTER_RESET
        self._wire.listener = self
        if pipelining:
            self._wire.write(b"".join(commands), self._timeouts.reply)
            return
        self._waiting = commands[1:]
        self._wire.write(commands[0], self._timeouts.reply)

    @property
    def is_open(self) -> bool:
        """The server may still hold an envelope that no message followed: RSET before the next one."""
        return self._refused is not None

    def replied(self, reply: Reply) -> None:
        stage = self._stages[self._at]
        if stage is Stage.DOT:
            self._conclude(reply)
        elif reply.code == 421:
            self._finish(self._refused or answer(stage, reply))
            self._wire.drop("closed by the relay")
        elif stage is Stage.DATA:
            self._go_ahead(reply)
        else:
            self._go_on(stage, reply)

    def _go_on(self, stage: Stage, reply: Reply) -> None:
        if reply.code >= 400:
            self._refused = self._refused or answer(stage, reply)
        elif reply.code >= 300:
            self._wire.drop("out of step")
            return
        self._at += 1
        if self._waiting:
            self._say_next()

    def _say_next(self) -> None:
        if self._refused is not None:
            self._finish(self._refused)
            return
        command, *rest = self._waiting
        self._waiting = tuple(rest)
        self._wire.write(command, self._timeouts.reply)

    def _go_ahead(self, reply: Reply) -> None:
        if reply.code >= 400:
            self._refused = self._refused or answer(Stage.DATA, reply)
            self._finish(self._refused)
        elif reply.code != 354 or self._wire.unread:
            self._wire.drop("out of step")
        elif self._refused is not None:
            # RFC 2920 3.1: DATA was taken although nobody is to receive it; a lone dot gets us out.
            self._at += 1
            self._wire.write(b".\r\n", self._timeouts.reply)
        else:
            self._at += 1
            self._wire.write(stuffed(self._message, dots=self._dots), self._timeouts.dot)

    def _conclude(self, reply: Reply) -> None:
        if self._refused is not None:
            self._finish(self._refused)
        elif 300 <= reply.code < 400:
            self._wire.drop("out of step")
        else:
            self._finish(answer(Stage.DOT, reply))
        if reply.code == 421:
            self._wire.drop("closed by the relay")

    def lost(self, why: str) -> None:
        stage = self._stages[self._at]
        if self._refused is not None:
            self._tell(self._refused)
        elif stage is not Stage.DOT:
            self._tell(Answer(Outcome.DEFERRED, stage, text=why))
        elif self._wire.blocked:
            self._tell(Answer(Outcome.DEFERRED, Stage.DATA, text=why))  # the dot never left this machine
        else:
            self._tell(Answer(Outcome.UNCERTAIN, Stage.DOT, text=why))

    def _finish(self, told: Answer) -> None:
        self._tell(told)
        self._wire.rest()

    def _tell(self, told: Answer) -> None:
        if not self.answer.done():
            self.answer.set_result(told)


def commands(envelope: Envelope, offers: Capabilities) -> tuple[bytes, bytes, bytes] | Answer:
    """MAIL with the parameters that are both offered and needed, RCPT, DATA.

    With DSN (RFC 3461) reports of failure and delay are asked for, with the headers only and our own name in them.
    What the server could only refuse is answered in its stead: a message too long (RFC 1870), an address or header in
    UTF-8 (RFC 6531), an 8-bit body (RFC 6152) that it does not take.
    """
    message, recipient, return_path = envelope.message, envelope.recipient, envelope.return_path
    options = f" SIZE={len(message)}" if offers.sizes else ""
    if offers.size is not None and len(message) > offers.size:
        text = f"the message has {len(message)} octets, the relay takes {offers.size}"
        return Answer(Outcome.REJECTED, Stage.MAIL, enhanced="5.3.4", text=text)
    if envelope.utf8 or not (recipient.isascii() and return_path.isascii()):
        options += " SMTPUTF8"
        if not offers.utf8:
            return Answer(Outcome.REJECTED, Stage.RCPT, enhanced="5.6.7", text="the relay does not offer SMTPUTF8")
    if not message.isascii():
        options += " BODY=8BITMIME"
        if not offers.eight_bit:
            return Answer(Outcome.REJECTED, Stage.MAIL, enhanced="5.6.3", text="the relay does not offer 8BITMIME")
    notify = ""
    if offers.dsn:
        options += f" RET=HDRS ENVID={envelope.envid}" if envelope.envid else " RET=HDRS"
        notify = f" NOTIFY=FAILURE,DELAY{_original(recipient)}"
    return (
        f"MAIL FROM:<{return_path}>{options}\r\n".encode(),
        f"RCPT TO:<{recipient}>{notify}\r\n".encode(),
        b"DATA\r\n",
    )


def _original(recipient: str) -> str:
    # RFC 3461 4.2; an address in UTF-8 has a form of its own (RFC 6533 3) that few read, so it goes without.
    if not recipient.isascii() or len(recipient) > 400:
        return ""
    return " ORCPT=rfc822;" + _NOT_XTEXT.sub(lambda found: f"+{ord(found[0]):02X}", recipient)


def stuffed(message: bytes, *, dots: bool = True) -> bytes:
    """The message as it travels: dots doubled at the start of lines, the final dot after it (RFC 5321 4.5.2)."""
    if not dots:
        return message + b".\r\n"
    if message.startswith(b"."):
        message = b"." + message
    return message.replace(b"\r\n.", b"\r\n..") + b".\r\n"


def answer(stage: Stage, reply: Reply) -> Answer:
    """A reply in the contract's words; a 2xx can only be the final dot's."""
    code, text = reply.code, reply.text
    if code < 300:
        return Answer(Outcome.ACCEPTED, stage, code, enhanced(code, text), text)
    if code < 500:
        return Answer(Outcome.DEFERRED, stage, code, enhanced(code, text), text, retry_after(text))
    return Answer(Outcome.REJECTED, stage, code, enhanced(code, text), text)
