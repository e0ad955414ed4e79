"""The pulse of a worker: a file that is touched while it is connected to the broker and takes what its queues hold.

`<DATA_DIR>/pulse/worker@<host>`. A container's health check looks at the file's age: remote control is off, so a worker
cannot be asked. A worker that stands still is connected anew, and ended when that does not help: whoever started it
starts it again.
"""

import time
from pathlib import Path
from typing import Any

import structlog
from celery import bootsteps
from celery.exceptions import WorkerShutdown
from celery.worker import state

from service import jobs
from service.settings import settings
from workers.standstill import Remedy, Standstill

log = structlog.get_logger(__name__)

SECONDS = 5.0


class Pulse(bootsteps.StartStopStep):
    """Begins when the worker consumes its queues, ends when it stops or loses the broker."""

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def __init__(self, parent: Any, **options: Any) -> None:
        super().__init__(parent, **options)
        self._standstill = Standstill()

    def start(self, parent: Any) -> None:
        path = _path(parent.hostname)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        self._beats = parent.timer.call_repeatedly(SECONDS, self._beat, (parent, path))

    def stop(self, parent: Any) -> None:
        self._beats.cancel()
        _path(parent.hostname).unlink(missing_ok=True)

    def _beat(self, parent: Any, path: Path) -> None:
        remedy = self._standstill.look(
            time.monotonic(),
            sum(state.total_count.values()),
            free=len(state.reserved_requests) < parent.pool.num_processes,
            waiting=lambda: _waiting([queue.name for queue in parent.task_consumer.queues]),
        )
        if not self._standstill.lasts:
            path.touch()
        if remedy is Remedy.RECONNECT:
            # The loop answers a lost connection with a new one, and does not look whether it was lost.
            raise ConnectionResetError("the queues hold messages and none is taken")
        if remedy is Remedy.END:
            log.error("worker ended: it takes nothing from its queues", worker=parent.hostname)
            raise WorkerShutdown(1)


def _waiting(queues: list[str]) -> bool:
    """Whether any of these queues holds a message; not known, so no, while the broker is away."""
    try:
        with jobs.store() as store:
            return any(store.llen(queue) for queue in queues)
    except jobs.AWAY:
        return False


def _path(hostname: str) -> Path:
    return settings().data_dir / "pulse" / hostname
