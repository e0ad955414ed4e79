"""A planned release, a relay that answers as it is told, and what a worker does with the two."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from service import approvals, db, links, releases
from service.models import Account, Chunk, Delivery, DeliveryState, Journalist, Release
from service.settings import settings
from tests.committed import committed
from tests.factories import make_journalist, make_newsroom, make_release, now
from workers.relays.memory import MemoryRelay
from workers.sending import plan
from workers.sending.dispatch import Dispatcher
from workers.sending.throttle import OpenThrottle

NAMES = ("Cleo", "Dana", "Eli")


@dataclass
class Desk:
    """A planned release to three people, and what a worker does with it."""

    release: Release
    relay: MemoryRelay = field(default_factory=MemoryRelay)
    throttle: Any = field(default_factory=OpenThrottle)

    def work(self, times: int = 1) -> None:
        """Work so many times on every chunk, as one worker process."""

        async def go() -> None:
            dispatcher = Dispatcher(settings(), self.relay, links.personal(), self.throttle)
            for _ in range(times):
                for chunk in chunks():
                    await dispatcher.dispatch(chunk)
            await dispatcher.close()

        asyncio.run(go())

    def states(self) -> Counter[DeliveryState]:
        with db.transaction() as session:
            return Counter(session.scalars(select(Delivery.state)))

    def of(self, name: str) -> Delivery:
        with db.transaction() as session:
            query = select(Delivery).join(Journalist).where(Journalist.name == f"{name} Reader")
            return session.scalars(query).one()

    def ada(self, session: Session) -> Account:
        return session.get_one(Account, self.release.written_by)

    def execute(self, statement: str, **values: object) -> None:
        with db.transaction() as session:
            session.execute(text(statement), values)


def chunks() -> list[int]:
    with db.transaction() as session:
        return list(session.scalars(select(Chunk.id)))


def address(name: str) -> str:
    return f"{name.lower()}@daily.example"


@contextmanager
def opened(database: str, names: tuple[str, ...] = NAMES) -> Iterator[Desk]:
    """A desk with a database of its own."""
    with committed(database):
        with db.transaction() as session:
            room = make_newsroom(session)
            for name in names:
                make_journalist(session, room, f"{name} Reader", address=address(name))
            release = make_release(session, room)
            approvals.approve(session, release, by=session.get_one(Account, room.ben.id))
            releases.schedule(session, release, now(), by=session.get_one(Account, room.ada.id))
        with db.transaction() as session:
            releases.start_due(session)
            [wave] = plan.due(session)
        assert plan.plan(wave) == len(names)
        yield Desk(release)
