"""A chunk in one worker's hands: taken under an advisory lock, its orphans named, given back with what is left."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import TupleRow, class_row, scalar_row

from service import deliveries
from service.holds import IN_FORCE
from service.providers import DOMAIN
from service.releases.audience import STOPPED, WHY
from service.settings import Settings, UncertainPolicy
from service.settings import settings as this_process
from workers.sending.rows import Open

LOCK = 7_246
"""The first half of our advisory locks' keys; the second is the chunk's id."""

# Taken counts as a crash until it is given back. `others`: releases that wait for a worker beside this one.
TAKE = f"""
    UPDATE chunk c SET epoch = c.epoch + 1, crashes = c.crashes + 1
    FROM wave w JOIN release r ON r.id = w.release_id JOIN sender s ON s.id = r.sender_id
    WHERE c.id = %(chunk)s AND w.id = c.wave_id AND c.due_at <= now() AND r.state IN ('sending', 'cancelled')
      AND (r.state = 'cancelled' OR NOT EXISTS (SELECT FROM installation WHERE held_at IS NOT NULL))
    RETURNING c.id, c.epoch, c.first_id, c.last_id, c.crashes - 1 AS crashes, w.id AS wave_id, w.release_id,
              w.revision_id, split_part(s.address, '@', 2) AS domain, r.lane = 'notice' AS urgent, s.tracking,
              r.kind = 'notice' AND NOT EXISTS (
                  SELECT FROM notice n WHERE n.release_id = r.id AND n.kind = 'update') AS owed,
              r.state = 'cancelled' AS is_cancelled, coalesce(r.deadline_hours, %(deadline)s) AS deadline_hours,
              EXISTS (SELECT FROM hold h WHERE {IN_FORCE} AND h.scope = 'sender'
                      AND h.key = split_part(s.address, '@', 2)) AS is_held,
              (SELECT count(*) FROM release o WHERE o.state = 'sending' AND o.id <> r.id AND EXISTS (
                  SELECT FROM wave v JOIN chunk k ON k.wave_id = v.id
                  WHERE v.release_id = o.id AND k.due_at <= now())) AS others
"""  # noqa: S608 - put together from constants
RANGE = "id BETWEEN %(first)s AND %(last)s AND wave_id = %(wave)s"
# Whoever holds the chunk's lock is the only one sending in it: a row found attempting has lost its sender.
ORPHANS = f"""
    WITH lost AS (
        UPDATE delivery SET crashes = crashes + 1,
               state = CASE WHEN crashes < %(most)s - 1 THEN 'uncertain' ELSE 'failed' END::delivery_state,
               reason = CASE WHEN crashes < %(most)s - 1 THEN %(reason)s ELSE %(quarantined)s END,
               due_at = CASE WHEN crashes < %(most)s - 1
                             THEN now() + %(resend_after)s::int * interval '1 second' END
        WHERE {RANGE} AND state = 'attempting' RETURNING id, attempts, attempted_at),
    kept AS (
        INSERT INTO attempt (delivery_id, number, began_at, ended_at, relay, outcome, stage, code, enhanced, reply)
        SELECT id, attempts, attempted_at, clock_timestamp(), '', 'uncertain', 'dot', NULL, '', %(reason)s FROM lost
        ON CONFLICT DO NOTHING)
    UPDATE chunk SET crashes = 1 WHERE id = %(chunk)s AND EXISTS (SELECT FROM lost)
"""  # noqa: S608 - put together from constants
# Who left by the link of a mail has got it, though its sender never heard so.
PROVEN = f"""
    WITH proven AS (
        UPDATE delivery d SET state = 'accepted', reason = %(reason)s, due_at = NULL
        WHERE d.{RANGE} AND d.state = 'uncertain' AND EXISTS (
            SELECT FROM subscription s WHERE s.journalist_id = d.journalist_id AND s.proof ->> 'left' = d.id::text)
        RETURNING d.id, d.release_id)
    INSERT INTO audit_entry (act, release_id, detail)
    SELECT 'delivery settled', release_id,
           jsonb_build_object('delivery', id, 'became', 'accepted', 'evidence', %(reason)s::text) FROM proven
""".replace("AND wave_id", "AND d.wave_id")  # noqa: S608 - put together from constants
RESEND = f"""
    UPDATE delivery SET state = 'queued', maybe_twice = true, due_at = NULL
    WHERE {RANGE} AND state = 'uncertain' AND NOT maybe_twice AND due_at <= now()
"""  # noqa: S608 - put together from constants
HOURS = "%(deadline)s::int * interval '1 hour'"
# What a person had tried again has its hours anew. Who was asked for is told to whoever counts (service/standings).
EXPIRE = f"""
    WITH expired AS (
        UPDATE delivery d SET state = 'failed', due_at = NULL, reason = %(reason)s
        FROM wave w WHERE w.id = %(wave)s AND w.not_before < now() - {HOURS}
        AND (d.retried_at IS NULL OR d.retried_at < now() - {HOURS})
        AND d.{RANGE} AND d.state IN ('queued', 'deferred') RETURNING d.id, d.attempts)
    INSERT INTO given_up (delivery_id) SELECT id FROM expired WHERE attempts > 0 ON CONFLICT DO NOTHING
