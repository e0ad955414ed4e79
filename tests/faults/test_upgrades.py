"""An upgrade in the middle of a release: the tables change under old workers, which are then replaced one by one."""

from pathlib import Path

import pytest
from sqlalchemy import text

from service import jobs
from service.models import DeliveryState
from tests.faults import oracle
from tests.faults.scene import scene

pytestmark = pytest.mark.timeout(180)
PEOPLE = 2_000
STEPS = (
    "ALTER TABLE delivery ADD COLUMN of_the_next_version text NOT NULL DEFAULT ''",
    "ALTER TABLE attempt ADD COLUMN of_the_next_version integer",
    "ALTER TABLE release ADD COLUMN of_the_next_version boolean NOT NULL DEFAULT false",
    "CREATE TABLE of_the_next_version (id uuid PRIMARY KEY, release_id uuid REFERENCES release (id))",
    "CREATE INDEX ON attempt (relay)",
)
"""What migrations that are safe while a release is being sent consist of; there is no second version to step to."""


@pytest.mark.fault("F67")
def test_a_migration_and_new_workers_in_mid_release_lose_and_double_nobody(folder: Path) -> None:
    with scene(folder, people=PEOPLE, latency=30, uncertain="resend") as service:
        service.beat()
        for name in ("first", "second"):
            service.worker(name)
        release = service.scheduled()
        service.wait_accepted(release, PEOPLE // 4)
        for step in STEPS:
            with service.transaction() as session:
                session.execute(text("SET LOCAL lock_timeout = '10s'"))
                session.execute(text(step))
        strange_bells(service.env["BROKER_URL"])
        for name in ("first", "second"):
            service.stop(name)
            service.worker(name)
        service.wait_sent(release, seconds=90)

        assert service.states(release) == {DeliveryState.ACCEPTED: PEOPLE}
        assert oracle.check(service, release).duplicates == 0


def strange_bells(broker: str) -> None:
    """Messages as another version may have left them in the queues."""
    bell = jobs.make_app(broker)
    bell.send_task("dateline.of_another_version", args=["1"], queue="dispatch")
    bell.send_task(jobs.Job.DISPATCH, args=[1, "an argument more"], queue="dispatch")
    bell.send_task(jobs.Job.PLAN, args=[], queue="plan")
    bell.close()
