"""Relays that refuse, close, cut, stall or talk nonsense: who got nothing is tried again, nobody gets it twice."""

import random
import socket
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from service.models import Attempt, AttemptOutcome, Delivery, DeliveryState, Release, Suppression
from tests.faults import mischief, oracle
from tests.faults.scene import Scene, scene
from tests.faults.tools import smtp_sink

pytestmark = pytest.mark.timeout(240)
PEOPLE = 600
GARBAGE = {
    "an HTTP answer": b"HTTP/1.1 400 Bad Request\r\nServer: nginx\r\nContent-Length: 0\r\n\r\n",
    "binary": bytes(range(256)) * 8,
    "a line of a megabyte": b"250 " + b"a" * 1_000_000,
    "ten thousand continuation lines": b"250-and\r\n" * 10_000,
    "not UTF-8": b"451 4.3.0 \xff\xfe later <b>please</b>\r\n" * 3,
}


def to_the_end(service: Scene, release: Release) -> None:
    """Until it is sent; the minutes that a deferral waits are not waited for."""
    until = time.monotonic() + 90
    while service.state(release).value != "sent":
        assert time.monotonic() < until, service.states(release)
        service.hurry(release)
        time.sleep(1)


def all_got_it(service: Scene, release: Release, people: int = PEOPLE) -> oracle.Totals:
    assert service.states(release) == {DeliveryState.ACCEPTED: people}
    return oracle.check(service, release)


@pytest.mark.fault("F47")
def test_a_closed_port_fails_nobody_and_the_release_goes_on(folder: Path) -> None:
    """Ten seconds in the place of ten minutes."""
    with scene(folder, people=PEOPLE, latency=20) as service:
        relay = service.proxy("relay")
        service.beat()
        service.worker("first", through=[relay])
        release = service.scheduled()
        service.wait_accepted(release, 50)
        relay.shut()
        time.sleep(10)
        states = service.states(release)
        relay.open()
        to_the_end(service, release)

        assert not states[DeliveryState.FAILED]
        service.bound = 8
        assert states[DeliveryState.UNCERTAIN] <= 8, "what was in flight when the connections were cut"
        oracle.check(service, release)


@pytest.mark.quick
@pytest.mark.fault("F48")
@pytest.mark.parametrize(("number", "farewell"), [(1, False), (50, True)])
def test_a_relay_that_closes_after_some_mails_loses_and_doubles_nobody(
    folder: Path, number: int, farewell: bool
) -> None:
    """After 2,500 it is the same as after 50."""
    with scene(folder, people=PEOPLE) as service:
        relay = service.proxy("relay")
        relay.tamper = mischief.closes_after(number, farewell=farewell)
        service.beat()
        service.worker("first", through=[relay])
        release = service.scheduled()
        to_the_end(service, release)
        assert all_got_it(service, release).duplicates == 0


@pytest.mark.fault("F49")
def test_a_reset_in_the_middle_of_data_is_tried_again_and_doubles_nobody(folder: Path, seed: int) -> None:
    """All of so small a mail is with the kernel by then, so its fate is uncertain; that it went no further shows."""
    with scene(folder, people=PEOPLE, uncertain="resend") as service:
        relay = service.proxy("relay")
        relay.tamper = mischief.resets_in_data(every=10, octets=random.Random(seed).randint(10, 900))
        service.beat()
        service.worker("first", through=[relay])
        release = service.scheduled()
        to_the_end(service, release)
        assert all_got_it(service, release).duplicates == 0


@pytest.mark.fault("F50")
def test_a_drop_after_the_dot_is_uncertain_and_goes_once_more_with_the_same_message_id(folder: Path) -> None:
    """Twenty times and more."""
    with scene(folder, people=PEOPLE, uncertain="resend") as service:
        relay = service.proxy("relay")
        relay.tamper = mischief.drops_after_the_dot(every=20)
        service.beat()
        service.worker("first", through=[relay])
        release = service.scheduled()
        service.wait_until(lambda: service.state(release).value == "sent")
        service.bound = lost = uncertain(service, release)
        relay.tamper = None

        assert lost >= 20
        totals = oracle.check(service, release)
        assert totals.duplicates > 0
        states = service.states(release)
        assert states[DeliveryState.ACCEPTED] + states[DeliveryState.UNCERTAIN] == PEOPLE


def uncertain(service: Scene, release: Release) -> int:
    with service.transaction() as session:
        mine = select(Delivery.id).where(Delivery.release_id == release.id)
        query = select(Attempt.delivery_id).where(
            Attempt.delivery_id.in_(mine), Attempt.outcome == AttemptOutcome.UNCERTAIN
        )
        return len(session.scalars(query).all())


@pytest.mark.fault("F50")
def test_postfixs_own_sink_that_drops_after_the_dot_leaves_everybody_uncertain_and_nobody_written_to_again(
    folder: Path,
) -> None:
    with scene(folder, people=20) as service, smtp_sink("-q", ".") as port:
        service.env["RELAY"] = f"smtp://127.0.0.1:{port}"
        service.beat()
        service.worker("first")
        release = service.scheduled()
        service.wait_until(lambda: service.states(release)[DeliveryState.UNCERTAIN] == 20)
        assert uncertain(service, release) == 20


@pytest.mark.fault("F51")
def test_a_relay_that_takes_its_time_is_waited_for(folder: Path) -> None:
    """Six seconds a mail; that it would be ten minutes is tried in tests/workers/relays/test_losing_the_relay.py."""
    with scene(folder, people=16, latency=6_000) as service:
        service.beat()
        service.worker("first")
        release = service.scheduled()
        service.wait_sent(release)
        assert all_got_it(service, release, people=16).duplicates == 0


@pytest.mark.fault("F52")
def test_a_tarpit_holds_up_its_own_connections_and_no_other(folder: Path) -> None:
    with scene(folder, people=PEOPLE, latency=5) as service:
        relay = service.proxy("relay")
        relay.tamper = mischief.drips(connections=2)
        service.beat()
        service.worker("first", through=[relay])
        release = service.scheduled()
        service.wait_until(lambda: service.states(release)[DeliveryState.ACCEPTED] == PEOPLE, seconds=60)
        assert oracle.check(service, release, finished=False).duplicates == 0


@pytest.mark.fault("F53")
def test_refusals_of_every_kind_end_where_they_must_and_a_policy_suppresses_nobody(folder: Path) -> None:
    with scene(folder, people=200) as service:
        cases = {"+greylist": 60, "+unknown": 10, "+policy": 10, "+full": 10, "+busy": 5, "+defer": 5}
        for tag, number in cases.items():
            service.people(number, tag=tag, prefix="other")
        service.beat()
        service.worker("first")
        release = service.scheduled()
        service.wait_until(lambda: service.states(release)[DeliveryState.ACCEPTED] == 260, seconds=90)

        states = service.states(release)
        assert states[DeliveryState.FAILED] == 30
        service.wait_until(lambda: service.states(release)[DeliveryState.DEFERRED] == 10)
        with service.transaction() as session:
            assert not session.scalars(select(Suppression.id)).all()
        assert oracle.check(service, release, finished=False).duplicates == 0


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
    with scene(folder, people=0, latency=60, answers=True, CHUNK_SIZE="100") as service:
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
        service.worker("first", through=[relay])
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
