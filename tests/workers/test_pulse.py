"""A real worker on a real broker that has stopped consuming: it finds out by itself."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from service import jobs
from service.jobs import Job

SOURCE = Path(__file__).parents[2]
PATIENCE = 40.0

Start = Callable[[int], subprocess.Popen[bytes]]


@pytest.fixture
def queue() -> Iterator[str]:
    """A queue of its own, emptied afterwards."""
    name = f"look-up-{uuid4().hex}"
    yield name
    with jobs.store() as store:
        store.delete(name)


@pytest.fixture
def start(queue: str, tmp_path: Path) -> Iterator[Start]:
    """Starts a worker of this queue that stops consuming so many times."""
    started: list[subprocess.Popen[bytes]] = []

    def worker(deaf: int) -> subprocess.Popen[bytes]:
        quiet = ("--without-mingle", "--without-gossip", "--without-heartbeat")
        own = ("--include", "tests.workers.deaf", "--queues", queue, "--concurrency", "1", "-n", f"{queue}@test")
        env = {**os.environ, "DEAF": str(deaf), "DATA_DIR": str(tmp_path), "PYTHONPATH": str(SOURCE)}
        command = (sys.executable, "-m", "celery", "-A", "workers.tasks", "worker", *own, *quiet)
        started.append(subprocess.Popen(command, cwd=SOURCE, env=env))
        return started[-1]

    yield worker
    for process in started:
        process.terminate()
        process.wait(PATIENCE)


def length(queue: str) -> int:
    with jobs.store() as store:
        return int(str(store.llen(queue)))


def until(true: Callable[[], bool]) -> bool:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.1)
    return False


def is_deaf(queue: str, pulse: Path) -> None:
    """Wait until it has begun and stopped consuming, then ring."""
    assert until(pulse.exists)
    time.sleep(1)
    assert jobs.ring_all(Job.LOOK_UP, [()], queue=queue) == 1
    time.sleep(0.5)
    assert length(queue) == 1


def test_a_worker_that_has_stopped_consuming_is_connected_anew_and_goes_on(
    queue: str, start: Start, tmp_path: Path
) -> None:
    worker = start(1)
    is_deaf(queue, tmp_path / "pulse" / f"{queue}@test")

    assert until(lambda: length(queue) == 0)
    assert worker.poll() is None


def test_one_that_a_new_connection_does_not_help_is_ended_and_the_message_stays(
    queue: str, start: Start, tmp_path: Path
) -> None:
    worker = start(99)
    pulse = tmp_path / "pulse" / f"{queue}@test"
    is_deaf(queue, pulse)

    assert until(lambda: worker.poll() is not None)
    assert worker.returncode == 1
    assert length(queue) == 1
    assert not pulse.exists()