""".replace("AND wave_id", "AND d.wave_id")  # noqa: S608 - put together from constants
CANCEL = f"UPDATE delivery SET state = 'cancelled', due_at = NULL WHERE {RANGE} AND state IN ('queued', 'deferred')"  # noqa: S608
OPEN = f"""
    SELECT d.id, d.attempts, coalesce(m.provider, {DOMAIN}), h.id IS NOT NULL, d.crashes > 0
    FROM delivery d JOIN journalist j ON j.id = d.journalist_id LEFT JOIN mail_domain m ON m.name = {DOMAIN}
    LEFT JOIN hold h ON {IN_FORCE} AND h.scope = 'provider' AND h.key = coalesce(m.provider, {DOMAIN})
    WHERE d.{RANGE} AND d.state IN ('queued', 'deferred') AND (d.due_at IS NULL OR d.due_at <= now()) ORDER BY d.id
""".replace("AND wave_id", "AND d.wave_id")  # noqa: S608 - put together from constants
# The gate let these through no more: say why, in the words of planning.
EXCLUDE = f"""
    UPDATE delivery d SET state = 'excluded', exclusion = why.exclusion::exclusion, due_at = NULL,
           reason = CASE why.exclusion WHEN 'resting' THEN {WHY} ELSE d.reason END
    FROM journalist j CROSS JOIN LATERAL (SELECT CASE
        WHEN j.erased_at IS NOT NULL THEN 'erased'
        WHEN j.do_not_contact THEN 'do-not-contact'
        {STOPPED}
        WHEN NOT %(owed)s AND NOT EXISTS (SELECT FROM subscription s WHERE s.journalist_id = j.id
                         AND s.topic_id = ANY(%(topics)s) AND s.state = 'confirmed') THEN 'unsubscribed'
        END AS exclusion) why
    WHERE d.{RANGE} AND d.state IN ('queued', 'deferred') AND j.id = d.journalist_id AND why.exclusion IS NOT NULL
""".replace("AND wave_id", "AND d.wave_id")  # noqa: S608 - put together from constants
# What became of a chunk so far, kept beside it: a release of a million is then counted in a thousand rows.
COUNT = f"""
    UPDATE chunk SET (failed, answered) = (
        SELECT count(*) FILTER (WHERE d.state = 'failed'), count(*) FROM delivery d
        WHERE d.{RANGE} AND d.state IN ('failed', 'accepted', 'bounced', 'complained'))
    WHERE id = %(chunk)s AND epoch = %(epoch)s
""".replace("AND wave_id", "AND d.wave_id")  # noqa: S608 - put together from constants
# Looked at again when something is due or given up, whichever is first. A mail that was put off may wait a tenth longer
# than it was to, so that a chunk's go together: each by itself would cost a look at the whole chunk.
GIVE_BACK = f"""
    UPDATE chunk SET rung_at = NULL, crashes = 0, due_at = (
        SELECT min(greatest(
            least(coalesce(d.due_at, now()) + CASE WHEN d.state = 'deferred' AND d.due_at > now()
                      THEN (d.due_at - d.attempted_at) / 10 ELSE interval '0' END,
                  CASE WHEN d.state IN ('queued', 'deferred') THEN
                      greatest(w.not_before, d.retried_at) + {HOURS} + interval '1 second' END),
            now() + %(rest)s * interval '1 second'))
        FROM delivery d JOIN wave w ON w.id = d.wave_id
        WHERE d.{RANGE} AND (d.state IN ('queued', 'deferred', 'attempting')
                             OR d.state = 'uncertain' AND NOT d.maybe_twice AND d.due_at IS NOT NULL))
    WHERE id = %(chunk)s AND epoch = %(epoch)s RETURNING extract(epoch FROM due_at - now())
