"""How a run towards a troublesome relay ends: everybody has it, after the deferrals that the trouble cost."""

import time

from service.models import DeliveryState, Release
from tests.faults import oracle
from tests.faults.scene import Scene


def to_the_end(service: Scene, release: Release) -> None:
    """Until it is sent; the minutes that a deferral waits are not waited for."""
    until = time.monotonic() + 90
    while service.state(release).value != "sent":
        assert time.monotonic() < until, service.states(release)
        service.hurry(release)
        time.sleep(1)


def all_got_it(service: Scene, release: Release, people: int = 600) -> oracle.Totals:
    assert service.states(release) == {DeliveryState.ACCEPTED: people}
    return oracle.check(service, release)
