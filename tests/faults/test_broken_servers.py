"""The broker forgets everything, the database ends as in a power cut: the release goes on."""

import time
from pathlib import Path

import pytest

from service.models import DeliveryState, Release
from tests.faults.scene import Scene, scene

PEOPLE = 3_000


def wait_for(service: Scene, release: Release, accepted: int) -> None:
    service.wait_until(lambda: service.states(release)[DeliveryState.ACCEPTED] > accepted)


@pytest.mark.timeout(180)
def test_a_broker_that_forgets_everything_loses_and_doubles_nobody(folder: Path) -> None:
    with scene(folder, people=PEOPLE, latency=10) as service:
        service.beat()
        service.worker("first")
        release = service.scheduled()
        wait_for(service, release, PEOPLE // 4)
        service.flush_broker()
        flushed = time.monotonic()
        service.wait_sent(release, seconds=60)

        assert time.monotonic() - flushed < 60
        assert service.states(release) == {DeliveryState.ACCEPTED: PEOPLE}
        assert set(service.taken().values()) == {1}
        assert len(service.taken()) == PEOPLE


@pytest.mark.timeout(240)
def test_a_database_that_crashes_three_times_loses_nobody(folder: Path) -> None:
    with scene(folder, people=PEOPLE, latency=20, UNCERTAIN_POLICY="resend", UNCERTAIN_RESEND_AFTER="1") as service:
        service.beat()
        service.worker("first")
        release = service.scheduled()
        for accepted in (600, 1200, 1800):
            wait_for(service, release, accepted)
            service.crash_database()
        service.wait_sent(release, seconds=90)

        copies = service.taken()
        assert len(copies) == PEOPLE, "somebody got nothing"
        assert service.states(release) == {DeliveryState.ACCEPTED: PEOPLE}
        assert sum(copies.values()) - PEOPLE <= 3 * 8
