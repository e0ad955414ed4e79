"""A newsroom at work on a database of its own: releases planned and dispatched to a sink, pages under gunicorn."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx2
from sqlalchemy import select, text

from service import approvals, db, links, releases
from service.models import Account, Chunk, Delivery, DeliveryState, Journalist, Subscription, SubscriptionState
from service.settings import settings
from tests.factories import Newsroom, make_journalist, make_newsroom, make_release, now
from tests.standards import reading, sink
from tests.standards.sink import Sink, Taken
from tests.standards.typed import MODERN
from workers.relays.smtp import SmtpRelay
from workers.sending import plan
from workers.sending.dispatch import Dispatcher
from workers.sending.throttle import OpenThrottle

ROOT = Path(__file__).parents[2]
HOST = "http://press.dateline.example"


@dataclass
class Office:
    """What an officer, a worker and a reader do."""

    newsroom: Newsroom
    sink: Sink

    def plan_release(self) -> UUID:
        """A release of Ada's, approved, scheduled and planned; nobody has it yet."""
        with db.transaction() as session:
            release = make_release(session, self.newsroom)
            approvals.approve(session, release, by=session.get_one(Account, self.newsroom.ben.id))
            releases.schedule(session, release, now(), by=session.get_one(Account, self.newsroom.ada.id))
        self.plan()
        return release.id

    def plan(self) -> None:
        """Start and plan what is due."""
        with db.transaction() as session:
            releases.start_due(session)
            waves = plan.due(session)
        for wave in waves:
            plan.plan(wave)

    def work(self) -> dict[str, Taken]:
        """Dispatch what is due, as a worker does; what the sink took, by recipient."""

        async def go() -> None:
            dispatcher = Dispatcher(settings(), SmtpRelay.from_url(self.sink.url), links.personal(), OpenThrottle())
            for chunk in self._chunks():
                await dispatcher.dispatch(chunk)
            await dispatcher.close()

        asyncio.run(go())
        taken, self.sink.taken[:] = list(self.sink.taken), []
        return {one.envelope[1][0]: one for one in taken}

    def _chunks(self) -> list[int]:
        with db.transaction() as session:
            return list(session.scalars(select(Chunk.id).order_by(Chunk.id)))

    def execute(self, statement: str) -> None:
        """Move the clock, or something else that no verb does."""
        with db.transaction() as session:
            session.execute(text(statement))

    def hurry(self) -> None:
        """Let what waits for another try be due."""
        self.execute("UPDATE delivery SET due_at = now() WHERE state = 'deferred'")
        self.execute("UPDATE chunk SET due_at = now()")

    def subscription(self, address: str) -> SubscriptionState:
        with db.transaction() as session:
            query = select(Subscription.state).join(Journalist).where(Journalist.address == address)
            return session.scalars(query).one()

    def states(self, release: UUID) -> dict[str, DeliveryState]:
        """Where each person's delivery of a release stands."""
        with db.transaction() as session:
            query = select(Journalist.address, Delivery.state).join(Delivery).where(Delivery.release_id == release)
            return dict(session.execute(query).all())


@contextmanager
def opened(*names: str) -> Iterator[Office]:
    """An office with these readers, in the database that the settings name."""
    with db.transaction() as session:
        room = make_newsroom(session)
        for name in names:
            make_journalist(session, room, f"{name} Reader", address=f"{name.lower()}@daily.example")
    with sink.listening(*MODERN) as sink_:
        yield Office(room, sink_)


def link(taken: Taken) -> str:
    """The one-click address of a message, as a mail program finds it."""
    return reading.message(taken.wire).one("List-Unsubscribe").value.partition(",")[0].strip("<>")


@dataclass(frozen=True)
class Pages:
    """Our pages, by real HTTP."""

    socket: Path

    def ask(self, method: str, url: str, **given: object) -> httpx2.Response:
        """One request without cookies, by a program that follows no redirect."""
        with httpx2.Client(transport=httpx2.HTTPTransport(uds=str(self.socket)), timeout=30) as client:
            return client.request(method, url, **given)  # type: ignore[arg-type]

    def answers(self) -> bool:
        try:
            return self.ask("GET", f"{HOST}/health").status_code == 200
        except httpx2.TransportError:
            return False


@contextmanager
def serving(place: Path) -> Iterator[Pages]:
    """gunicorn as it runs, over the database that the settings name."""
    listening, log = place / "web", (place / "log").open("wb")
    env = os.environ | {"DATABASE_URL": settings().database_url, "WEB_LISTEN": f"unix:{listening}"}
    argv = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.conf.py", "service.app:create_app()"]
    pages, deadline = Pages(listening), time.monotonic() + 60
    with log, subprocess.Popen(argv, cwd=ROOT, env=env, stderr=log, stdout=log) as process:
        try:
            while not pages.answers():
                assert process.poll() is None, (place / "log").read_text()
                assert time.monotonic() < deadline
                time.sleep(0.05)
            yield pages
        finally:
            process.terminate()
            process.wait(20)
