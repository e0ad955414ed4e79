"""Dispatch: a chunk's rows over several connections to the relay, one mail in flight on each."""

import asyncio
from datetime import UTC
from uuid import UUID

import structlog
from psycopg import AsyncConnection, OperationalError
from psycopg.rows import TupleRow
from sqlalchemy.exc import SQLAlchemyError

from service import db, holds, installation, releases
from service.links import Links
from service.mail.compose import Person
from service.models import HoldScope
from service.releases.revisions import Tampered
from service.sealing import CannotOpen
from service.settings import Settings
from workers.relays.relay import Answer, Connection, Envelope, Full, Outcome, Relay, Stage, Unavailable
from workers.sending import chunks, retry
from workers.sending.chunks import Chunk
from workers.sending.contents import Content, Contents
from workers.sending.domains import Domains
from workers.sending.ledger import Ledger
from workers.sending.pace import Pace
from workers.sending.round import Admitted, Told
from workers.sending.rows import Rows
from workers.sending.throttle import Throttle
from workers.sending.watch import Watch

log = structlog.get_logger(__name__)

PATIENCE = 60.0
"""Seconds that results already in hand wait for a database that went away."""
REST = 15.0
"""Seconds a chunk rests of which nothing could be sent."""
SHORTEST_SLICE = 0.3
NOTICE_SLICE = 3.0
# The round is one big statement: planned anew for each set of rows it would cost more than it does, and planned once
# while the ledger was small, it would scan the whole ledger for ever after. All it needs is look-ups by key.
PLANS = "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off"
IDLE = 5.0
"""Seconds after which a kept connection is not trusted to be open still."""
RENEWAL = 300.0
"""Seconds after which kept connections are made anew, so that a relay that was away gets its share again."""


