"""The ledger: what all connections said since the last commit, and their next rows, as one statement and one commit.

So an `attempting` row is durable before its mail leaves, durability costs one commit for each round of connections,
and what a crash leaves unsure is at most one mail for each open connection. The same statement is the gate.
"""

import asyncio
import json
from collections import Counter, deque
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from psycopg import AsyncConnection, OperationalError
from psycopg.rows import TupleRow

from workers.sending.chunks import Chunk
from workers.sending.pace import Pace
from workers.sending.round import OWED_ROUND, ROUND, Admitted, Told, row
from workers.sending.rows import Open, Rows

GATHER = 0.005
"""Seconds a round waits at most for half of the lanes to have something to say: a commit for few costs nearly as much
as one for many, and the other half is meanwhile busy with its mails."""
CALM = 0.0005
"""Seconds without a newcomer after which a round waits no longer: at a slow relay the others are all under way."""
EVERY_RECONNECT = 1.0
"""Seconds between two tries to reach a database that went away."""
AHEAD, MOST_AHEAD = 4, 16
"""Rounds for which the throttle is asked at once: a question costs as much as composing a dozen mails."""
SOON = 0.1
"""Seconds within which all that was granted was used, where it is worth asking for twice as much."""
MANY_PROVIDERS = 64
"""Providers asked for at once when those whose turn it was may not be mailed now."""
LONGEST_WAIT = 1.0
"""Seconds for which it is worth keeping the chunk until something may leave again."""
SHUT = 3
"""Rounds in a row in which the gate let nobody through: it is shut, and what the throttle granted need not be burnt."""
SHORTEST_WAIT = 0.02
LONGEST_REST = 60.0


class Lost(Exception):
    """The database stayed away too long; whoever takes the chunk next finds what was left open."""


class Book(Protocol):
    """Where the ledger is kept: one database session that holds the chunk's lock."""

    @property
    def session(self) -> AsyncConnection[TupleRow]: ...

    async def reopen(self, chunk: Chunk) -> bool:
        """Open a new session in place of a broken one; whether the chunk is still ours."""
        ...


@dataclass(slots=True)
class _Turn:
    relay: str
    told: Told | None
    wants: bool
    future: asyncio.Future[Admitted | None]


