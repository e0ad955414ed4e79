"""Account mail leaves: each mail has a talk with the relay of its own, so that a slow one holds up no other."""

import asyncio
from typing import NamedTuple
from uuid import UUID

import structlog
from jinja2 import TemplateError
from sqlalchemy.exc import OperationalError

from service import account_mails, db, rates
from service.errors import Refused
from service.links import Links
from service.models import AccountMailState
from service.settings import Settings
from workers.relays.relay import Answer, Connection, Envelope, Relay, Unavailable
from workers.relays.wire import Timeouts
from workers.sending import account_letters, retry
from workers.sending.throttle import Bucket, Demand, Kind, Throttle

log = structlog.get_logger(__name__)

# Shorter than a release's: who waits for a link asks again after two minutes, and an uncertain one is never sent twice.
TIMEOUTS = Timeouts(connect=10, reply=30, dot=120)
SCHEDULE = (15, 30, 60, 120, 300, 600, 1200)
"""Seconds before the second try, the third, …: within the hour that a sign-in link lasts."""
TALKS = 4
LOOK = 0.3
"""Seconds between looks at the table while somebody is in talks."""
GO_ON = 120.0
"""Seconds after which nothing new is begun, so that the task ends well within its limit."""
LIMIT = 720
"""Seconds a task may take: GO_ON, and the slowest talk there can be; account_mails.LOST_AFTER is longer."""
REST = 15.0
"""Seconds of rest when the relay is away; longer than finding that out takes."""
IDLE = 5.0
"""Seconds after which a kept connection is not trusted to be open still."""
EVERYBODY = Bucket(Kind.PROVIDER, "account mail")
"""It is few and each mail was asked for: no provider's pace is kept for it."""
PATIENCE = 60
"""Seconds that an answer in hand waits for a database that went away."""


class Letter(NamedTuple):
    """A mail that is durably `attempting`: it may leave now."""

    id: UUID
    attempt: int
    envelope: Envelope


class Courier:
    """One process's connections to the relay, kept for some seconds."""

    def __init__(self, settings: Settings, relay: Relay, links: Links, throttle: Throttle) -> None:
        self._settings = settings
        self._relay = relay
        self._links = links
        self._throttle = throttle
        self._idle: list[Connection] = []
        self._rested = 0.0
        self._talks = 0

    async def send_due(self) -> None:
        """Send until nothing is due and nobody is in talks any more."""
        await self._refresh()
        clock = asyncio.get_running_loop().time
        over = clock() + GO_ON
        async with asyncio.TaskGroup() as group:
            while clock() < over:
                if self._talks < TALKS and await self._begin(group):
                    continue
                if not self._talks:
                    break
                await asyncio.sleep(LOOK)
        self._rested = clock()

    async def close(self) -> None:
        """Say goodbye to the relay."""
        await asyncio.gather(*(connection.close() for connection in self._idle))
        self._idle.clear()

    async def _refresh(self) -> None:
        if asyncio.get_running_loop().time() - self._rested > IDLE:
            await self.close()

    async def _begin(self, group: asyncio.TaskGroup) -> bool:
        """Begin the next talk; False when there is nothing to say, or nobody to say it to."""
        try:
            if not _waiting():
                return False
            connection = await self._connection()
            if connection is None:
                _rest()
                return False
            letter = self._take(connection) if await self._may_leave(connection.relay) else None
        except OperationalError:
            # The tick rings again; those in talks must not be cut short for it.
            log.warning("account mail waits for the database")
            return False
        if letter is None:
            self._idle.append(connection)
            return False
        self._talks += 1
        group.create_task(self._talk(connection, letter))
        return True

    async def _connection(self) -> Connection | None:
        while self._idle:
            connection = self._idle.pop()
            if not connection.closed:
                return connection
        try:
            return await self._relay.connect()
        except Unavailable as fault:
            log.warning("relay unavailable", relay=self._relay.name, fault=type(fault).__name__, code=fault.code)
            return None

    async def _may_leave(self, relay: str) -> bool:
        """Whether the relay's limit leaves room; account mail shares it with releases, which stand back meanwhile."""
        bucket = Bucket(Kind.RELAY, relay, rates.of(rates.parse(self._settings.relay_limits), relay))
        grant = await self._throttle.take(Demand(1, (bucket,), {EVERYBODY: 1}, urgent=True))
        return grant.total > 0

    def _take(self, connection: Connection) -> Letter | None:
        """The next mail, its attempt written down; those that cannot be written are given up on the way."""
        while True:
            with db.transaction() as session:
                mail = account_mails.take(session)
                if mail is None:
                    return None
                try:
                    with session.begin_nested():
                        account_mails.begin(session, mail)
                        message = account_letters.letter(
                            session, mail, signed=not connection.signs_itself, eight_bit=connection.eight_bit
                        )
                        envelope = self._envelope(mail.id, mail.address, message)
                    return Letter(mail.id, mail.attempts, envelope)
                except (Refused, TemplateError, ValueError) as fault:
                    session.refresh(mail)
                    account_mails.give_up(session, mail, str(fault))
                    log.warning("account mail given up", mail=str(mail.id), fault=type(fault).__name__)

    def _envelope(self, id_: UUID, address: str, message: bytes) -> Envelope:
        # A return path we sign is one that our inbound SMTP takes: servers that call back find it, nobody answers.
        return Envelope(self._links.return_path(id_), address, message, utf8=not address.isascii())

    async def _talk(self, connection: Connection, letter: Letter) -> None:
        try:
            answer = await connection.send(letter.envelope)
            await self._settle(letter, answer)
        finally:
            self._talks -= 1
        if not connection.closed:
            self._idle.append(connection)

    async def _settle(self, letter: Letter, answer: Answer) -> None:
        step = retry.step(answer, letter.attempt, self._settings, schedule=SCHEDULE)
        state = AccountMailState(step.state.value)
        for _ in range(PATIENCE):
            try:
                with db.transaction() as session:
                    account_mails.settle(
                        session,
                        letter.id,
                        letter.attempt,
                        state,
                        wait=step.wait,
                        code=answer.code,
                        reply=answer.text,
                        reason=step.reason or "",
                    )
                break
            except OperationalError:
                await asyncio.sleep(1)
        else:
            log.error("account mail's answer not written down", mail=str(letter.id), outcome=answer.outcome.value)
        log.info("account mail tried", mail=str(letter.id), attempt=letter.attempt, outcome=answer.outcome.value)


def _waiting() -> bool:
    with db.transaction() as session:
        return account_mails.due(session)


def _rest() -> None:
    with db.transaction() as session:
        account_mails.rest(session, REST)
