"""A worker is killed at each named point of one mail's life: only at the two after the dot may anybody be doubled."""

import os
import random
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from service.models import Delivery, DeliveryState
from tests.faults import oracle
from tests.faults.points import MARKS, MAY_DOUBLE, ONCE, Point, Trap
from tests.faults.scene import Scene, scene

pytestmark = pytest.mark.timeout(300)
PEOPLE = 250


@pytest.mark.fault("F03")
def test_a_kill_at_a_named_point_doubles_nobody_unless_it_is_after_the_dot(folder: Path, seed: int) -> None:
    """Each point once for a seed, those after the dot four times: twenty in the long run."""
    points = [point for point in Point for _ in range(4 if point in MAY_DOUBLE else 1)]
    random.Random(seed).shuffle(points)
    die_at(folder, seed, points)


@pytest.mark.quick
@pytest.mark.fault("F03")
def test_a_kill_between_the_dot_and_its_answer_is_shown_and_doubles_one_at_most(folder: Path, seed: int) -> None:
    die_at(folder, seed, [Point.AFTER_DOT])


def die_at(folder: Path, seed: int, points: Sequence[Point]) -> None:
    """One worker with one connection after the other dies; what was in flight then may be doubled, or must not."""
    chance = random.Random(seed)
    with scene(
        folder, people=PEOPLE, latency=15, RELAY_CONNECTIONS="1", CHUNK_SIZE="10", uncertain="resend"
    ) as service:
        service.beat()
        service.worker("keeping", queues="tick,plan,sort", children=1)
        release = service.scheduled()
        in_flight: dict[UUID, Point] = {}
        for point in points:
            live_until(service, point, nth=1 if point in ONCE else chance.randint(1, 8))
            in_flight.update(dict.fromkeys(attempting(service) - in_flight.keys(), point))
        service.bound = sum(point in MAY_DOUBLE for point in points)
        service.worker("last", children=1)
        service.wait_sent(release)

        assert service.states(release) == {DeliveryState.ACCEPTED: PEOPLE}
        oracle.check(service, release)
        copies = [copy.delivery for copy in service.copies()]
        doubled = {in_flight.get(id_) for id_ in copies if copies.count(id_) > 1}
        assert doubled <= MAY_DOUBLE


def live_until(service: Scene, point: Point, *, nth: int) -> None:
    """A sending worker lives until it passes the point for the n-th time."""
    mark = MARKS[point]
    links = {"database": service.proxy("database"), "relay": service.proxy("relay")}
    service.worker("doomed", through=links.values(), queues="dispatch", children=1)
    pid = service.running["doomed"].pid
    trap = Trap(links[mark.link], mark, lambda _pair: os.killpg(pid, signal.SIGKILL), nth=nth)
    until = time.monotonic() + 40
    while not trap.sprung:
        assert time.monotonic() < until, f"never came to the point {point}"
        time.sleep(0.01)
    service.kill("doomed")
    for link in links.values():
        link.shut()


def attempting(service: Scene) -> set[UUID]:
    with service.transaction() as session:
        return set(session.scalars(select(Delivery.id).where(Delivery.state == DeliveryState.ATTEMPTING)))
