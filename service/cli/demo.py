"""`dateline demo`: the main job from a text file to the report, on servers of its own."""

import json
import shutil
import socket
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy import select
from sqlalchemy.orm import Session

from service import db, deliveries, logs, manuscripts, releases, reports
from service import demo as acts
from service.cli import processes, reach
from service.cli import reports as report_pages
from service.cli.releases import read_manuscript
from service.models import Delivery, DeliveryState, Journalist, Release, ReleaseState
from service.settings import Settings, adopt, settings
from service.supervisor import Servers, StopRequested, Supervisor, embedded, lock, stopped_by_signals

EXAMPLES = tuple(processes.SOURCE / "config" / "demo" / name for name in ("release.txt", "release.ru.txt"))
SECONDS_AHEAD = 4
MOST_SECONDS_FOR_RETURNS = 20


@click.command()
@click.option(
    "--release",
    "files",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A press release as a text file, one for each language; the example in config/demo otherwise.",
)
@click.option("--journalists", type=click.IntRange(1, 2_000_000), default=2000, show_default=True)
def demo(files: tuple[Path, ...], journalists: int) -> None:
    """Send a release to invented journalists through real SMTP, and show the delivery report.

    Everything runs on servers of its own below DATA_DIR/demo, which is emptied first. Nothing leaves this machine:
    the development relay answers by address, like a provider's mailbox simulator.
    """
    texts = [read_manuscript(file) for file in files or EXAMPLES]
    data = settings().data_dir.resolve() / "demo"
    play = Play(texts, journalists, data)
    with stopped_by_signals(), embedded(_emptied(data)) as servers:
        play.run(servers)
    sys.exit(play.exit_code)


@dataclass
class Play:
    """One showing of the demonstration."""

    texts: list[manuscripts.Manuscript]
    journalists: int
    data: Path
    exit_code: int = 1

    def run(self, servers: Servers) -> None:
        """Start the service beside the servers, send, report, stop."""
        found = _own(servers, self.data)
        reach.prepare()
        env = {**processes.environment(found, servers, self.data, {}), "TICK_SECONDS": "1", "RING_AGAIN_SECONDS": "5"}
        children = [
            processes.relay(found, env, self.data, "--mail", str(self.data / "mail")),
            processes.inbound(found, env, self.data),
            *processes.worker(found, env, self.data),
            processes.beat(found, env, self.data),
        ]
        Supervisor(children, servers=servers.processes).run(self._act)

    def _act(self) -> None:
        console = Console()
        with db.transaction() as session:
            office = acts.open_office(session)
            acts.fill(session, office, self.journalists)
        console.print(f"{self.journalists:,} journalists at invented outlets are subscribed to topics.")
        with db.transaction() as session:
            release, when = acts.send(session, office, self.texts, seconds=SECONDS_AHEAD)
            headline = release.editions[0].headline
        console.print(f"Ada wrote, Ben approved: “{escape(headline)}”, under embargo until {when:%H:%M:%S} UTC.")
        _watch(console, release)
        _await_returns(console, release)
        self._report(console, release)
        raise StopRequested

    def _report(self, console: Console, release: Release) -> None:
        with db.transaction() as session:
            found = reports.delivery(session, release.id)
            report_pages.show(console, found)
            (self.data / "report.json").write_text(json.dumps(reports.as_json(found), ensure_ascii=False, indent=2))
            (self.data / "report.csv").write_text(reports.as_csv(found))
            sample = deliveries.of(session, release.id, _somebody(session, release.id))
            (self.data / "mail.eml").write_bytes(deliveries.message(session, sample))
            (self.data / "mail.html").write_text(deliveries.as_html(session, sample))
        console.print(f"One person's mail: {self.data / 'mail.eml'} and {self.data / 'mail.html'}")
        console.print(f"The report: {self.data / 'report.json'} and {self.data / 'report.csv'}")
        console.print(
            f"What the relay took: {self.data / 'mail'}. More: dateline --data {self.data} message last ADDRESS"
        )
        self.exit_code = 0 if found.balanced else 1


def _emptied(data: Path) -> Path:
    """The demonstration's own folder, without what the last showing left. Raises AlreadyRunning during another one."""
    data.mkdir(parents=True, exist_ok=True)
    with lock.hold(data):
        for left in ("postgres", "valkey", "mail", "logs"):
            shutil.rmtree(data / left, ignore_errors=True)
    return data


def _own(servers: Servers, data: Path) -> Settings:
    """Settings of the demonstration alone: whatever the environment names, no real relay and no real database."""
    found = adopt(
        log_level="WARNING",
        data_dir=data,
        database_url=servers.database_url,
        broker_url=servers.broker_url,
        relay="",
        inbound_listen=_free_address(),
        relay_listen=_free_address(),
    )
    logs.configure()
    return found


def _free_address() -> str:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return f"127.0.0.1:{probe.getsockname()[1]}"


def _watch(console: Console, release: Release) -> None:
    """Count people until the service has nothing left to do."""
    with _bar(console) as bar:
        task = bar.add_task("waiting for the embargo to end", total=None)
        while True:
            with db.transaction() as session:
                state = releases.get(session, release.id).state
                now = releases.progress(session, release.id)
            if now.people:
                done = now.people - now.waiting
                bar.update(task, total=now.people, completed=done, description="people whose mail is settled")
            if state in (ReleaseState.SENT, ReleaseState.PAUSED):
                return
            time.sleep(0.2)


def _await_returns(console: Console, release: Release) -> None:
    """Wait for the bounces, complaints and replies that the development relay sends back by SMTP."""
    until = time.monotonic() + MOST_SECONDS_FOR_RETURNS
    most = _owed(release)
    with _bar(console) as bar:
        task = bar.add_task("bounces, complaints and replies still come back", total=most, visible=most > 0)
        while (owed := _owed(release)) and time.monotonic() < until:
            bar.update(task, completed=most - owed)
            time.sleep(0.2)


def _owed(release: Release) -> int:
    with db.transaction() as session:
        return acts.returns_to_come(session, release.id)


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
    )


def _somebody(session: Session, release_id: UUID) -> str:
    """The address of somebody who got the mail."""
    query = select(Journalist.address).join(Delivery, Delivery.journalist_id == Journalist.id)
    query = query.where(Delivery.release_id == release_id, Delivery.state == DeliveryState.ACCEPTED)
    return session.execute(query.order_by(Delivery.id).limit(1)).scalar_one()
