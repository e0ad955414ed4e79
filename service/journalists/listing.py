"""The list of a newsroom's journalists: found by words, narrowed, in an order, a page at a time.

Made for some hundred thousand people: words are looked up in an index, and nobody counts past what a page tells.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.journalists.narrowing import STATE, State, Wanted, where
from service.models import Sender

COUNTED = 10_000
"""People counted at most: beyond that a list says "more than"."""
BATCH = 5_000


class Order(StrEnum):
    """The order of the list."""

    NAME = "name"
    NEWEST = "newest"
    TIER = "tier"


@dataclass(frozen=True, slots=True)
class Line:
    """One person as the list shows them."""

    id: UUID
    name: str
    address: str
    outlet: str
    beat: str
    country: str
    language: str
    tier: int
    topics: tuple[str, ...]
    state: State
    since: datetime


_ORDERED = {
    Order.NAME: "j.name, j.id",
    Order.NEWEST: "j.id DESC",
    Order.TIER: "j.tier, j.name, j.id",
}


@dataclass(frozen=True, slots=True)
class Found:
    """One page, and how many there are in all: one more than COUNTED where there are more."""

    lines: tuple[Line, ...]
    total: int


EVERYBODY = Wanted()


def people(
    session: Session,
    sender: Sender,
    wanted: Wanted = EVERYBODY,
    *,
    order: Order = Order.NAME,
    skip: int = 0,
    limit: int = 50,
) -> Found:
    """One page. Erased people, and entries merged into another, are in no list."""
    which, values = where(sender, wanted)
    counting = text(f"SELECT count(*) FROM (SELECT FROM journalist j WHERE {which} LIMIT :most) found")  # noqa: S608
    total = session.scalar(counting, values | {"most": COUNTED + 1}) or 0
    # Few are found first and ordered then; of many the first in the order are soon met by walking along its index.
    query = _FEW if total <= COUNTED else _MANY
    found = text(query.format(which=which, order=_ORDERED[order]))
    ids = list(session.scalars(found, values | {"limit": limit, "skip": skip}))
    return Found(tuple(lines(session, ids)), total)


_FEW = """
    WITH found AS MATERIALIZED (SELECT j.id, j.name, j.tier FROM journalist j WHERE {which})
    SELECT j.id FROM found j ORDER BY {order} LIMIT :limit OFFSET :skip
"""
_MANY = "SELECT j.id FROM journalist j WHERE {which} ORDER BY {order} LIMIT :limit OFFSET :skip"


def everyone(session: Session, sender: Sender, wanted: Wanted = EVERYBODY) -> Iterator[Line]:
    """All of them, in the order they came in, some thousand at a time."""
    which, values = where(sender, wanted)
    query = text(f"SELECT j.id FROM journalist j WHERE {which} AND j.id > :after ORDER BY j.id LIMIT :limit")  # noqa: S608
    after = UUID(int=0)
    while ids := list(session.scalars(query, values | {"after": after, "limit": BATCH})):
        yield from lines(session, ids)
        after = ids[-1]


def line(session: Session, id_: UUID) -> Line:
    """One person as a list would show them."""
    return lines(session, [id_])[0]


def named(session: Session, sender: Sender, ids: list[UUID]) -> list[Line]:
    """Those of these that are in the sender's list, in the order of their names."""
    which, values = where(sender, EVERYBODY)
    query = text(f"SELECT j.id FROM journalist j WHERE {which} AND j.id = ANY(:ids) ORDER BY j.name, j.id")  # noqa: S608
    return lines(session, list(session.scalars(query, values | {"ids": ids})))


LINES = text(f"""
    SELECT j.id, j.name, j.address, coalesce(o.name, '') AS outlet, j.beat, j.country, j.language, j.tier,
           ARRAY(SELECT t.name FROM subscription s JOIN topic t ON t.id = s.topic_id
                 WHERE s.journalist_id = j.id AND s.state = 'confirmed' ORDER BY t.name) AS topics,
           {STATE} AS state, j.created_at AS since
    FROM unnest(CAST(:ids AS uuid[])) WITH ORDINALITY AS w (id, place)
    JOIN journalist j ON j.id = w.id LEFT JOIN outlet o ON o.id = j.outlet_id ORDER BY w.place
""")  # noqa: S608 - put together from constants


def lines(session: Session, ids: list[UUID]) -> list[Line]:
    """These people in this order."""
    rows = session.execute(LINES, {"ids": ids}).mappings()
    return [Line(**row | {"topics": tuple(row["topics"]), "state": State(row["state"])}) for row in map(dict, rows)]
