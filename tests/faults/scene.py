"""A whole service of real processes to be hurt: its servers, its relay with an oracle, its workers, beat and pages."""

import sys
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import Engine, create_engine, func, select, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from service import accounts, installation, migrations, releases
from service.journalists import mailbox
from service.models import Account, Chunk, Delivery, DeliveryState, Release, ReleaseState, Role, Sender, Wave
from service.supervisor import Servers, embedded, listening
from tests import factories
from tests.factories import Newsroom
from tests.faults import copies
from tests.faults.broker import Broker
from tests.faults.copies import Copy
from tests.faults.crew import SOURCE, Crew, free_port, port_of
from tests.faults.database import Database
from tests.faults.office import Office
from tests.faults.proxy import Proxy


@dataclass(kw_only=True)
class Scene(Crew):
    """The service, and the handles to hurt it by."""

    servers: Servers
    engine: Engine
    newsroom: Newsroom
    stack: ExitStack

    def __post_init__(self) -> None:
        assert self.servers.postgres is not None
        assert self.servers.valkey is not None
        self.database = Database(self.servers.postgres, self.engine)
        self.broker = Broker(self.servers.valkey, self.servers.data / "valkey")
        self.office = Office(self.engine, self.newsroom)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A transaction of the test's own."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    def people(self, count: int, *, tag: str = "", prefix: str = "reader") -> None:
        """So many subscribed journalists; `tag` is the case that the relay plays for them ("+greylist")."""
        boxes = [f"{prefix}{number}{tag}@daily.example" for number in range(1, count + 1)]
        mine = {
            "sender": self.newsroom.sender.id,
            "topic": self.newsroom.topic.id,
            "boxes": boxes,
            "prints": [mailbox(box).fingerprint for box in boxes],
        }
        with self.transaction() as session:
            session.execute(
                text("""
                    WITH people AS (
                        INSERT INTO journalist (sender_id, address, address_canonical, fingerprint, name, beat, country,
                                                language, zone, tier, do_not_contact)
                        SELECT :sender, a, a, f, 'Reader ' || n, '', 'KZ', 'en', 'UTC', 2, false
                        FROM unnest(CAST(:boxes AS text[]), CAST(:prints AS bytea[])) WITH ORDINALITY p (a, f, n)
                        RETURNING id)
                    INSERT INTO subscription (journalist_id, topic_id, state, proof)
                    SELECT id, :topic, 'confirmed', '{}' FROM people
                """),
                mine,
            )

    def approved(self, *, embargo: datetime | None = None) -> Release:
        """A release that Ada wrote and Ben approved."""
        return self.office.approved(embargo=embargo)

    def scheduled(self, at: datetime | None = None, *, topics: Collection[UUID] = ()) -> Release:
        """A release that goes now, or at a time."""
        return self.office.scheduled(at, topics=topics)

    def now(self) -> datetime:
        """The database's time."""
        return self.office.now()

    def proxy(self, link: str) -> Proxy:
        """A proxy for a process's link to the "database", the "broker" or the "relay"; give it as `through`."""
        user = "postgresql+psycopg://postgres@127.0.0.1:{port}/dateline?sslmode=disable&gssencmode=disable"
        found = {
            "database": lambda: Proxy(self.database.socket, "DATABASE_URL", user),
            "broker": lambda: Proxy(self.broker.socket, "BROKER_URL", "redis://127.0.0.1:{port}/0"),
            "relay": lambda: Proxy(("127.0.0.1", port_of(self.env["RELAY"])), "RELAY", "smtp://127.0.0.1:{port}"),
        }[link]()
        self.stack.callback(found.close)
        return found

    def crash_database(self) -> None:
        """PostgreSQL ends as in a power cut, and comes back."""
        self.kills += 1
        self.bound += sum(self.lanes.values())
        self.database.crash()
        self.database.start()

    def restart_database(self) -> None:
        """Start PostgreSQL, that was stopped or crashed, on what is in its folder now."""
        self.database.stop()
        self.database.start()

    def held(self) -> str:
        """Why nothing leaves, in words; empty when nothing is held."""
        with self.transaction() as session:
            return installation.hold_of(session)

    def confirm(self) -> None:
        """Ben, who is given the right to administer for it, lets this database be ours."""
        with self.transaction() as session:
            ben = session.get_one(Account, self.newsroom.ben.id)
            accounts.grant(session, ben, session.get_one(Sender, self.newsroom.sender.id), [Role.ADMINISTER])
            installation.confirm(session, by=ben)

    def states(self, release: Release) -> Counter[DeliveryState]:
        """People by state."""
        with self.transaction() as session:
            query = select(Delivery.state, func.count()).where(Delivery.release_id == release.id)
            found: Counter[DeliveryState] = Counter()
            for state, number in session.execute(query.group_by(Delivery.state)):
                found[state] = number
            return found

    def state(self, release: Release) -> ReleaseState:
        """Where the release stands."""
        with self.transaction() as session:
            return releases.get(session, release.id).state

    def hurry(self, release: Release) -> None:
        """What was deferred is due now: the minutes of the schedule of retries are not waited for."""
        with self.transaction() as session:
            late = (Delivery.release_id == release.id, Delivery.state == DeliveryState.DEFERRED)
            session.execute(update(Delivery).where(*late).values(due_at=func.now()))
            mine = select(Wave.id).where(Wave.release_id == release.id)
            due = (Chunk.wave_id.in_(mine), Chunk.due_at.is_not(None))
            session.execute(update(Chunk).where(*due).values(due_at=func.now(), rung_at=None))

    def wait_until(self, true: Callable[[], bool], *, seconds: float = 60, every: float = 0.1) -> None:
        """Wait for something; a database that is away counts as not yet."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                if true():
                    return
            except OperationalError:
                self.engine.dispose()
            time.sleep(every)
        raise AssertionError(f"not within {seconds} s")

    def wait_accepted(self, release: Release, number: int, *, seconds: float = 60) -> None:
        """Until a relay has taken more than so many, or all there are."""

        def reached() -> bool:
            states = self.states(release)
            return states[DeliveryState.ACCEPTED] > number or bool(states and not states[DeliveryState.QUEUED])

        self.wait_until(reached, seconds=seconds, every=0.03)

    def wait_sent(self, release: Release, *, seconds: float = 60) -> None:
        """Until the service has nothing left to do for a release."""
        self.wait_until(lambda: self.state(release) is ReleaseState.SENT, seconds=seconds)

    def copies(self) -> list[Copy]:
        """Each mail that the relay swears it has accepted."""
        return copies.read(self.folder / "journal")

    def taken(self) -> Counter[str]:
        """Copies by recipient."""
        return Counter(copy.recipient for copy in self.copies())


@contextmanager
def scene(
    folder: Path,
    *,
    people: int,
    latency: int = 0,
    answers: bool = False,
    uncertain: str = "ask",
    postgres: Mapping[str, str] | None = None,
    postgres_env: Mapping[str, str] | None = None,
    **settings: str,
) -> Iterator[Scene]:
    """The service with its relay running; workers, beat and pages are the test's to start.

    PostgreSQL is started with the settings `postgres` and the environment `postgres_env`: libfaketime's, say. With
    `answers` the relay keeps its mail in `folder/mail`, and what it sends back is taken by inbound SMTP. Mail that is
    `uncertain` waits for a person ("ask"), or goes once more after a second ("resend").
    """
    with ExitStack() as stack:
        servers = stack.enter_context(embedded(folder / "data", postgres_settings=postgres, postgres_env=postgres_env))
        engine = create_engine(servers.database_url, pool_pre_ping=True)
        stack.callback(engine.dispose)
        migrations.upgrade(engine)
        with Session(engine, expire_on_commit=False) as session, session.begin():
            installation.begin(session)
            newsroom = factories.make_newsroom(session)
        relay, inbound, web = (free_port() for _ in range(3))
        env = {
            "DATABASE_URL": servers.database_url,
            "BROKER_URL": servers.broker_url,
            "RELAY": f"smtp://127.0.0.1:{relay}",
            "RELAY_CONNECTIONS": "4",
            "CHUNK_SIZE": "250",
            "TICK_SECONDS": "1",
            "RING_AGAIN_SECONDS": "2",
            "PYTHONPATH": str(SOURCE),
            "INBOUND_LISTEN": f"127.0.0.1:{inbound}",
            "WEB_LISTEN": f"127.0.0.1:{web}",
            "BASE_URL": f"http://127.0.0.1:{web}",
            "DATA_DIR": str(servers.data),
            "UNCERTAIN_POLICY": uncertain,
            "UNCERTAIN_RESEND_AFTER": "1",
            **settings,
        }
        found = Scene(servers=servers, folder=folder, engine=engine, env=env, newsroom=newsroom, stack=stack)
        stack.callback(found.end)
        if answers:
            found.inbound()
        start_relay(found, latency=latency, answers=answers)
        found.people(people)
        yield found


def start_relay(service: Scene, *, latency: int = 0, answers: bool = False, name: str = "relay") -> None:
    """The development relay as an oracle: it swears to each mail on disk before its 250."""
    port = port_of(service.env["RELAY"])
    words = ["--listen", f"127.0.0.1:{port}", "--journal", str(service.folder / "journal"), "--fsync"]
    words += ["--latency", str(latency)]
    if answers:
        words += ["--inbound", service.env["INBOUND_LISTEN"], "--mail", str(service.folder / "mail")]
    service.start(name, sys.executable, "-m", "workers.relays.development", *words, ready=listening("127.0.0.1", port))
