"""How soon many bounces are in the books, and how fast they are read: `python -m bench.feedback`.

A real listener takes them by SMTP, a real worker sorts them; `--read DIR` only reads the messages of a folder.
"""

import argparse
import json
import smtplib
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bench import newsroom, service
from bench.measurement import NotMeasured
from bench.newsroom import Newsroom
from bench.processes import cpu_seconds
from bench.sinks import HOST, free_port
from service import db, feedback, links, logs, manuscripts, releases
from service.cli import processes as commands
from service.mail.compose import Person
from service.models import Delivery, DeliveryState, Journalist, Release, Revision
from service.releases.letters import letters
from service.settings import settings
from service.supervisor import Process, Servers, listening, processes, stopped_by_signals
from workers.relays.development import returns
from workers.relays.development.reception import Mail
from workers.sending import plan

STOPPED = 130
"""The exit code of what Ctrl-C has ended."""
TARGET = 60.0
"""Seconds for 5,000 bounces."""
READ_TARGET = 300.0
"""Messages a second on one core."""
OF_ALL = 20
"""One mail in so many comes back, all of them of dead addresses: what takes longest to judge."""
SERVERS = 8
"""Mail servers that hand bounces over at the same time, each bounce by a connection of its own."""
LONGEST = 600.0
WARM_UP = 20
"""Bounces that come before: the worker has started, its patterns are compiled."""
ROUNDS = 3
SENT = text("""
    UPDATE delivery SET state = 'accepted', attempts = 1, attempted_at = clock_timestamp() - interval '1 hour'
    WHERE state = 'queued'
""")
TRIED = text("""
    INSERT INTO attempt (delivery_id, number, began_at, ended_at, relay, outcome, stage, code, enhanced, reply)
    SELECT id, 1, attempted_at, attempted_at, 'bench', 'accepted', 'dot', 250, '2.0.0', 'Ok' FROM delivery
    WHERE state = 'accepted'
""")
FINISHED = text("UPDATE release SET state = 'sent', finished_at = clock_timestamp() WHERE state = 'sending'")
STANDING = text("""
    SELECT (SELECT count(*) FROM delivery WHERE state = 'bounced'),
           (SELECT count(*) FROM event WHERE kind = 'bounce'),
           (SELECT count(*) FROM received WHERE sorted_at IS NULL),
           (SELECT count(*) FROM received WHERE unmatched),
           (SELECT count(*) FROM burst)
""")
QMAIL = """From: MAILER-DAEMON@mx.{domain}\r
To: {path}\r
Subject: failure notice\r
\r
Hi. This is the qmail-send program at mx.{domain}.\r
I'm afraid I wasn't able to deliver your message to the following addresses.\r
This is a permanent error; I've given up. Sorry it didn't work out.\r
\r
<{address}>:\r
Sorry, no mailbox here by that name. (#5.1.1)\r
\r
--- Below this line is a copy of the message.\r
\r
Return-Path: <{path}>\r
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """Seconds from the first connection until all were stored, and until all were counted; CPU seconds by part."""

    bounces: int
    stored: float
    counted: float
    cpu: dict[str, float]


@dataclass(frozen=True, slots=True)
class ReadThrough:
    """A folder's messages, and how many one core reads in a second: the median of the rounds."""

    messages: int
    a_second: float
    slowest_ms: float


def main() -> None:
    """Measure and print; 1 when the target is missed or the figures must not be believed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bounces", type=int, default=5_000)
    parser.add_argument("--read", type=Path, metavar="DIR", help="instead: messages a second, of this folder's files")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    logs.configure()
    found: Counted | ReadThrough | None = None
    try:
        with stopped_by_signals():
            found = read_through(options.read) if options.read else run(options.bounces)
    except NotMeasured as fault:
        sys.exit(f"Not measured: {fault}")
    if found is None:
        sys.exit(STOPPED)
    if options.json:
        json.dump(asdict(found), sys.stdout, indent=2)
    else:
        _show(found)
    sys.exit(0 if _is_reached(found) else 1)


def read_through(folder: Path) -> ReadThrough:
    """Read every file below the folder, in CPU time of this process. Raises NotMeasured when there is none."""
    messages = [path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()]
    if not messages:
        raise NotMeasured(f"{folder} holds no file")
    for message in messages:
        feedback.read(message)  # patterns are compiled where they are first asked
    rounds = [[_cpu_of(message) for message in messages] for _ in range(ROUNDS)]
    middle = sorted(rounds, key=sum)[ROUNDS // 2]
    return ReadThrough(len(messages), len(messages) / sum(middle), 1000 * max(middle))


def run(bounces: int) -> Counted:
    """Let so many of a sent release's mails come back. Raises NotMeasured."""
    with tempfile.TemporaryDirectory(prefix="dateline-bench-", dir="/var/tmp") as folder:
        Path(folder).chmod(0o755)
        with service.servers(Path(folder) / "data", chunk_size=None, connections=None) as servers:
            with db.transaction() as session:
                office = newsroom.found(session, "rivers")
            with db.transaction() as session:
                newsroom.fill(session, office, OF_ALL * bounces, 0)
            release = _sent(office)
            with db.transaction() as session:
                posts = _posts(session, release, WARM_UP + bounces)
            service.settle()
            return _returned(servers, posts)


