"""Clocks that are wrong: what leaves when is decided by the database's time alone."""

import time
from datetime import timedelta
from pathlib import Path

import pytest

from service.models import DeliveryState
from tests.faults import clock, oracle
from tests.faults.scene import scene

pytestmark = pytest.mark.timeout(120)


@pytest.mark.fault("F27")
def test_nothing_leaves_before_its_embargo_though_a_workers_clock_is_two_hours_ahead(folder: Path) -> None:
    with scene(folder, people=100) as service:
        embargo = service.now() + timedelta(seconds=8)
        release = service.approved(embargo=embargo)
        assert service.office.schedule(release, service.now()) == embargo, "asked for now, it waits for its embargo"
        # Beat cannot be had with a wrong clock: libfaketime spoils its sleep. It reads none but its own intervals.
        service.beat()
        service.worker("fast clock", env=clock.ahead())
        service.worker("right clock")
        while service.now() < embargo - timedelta(milliseconds=200):
            assert not service.taken()
            time.sleep(0.1)
        service.wait_sent(release)

        assert service.states(release) == {DeliveryState.ACCEPTED: 100}
        assert oracle.check(service, release).duplicates == 0


@pytest.mark.fault("F27")
@pytest.mark.parametrize("offset", ["+2h", "-2h"])
def test_a_worker_whose_clock_is_hours_off_takes_nothing_from_a_worker_that_is_at_work(
    folder: Path, offset: str
) -> None:
    """Celery's own list of unacknowledged messages is kept by the workers' clocks: E11."""
    with scene(folder, people=1_000, latency=30) as service:
        service.beat()
        service.worker("right clock")
        release = service.scheduled()
        service.wait_accepted(release, 50)
        service.worker("wrong clock", env=clock.ahead(offset))
        service.wait_sent(release)

        assert service.states(release) == {DeliveryState.ACCEPTED: 1_000}
        assert oracle.check(service, release).duplicates == 0
