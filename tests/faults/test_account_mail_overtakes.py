"""While every sending process is busy with a release, account mail leaves within seconds."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select, text

from service import account_mails
from service.models import AccountMail, AccountMailKind, AccountMailState, DeliveryState
from tests.faults.scene import CELERY, QUIET, SOURCE, Scene, scene

PEOPLE = 4_000
MOST = 10.0


@pytest.mark.timeout(240)
def test_account_mail_is_accepted_within_ten_seconds_of_its_writing_while_a_release_is_sent(folder: Path) -> None:
    # 50 ms an answer over eight connections: the release takes half a minute at the least. The tick is the usual one.
    with scene(folder, people=PEOPLE, latency=50, TICK_SECONDS="5") as service:
        start_as_in_production(service)
        release = service.scheduled()
        service.wait_until(lambda: service.states(release)[DeliveryState.ACCEPTED] > 100)
        for _ in range(3):
            write_without_a_bell(service)
            write_by_command(service)
            written = len(mails(service))
            service.wait_until(lambda written=written: accepted(service) == written, seconds=30)  # type: ignore[misc]
        assert service.states(release)[DeliveryState.QUEUED] > 0, "the release was over before it could be overtaken"
        seconds = waits(service)
        print(f"account mail accepted after {', '.join(f'{one:.2f} s' for one in seconds)}")  # noqa: T201 - the figure
        assert len(seconds) == 6
        assert max(seconds) < MOST
        assert service.taken()[service.newsroom.ada.email] == 6


def start_as_in_production(service: Scene) -> None:
    for name, queues, processes in (
        ("sending", "dispatch", 2),
        ("keeping", "tick,plan,sort", 2),
        ("express", "account", 1),
    ):
        work = ("worker", "--queues", queues, "--concurrency", str(processes), "-n", f"{name}@%h")
        service.start(name, *CELERY, *work, *QUIET)
    service.beat()


def write_without_a_bell(service: Scene) -> None:
    """The worst case: the tick finds it."""
    with service.transaction() as session:
        account_mails.write(session, AccountMailKind.SIGN_IN, service.newsroom.ada.email)


def write_by_command(service: Scene) -> None:
    """As an operator does."""
    dateline = (sys.executable, "-c", "from service.cli import main; main()")
    asked = (*dateline, "account", "link", service.newsroom.ada.email, "--mail")
    subprocess.run(asked, env=service.env, cwd=SOURCE, check=True, capture_output=True)
    shown = subprocess.run(
        (*dateline, "mails", "--json"), env=service.env, cwd=SOURCE, check=True, capture_output=True, text=True
    )
    assert json.loads(shown.stdout)[0]["kind"] == "sign-in"


def mails(service: Scene) -> list[AccountMail]:
    with service.transaction() as session:
        return list(session.scalars(select(AccountMail)))


def accepted(service: Scene) -> int:
    return sum(mail.state is AccountMailState.ACCEPTED for mail in mails(service))


def waits(service: Scene) -> list[float]:
    """Seconds from writing to the relay's answer, by the database's clock."""
    with service.transaction() as session:
        rows = session.execute(text("SELECT extract(epoch FROM settled_at - created_at) FROM account_mail ORDER BY id"))
        return [float(row[0]) for row in rows]
