"""Writing down what was heard against addresses: one verdict for each address and day, the heaviest, once."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import TextClause, delete, text
from sqlalchemy.orm import Session

from service.feedback import Verdict
from service.models import Evidence, StandingChange
from service.providers import DOMAIN
from service.standings.policy import COUNTED

WEIGHTS = {
    Verdict.SOFT: 1,
    Verdict.FULL: 2,
    Verdict.DISABLED: 3,
    Verdict.DEAD_DOMAIN: 4,
    Verdict.HARD: 5,
}
PROVEN = 10
"""What is proven outweighs whatever is not: a forged report must not hide a true one of the same day."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A proven verdict on the person of a delivery, by its n-th attempt in session or by an event.

    `at` is when that mail left, `came_at` when the verdict was heard of.
    """

    delivery_id: UUID
    verdict: Verdict
    reason: str
    at: datetime
    came_at: datetime
    attempt: int | None = None
    event_id: UUID | None = None


class Named(NamedTuple):
    """An address of one sender, known by its fingerprint."""

    fingerprint: bytes
    sender_id: UUID


@dataclass(frozen=True, slots=True)
class Noted:
    """Whose evidence has changed, and at which providers an address is newly called dead."""

    addresses: frozenset[Named]
    providers: frozenset[str]


# The same again, or less than is known of that day, changes nothing; in order of the address, so that two at once wait
# for each other instead of dying in a deadlock.
KEEP = """
    INSERT INTO evidence (fingerprint, sender_id, day, at, came_at, verdict, weight, proven, reason, domain, provider,
                          delivery_id, attempt, event_id)
    SELECT DISTINCT ON (fingerprint, sender_id, day) * FROM (
        SELECT j.fingerprint, j.sender_id, (h.at AT TIME ZONE 'UTC')::date AS day, h.at, h.came_at, h.verdict, h.weight,
               h.proven, h.reason, {domain}, coalesce(m.provider, {domain}), h.delivery, h.attempt, h.event
        FROM json_to_recordset(:heard) AS h (delivery uuid, fingerprint bytea, verdict text, weight smallint,
            proven boolean, reason text, at timestamptz, came_at timestamptz, attempt smallint, event uuid)
        {whose} LEFT JOIN mail_domain m ON m.name = {domain}
        WHERE j.erased_at IS NULL) found
    ORDER BY fingerprint, sender_id, day, weight DESC, at
    ON CONFLICT (fingerprint, sender_id, day) DO UPDATE SET at = excluded.at, came_at = excluded.came_at,
        verdict = excluded.verdict, weight = excluded.weight, proven = excluded.proven, reason = excluded.reason,
        delivery_id = excluded.delivery_id, attempt = excluded.attempt, event_id = excluded.event_id
    WHERE evidence.weight < excluded.weight
    RETURNING fingerprint, sender_id, provider, verdict, proven
"""


def _keep(whose: str) -> TextClause:
    return text(KEEP.format(domain=DOMAIN, whose=whose))


OF_DELIVERY = _keep("JOIN delivery d ON d.id = h.delivery JOIN journalist j ON j.id = d.journalist_id")
OF_ADDRESS = _keep("JOIN journalist j ON j.fingerprint = h.fingerprint")


def counts(verdict: Verdict | None) -> bool:
    """Whether such a verdict can ever count against an address."""
    return verdict in COUNTED


def note(session: Session, heard: Iterable[Heard]) -> Noted:
    """Write these down for the people of their deliveries. Again is once."""
    return _write(session, OF_DELIVERY, [_row(each) | {"proven": True} for each in heard if counts(each.verdict)])


def note_named(session: Session, fingerprint: bytes, verdict: Verdict, reason: str, at: datetime) -> Noted:
    """Write down what a bounce without a valid tag says of an address, for every sender that knows it. Again is once.

    Anybody can write such a bounce, so it decides nothing: judging looks at it when a proven one has come.
    """
    row = {"fingerprint": f"\\x{fingerprint.hex()}", "verdict": verdict.value, "weight": WEIGHTS.get(verdict, 0)}
    times = {"at": at.isoformat(), "came_at": at.isoformat()}
    return _write(session, OF_ADDRESS, [{**row, **times, "reason": reason, "proven": False}] if counts(verdict) else [])


def forget(session: Session, fingerprint: bytes, sender_id: UUID) -> None:
    """Forget what is known of an address: its person is erased."""
    for table in (Evidence, StandingChange):
        theirs = (table.fingerprint == fingerprint, table.sender_id == sender_id)
        session.execute(delete(table).where(*theirs).execution_options(synchronize_session=False))


def _row(heard: Heard) -> dict[str, object]:
    return {
        "delivery": str(heard.delivery_id),
        "verdict": heard.verdict.value,
        "weight": PROVEN + WEIGHTS[heard.verdict],
        "reason": heard.reason,
        "at": heard.at.isoformat(),
        "came_at": heard.came_at.isoformat(),
        "attempt": heard.attempt,
        "event": str(heard.event_id) if heard.event_id else None,
    }


def _write(session: Session, statement: TextClause, rows: Sequence[dict[str, object]]) -> Noted:
    if not rows:
        return Noted(frozenset(), frozenset())
    found = session.execute(statement, {"heard": json.dumps(rows)}).all()
    dead = {row.provider for row in found if row.proven and row.verdict in (Verdict.HARD, Verdict.DEAD_DOMAIN)}
    return Noted(frozenset(Named(row.fingerprint, row.sender_id) for row in found), frozenset(dead))
