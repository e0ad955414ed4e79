"""The pulse of a worker: a file that is touched while its loop turns and it is connected to the broker.

    celery -A workers.tasks worker --include workers.pulse --hostname worker@%h

writes `<DATA_DIR>/pulse/worker@<host>`. A container's health check looks at the file's age: remote control is off, so
a worker cannot be asked.
"""

from pathlib import Path
from typing import Any

from celery import bootsteps

from service import jobs
from service.settings import settings

SECONDS = 5.0


class Pulse(bootsteps.StartStopStep):
    """Begins when the worker consumes its queues, ends when it stops or loses the broker."""

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def start(self, parent: Any) -> None:
        path = _path(parent.hostname)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        self._beats = parent.timer.call_repeatedly(SECONDS, path.touch)

    def stop(self, parent: Any) -> None:
        self._beats.cancel()
        _path(parent.hostname).unlink(missing_ok=True)


def _path(hostname: str) -> Path:
    return settings().data_dir / "pulse" / hostname


jobs.app().steps["consumer"].add(Pulse)