class Ledger:
    """The ledger of one chunk, shared by all connections of this process."""

    def __init__(
        self, book: Book, chunk: Chunk, rows: Rows, topics: list[UUID], pace: Pace, *, lanes: int, patience: float
    ) -> None:
        self._book = book
        self._chunk = chunk
        self._rows = rows
        self._pace = pace
        self._fixed = {
            "chunk": chunk.id,
            "epoch": chunk.epoch,
            "revision": chunk.revision_id,
            "domain": chunk.domain,
            "tracking": chunk.tracking,
            "topics": topics,
        }
        self._statement = OWED_ROUND if chunk.owed else ROUND
        self._patience = patience
        self._waiting: list[_Turn] = []
        self._enough: asyncio.Future[None] | None = None
        self._lanes = lanes
        self._keeper: asyncio.Task[None] | None = None
        self._wait = 0.0
        self._in_vain = 0
        self.over = asyncio.Event()
        self._ahead, self._asked_at = AHEAD, 0.0
        self._ended = 0.0
        self.rest = 0.0
        self.admitted = 0
        self.refused = 0

    def stop(self) -> None:
        """Hand out no more rows."""
        self._rows.clear()
        self.over.set()

    def leave(self) -> None:
        """One lane fewer: it came to no connection."""
        self._lanes -= 1
        if self._enough is not None:
            _ring(self._enough)

    @property
    def left(self) -> int:
        """Rows not handed out yet."""
        return len(self._rows)

    async def turn(self, relay: str, told: Told | None) -> Admitted | None:
        """Say how the last row went and get the next for this relay, once both are committed. Raises Lost.

        None: there is no more, or not for so long that the chunk had better `rest`, in seconds.
        """
        return await self._join(_Turn(relay, told, wants=True, future=asyncio.get_running_loop().create_future()))

    async def record(self, told: Told) -> None:
        """Say how the last row went, and want no other. Raises Lost."""
        await self._join(_Turn(told.relay, told, wants=False, future=asyncio.get_running_loop().create_future()))

    async def _join(self, turn: _Turn) -> Admitted | None:
        self._waiting.append(turn)
        if self._keeper is None:
            self._keeper = asyncio.create_task(self._keep())
        elif self._enough is not None and (self._wait or len(self._waiting) >= self._lanes / 2):
            _ring(self._enough)
        return await turn.future

    async def _assemble(self) -> None:
        """Let half of the lanes come along; at a slow relay only as long as one comes soon after another."""
        loop = asyncio.get_running_loop()
        calm = CALM if loop.time() - self._ended > CALM else GATHER
        until, here = loop.time() + GATHER, 0
        while here < len(self._waiting) < self._lanes / 2 and loop.time() < until:
            here = len(self._waiting)
            await self._gather(calm)

    async def _gather(self, seconds: float) -> None:
        """Let half of the lanes come along; while nothing may leave, whoever has something to say."""
        loop = asyncio.get_running_loop()
        self._enough = enough = loop.create_future()
        alarm = loop.call_later(seconds, _ring, enough)
        await enough
        alarm.cancel()
        self._enough = None

    async def _keep(self) -> None:
        """Round after round while anybody waits; those who come during a commit are the next round."""
        turns: list[_Turn] = []
        try:
            while self._waiting:
                if self._wait:
                    await self._hold_on()
                else:
                    await self._assemble()
                turns, self._waiting = self._waiting, []
                await self._round(turns)
                self._ended = asyncio.get_running_loop().time()
        except Exception as fault:
            for turn in (*turns, *self._waiting):
                if not turn.future.done():
                    turn.future.set_exception(fault)
            self._waiting = []
        finally:
            self._keeper = None

    async def _hold_on(self) -> None:
        """Nothing may leave for a while: wait for that, or give the chunk back when everybody would wait for long."""
        if self._wait > LONGEST_WAIT and len(self._waiting) == self._lanes:
            self.rest = self._wait
            self.stop()
        else:
            await self._gather(min(self._wait, LONGEST_WAIT))
        self._wait = 0.0

    async def _round(self, turns: list[_Turn]) -> None:
        wanted = Counter(turn.relay for turn in turns if turn.wants)
        served: Counter[str] = Counter()
        offered: list[Open] = []
        for relay, number in wanted.items():
            rows = await self._next(relay, number)
            served[relay] = len(rows)
            offered += rows
        admitted = deque(await self._commit([turn.told for turn in turns if turn.told], offered))
        self.admitted += len(admitted)
        self.refused += len(offered) - len(admitted)
        self._in_vain = self._in_vain + 1 if offered and not admitted else 0
        if self._in_vain == SHUT:
            self.stop()
        for turn in turns:
            self._answer(turn, served, admitted)

    async def _next(self, relay: str, wanted: int) -> list[Open]:
        """Rows that may leave now by this relay."""
        rows = self._rows.take(relay, wanted)
        if not rows and not self._rows.providers:
            self._rows.reclaim()
        if len(rows) < wanted and self._rows.providers:
            await self._ask(relay, self._ahead * wanted)
            rows += self._rows.take(relay, wanted - len(rows))
        if rows:
            self._wait = 0.0
        return rows

    async def _ask(self, relay: str, wanted: int) -> None:
        """Have rows granted: of those providers whose turn it is, or else of any."""
        asked, breadth, soonest = 0, wanted, LONGEST_REST
        providers = self._rows.providers
        while asked < providers:
            on_hand = self._rows.on_hand(wanted, breadth)
            grant = await self._pace.grant(relay, wanted, on_hand)
            if grant.total:
                self._rows.grant(relay, grant.mails)
                self._look_ahead(got_all=grant.total >= wanted)
                return
            soonest = min(soonest, grant.wait)
            asked += providers if grant.shut else len(on_hand)
            breadth = MANY_PROVIDERS
        self._wait = max(soonest, SHORTEST_WAIT)

    def _look_ahead(self, *, got_all: bool) -> None:
        """Ask for more at once where mails leave fast; who has to slow down has never more than a moment's in hand."""
        now = asyncio.get_running_loop().time()
        is_fast = got_all and now - self._asked_at < SOON
        self._ahead = min(2 * self._ahead, MOST_AHEAD) if is_fast else AHEAD
        self._asked_at = now

    def _answer(self, turn: _Turn, served: Counter[str], admitted: deque[Admitted]) -> None:
        if turn.wants and admitted and served[turn.relay]:
            served[turn.relay] -= 1
            turn.future.set_result(admitted.popleft())
        elif turn.wants and self._rows:
            turn.told = None
            self._waiting.append(turn)
        else:
            if not self._rows:
                self.over.set()
            self._lanes -= 1
            turn.future.set_result(None)

    async def _commit(self, told: list[Told], offered: list[Open]) -> list[Admitted]:
        # JSON, for psycopg makes an array of Python values in ten times the time that json needs.
        following = [{"id": str(id_), "number": tried + 1, "provider": provider} for id_, tried, provider in offered]
        parameters = {**self._fixed, "told": json.dumps([row(one) for one in told]), "next": json.dumps(following)}
        until = asyncio.get_running_loop().time() + self._patience
        while True:
            try:
                cursor = await self._book.session.execute(self._statement, parameters, prepare=True, binary=True)
                return [Admitted._make(row) for row in await cursor.fetchall()]
            except OperationalError:
                if not await self._reopened(until):
                    parameters["next"] = "[]"
                    self.stop()

    async def _reopened(self, until: float) -> bool:
        while True:
            try:
                return await self._book.reopen(self._chunk)
            except OperationalError as fault:
                if asyncio.get_running_loop().time() > until:
                    raise Lost("the database stayed away") from fault
                await asyncio.sleep(EVERY_RECONNECT)


def _ring(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
