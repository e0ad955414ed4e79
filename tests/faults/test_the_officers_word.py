"""What an officer, a journalist or a clock says is obeyed by workers that are already sending."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from service import releases
from service.errors import Refused
from service.models import (
    Account,
    DeliveryState,
    Journalist,
    Release,
    ReleaseState,
    Subscription,
    SubscriptionState,
    Wave,
)
from tests.faults.scene import Scene, scene

pytestmark = pytest.mark.timeout(120)
TWO_HOURS_AHEAD = timedelta(hours=2)


def test_fifty_people_who_schedule_one_release_at_once_send_it_once(folder: Path) -> None:
    with scene(folder, people=200) as service:
        release = service.approved()
        at = service.now() + timedelta(seconds=1)
        with ThreadPoolExecutor(50) as crowd:
            answers = list(
                crowd.map(lambda number: schedule(service, release, at + timedelta(seconds=number % 2)), range(50))
            )
        service.beat()
        service.worker("first")
        service.wait_sent(release)

        assert 1 <= answers.count("scheduled") <= 50
        assert waves(service, release) == 1
        assert set(service.taken().values()) == {1}
        assert len(service.taken()) == 200


def schedule(service: Scene, release: Release, at: datetime) -> str:
    with service.transaction() as session:
        found = releases.get(session, release.id)
        try:
            releases.schedule(session, found, at, by=session.get_one(Account, service.newsroom.ada.id))
        except Refused as refusal:
            return type(refusal).__name__
        return "scheduled"


def waves(service: Scene, release: Release) -> int:
    with service.transaction() as session:
        return len(session.scalars(select(Wave.id).where(Wave.release_id == release.id)).all())


def test_a_cancel_at_half_way_lets_nothing_new_start_a_second_later(folder: Path) -> None:
    with scene(folder, people=1_000, latency=20) as service:
        service.beat()
        service.worker("first")
        release = service.scheduled()
        service.wait_until(lambda: service.states(release)[DeliveryState.ACCEPTED] > 300)
        with service.transaction() as session:
            releases.cancel(
                session, releases.get(session, release.id), by=session.get_one(Account, service.newsroom.ada.id)
            )
        time.sleep(1)
        taken = service.taken().total()
        service.wait_until(lambda: service.states(release)[DeliveryState.QUEUED] == 0)

        assert service.taken().total() == taken, "something started after the cancel"
        states = service.states(release)
        assert states[DeliveryState.ACCEPTED] == taken
        assert states[DeliveryState.CANCELLED] == 1_000 - taken > 0


def test_an_unsubscribe_between_planning_and_dispatch_is_obeyed(folder: Path) -> None:
    with scene(folder, people=600, latency=20) as service:
        service.beat()
        service.worker("first")
        release = service.scheduled()
        service.wait_until(lambda: service.states(release)[DeliveryState.ACCEPTED] > 50)
        left = unsubscribe_the_last(service, 100)
        already = set(service.taken())
        time.sleep(1)
        service.wait_sent(release)

        mailed_later = (left - already) & set(service.taken())
        assert len(mailed_later) <= 8, "at most what was in flight on the eight connections"
        assert service.states(release)[DeliveryState.EXCLUDED] == len(left - set(service.taken()))
        assert service.states(release)[DeliveryState.EXCLUDED] > 50


def unsubscribe_the_last(service: Scene, count: int) -> set[str]:
    """They are the last in the queue, so that planning is well behind them and dispatch is not."""
    with service.transaction() as session:
        last = select(Journalist.id).order_by(Journalist.id.desc()).limit(count)
        session.execute(
            update(Subscription).where(Subscription.journalist_id.in_(last)).values(state=SubscriptionState.ENDED)
        )
        return set(session.scalars(select(Journalist.address).where(Journalist.id.in_(last))))


def test_an_edit_after_approval_voids_it_and_nothing_leaves(folder: Path) -> None:
    with scene(folder, people=50) as service:
        release = service.scheduled(at=service.now() + timedelta(seconds=2))
        with service.transaction() as session:
            found = releases.get(session, release.id)
            releases.edit(
                session, found, "en", by=session.get_one(Account, service.newsroom.ada.id), lead="Levels rose."
            )
        service.beat()
        service.worker("first")
        time.sleep(6)

        assert service.state(release) is ReleaseState.DRAFT
        assert not service.taken()


def test_words_changed_behind_the_back_of_an_approval_do_not_leave(folder: Path) -> None:
    with scene(folder, people=50) as service:
        release = service.scheduled(at=service.now() + timedelta(seconds=1))
        with service.transaction() as session:
            session.execute(text("ALTER TABLE revision DISABLE TRIGGER written_once"))
            session.execute(text("UPDATE revision SET content = replace(content::text, 'fell', 'rose')::jsonb"))
        service.beat()
        service.worker("first")
        service.wait_until(lambda: service.state(release) is ReleaseState.PAUSED)

        assert not service.taken()


def test_nothing_leaves_before_its_embargo_though_a_workers_clock_is_two_hours_ahead(folder: Path) -> None:
    with scene(folder, people=50) as service:
        embargo = service.now() + timedelta(seconds=10)
        release = service.approved(embargo=embargo)
        with service.transaction() as session:
            found = releases.get(session, release.id)
            when = releases.schedule(
                session, found, service.now(), by=session.get_one(Account, service.newsroom.ada.id)
            )
        assert when == embargo, "asked for now, it waits for its embargo"
        service.beat()
        service.worker("fast clock", env=clock_ahead())
        while service.now() < embargo - timedelta(milliseconds=200):
            assert not service.taken()
            time.sleep(0.1)
        service.wait_sent(release)

        assert len(service.taken()) == 50


def clock_ahead() -> dict[str, str]:
    """libfaketime for one process: its wall clock runs two hours ahead, its waiting time does not."""
    library = next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))), None)
    if library is None:
        assert not os.environ.get("CI"), "libfaketime is missing in CI"
        pytest.skip("libfaketime is not on this machine: apt-get install faketime")
    return {"LD_PRELOAD": str(library), "FAKETIME": "+2h", "DONT_FAKE_MONOTONIC": "1"}
