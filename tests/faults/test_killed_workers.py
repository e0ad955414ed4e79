"""Workers are killed while they send: nobody is lost, and whoever may have been mailed twice is shown."""

import random
import time
from pathlib import Path

import pytest

from service.models import DeliveryState, Release, ReleaseState
from tests.faults import oracle
from tests.faults.scene import Scene, scene

pytestmark = pytest.mark.timeout(240)


@pytest.mark.fault("F01")
def test_kills_lose_nobody_and_double_at_most_what_was_in_flight(folder: Path, seed: int) -> None:
    """Ten kills for each seed, fifty in the long run."""
    with scene(folder, people=4_000, latency=60, uncertain="resend") as service:
        release = send_under_fire(service, random.Random(seed), kills=10)
        killed = time.monotonic()
        service.wait_sent(release, seconds=60)

        assert time.monotonic() - killed < 60
        assert service.states(release) == {DeliveryState.ACCEPTED: 4_000}
        assert max(service.taken().values()) <= 2
        assert oracle.check(service, release).kills == 10


@pytest.mark.quick
@pytest.mark.fault("F01")
def test_a_few_kills_lose_nobody(folder: Path, seed: int) -> None:
    with scene(folder, people=1_000, latency=40, uncertain="resend") as service:
        release = send_under_fire(service, random.Random(seed), kills=2)
        service.wait_sent(release, seconds=60)

        assert service.states(release) == {DeliveryState.ACCEPTED: 1_000}
        oracle.check(service, release)


@pytest.mark.fault("F01")
def test_under_the_ask_policy_what_was_in_flight_waits_for_a_person_and_nothing_is_doubled(
    folder: Path, seed: int
) -> None:
    with scene(folder, people=1_000, latency=20) as service:
        release = send_under_fire(service, random.Random(seed), kills=4)
        service.wait_sent(release, seconds=60)
        states = service.states(release)

        assert states[DeliveryState.ACCEPTED] + states[DeliveryState.UNCERTAIN] == 1_000
        assert oracle.check(service, release).duplicates == 0, "nothing is sent again before a person has decided"


@pytest.mark.fault("F02")
def test_killed_children_of_the_pool_lose_nobody(folder: Path, seed: int) -> None:
    """Ten kills for each seed, fifty in the long run."""
    chance = random.Random(seed)
    with scene(folder, people=2_000, latency=40, uncertain="resend") as service:
        service.beat()
        service.worker("first")
        release = service.scheduled()
        service.wait_accepted(release, 20)
        for _ in range(10):
            time.sleep(chance.uniform(0.05, 0.5))
            service.wait_until(lambda: len(service.children("first")) >= 2)
            service.kill_child(chance.choice(service.children("first")))
        service.wait_sent(release, seconds=90)

        assert service.states(release) == {DeliveryState.ACCEPTED: 2_000}
        oracle.check(service, release)


def send_under_fire(service: Scene, chance: random.Random, *, kills: int) -> Release:
    """Two workers send; every half second or so one of them dies and another takes its place."""
    service.beat()
    for name in ("first", "second"):
        service.worker(name)
    release = service.scheduled()
    service.wait_accepted(release, 0)
    for _ in range(kills):
        time.sleep(chance.uniform(0.2, 0.8))
        victim = chance.choice(("first", "second"))
        service.kill(victim)
        service.worker(victim)
    assert service.state(release) in (ReleaseState.SENDING, ReleaseState.SENT)
    return release
