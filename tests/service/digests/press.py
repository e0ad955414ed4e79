"""A newsroom whose readers want digests, in a database of its own; releases go out by the real planner."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select, text

from service import approvals, db, digests, journalists, releases
from service.journalists import Choice
from service.models import Account, Frequency, Journalist, Kind, Lane, Release
from tests.committed import committed
from tests.factories import Newsroom, make_journalist, make_newsroom, make_release, now
from tests.workers.sending.desk import Desk
from workers.relays.memory import MemoryRelay
from workers.sending import plan


@dataclass
class Press:
    """The newsroom and what leaves it."""

    room: Newsroom
    relay: MemoryRelay = field(default_factory=MemoryRelay)

    def reader(self, name: str, frequency: Frequency = Frequency.DAILY, *, zone: str = "UTC", lang: str = "en") -> UUID:
        with db.transaction() as session:
            address = f"{name.lower()}@daily.example"
            found = make_journalist(session, self.room, f"{name} Reader", address=address, language=lang)
            journalists.choose(session, found, Choice(lang, (), frequency, zone))
            return found.id

    def release(self, headline: str, *, lane: Lane = Lane.RELEASE) -> UUID:
        """Written, approved, planned."""
        with db.transaction() as session:
            release = make_release(session, self.room, headline=headline)
            release.lane = lane
            approvals.approve(session, release, by=session.get_one(Account, self.room.ben.id))
            releases.schedule(session, release, now(), by=session.get_one(Account, self.room.ada.id))
        self.plan()
        return release.id

    def plan(self) -> None:
        with db.transaction() as session:
            releases.start_due(session)
            waves = plan.due(session)
        for wave in waves:
            plan.plan(wave)

    def morning(self) -> None:
        """Let it be everybody's morning."""
        execute("UPDATE journalist SET digest_due_at = now() WHERE digest_due_at IS NOT NULL")

    def make(self) -> int:
        with db.transaction() as session:
            return sum(digests.make(session, sender) for sender in digests.due(session))

    def work(self) -> None:
        """Send all that is planned."""
        Desk(Release(), relay=self.relay).work()

    def digests(self) -> list[Release]:
        with db.transaction() as session:
            return list(session.scalars(select(Release).filter_by(kind=Kind.DIGEST).order_by(Release.id)))

    def entries(self) -> Counter[tuple[str, str]]:
        """(reader, headline) of all that stands in a digest."""
        with db.transaction() as session:
            rows = session.execute(
                text("""
                    SELECT j.name, e.headline FROM digest_entry d JOIN journalist j ON j.id = d.journalist_id
                    JOIN edition e ON e.release_id = d.release_id
                """)
            )
            return Counter((name.split()[0], headline) for name, headline in rows)

    def due_at(self, reader: UUID) -> datetime | None:
        with db.transaction() as session:
            found = session.get_one(Journalist, reader).digest_due_at
            return found.astimezone(UTC) if found else None


def execute(statement: str, **values: object) -> None:
    with db.transaction() as session:
        session.execute(text(statement), values)


@contextmanager
def opened(name: str) -> Iterator[Press]:
    with committed(name):
        with db.transaction() as session:
            room = make_newsroom(session)
        yield Press(room)
