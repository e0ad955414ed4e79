"""Workers are killed while they send: nobody is lost, and whoever may have been mailed twice is shown."""

import random
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from service.models import Attempt, AttemptOutcome, Delivery, DeliveryState, Journalist, Release
from tests.faults.scene import Scene, scene

PEOPLE = 5_000
KILLS = 20
CONNECTIONS = 4 * 2  # of each worker: two processes with four connections


@pytest.mark.timeout(240)
def test_twenty_kills_lose_nobody_and_double_at_most_what_was_in_flight(folder: Path) -> None:
    with scene(folder, people=PEOPLE, latency=20, UNCERTAIN_POLICY="resend", UNCERTAIN_RESEND_AFTER="1") as service:
        release = send_under_fire(service)
        copies = service.taken()
        twice = {address for address, number in copies.items() if number > 1}

        assert len(copies) == PEOPLE, "somebody got nothing"
        assert service.states(release) == {DeliveryState.ACCEPTED: PEOPLE}
        assert sum(copies.values()) - PEOPLE <= KILLS * CONNECTIONS
        assert max(copies.values()) <= 2
        assert twice <= shown_as_maybe_twice(service, release)


@pytest.mark.timeout(240)
def test_under_the_ask_policy_what_was_in_flight_waits_for_a_person_and_nothing_is_doubled(folder: Path) -> None:
    with scene(folder, people=1_000, latency=20) as service:
        release = send_under_fire(service, kills=4)
        states, copies = service.states(release), service.taken()

        assert max(copies.values()) == 1, "nothing is sent again before a person has decided"
        assert states[DeliveryState.ACCEPTED] + states[DeliveryState.UNCERTAIN] == 1_000
        assert states[DeliveryState.UNCERTAIN] <= 4 * CONNECTIONS
        assert len(copies) >= states[DeliveryState.ACCEPTED]


def send_under_fire(service: Scene, kills: int = KILLS) -> Release:
    """Two workers send; every second or so one of them dies and another takes its place."""
    chance = random.Random(7)
    service.beat()
    for name in ("first", "second"):
        service.worker(name)
    release = service.scheduled()
    for _ in range(kills):
        service.wait_until(lambda: bool(service.states(release)[DeliveryState.ATTEMPTING] or is_over(service, release)))
        time.sleep(chance.uniform(0.2, 1.0))
        victim = chance.choice(sorted(service.running.keys() & {"first", "second"}))
        service.kill(victim)
        service.worker(victim)
    service.wait_sent(release, seconds=90)
    return release


def is_over(service: Scene, release: Release) -> bool:
    return service.states(release)[DeliveryState.QUEUED] == 0


def shown_as_maybe_twice(service: Scene, release: Release) -> set[str]:
    """Addresses whose delivery says that it may have been sent twice, and whose attempts say why."""
    with service.transaction() as session:
        rows = session.scalars(select(Delivery).where(Delivery.release_id == release.id, Delivery.maybe_twice)).all()
        for row in rows:
            outcomes = session.scalars(select(Attempt.outcome).where(Attempt.delivery_id == row.id)).all()
            assert AttemptOutcome.UNCERTAIN in outcomes
        return set(
            session.scalars(select(Journalist.address).where(Journalist.id.in_([r.journalist_id for r in rows])))
        )
