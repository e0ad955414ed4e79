"""Schedulers that die, are doubled or have 200 releases at one second: each release starts once, and in time."""

import random
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from service.models import Release, ReleaseState
from tests.faults import oracle
from tests.faults.scene import Scene, scene

pytestmark = pytest.mark.timeout(240)


@pytest.mark.fault("F09")
def test_a_scheduler_killed_around_the_hour_starts_the_release_once_and_within_half_a_minute(
    folder: Path, seed: int
) -> None:
    chance = random.Random(seed)
    with scene(folder, people=100, TICK_SECONDS="5") as service:
        service.worker("first")
        service.beat()
        at = service.now() + timedelta(seconds=6)
        release = service.scheduled(at)
        while service.now() < at + timedelta(seconds=chance.uniform(-1, 1)):
            time.sleep(0.02)
        service.kill("beat")
        time.sleep(2)
        service.beat()
        service.wait_sent(release)

        first = min(copy.at for copy in service.copies())
        assert first - at < timedelta(seconds=30)
        assert oracle.check(service, release).duplicates == 0


@pytest.mark.fault("F31")
def test_three_schedulers_start_each_of_fifty_releases_once(folder: Path) -> None:
    at_one_second(folder, schedulers=3, releases=50)


@pytest.mark.fault("F33")
def test_two_hundred_releases_at_one_second_all_start_within_a_minute(folder: Path) -> None:
    """To three people each. Nothing of the service is written to one person beside a release yet: no lane to time."""
    at_one_second(folder, schedulers=1, releases=200)


def at_one_second(folder: Path, *, schedulers: int, releases: int) -> None:
    with scene(folder, people=3) as service:
        at = service.now() + timedelta(seconds=5 + releases / 10)
        found = [service.scheduled(at) for _ in range(releases)]
        for number in range(schedulers):
            service.beat(f"beat{number}")
        service.worker("first")
        service.worker("second")
        service.wait_until(lambda: all_sent(service), seconds=150, every=0.5)

        begun = {copy.delivery: copy.at for copy in service.copies()}
        assert len(begun) == 3 * releases
        assert max(begun.values()) - at < timedelta(seconds=60)
        assert oracle.check(service, *found).duplicates == 0


def all_sent(service: Scene) -> bool:
    with service.transaction() as session:
        return not session.scalars(select(Release.id).where(Release.state != ReleaseState.SENT).limit(1)).all()
