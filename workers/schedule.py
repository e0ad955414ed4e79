"""What beat rings for, in one table: intervals only, since a clock time would have to know summer time."""

from datetime import timedelta

from service.jobs import QUEUES, Job
from service.settings import settings

SCHEDULE = {
    "look for due work": {
        "task": Job.TICK.value,
        "schedule": timedelta(seconds=settings().tick_seconds),
        # No "expires": that is a clock time, and a worker whose clock runs ahead would throw every tick away.
        "options": {"queue": QUEUES[Job.TICK]},
    },
}
