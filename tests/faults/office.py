"""What the people of the newsroom do during a scene, each act in a transaction of its own."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from service import approvals, releases
from service.models import Account, Release, ReleaseTopic
from tests import factories
from tests.factories import Newsroom

CANARY = f"canary-{uuid4().hex}"
"""128 bits in each release's words: they are looked for where no word of a release belongs."""


class Office:
    """Ada writes and sends, Ben approves."""

    def __init__(self, engine: Engine, newsroom: Newsroom) -> None:
        self._engine = engine
        self._newsroom = newsroom

    def approved(self, *, embargo: datetime | None = None, topics: Collection[UUID] = ()) -> Release:
        """A release that Ada wrote and Ben approved, for the newsroom's topic and for these."""
        with Session(self._engine, expire_on_commit=False) as session, session.begin():
            release = factories.make_release(session, self._newsroom, embargo=embargo)
            release.topics += [ReleaseTopic(topic_id=topic) for topic in topics]
            release.editions[0].lead = f"Levels fell. {CANARY}"
            approvals.approve(session, release, by=session.get_one(Account, self._newsroom.ben.id))
            return release

    def schedule(self, release: Release, at: datetime) -> datetime:
        """It is to go at this time; when it will."""
        with Session(self._engine, expire_on_commit=False) as session, session.begin():
            return releases.schedule(session, releases.get(session, release.id), at, by=self._ada(session))

    def scheduled(self, at: datetime | None = None, *, topics: Collection[UUID] = ()) -> Release:
        """An approved release that goes now, or at a time."""
        release = self.approved(topics=topics)
        self.schedule(release, at or self.now())
        return release

    def pause(self, release: Release) -> None:
        """Nothing new starts."""
        self._steer(releases.pause, release)

    def resume(self, release: Release) -> None:
        """It goes on."""
        self._steer(releases.resume, release)

    def cancel(self, release: Release) -> None:
        """It ends here."""
        self._steer(releases.cancel, release)

    def edit(self, release: Release, lead: str) -> None:
        """Ada changes a sentence."""
        with Session(self._engine) as session, session.begin():
            releases.edit(session, releases.get(session, release.id), "en", by=self._ada(session), lead=lead)

    def now(self) -> datetime:
        """The database's time."""
        with self._engine.connect() as connection:
            found: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
            return found.astimezone(UTC)

    def _steer(self, act: Callable[..., None], release: Release) -> None:
        with Session(self._engine) as session, session.begin():
            act(session, releases.get(session, release.id), by=self._ada(session))

    def _ada(self, session: Session) -> Account:
        return session.get_one(Account, self._newsroom.ada.id)
