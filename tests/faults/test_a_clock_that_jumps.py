"""The database's clock is set to another time while the service runs: nothing leaves before a person has looked."""

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from service import releases
from service.models import Account, AuditEntry, DeliveryState, Release, ReleaseState
from tests.faults.scene import Scene, scene

pytestmark = pytest.mark.timeout(180)


class Clock:
    """libfaketime for PostgreSQL: its wall clock is set by a file, its waiting time goes on."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "clock"
        self.set("+0")
        library = next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))), None)
        if library is None:
            assert not os.environ.get("CI"), "libfaketime is missing in CI"
            pytest.skip("libfaketime is not on this machine: apt-get install faketime")
        self.env = {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "DONT_FAKE_MONOTONIC": "1",
        }

    def set(self, offset: str) -> None:
        """Ahead of the machine's clock by "+2h", behind it by "-1h"."""
        new = self._file.with_suffix(".new")
        new.write_text(offset)
        new.chmod(0o644)
        new.replace(self._file)


@pytest.mark.fault("F28")
def test_a_clock_that_jumps_over_an_embargo_lets_nothing_leave(folder: Path) -> None:
    clock = Clock(folder)
    with scene(folder, people=50, postgres_env=clock.env) as service:
        service.beat()
        service.worker("first")
        release = under_embargo(service, timedelta(hours=1))
        service.wait_until(lambda: beats(service) > 2)
        clock.set("+2h")
        assert release.embargo is not None
        assert service.now() > release.embargo
        service.wait_until(lambda: bool(service.held()))
        time.sleep(5)

        assert not service.taken()
        assert service.state(release) is ReleaseState.SCHEDULED
        assert "clock jumped 2 h 0 min forward" in service.held()
        clock.set("+0")
        service.wait_until(lambda: "2 h 0 min back" in service.held())
        service.confirm()
        time.sleep(5)
        assert not service.held(), "what was confirmed is no second alarm"
        assert not service.taken(), "the embargo holds still"


@pytest.mark.fault("F29")
def test_a_clock_put_back_starts_nothing_twice_and_the_rest_goes_on(folder: Path) -> None:
    clock = Clock(folder)
    with scene(folder, people=1_000, latency=30, postgres_env=clock.env) as service:
        service.beat()
        service.worker("first")
        release = service.scheduled()
        service.wait_until(lambda: service.states(release)[DeliveryState.ACCEPTED] > 200)
        clock.set("-1h")
        service.wait_until(lambda: bool(service.held()))
        assert "clock jumped 1 h 0 min back" in service.held()
        time.sleep(2)
        taken = service.taken().total()
        time.sleep(3)
        assert service.taken().total() == taken < 1_000, "something left while all was held"

        clock.set("+0")
        service.wait_until(lambda: "1 h 0 min forward" in service.held())
        service.confirm()
        service.wait_sent(release)
        assert len(service.taken()) == 1_000
        assert set(service.taken().values()) == {1}
        assert starts(service, release) == 1


def under_embargo(service: Scene, wait: timedelta) -> Release:
    """A release that is scheduled for its embargo."""
    release = service.approved(embargo=service.now() + wait)
    with service.transaction() as session:
        found = releases.get(session, release.id)
        releases.schedule(session, found, service.now(), by=session.get_one(Account, service.newsroom.ada.id))
        return found


def beats(service: Scene) -> int:
    with service.transaction() as session:
        found: int = session.execute(text("SELECT beat FROM installation")).scalar_one()
        return found


def starts(service: Scene, release: Release) -> int:
    with service.transaction() as session:
        started = select(AuditEntry.id).where(AuditEntry.release_id == release.id, AuditEntry.act == "release started")
        return len(session.scalars(started).all())
