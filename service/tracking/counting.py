"""What was opened and followed of a release, said of those who agreed, and of machines apart from people."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

# Whoever agreed and got it; each is counted once, as a person where a person came at all.
WHO = text("""
    WITH agreed AS (
        SELECT d.id FROM delivery d
        WHERE d.release_id = :release AND d.tracked AND d.state IN ('accepted', 'bounced', 'complained')
    ), came AS (
        SELECT v.delivery_id, v.link = '' AS is_picture, bool_or(v.visitor = 'person') AS by_person
        FROM visit v JOIN agreed a ON a.id = v.delivery_id GROUP BY 1, 2
    )
    SELECT (SELECT count(*) FROM agreed) AS agreed,
           count(*) FILTER (WHERE is_picture AND by_person) AS opened,
           count(*) FILTER (WHERE is_picture AND NOT by_person) AS opened_by_machine,
           count(*) FILTER (WHERE NOT is_picture AND by_person) AS followed,
           count(*) FILTER (WHERE NOT is_picture AND NOT by_person) AS followed_by_machine
    FROM came
""")
LINKS = text("""
    SELECT l.url, count(DISTINCT v.delivery_id) FILTER (WHERE v.visitor = 'person') AS people,
           count(DISTINCT v.delivery_id) FILTER (WHERE v.visitor <> 'person') AS machines
    FROM tracked_link l LEFT JOIN (visit v JOIN delivery d ON d.id = v.delivery_id AND d.release_id = :release)
        ON v.link = l.key
    WHERE l.release_id = :release GROUP BY l.url ORDER BY people DESC, machines DESC, l.url
""")
# The ledger of a release that counted nobody is not walked for it.
COUNTS = text("""
    SELECT EXISTS (SELECT FROM tracked_link WHERE release_id = :release) OR EXISTS (
        SELECT FROM release r JOIN sender s ON s.id = r.sender_id WHERE r.id = :release AND s.tracking)
""")


@dataclass(frozen=True, slots=True)
class LinkCount:
    """By how many people a link was followed, and in how many mails by a machine."""

    url: str
    people: int
    machines: int


@dataclass(frozen=True, slots=True)
class Engagement:
    """Of `agreed` people who got it: how many opened it and followed a link, as far as that can be known.

    `…_by_machine`: only a proxy or a scanner came, which says nothing of whether anybody read.
    """

    agreed: int
    opened: int
    opened_by_machine: int
    followed: int
    followed_by_machine: int
    links: tuple[LinkCount, ...]


def of(session: Session, release_id: UUID) -> Engagement | None:
    """What those who agreed did; None when nobody was asked."""
    values = {"release": release_id}
    if not session.scalar(COUNTS, values):
        return None
    links = tuple(LinkCount(*row) for row in session.execute(LINKS, values))
    return Engagement(**session.execute(WHO, values).mappings().one(), links=links)
