"""The planner is killed between a release's waves and in the middle of one: nobody is in two, nobody in none."""

import os
import random
import signal
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from service import approvals, releases
from service.audiences import Audience, Conditions, Stage
from service.models import Account, Delivery, DeliveryState, Journalist, Release, Wave
from tests.factories import make_release
from tests.faults import oracle
from tests.faults.office import CANARY
from tests.faults.points import Mark, Trap
from tests.faults.proxy import Toward
from tests.faults.scene import Scene, scene

pytestmark = pytest.mark.timeout(240)
PEOPLE = 900
TIERS = (1, 2, 3)
STAGES = (
    Stage("tier 1", Conditions(tiers=(1,))),
    Stage("tier 2", Conditions(tiers=(2,)), 1),
    Stage("all", Conditions(), None),
)
# The rows of a wave are written, and not yet cut into chunks nor committed.
WRITTEN = Mark("database", Toward.SERVER, b"INSERT INTO chunk")


@pytest.mark.fault("F44")
def test_a_planner_that_dies_between_waves_leaves_nobody_in_two_and_nobody_in_none(folder: Path, seed: int) -> None:
    chance = random.Random(seed)
    with scene(folder, people=PEOPLE, latency=2) as service:
        tiers = share_out(service, chance)
        service.beat()
        service.worker("keeping", queues="tick,sort,dispatch,notices", children=2)
        release = scheduled(service)

        die_while_planning(service, "first")
        service.worker("planner", queues="plan", children=1)
        service.wait_until(lambda: planned(service, release) == 1)
        service.kill("planner")  # between the first wave and the second

        forward(service, release)
        die_while_planning(service, "second")
        service.worker("planner", queues="plan", children=1)
        service.wait_until(lambda: planned(service, release) == 2)

        with service.transaction() as session:
            ada = session.get_one(Account, service.newsroom.ada.id)
            releases.start_wave(session, releases.get(session, release.id), 3, by=ada)
        service.wait_sent(release)

        assert service.states(release) == {DeliveryState.ACCEPTED: PEOPLE}
        assert by_wave(service, release) == tiers
        assert oracle.check(service, release).duplicates == 0


def share_out(service: Scene, chance: random.Random) -> dict[int, int]:
    """Everybody gets a tier; how many have each."""
    with service.transaction() as session:
        people: list[UUID] = list(session.scalars(select(Journalist.id)))
        chance.shuffle(people)
        for tier in TIERS:
            theirs = Journalist.id.in_(people[tier - 1 :: len(TIERS)])
            session.execute(update(Journalist).where(theirs).values(tier=tier))
        return dict(session.execute(select(Journalist.tier, func.count()).group_by(Journalist.tier)).all())


def scheduled(service: Scene) -> Release:
    """A release in three waves, the second a minute after the first, the third by hand."""
    with service.transaction() as session:
        ada, ben = (session.get_one(Account, one.id) for one in (service.newsroom.ada, service.newsroom.ben))
        release = make_release(session, service.newsroom)
        release.editions[0].lead = f"Levels fell. {CANARY}"
        audience = Audience(stages=STAGES)
        releases.readdress(session, release, by=ada, topics=[service.newsroom.topic], audience=audience)
        approvals.approve(session, release, by=ben)
        releases.schedule(session, release, service.now(), by=ada)
        return release


def die_while_planning(service: Scene, name: str) -> None:
    """A planner lives until it has written a wave's rows, and is killed before it could commit them."""
    link = service.proxy("database")
    service.worker(f"doomed {name}", through=[link], queues="plan", children=1)
    pid = service.running[f"doomed {name}"].pid
    trap = Trap(link, WRITTEN, lambda _pair: os.killpg(pid, signal.SIGKILL))
    service.wait_until(lambda: trap.sprung)
    service.kill(f"doomed {name}")
    link.shut()


def forward(service: Scene, release: Release) -> None:
    """A minute passes."""
    with service.transaction() as session:
        waiting = update(Wave).where(Wave.release_id == release.id, Wave.number == 2)
        session.execute(waiting.values(not_before=func.clock_timestamp()))


def planned(service: Scene, release: Release) -> int:
    with service.transaction() as session:
        query = select(func.count()).where(Wave.release_id == release.id, Wave.planned_at.is_not(None))
        return session.scalar(query) or 0


def by_wave(service: Scene, release: Release) -> dict[int, int]:
    """People by the number of the wave they are in."""
    with service.transaction() as session:
        query = select(Wave.number, func.count()).join(Delivery, Delivery.wave_id == Wave.id)
        return dict(session.execute(query.where(Wave.release_id == release.id).group_by(Wave.number)).all())
