"""The ledger: what all connections said since the last commit, and their next rows, as one statement and one commit.

So an `attempting` row is durable before its mail leaves, durability costs one commit for each round of connections,
and what a crash leaves unsure is at most one mail for each open connection. The same statement is the gate.
"""

import asyncio
import json
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from psycopg import AsyncConnection, OperationalError
from psycopg.rows import TupleRow

from workers.relays.relay import Answer
from workers.sending.chunks import Chunk
from workers.sending.retry import Step

# One round. `told` moves what was attempted; it needs no chunk, so a late answer is evidence even after another worker
# took over. `gate` is read once for the statement; without a row in it nobody is admitted. A row that is attempting
# under our own epoch is admitted again: that is a round whose commit succeeded and whose answer was lost.
ROUND = """
WITH told AS (
    SELECT * FROM json_to_recordset(%(told)s::json) AS t (id uuid, number smallint, state delivery_state, wait int,
        reason text, outcome attempt_outcome, stage text, code smallint, enhanced text, reply text)
), settled AS (
    UPDATE delivery d SET state = t.state, due_at = now() + t.wait * interval '1 second', reason = t.reason
    FROM told t WHERE d.id = t.id AND d.attempts = t.number AND d.state IN ('attempting', 'uncertain')
    RETURNING d.id, t.number, d.attempted_at, t.outcome, t.stage, t.code, t.enhanced, t.reply
), tried AS (
    INSERT INTO attempt (delivery_id, number, began_at, ended_at, relay, outcome, stage, code, enhanced, reply)
    SELECT id, number, attempted_at, clock_timestamp(), %(relay)s, outcome, stage, code, enhanced, reply FROM settled
    ON CONFLICT (delivery_id, number) DO UPDATE SET ended_at = excluded.ended_at, relay = excluded.relay,
        outcome = excluded.outcome, stage = excluded.stage, code = excluded.code, enhanced = excluded.enhanced,
        reply = excluded.reply
    WHERE attempt.outcome = 'uncertain'
)
UPDATE delivery d SET state = 'attempting', attempts = n.number, attempted_at = clock_timestamp(), due_at = NULL
FROM json_to_recordset(%(next)s::json) AS n (id uuid, number smallint), journalist j
WHERE d.id = n.id AND j.id = d.journalist_id
  AND (d.state IN ('queued', 'deferred') AND d.attempts = n.number - 1
       OR d.state = 'attempting' AND d.attempts = n.number)
  AND EXISTS (SELECT FROM chunk c JOIN wave w ON w.id = c.wave_id JOIN release r ON r.id = w.release_id
              WHERE c.id = %(chunk)s AND c.epoch = %(epoch)s AND r.state = 'sending'
                AND r.revision_id = w.revision_id AND w.revision_id = %(revision)s
                AND greatest(w.not_before, r.send_at, r.embargo) <= clock_timestamp())
  AND j.erased_at IS NULL AND NOT j.do_not_contact
  AND EXISTS (SELECT FROM subscription s WHERE s.journalist_id = j.id
                AND s.topic_id = ANY(%(topics)s::uuid[]) AND s.state = 'confirmed')
  AND NOT EXISTS (SELECT FROM suppression p WHERE p.fingerprint = j.fingerprint
                    AND (p.sender_id IS NULL OR p.sender_id = j.sender_id))
RETURNING d.id, d.attempts, d.attempted_at, d.language, d.topic_id, j.address, j.name,
          (SELECT o.name FROM outlet o WHERE o.id = j.outlet_id)
"""
GATHER = 0.003
"""Seconds a round waits at most for half of the lanes to have something to say: a commit for few costs nearly as much
as one for many, and the other half is meanwhile busy with its mails."""
EVERY_RECONNECT = 1.0
"""Seconds between two tries to reach a database that went away."""


class Admitted(NamedTuple):
    """A row the gate let through: it is durably `attempting`, so this mail may leave now."""

    id: UUID
    number: int
    at: datetime
    language: str
    topic_id: UUID | None
    address: str
    name: str
    outlet: str | None


class Told(NamedTuple):
    """What a connection has to say about the row it had."""

    row: Admitted
    answer: Answer
    step: Step


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
        parameters = {**self._fixed, "told": json.dumps([_row(one) for one in told]), "next": json.dumps(following)}
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


def _row(told: Told) -> dict[str, object]:
    """What was told, by the columns that ROUND reads; a column left out is NULL there."""
    row, answer, step = told
    found: dict[str, object] = {
        "id": str(row.id),
        "number": row.number,
        "state": step.state,
        "outcome": answer.outcome,
        "stage": answer.stage,
        "code": answer.code,
        "enhanced": answer.enhanced,
        "reply": answer.text,
    }
    if step.reason is not None:
        found |= {"wait": step.wait, "reason": step.reason}
    return found


def _ring(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
