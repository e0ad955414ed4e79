"""Relays that talk nonsense, refuse our name, return all they took, or one mail that is the end of its sender."""

import socket
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from service.models import Attempt, DeliveryState, Release
from tests.faults import mischief, oracle
from tests.faults.ending import all_got_it, to_the_end
from tests.faults.scene import Scene, scene

pytestmark = pytest.mark.timeout(240)
GARBAGE = {
    "an HTTP answer": b"HTTP/1.1 400 Bad Request\r\nServer: nginx\r\nContent-Length: 0\r\n\r\n",
    "binary": bytes(range(256)) * 8,
    "a line of a megabyte": b"250 " + b"a" * 1_000_000,
    "ten thousand continuation lines": b"250-and\r\n" * 10_000,
    "not UTF-8": b"451 4.3.0 \xff\xfe later <b>please</b>\r\n",
}


@pytest.mark.fault("F54")
@pytest.mark.parametrize("what", GARBAGE)
def test_garbage_is_taken_for_a_passing_trouble(folder: Path, what: str) -> None:
    with scene(folder, people=100) as service:
        relay = service.proxy("relay")
        relay.tamper = mischief.says(GARBAGE[what], first=8)
        service.beat()
        service.worker("first", through=[relay])
        release = service.scheduled()
        to_the_end(service, release)

        assert all_got_it(service, release, people=100).duplicates == 0
        assert memory(service, "first") < 400_000


def memory(service: Scene, name: str) -> int:
    """The largest resident memory of a worker's processes, kB."""
    sizes = []
    for pid in (service.running[name].pid, *service.children(name)):
        status = Path(f"/proc/{pid}/status").read_text()
        sizes.append(int(status.partition("VmHWM:")[2].split()[0]))
    return max(sizes)


@pytest.mark.fault("F54")
def test_a_relay_that_is_something_else_altogether_burns_nobody(folder: Path) -> None:
    def http(connection: socket.socket) -> None:
        connection.recv(1000)
        connection.sendall(GARBAGE["an HTTP answer"])

    def shout(connection: socket.socket) -> None:
        connection.sendall(GARBAGE["an HTTP answer"] + GARBAGE["a line of a megabyte"])

    for talk in (http, shout):
        with scene(folder / talk.__name__, people=20) as service, mischief.server(talk) as port:
            untouched(service, f"smtp://127.0.0.1:{port}")


@pytest.mark.fault("F59")
def test_credentials_that_are_no_longer_good_burn_nobody_and_with_good_ones_it_goes_on(folder: Path) -> None:
    """That the release is held and an alarm raised belongs to the alarms, which come with another change."""

    def refuse(connection: socket.socket) -> None:
        lines = connection.makefile("rb")
        connection.sendall(b"220 here\r\n")
        for line in lines:
            is_hello = line.startswith(b"EHLO")
            connection.sendall(b"250-here\r\n250 AUTH PLAIN LOGIN\r\n" if is_hello else b"535 5.7.8 No longer\r\n")

    with scene(folder, people=20) as service, mischief.server(refuse) as port:
        before = service.env["RELAY"]
        release = untouched(service, f"smtp://dateline:old@127.0.0.1:{port}")
        service.env["RELAY"] = before
        service.stop("first")
        service.worker("first")
        to_the_end(service, release)
        assert all_got_it(service, release, people=20).duplicates == 0


def untouched(service: Scene, relay: str) -> Release:
    """A release towards a relay that cannot be talked to: all its rows stay as they were."""
    service.env["RELAY"] = relay
    service.beat()
    service.worker("first")
    release = service.scheduled()
    service.wait_until(lambda: bool(service.states(release)))
    time.sleep(4)
    assert service.states(release) == {DeliveryState.QUEUED: 20}
    with service.transaction() as session:
        assert not session.scalars(select(Attempt.delivery_id)).all()
    return release


@pytest.mark.fault("F58")
def test_a_relay_that_takes_everything_and_returns_it_pauses_the_release_which_keeps_its_place(folder: Path) -> None:
    """1,500 people in the place of 5,000."""
    with scene(folder, people=0, latency=200, answers=True, CHUNK_SIZE="100") as service:
        service.people(1_500, tag="+bounce")
        service.beat()
        service.worker("first", queues="dispatch")
        service.worker("keeping", queues="tick,plan,sort")
        release = service.scheduled()
        service.wait_until(lambda: service.state(release).value == "paused", seconds=90)
        time.sleep(2)
        states = service.states(release)
        assert states[DeliveryState.QUEUED] > 0

        service.office.resume(release)
        service.wait_sent(release, seconds=90)
        service.wait_until(lambda: service.states(release)[DeliveryState.BOUNCED] == 1_500, seconds=90)
        assert oracle.check(service, release).duplicates == 0


@pytest.mark.fault("F04")
def test_one_mail_that_kills_its_process_each_time_stops_nobody_elses(folder: Path) -> None:
    """As an out-of-memory kill would: whoever has this reader in hand is killed, at RCPT."""
    with scene(folder, people=300, latency=5, uncertain="resend") as service:
        service.people(1, prefix="poison")
        relay = service.proxy("relay")
        service.beat()
        service.worker("keeping", queues="tick,plan,sort", children=1)
        service.worker("first", through=[relay], queues="dispatch", children=1)
        poison = mischief.Poison(b"RCPT TO:<poison1@", lambda: kill_all_children(service))
        relay.tamper = poison.sees
        release = service.scheduled()
        service.wait_until(lambda: service.states(release)[DeliveryState.ACCEPTED] == 300, seconds=90)
        service.wait_until(lambda: service.state(release).value == "sent", seconds=90)

        assert 1 <= poison.times <= 3
        assert service.states(release)[DeliveryState.ACCEPTED] == 300
        oracle.check(service, release)


def kill_all_children(service: Scene) -> None:
    for child in service.children("first"):
        service.kill_child(child)
