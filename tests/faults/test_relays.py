"""Relays that refuse, close, cut, stall or talk nonsense: who got nothing is tried again, nobody gets it twice."""

import random
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from service.models import Attempt, AttemptOutcome, Delivery, DeliveryState, Release, Suppression, SuppressionReason
from tests.faults import mischief, oracle
from tests.faults.ending import all_got_it, to_the_end
from tests.faults.scene import Scene, scene
from tests.faults.tools import smtp_sink

pytestmark = pytest.mark.timeout(240)
PEOPLE = 600


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


@pytest.mark.fault("F48")
@pytest.mark.parametrize(("number", "farewell"), [(1, False), pytest.param(50, True, marks=pytest.mark.quick)])
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
    """One of the four of the only process that sends: it has three chunks to go through."""
    with scene(folder, people=PEOPLE, latency=5) as service:
        relay = service.proxy("relay")
        relay.tamper = mischief.drips(connections=1)
        service.beat()
        service.worker("keeping", queues="tick,plan,sort", children=1)
        service.worker("first", through=[relay], queues="dispatch", children=1)
        release = service.scheduled()
        service.wait_until(lambda: service.states(release)[DeliveryState.ACCEPTED] == PEOPLE, seconds=60)
        assert oracle.check(service, release, finished=False).duplicates == 0


@pytest.mark.fault("F53")
def test_refusals_of_every_kind_end_where_they_must_and_a_policy_suppresses_nobody(folder: Path) -> None:
    with scene(folder, people=200) as service:
        # Four by policy: with a fifth the provider would be held, as tests/workers/sending/test_watch.py sees.
        cases = {"+greylist": 60, "+unknown": 10, "+policy": 4, "+full": 10, "+busy": 5, "+defer": 5}
        for tag, number in cases.items():
            service.people(number, tag=tag, prefix="other")
        service.beat()
        service.worker("first")
        release = service.scheduled()
        service.wait_until(lambda: service.states(release)[DeliveryState.ACCEPTED] == 260, seconds=150)

        states = service.states(release)
        assert states[DeliveryState.FAILED] == 24
        service.wait_until(lambda: service.states(release)[DeliveryState.DEFERRED] == 10)
        with service.transaction() as session:
            # Who does not exist rests until the next try; nobody else has anything against them.
            assert Counter(session.scalars(select(Suppression.reason))) == {SuppressionReason.RESTING: 10}
        assert oracle.check(service, release, finished=False).duplicates == 0
