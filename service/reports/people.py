"""Every person of a release in one table, read in pieces: a million of them are never in memory together."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from service.models import DeliveryState, Exclusion
from service.reports.cells import lines
from service.reports.words import EXCLUSIONS, STATES

HEADER = ("address", "name", "outlet", "state", "reason", "attempts", "last reply")
PIECE = 2000

PEOPLE = text("""
    SELECT j.address, j.name, coalesce(o.name, '') AS outlet, d.state, d.exclusion, coalesce(d.reason, '') AS reason,
           d.attempts, coalesce(e.reply, a.reply, '') AS reply
    FROM delivery d
    JOIN journalist j ON j.id = d.journalist_id
    LEFT JOIN outlet o ON o.id = j.outlet_id
    LEFT JOIN attempt a ON a.delivery_id = d.id AND a.number = d.attempts - (d.state = 'attempting')::int
    LEFT JOIN LATERAL (
        SELECT v.reply FROM event v WHERE v.delivery_id = d.id AND v.kind IN ('bounce', 'complaint')
        ORDER BY v.at DESC, v.id DESC LIMIT 1) e ON d.state IN ('bounced', 'complained')
    WHERE d.release_id = :release ORDER BY d.id
""")


def people_csv(session: Session, release_id: UUID) -> Iterator[str]:
    """One CSV line for each person of a release, after the header. Addresses are in it: for who may see journalists."""
    found = session.execute(PEOPLE, {"release": release_id}, execution_options={"yield_per": PIECE})
    yield from lines([HEADER])
    yield from lines(_person(row) for row in found)


def _person(row: Row[Any]) -> tuple[object, ...]:
    excluded = EXCLUSIONS[Exclusion(row.exclusion)] if row.exclusion else ""
    reason = ": ".join(filter(None, (excluded, row.reason)))
    return (row.address, row.name, row.outlet, STATES[DeliveryState(row.state)], reason, row.attempts, row.reply)
