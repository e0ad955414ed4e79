"""A worker is frozen, loses its sessions, or is cut off from the database: at most what was in flight is doubled."""

import time
from pathlib import Path

import pytest

from service.models import DeliveryState
from tests.faults import oracle
from tests.faults.scene import scene

pytestmark = pytest.mark.timeout(180)
PEOPLE = 1_000
FROZEN = 10
"""Seconds in the place of twenty minutes: nothing here has a clock of its own between the two, but for the relay's
answer, which is awaited for ten minutes."""


@pytest.mark.fault("F06")
def test_a_frozen_worker_is_not_taken_over_while_its_session_lives(folder: Path) -> None:
    with scene(folder, people=PEOPLE, latency=30, uncertain="resend") as service:
        service.beat()
        service.worker("first")
        release = service.scheduled()
        service.wait_accepted(release, PEOPLE // 10)
        service.freeze("first")
        service.worker("second")
        time.sleep(FROZEN)
        service.thaw("first")
        service.wait_sent(release)

        assert service.states(release) == {DeliveryState.ACCEPTED: PEOPLE}
        assert oracle.check(service, release).duplicates == 0


@pytest.mark.fault("F07")
def test_a_worker_whose_session_was_cut_while_it_was_frozen_is_taken_over_and_then_refused(folder: Path) -> None:
    with scene(folder, people=PEOPLE, latency=30, uncertain="resend") as service:
        service.beat()
        service.worker("first")
        release = service.scheduled()
        service.wait_accepted(release, PEOPLE // 10)
        service.freeze("first")
        service.bound = 8
        assert service.database.end_sessions("dateline dispatch") == 2
        service.worker("second")
        service.wait_accepted(release, PEOPLE - 20)
        service.thaw("first")
        service.wait_sent(release)

        assert service.states(release) == {DeliveryState.ACCEPTED: PEOPLE}
        oracle.check(service, release)


@pytest.mark.fault("F68")
def test_a_worker_cut_off_from_the_database_sends_what_is_in_flight_and_then_falls_silent(folder: Path) -> None:
    """The black hole lasts ten seconds in the place of ten minutes."""
    with scene(folder, people=PEOPLE, latency=30, uncertain="resend") as service:
        service.beat()
        database = service.proxy("database")
        service.worker("first", queues="dispatch", through=[database])
        service.worker("keeping", queues="tick,plan,sort")
        release = service.scheduled()
        service.wait_accepted(release, PEOPLE // 10)
        database.silence()
        admitted = service.taken().total() + 8
        time.sleep(1)
        taken = service.taken().total()
        time.sleep(FROZEN - 1)

        assert taken <= admitted
        assert service.taken().total() == taken
        database.release()
        service.wait_sent(release)
        assert service.states(release) == {DeliveryState.ACCEPTED: PEOPLE}
        assert oracle.check(service, release).duplicates == 0
