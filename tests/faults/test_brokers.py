"""The broker is disposable: killed, emptied, frozen, cut off, late or repeating itself, it costs time and no more."""

import random
import time
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from service import jobs
from service.jobs import Job
from service.models import Chunk, DeliveryState, Release, Wave
from tests.faults import oracle
from tests.faults.browser import Browser
from tests.faults.scene import Scene, scene

pytestmark = pytest.mark.timeout(240)
PEOPLE = 1_200
STALL = 60
"""Seconds that a failure of the broker may cost."""


def sending(service: Scene, *, people: int = PEOPLE) -> Release:
    """A release on its way, of which some is out."""
    service.beat()
    service.worker("first")
    release = service.scheduled()
    service.wait_accepted(release, people // 10)
    return release


def all_got_it_once(service: Scene, release: Release, people: int = PEOPLE) -> None:
    assert service.states(release) == {DeliveryState.ACCEPTED: people}
    assert oracle.check(service, release).duplicates == 0


@pytest.mark.fault("F11")
def test_a_broker_that_is_killed_and_starts_empty_again_and_again_loses_and_doubles_nobody(
    folder: Path, seed: int
) -> None:
    """Twice for each seed, ten times in the long run."""
    chance = random.Random(seed)
    with scene(folder, people=PEOPLE, latency=20) as service:
        release = sending(service)
        for _ in range(2):
            time.sleep(chance.uniform(0, 0.5))
            service.broker.kill()
            service.kills += 1
            time.sleep(chance.uniform(0, 0.5))
            service.broker.start(empty=True)
        service.wait_sent(release, seconds=2 * STALL)
        all_got_it_once(service, release)


@pytest.mark.quick
@pytest.mark.fault("F12")
def test_a_broker_that_forgets_everything_loses_and_doubles_nobody(folder: Path) -> None:
    with scene(folder, people=PEOPLE, latency=10) as service:
        release = sending(service)
        service.broker.flush()
        service.wait_sent(release, seconds=STALL)
        all_got_it_once(service, release)


@pytest.mark.fault("F13")
def test_while_the_broker_is_frozen_an_officers_word_is_answered_at_once_and_obeyed(folder: Path) -> None:
    """Fifteen seconds in the place of three minutes: longer than every time limit towards the broker."""
    with scene(folder, people=PEOPLE, latency=20) as service:
        ada = Browser.signed_in(service.web(), service)
        release = sending(service)
        service.broker.freeze()
        time.sleep(2)
        for word in ("pause", "resume"):
            began = time.monotonic()
            assert ada.post(f"/releases/{release.id}/{word}", page=f"/releases/{release.id}") == 302
            assert time.monotonic() - began < 2
        time.sleep(13)
        service.broker.thaw()
        service.wait_sent(release, seconds=STALL)
        all_got_it_once(service, release)


@pytest.mark.fault("F14")
def test_a_worker_whose_broker_connections_lead_nowhere_goes_on_within_a_minute(folder: Path) -> None:
    with scene(folder, people=PEOPLE, latency=20, CHUNK_SIZE="50") as service:
        broker = service.proxy("broker")
        service.beat()
        service.worker("first", through=[broker])
        release = service.scheduled()
        service.wait_accepted(release, PEOPLE // 10)
        broker.strand()
        service.wait_sent(release, seconds=STALL)
        all_got_it_once(service, release)


@pytest.mark.fault("F16")
def test_messages_that_come_again_and_again_send_nothing_again(folder: Path) -> None:
    with scene(folder, people=PEOPLE, latency=20) as service:
        release = sending(service)
        repeat(service, release)
        service.wait_sent(release, seconds=STALL)
        repeat(service, release)
        service.wait_until(lambda: not any(service.broker.depths().values()))
        time.sleep(1)
        all_got_it_once(service, release)


def repeat(service: Scene, release: Release) -> None:
    """Every task message there can be, five times."""
    with service.transaction() as session:
        waves: list[UUID] = list(session.scalars(select(Wave.id).where(Wave.release_id == release.id)))
        chunks: list[int] = list(session.scalars(select(Chunk.id).where(Chunk.wave_id.in_(waves))))
    bell = jobs.make_app(service.env["BROKER_URL"])
    for _ in range(5):
        bell.send_task(Job.TICK, queue="tick")
        bell.send_task(Job.SORT, queue="sort")
        for wave in waves:
            bell.send_task(Job.PLAN, args=[str(wave)], queue="plan")
        for chunk in chunks:
            bell.send_task(Job.DISPATCH, args=[chunk], queue="dispatch")
    bell.close()


@pytest.mark.fault("F17")
def test_without_a_broker_at_the_start_everything_recovers_without_a_restart(folder: Path) -> None:
    """It comes ten seconds later, in the place of five minutes."""
    with scene(folder, people=200) as service:
        service.broker.kill()
        service.beat()
        service.worker("first")
        web = Browser(service.web())
        release = service.scheduled()
        time.sleep(10)

        assert web.get("/ready").status == 200
        assert not service.taken()
        service.broker.start()
        service.wait_sent(release, seconds=STALL)
        all_got_it_once(service, release, people=200)