class Dispatcher:
    """One worker process's session, connections and compiled letters, kept from chunk to chunk."""

    def __init__(self, settings: Settings, relay: Relay, links: Links, throttle: Throttle) -> None:
        self._settings = settings
        self._relay = relay
        self._throttle = throttle
        self._links = links
        self._contents = Contents(links)
        self._domains = Domains()
        self._session: AsyncConnection[TupleRow] | None = None
        self._idle: list[Connection] = []
        self._broken_off: set[int] = set()
        self._rested = 0.0
        self._renewed = 0.0

    @property
    def session(self) -> AsyncConnection[TupleRow]:
        """The session that holds the lock of the chunk in hand."""
        if self._session is None:
            raise OperationalError("there is no session yet")
        return self._session

    async def dispatch(self, chunk_id: int) -> float | None:
        """Work on a chunk until nothing in it is due or the time is over.

        In how many seconds there is more to do in it; None when there is nothing, or somebody else has it.
        """
        await self._refresh()
        chunk = await chunks.take(self.session, chunk_id)
        if chunk is None:
            return None
        try:
            return await self._work(chunk)
        except BaseException:
            if self.session.broken:
                self._broken_off.add(chunk.id)
            # Whoever takes the chunk next must find its lock free.
            await self.session.close()
            raise

    async def _work(self, chunk: Chunk) -> float | None:
        had_mail_in_hand = await chunks.recover(self.session, chunk, self._settings)
        if chunk.is_cancelled:
            await chunks.cancel(self.session, chunk)
            rest = 0.0
        elif chunk.crashes >= chunks.MOST_CRASHES and not had_mail_in_hand:
            _pause(chunk.release_id, chunks.BROKE_OFF)
            rest = REST
        else:
            rest = REST if chunk.is_held else await self._send(chunk)
        return await chunks.give_back(self.session, chunk, rest=rest)

    async def close(self) -> None:
        """Say goodbye to the relay and the database."""
        await asyncio.gather(*(connection.close() for connection in self._idle))
        await self._throttle.close()
        if self._session is not None:
            await self._session.close()

    async def reopen(self, chunk: Chunk) -> bool:
        """A new session in place of a broken one; whether the chunk is still ours."""
        await self._open()
        return await chunks.hold(self.session, chunk.id)

    async def _open(self) -> None:
        url = self._settings.database_url.replace("postgresql+psycopg://", "postgresql://", 1)
        session = await AsyncConnection.connect(
            url,
            autocommit=True,
            prepare_threshold=0,
            connect_timeout=10,
            application_name="dateline dispatch",
            options=PLANS,
            # A peer that vanished without a word is noticed in half a minute, not after hours.
            keepalives_idle=10,
            keepalives_interval=5,
            keepalives_count=3,
            tcp_user_timeout=30_000,
        )
        try:
            # Since the last tick somebody may have put an old database in place of the one we knew.
            await _check_installation()
        except BaseException:
            await session.close()
            raise
        self._session = session

    async def _refresh(self) -> None:
        """A session that lives, and no connection that the relay may have tired of."""
        if self._session is None or self._session.closed:
            await self._open()
        if self._broken_off:
            await chunks.forgive(self.session, self._broken_off)
            self._broken_off.clear()
        now = asyncio.get_running_loop().time()
        if now - self._rested > IDLE or now - self._renewed > RENEWAL:
            await asyncio.gather(*(connection.close() for connection in self._idle))
            self._idle.clear()
            self._renewed = now

    async def _send(self, chunk: Chunk) -> float:
        """Send what is due in the chunk; seconds for which it had better rest then."""
        due = await chunks.due(self.session, chunk)
        try:
            domain = self._domains.of(chunk.domain)
            content = await self._contents.for_chunk(self.session, chunk, domain)
        except Tampered as fault:
            _pause(chunk.release_id, str(fault))
            return REST
        except CannotOpen as fault:
            _hold(chunk.domain, str(fault))
            return REST
        lanes = min(1 if due.suspects else self._settings.relay_connections, len(due.rows))
        pace = Pace(self._throttle, self._settings, chunk, warmed=domain.warmed)
        rows = Rows(due.rows)
        watch = Watch(chunk, pace, rows)
        ledger = Ledger(self, chunk, rows, content.topics, pace, lanes=lanes, patience=PATIENCE)
        over = asyncio.get_running_loop().call_later(self._slice(chunk), ledger.stop)
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(lanes):
                    group.create_task(self._lane(ledger, watch, content))
        finally:
            over.cancel()
            self._rested = asyncio.get_running_loop().time()
        if ledger.refused:
            await chunks.exclude(self.session, chunk, content.topics)
        await chunks.count(self.session, chunk)
        watch.conclude()
        log.info("chunk worked", chunk=chunk.id, admitted=ledger.admitted, refused=ledger.refused, left=ledger.left)
        if ledger.rest or ledger.admitted:
            return ledger.rest
        # Nothing moved: the relay is away, or the gate shut. Asking again at once would only heat the machine.
        return REST if due.rows or due.held else 0.0

    def _slice(self, chunk: Chunk) -> float:
        """Seconds for this chunk: the more releases wait, the shorter, so that all of them begin within a minute.

        A notice has a process that nobody else's release can occupy, and leaves it to account mail every few seconds.
        """
        longest = NOTICE_SLICE if chunk.urgent else self._settings.dispatch_seconds / (1 + chunk.others)
        return max(SHORTEST_SLICE, min(longest, self._settings.dispatch_seconds))

    async def _lane(self, ledger: Ledger, watch: Watch, content: Content) -> None:
        """One connection after another, row after row, until the ledger has no more."""
        told: Told | None = None
        while connection := await self._connection(ledger):
            while not connection.closed:
                row = await ledger.turn(connection.relay, told)
                if row is None:
                    self._idle.append(connection)
                    return
                told = await self._attempt(connection, row, content)
                if told.step is not retry.ACCEPTED:
                    await watch.see(told)
        if told is None:
            ledger.leave()
        else:
            await ledger.record(told)

    async def _connection(self, ledger: Ledger) -> Connection | None:
        """One that is open still, or a new one: as long as there is anything to send by it."""
        while self._idle:
            connection = self._idle.pop()
            if not connection.closed:
                return connection
        connecting = asyncio.ensure_future(self._relay.connect())
        over = asyncio.ensure_future(ledger.over.wait())
        try:
            # A server that takes minutes over its greeting must not keep a chunk whose rows have all gone by others.
            await asyncio.wait((connecting, over), return_when=asyncio.FIRST_COMPLETED)
            return connecting.result() if connecting.done() else None
        except Full:
            return None
        except Unavailable as fault:
            log.warning("relay unavailable", relay=self._relay.name, fault=type(fault).__name__, code=fault.code)
            return None
        finally:
            over.cancel()
            connecting.cancel()

    async def _attempt(self, connection: Connection, row: Admitted, content: Content) -> Told:
        answer = await self._hand_over(connection, row, content)
        return Told(row, connection.relay, answer, retry.step(answer, row.number, self._settings))

    async def _hand_over(self, connection: Connection, row: Admitted, content: Content) -> Answer:
        letter = (content.tracked if row.tracked else content.letters)[row.language]
        topic = content.topic_names.get(row.topic_id, "") if row.topic_id else ""
        person = Person(row.address, row.name, row.outlet or "", topic, content.singular.notes.get(row.id, ""))
        try:
            at, ours = row.at.astimezone(UTC), not connection.signs_itself
            thread = content.singular.threads.get(row.id, ())
            mail = letter.compose(person, row.id, at, eight_bit=connection.eight_bit, signed=ours, thread=thread)
            envelope = Envelope(
                self._links.return_path(row.id),
                row.address,
                mail.message,
                utf8=not row.address.isascii(),
                dots=mail.dots,
                envid=row.id.hex,
            )
        except ValueError as fault:
            # One person's values must not stop everybody else's mail; nothing has left, so it is a plain failure.
            return Answer(Outcome.REJECTED, Stage.DATA, enhanced="5.6.0", text=f"could not be composed: {fault}")
        return await connection.send(envelope)


async def _check_installation() -> None:
    """Raises OperationalError while it cannot be checked, as for a database that is away."""
    try:
        await asyncio.to_thread(installation.check)
    except (SQLAlchemyError, installation.Unwitnessed) as fault:
        raise OperationalError("the installation could not be checked") from fault


def _pause(release_id: UUID, reason: str) -> None:
    with db.transaction() as session:
        releases.pause(session, releases.get(session, release_id), by=None, reason=reason)


def _hold(domain: str, reason: str) -> None:
    with db.transaction() as session:
        holds.put(session, HoldScope.SENDER, domain, reason)
