"""The ledger: what all connections said since the last commit, and their next rows, as one statement and one commit.

So an `attempting` row is durable before its mail leaves, durability costs one commit for each round of connections,
and what a crash leaves unsure is at most one mail for each open connection. The same statement is the gate.
"""

import asyncio
import json
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from psycopg import AsyncConnection, OperationalError
from psycopg.rows import TupleRow

from workers.sending.chunks import Chunk
from workers.sending.round import ROUND, Admitted, Told, row

GATHER = 0.005
"""Seconds a round waits at most for half of the lanes to have something to say: a commit for few costs nearly as much
as one for many, and the other half is meanwhile busy with its mails."""
EVERY_RECONNECT = 1.0
"""Seconds between two tries to reach a database that went away."""


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
    told: Told | None
    wants: bool
    future: asyncio.Future[Admitted | None]


class Ledger:
    """The ledger of one chunk, shared by all connections of this process."""

    def __init__(
        self,
        book: Book,
        chunk: Chunk,
        rows: Sequence[tuple[UUID, int]],
        topics: list[UUID],
        *,
        relay: str,
        lanes: int,
        patience: float,
    ) -> None:
        self._book = book
        self._chunk = chunk
        self._rows = deque(rows)
        self._fixed = {
            "chunk": chunk.id,
            "epoch": chunk.epoch,
            "revision": chunk.revision_id,
            "topics": topics,
            "relay": relay,
        }
        self._patience = patience
        self._waiting: list[_Turn] = []
        self._enough: asyncio.Future[None] | None = None
        self._lanes = lanes
        self._keeper: asyncio.Task[None] | None = None
        self.admitted = 0
        self.refused = 0

    def stop(self) -> None:
        """Hand out no more rows."""
        self._rows.clear()

    @property
    def left(self) -> int:
        """Rows not handed out yet."""
        return len(self._rows)

    async def turn(self, told: Told | None) -> Admitted | None:
        """Say how the last row went and get the next, once both are committed. None: there is no more. Raises Lost."""
        return await self._join(_Turn(told, wants=True, future=asyncio.get_running_loop().create_future()))

    async def record(self, told: Told) -> None:
        """Say how the last row went, and want no other. Raises Lost."""
        await self._join(_Turn(told, wants=False, future=asyncio.get_running_loop().create_future()))

    async def _join(self, turn: _Turn) -> Admitted | None:
        self._waiting.append(turn)
        if self._keeper is None:
            self._keeper = asyncio.create_task(self._keep())
        elif self._enough is not None and len(self._waiting) >= self._lanes / 2:
            _ring(self._enough)
        return await turn.future

    async def _gather(self) -> None:
        """Let half of the lanes come along."""
        loop = asyncio.get_running_loop()
        self._enough = enough = loop.create_future()
        alarm = loop.call_later(GATHER, _ring, enough)
        await enough
        alarm.cancel()
        self._enough = None

    async def _keep(self) -> None:
        """Round after round while anybody waits; those who come during a commit are the next round."""
        turns: list[_Turn] = []
        try:
            while self._waiting:
                if len(self._waiting) < self._lanes / 2:
                    await self._gather()
                turns, self._waiting = self._waiting, []
                await self._round(turns)
        except Exception as fault:
            for turn in (*turns, *self._waiting):
                if not turn.future.done():
                    turn.future.set_exception(fault)
            self._waiting = []
        finally:
            self._keeper = None

    async def _round(self, turns: list[_Turn]) -> None:
        wanted = sum(turn.wants for turn in turns)
        offered = [self._rows.popleft() for _ in range(min(wanted, len(self._rows)))]
        admitted = deque(await self._commit([turn.told for turn in turns if turn.told], offered))
        self.admitted += len(admitted)
        self.refused += len(offered) - len(admitted)
        for turn in turns:
            self._answer(turn, admitted)

    def _answer(self, turn: _Turn, admitted: deque[Admitted]) -> None:
        if turn.wants and admitted:
            turn.future.set_result(admitted.popleft())
        elif turn.wants and self._rows:
            turn.told = None
            self._waiting.append(turn)
        else:
            self._lanes -= 1
            turn.future.set_result(None)

    async def _commit(self, told: list[Told], offered: list[tuple[UUID, int]]) -> list[Admitted]:
        # JSON, for psycopg makes an array of Python values in ten times the time that json needs.
        following = [{"id": str(id_), "number": attempts + 1} for id_, attempts in offered]
        parameters = {**self._fixed, "told": json.dumps([row(one) for one in told]), "next": json.dumps(following)}
        until = asyncio.get_running_loop().time() + self._patience
        while True:
            try:
                cursor = await self._book.session.execute(ROUND, parameters, prepare=True, binary=True)
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
