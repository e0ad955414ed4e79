"""Included in a worker: it stops consuming as soon as it has begun to, while its loop turns.

    celery -A workers.tasks worker --include tests.workers.deaf

DEAF says how many times it does so: 1 is cured by a new connection, 99 by nothing.
"""

import itertools
import os
from typing import Any

from celery import bootsteps

from service import jobs
from workers import pulse, standstill

TIMES = int(os.environ["DEAF"])
standstill.LONGEST = 1.0
pulse.SECONDS = 0.2


class Deaf(bootsteps.StartStopStep):
    """The consumer without its queues, as kombu has left it after brokers that were lost one after another."""

    requires = ("celery.worker.consumer.tasks:Tasks",)
    times = itertools.count(1)

    def start(self, parent: Any) -> None:
        if next(self.times) <= TIMES:
            # The loop begins to consume after the last step has started, and does this first of all.
            parent.hub.call_soon(lambda: parent.task_consumer.channel._active_queues.clear())


jobs.app().steps["consumer"].add(Deaf)