""".replace("AND wave_id", "AND d.wave_id")  # noqa: S608 - put together from constants
MOST_CRASHES = deliveries.MOST_CRASHES
QUARANTINED = deliveries.SET_ASIDE
BROKE_OFF = "The process that sends it ended three times in a row before anything left; look at its text and pictures"
LOST = "The sending process ended before it learnt the relay's answer"


@dataclass(frozen=True, slots=True)
class Chunk:
    """A chunk in our hands, and the epoch that says so.

    `owed`: it goes to whoever holds what it corrects or takes back, also to those who left the topic since.
    """

    id: int
    epoch: int
    first_id: UUID
    last_id: UUID
    wave_id: UUID
    release_id: UUID
    revision_id: UUID
    domain: str
    urgent: bool
    owed: bool
    crashes: int
    others: int
    is_held: bool
    tracking: bool
    is_cancelled: bool
    deadline_hours: int

    def range(self) -> dict[str, object]:
        """The parameters of RANGE and more."""
        return {
            "chunk": self.id,
            "epoch": self.epoch,
            "first": self.first_id,
            "last": self.last_id,
            "wave": self.wave_id,
            "deadline": self.deadline_hours,
        }


async def take(connection: AsyncConnection[TupleRow], chunk_id: int) -> Chunk | None:
    """Take a chunk that is due; None when another worker has it, or nothing is due in it."""
    if not await hold(connection, chunk_id):
        return None
    async with connection.cursor(row_factory=class_row(Chunk)) as cursor:
        hours = this_process().deadline_hours
        chunk = await (await cursor.execute(TAKE, {"chunk": chunk_id, "deadline": hours})).fetchone()
    if chunk is None:
        await let_go(connection, chunk_id)
    return chunk


async def hold(connection: AsyncConnection[TupleRow], chunk_id: int) -> bool:
    """Take the chunk's lock on this session, if it is free: it is free as soon as its holder's session is dead."""
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", (LOCK, chunk_id))
        return bool(await cursor.fetchone())


async def let_go(connection: AsyncConnection[TupleRow], chunk_id: int) -> None:
    """Give the lock back."""
    await connection.execute("SELECT pg_advisory_unlock(%s, %s)", (LOCK, chunk_id))


async def recover(connection: AsyncConnection[TupleRow], chunk: Chunk, settings: Settings) -> bool:
    """Settle what others left; whether any mail was in their hands.

    Orphans become uncertain, uncertain ones whose time has come go once more, those whose time is over have failed.
    """
    resend = settings.uncertain_policy is UncertainPolicy.RESEND
    after = settings.uncertain_resend_after if resend else None
    lost = {"reason": LOST, "quarantined": QUARANTINED, "most": MOST_CRASHES, "resend_after": after}
    orphans = await connection.execute(ORPHANS, {**chunk.range(), **lost})
    if orphans.rowcount:
        await connection.execute(PROVEN, {**chunk.range(), "reason": deliveries.LINK_USED})
    await connection.execute(RESEND, chunk.range())
    await connection.execute(EXPIRE, {**chunk.range(), "reason": _expired(chunk.deadline_hours)})
    return orphans.rowcount > 0


def _expired(hours: int) -> str:
    return f"Not accepted within {hours} hour{'' if hours == 1 else 's'}; given up"


async def cancel(connection: AsyncConnection[TupleRow], chunk: Chunk) -> None:
    """Mark everybody who got nothing of a cancelled release."""
    await connection.execute(CANCEL, chunk.range())


async def forgive(connection: AsyncConnection[TupleRow], chunk_ids: Collection[int]) -> None:
    """It was the database that went away, not the process: that is no crash of these chunks."""
    await connection.execute("UPDATE chunk SET crashes = 0 WHERE id = ANY(%s)", (list(chunk_ids),))


@dataclass(frozen=True, slots=True)
class Due:
    """What may be sent of a chunk, and how many more are due at providers that stand still.

    `suspects` were in the hands of a process that ended: they go one by one, so that the one that ends processes takes
    no other with it into uncertainty a second time.
    """

    rows: list[Open]
    held: int
    suspects: bool


async def due(connection: AsyncConnection[TupleRow], chunk: Chunk) -> Due:
    """What is due in the chunk: suspects alone, if there are any."""
    cursor = await connection.execute(OPEN, chunk.range(), binary=True)
    found = await cursor.fetchall()
    free = [row for row in found if not row[3]]
    suspects = [row for row in free if row[4]]
    rows = [Open(id_, attempts, provider) for id_, attempts, provider, *_ in suspects or free]
    return Due(rows, len(found) - len(free), bool(suspects))


async def exclude(connection: AsyncConnection[TupleRow], chunk: Chunk, topics: list[UUID]) -> None:
    """Name the reason of those whom the gate refused for their own sake."""
    await connection.execute(EXCLUDE, {**chunk.range(), "topics": topics, "owed": chunk.owed})


async def count(connection: AsyncConnection[TupleRow], chunk: Chunk) -> None:
    """Write down how many of the chunk have failed, and how many have an answer for good."""
    await connection.execute(COUNT, chunk.range())


async def give_back(connection: AsyncConnection[TupleRow], chunk: Chunk, *, rest: float) -> float | None:
    """Write down when there is something to do again, in `rest` seconds or later, and let go.

    In how many seconds that is; None when there is nothing, or the chunk was woken or taken in between.
    """
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(GIVE_BACK, {**chunk.range(), "rest": rest})
        seconds = await cursor.fetchone()
    await let_go(connection, chunk.id)
    return None if seconds is None else max(0.0, float(seconds))
