"""A whole service of real processes to be hurt: its servers, its relay with an oracle, its workers and beat."""

import contextlib
import json
import os
import signal
import socket
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import redis
from sqlalchemy import Engine, create_engine, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from service import accounts, approvals, installation, migrations, releases
from service.models import Account, Delivery, DeliveryState, Release, ReleaseState, Role, Sender
from service.supervisor import Child, Postgres, Process, Servers, embedded, listening, processes
from tests import factories
from tests.factories import Newsroom

SOURCE = Path(__file__).parents[2]
CELERY = (sys.executable, "-m", "celery", "-A", "workers.tasks")
QUIET = ("--without-mingle", "--without-gossip", "--without-heartbeat")


@dataclass
class Scene:
    """The service, and the handles to hurt it by."""

    servers: Servers
    folder: Path
    engine: Engine
    env: dict[str, str]
    newsroom: Newsroom
    running: dict[str, Process] = field(default_factory=dict)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A transaction of the test's own."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    def people(self, count: int) -> None:
        """So many subscribed journalists."""
        with self.transaction() as session:
            mine = {"sender": self.newsroom.sender.id, "count": count}
            session.execute(
                text("""
                    INSERT INTO journalist (sender_id, address, address_canonical, fingerprint, name, beat, country,
                                            language, zone, tier, do_not_contact)
                    SELECT :sender, a, a, sha256(a::bytea), 'Reader ' || n, '', 'KZ', 'en', 'UTC', 2, false
                    FROM (SELECT n, 'reader' || n || '@daily.example' AS a FROM generate_series(1, :count) n) people
                """),
                mine,
            )
            session.execute(
                text(
                    "INSERT INTO subscription (journalist_id, topic_id, state, proof)"
                    " SELECT id, :topic, 'confirmed', '{}' FROM journalist"
                ),
                {"topic": self.newsroom.topic.id},
            )

    def approved(self, *, embargo: datetime | None = None) -> Release:
        """A release that Ada wrote and Ben approved."""
        with self.transaction() as session:
            release = factories.make_release(session, self.newsroom, embargo=embargo)
            approvals.approve(session, release, by=session.get_one(Account, self.newsroom.ben.id))
            return release

    def scheduled(self, at: datetime | None = None) -> Release:
        """A release that goes now, or at a time."""
        release = self.approved()
        with self.transaction() as session:
            found = releases.get(session, release.id)
            releases.schedule(session, found, at or self.now(), by=session.get_one(Account, self.newsroom.ada.id))
        return release

    def now(self) -> datetime:
        """The database's time."""
        with self.engine.connect() as connection:
            found: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
            return found.astimezone(UTC)

    def start(
        self, name: str, *argv: str, env: Mapping[str, str] | None = None, ready: Callable[[], bool] | None = None
    ) -> None:
        """Start a process under a name, or the same name again."""
        child = Child(
            name=name,
            argv=argv,
            env={**self.env, **(env or {})},
            log=self.folder / "logs" / f"{name}.log",
            ready=ready,
            cwd=SOURCE,
        )
        self.running[name] = processes.start(child)
        self.running[name].wait_ready()

    def worker(self, name: str, *, env: Mapping[str, str] | None = None, under: tuple[str, ...] = ()) -> None:
        """A worker of all queues with two processes."""
        work = ("worker", "-Q", "tick,plan,sort,look-up,dispatch,notices", "--concurrency", "2", "-n", f"{name}@%h")
        self.start(name, *under, *CELERY, *work, *QUIET, env=env)

    def beat(self) -> None:
        """The tick."""
        self.start("beat", *CELERY, "beat", "--schedule", str(self.folder / "beat"), "--pidfile=")

    def kill(self, name: str) -> None:
        """kill -9 of a process and of all it has started."""
        process = self.running.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()

    def end(self) -> None:
        """Kill whatever still runs."""
        for name in tuple(self.running):
            self.kill(name)

    def flush_broker(self) -> None:
        """Whatever the broker knew is gone."""
        assert self.servers.valkey is not None
        redis.Redis(unix_socket_path=str(self.servers.valkey.runtime / "valkey.sock")).flushall()

    def crash_database(self) -> None:
        """PostgreSQL ends as in a power cut, and comes back."""
        assert self.servers.postgres is not None
        self.servers.postgres.crash()
        self.restart_database()

    def restart_database(self) -> None:
        """Start PostgreSQL, that was stopped or crashed, on what is in its folder now."""
        before = self.servers.postgres
        assert before is not None
        before.stop()
        account = before.process.child.account
        again = Postgres.start(self.servers.data, before.runtime, account=account)
        before.process = again.process

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
            return Counter(session.scalars(select(Delivery.state).where(Delivery.release_id == release.id)))

    def wait_until(self, true: Callable[[], bool], *, seconds: float = 60) -> None:
        """Wait for something; a database that is away counts as not yet."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                if true():
                    return
            except OperationalError:
                self.engine.dispose()
            time.sleep(0.1)
        raise AssertionError(f"not within {seconds} s")

    def wait_sent(self, release: Release, *, seconds: float = 60) -> None:
        """Until the service has nothing left to do for a release."""
        self.wait_until(lambda: self.state(release) is ReleaseState.SENT, seconds=seconds)

    def state(self, release: Release) -> ReleaseState:
        """Where the release stands."""
        with self.transaction() as session:
            return releases.get(session, release.id).state

    def taken(self) -> Counter[str]:
        """What the relay swears it has accepted: copies by recipient."""
        journal = self.folder / "journal"
        lines = journal.read_text().splitlines() if journal.exists() else []
        return Counter(json.loads(line)["rcpt"] for line in lines)


@contextmanager
def scene(
    folder: Path,
    *,
    people: int,
    latency: int = 0,
    answers: bool = False,
    postgres_env: Mapping[str, str] | None = None,
    **settings: str,
) -> Iterator[Scene]:
    """The service with its relay running; workers and beat are the test's to start.

    PostgreSQL is started with `postgres_env`: libfaketime's, say. With `answers` the relay keeps its mail in
    `folder/mail`, and what it sends back is taken by inbound SMTP.
    """
    with ExitStack() as stack:
        servers = stack.enter_context(embedded(folder / "data", postgres_env=postgres_env))
        engine = create_engine(servers.database_url, pool_pre_ping=True)
        migrations.upgrade(engine)
        with Session(engine, expire_on_commit=False) as session, session.begin():
            installation.begin(session)
            newsroom = factories.make_newsroom(session)
        port = _free_port()
        env = {
            "DATABASE_URL": servers.database_url,
            "BROKER_URL": servers.broker_url,
            "DATA_DIR": str(servers.data),
            "RELAY": f"smtp://127.0.0.1:{port}",
            "RELAY_CONNECTIONS": "4",
            "CHUNK_SIZE": "250",
            "TICK_SECONDS": "1",
            "RING_AGAIN_SECONDS": "2",
            "PYTHONPATH": str(SOURCE),
            "INBOUND_LISTEN": f"127.0.0.1:{_free_port()}",
            **settings,
        }
        found = Scene(servers, folder, engine, env, newsroom)
        stack.callback(found.end)
        listen = ("--listen", f"127.0.0.1:{port}", "--journal", str(folder / "journal"), "--fsync")
        relay: tuple[str, ...] = (
            sys.executable,
            "-m",
            "workers.relays.development",
            *listen,
            "--latency",
            str(latency),
        )
        if answers:
            inbound = env["INBOUND_LISTEN"]
            here = listening("127.0.0.1", int(inbound.rpartition(":")[2]))
            found.start("inbound", sys.executable, "-m", "workers.inbound", ready=here)
            relay = (*relay, "--inbound", inbound, "--mail", str(folder / "mail"))
        found.start("relay", *relay, ready=listening("127.0.0.1", port))
        found.people(people)
        yield found
        engine.dispose()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port