def _sent(office: Newsroom) -> Release:
    """A release that left an hour ago, by what the ledger says: nothing was sent."""
    with db.transaction() as session:
        words = manuscripts.read(newsroom.TEXT.read_bytes())
        release = newsroom.approved(session, office, office.everybody, words)
        releases.schedule(session, release, datetime.now(UTC), by=office.ada)
    with db.transaction() as session:
        releases.start_due(session)
    with db.transaction() as session:
        waves = plan.due(session)
    for wave in waves:
        plan.plan(wave)
    with db.transaction() as session:
        # What moves a delivery from state to state is not what is measured.
        session.execute(text("SET LOCAL session_replication_role = replica"))
        session.execute(SENT)
        session.execute(TRIED)
        session.execute(FINISHED)
    return release


def _posts(session: Session, release: Release, number: int) -> list[tuple[str, bytes]]:
    """Return paths, and what comes to them: reports for machines, and every third time qmail's words with the mail."""
    revision = session.get_one(Revision, release.revision_id)
    letter = next(iter(letters(revision).values()))
    query = select(Delivery.id, Journalist.address, Journalist.name).join(Journalist)
    query = query.where(Delivery.release_id == release.id, Delivery.state == DeliveryState.ACCEPTED).limit(number)
    found: list[tuple[str, bytes]] = []
    for at, (delivery, address, name) in enumerate(session.execute(query)):
        path = links.personal().return_path(delivery)
        mail = letter.message(Person(address, name, "", "Water"), delivery, revision.created_at)
        found.append((path, _report(path, address, mail, plain=at % 3 == 0)))
    if len(found) < number:
        raise NotMeasured(f"only {len(found)} mails of the release could come back")
    return found


def _report(path: str, address: str, mail: bytes, *, plain: bool) -> bytes:
    if plain:
        return QMAIL.format(path=path, address=address, domain=address.rpartition("@")[2]).encode() + mail
    return returns.bounce(Mail(path, (address,), mail), address)


def _returned(servers: Servers, posts: Sequence[tuple[str, bytes]]) -> Counted:
    with _doors(servers) as (inbound, worker, port):
        assert servers.postgres is not None
        parts = {"listener": inbound.pid, "worker": worker.pid, "postgres": servers.postgres.process.pid}
        _come_back(port, posts[:WARM_UP])
        _wait(WARM_UP, (inbound, worker))
        before = {name: cpu_seconds(pid) for name, pid in parts.items()}
        began = time.monotonic()
        _come_back(port, posts[WARM_UP:])
        stored = time.monotonic() - began
        _wait(len(posts), (inbound, worker))
        counted = time.monotonic() - began
        cpu = {name: cpu_seconds(pid) - before[name] for name, pid in parts.items()}
    return Counted(len(posts) - WARM_UP, stored, counted, cpu)


@contextmanager
def _doors(servers: Servers) -> Iterator[tuple[Process, Process, int]]:
    """The listener, the worker that sorts and the beat of `dateline up`; the first two, and the listener's port."""
    port = free_port()
    given = settings()
    env = {**service.environment(servers, f"{HOST}:9"), "INBOUND_LISTEN": f"{HOST}:{port}"}
    inbound = replace(commands.inbound(given, env, servers.data), ready=listening(HOST, port))
    children = (inbound, commands.worker(given, env, servers.data)[1], commands.beat(given, env, servers.data))
    started = [processes.start(child) for child in children]
    try:
        started[0].wait_ready()
        yield started[0], started[1], port
    finally:
        processes.stop(started)


def _come_back(port: int, posts: Sequence[tuple[str, bytes]]) -> None:
    with ThreadPoolExecutor(SERVERS) as pool:
        for _ in pool.map(lambda post: _hand_over(port, *post), posts):
            pass


def _hand_over(port: int, to: str, message: bytes) -> None:
    with smtplib.SMTP(HOST, port, local_hostname="mx.example", timeout=60) as client:
        client.sendmail("", [to], message)


def _wait(number: int, running: Sequence[Process]) -> None:
    """Until every bounce has moved its delivery, once. Raises NotMeasured when one is lost, doubled or left over."""
    until = time.monotonic() + LONGEST
    with db.engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while True:
            bounced, events, unsorted, unmatched, bursts = connection.execute(STANDING).one()
            if unsorted == 0 and (bounced, events, unmatched, bursts) == (number, number, 0, 0):
                return
            if unsorted == 0 or time.monotonic() > until or any(one.ended() is not None for one in running):
                raise NotMeasured(
                    f"{bounced} of {number} bounced, {events} events, {unsorted} unsorted, {unmatched} unmatched,"
                    f" {bursts} bursts held"
                )
            time.sleep(0.1)


def _cpu_of(message: bytes) -> float:
    began = time.process_time()
    feedback.read(message)
    return time.process_time() - began


def _is_reached(found: Counted | ReadThrough) -> bool:
    if isinstance(found, ReadThrough):
        return found.a_second >= READ_TARGET
    return found.counted <= TARGET * max(1, found.bounces / 5_000)


def _show(found: Counted | ReadThrough) -> None:
    if isinstance(found, ReadThrough):
        print(
            f"{found.messages} messages, {found.a_second:,.0f} a second on one core; slowest {found.slowest_ms:.1f} ms"
        )
        return
    rate = found.bounces / found.counted
    print(f"{found.bounces:,} bounces: stored in {found.stored:.1f} s, counted in {found.counted:.1f} s, {rate:,.0f}/s")
    for part, seconds in found.cpu.items():
        print(f"  CPU of {part}: {1000 * seconds / found.bounces:.2f} ms a bounce")


if __name__ == "__main__":
    main()
