"""People who are probably one: the same name at the same outlet, or the same full name at two."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.journalists.listing import Line, lines
from service.models import Sender

SHOWN = 50
NAMESAKES = 4
"""More than so many of one name are no doubles: an “Editor” is at every paper."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two entries that may be one person, the older first."""

    first: Line
    second: Line
    same_outlet: bool


# A full name has two words. Whoever was looked at and parted, or told apart, is not asked about again.
PAIRS = text(f"""
    WITH people AS NOT MATERIALIZED (
        SELECT id, lower(name) AS name, outlet_id FROM journalist
        WHERE sender_id = :sender AND erased_at IS NULL AND merged_into IS NULL AND name LIKE '%_ _%'
    ), named AS (
        SELECT name FROM people GROUP BY name HAVING count(*) BETWEEN 2 AND {NAMESAKES}
    )
    SELECT a.id AS first, b.id AS second, coalesce(a.outlet_id = b.outlet_id, false) AS same_outlet
    FROM named JOIN people a USING (name) JOIN people b ON b.name = a.name AND b.id > a.id
    WHERE NOT EXISTS (SELECT FROM journalist_merge m WHERE m.kept_id IN (a.id, b.id) AND m.gone_id IN (a.id, b.id))
    ORDER BY same_outlet DESC, a.name, a.id, b.id LIMIT :limit
""")  # noqa: S608 - put together from constants


def pairs(session: Session, sender: Sender, *, limit: int = SHOWN) -> list[Pair]:
    """The pairs to look at, the likeliest first."""
    found = session.execute(PAIRS, {"sender": sender.id, "limit": limit}).all()
    ids: list[UUID] = [id_ for row in found for id_ in (row.first, row.second)]
    known = {line.id: line for line in lines(session, ids)}
    return [Pair(known[row.first], known[row.second], row.same_outlet) for row in found]
