"""However the supervisor ends, nothing it started lives on."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

HOUSEHOLD = Path(__file__).with_name("household.py")
ROOT = Path(__file__).parents[3]

Tree = dict[int, str]


@contextmanager
def started(data: Path, *kinds: str) -> Iterator["subprocess.Popen[str]"]:
    """The supervisor as a program of its own, leader of a group as in a terminal."""
    process = subprocess.Popen(
        [sys.executable, str(HOUSEHOLD), str(data), *kinds],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
        stdout=subprocess.PIPE,
        text=True,
        process_group=0,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def household(data: Path, *kinds: str) -> Iterator["subprocess.Popen[str]"]:
    """The same, ready."""
    with started(data, *kinds) as process:
        assert process.stdout is not None
        while (line := process.stdout.readline()) != "ready\n":
            assert line, "the household ended before it was ready"
        yield process


def tree(root: int) -> Tree:
    """Every living process below this one: its pid and when it started."""
    living = _processes()
    below, seen = {root}, 0
    while len(below) > seen:
        seen = len(below)
        below |= {pid for pid, (parent, _) in living.items() if parent in below}
    return {pid: living[pid][1] for pid in below - {root}}


def left_of(known: Tree) -> Tree:
    now = _processes()
    return {pid: began for pid, began in known.items() if pid in now and now[pid][1] == began}


def wait_until_nothing_is_left_of(known: Tree, *, seconds: float) -> None:
    until = time.monotonic() + seconds
    while left_of(known) and time.monotonic() < until:
        time.sleep(0.05)
    assert not {pid: _command(pid) for pid in left_of(known)}


def _processes() -> dict[int, tuple[int, str]]:
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            state, parent, *rest = (entry / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if state != "Z":
            found[int(entry.name)] = (int(parent), rest[17])
    return found


def _command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")


def to_the_supervisor(number: signal.Signals) -> Callable[[int], None]:
    return lambda pid: os.kill(pid, number)


def to_the_whole_terminal(pid: int) -> None:
    os.killpg(pid, signal.SIGINT)


@pytest.mark.parametrize(
    "end",
    [to_the_supervisor(signal.SIGTERM), to_the_supervisor(signal.SIGHUP), to_the_whole_terminal],
    ids=["SIGTERM", "SIGHUP", "Ctrl-C"],
)
def test_a_stop_is_orderly_and_leaves_nothing(data: Path, end: Callable[[int], None]) -> None:
    with household(data, "press") as supervisor:
        known = tree(supervisor.pid)
        end(supervisor.pid)
        assert supervisor.wait(20) == 0
        assert not left_of(known)
    assert "KeyboardInterrupt" not in (data / "logs" / "press.log").read_text(), "a Ctrl-C is the supervisor's alone"
    assert "received fast shutdown request" in (data / "logs" / "postgres.log").read_text()
    assert "ready to exit" in (data / "logs" / "valkey.log").read_text()


def test_a_killed_supervisor_leaves_nothing_not_even_workers_in_the_middle_of_a_task(data: Path) -> None:
    with household(data, "press", "pool") as supervisor:
        known = tree(supervisor.pid)
        commands = [_command(pid) for pid in known]
        assert sum(" pool " in command for command in commands) == 3, "the Celery worker and its two processes"
        supervisor.kill()
        wait_until_nothing_is_left_of(known, seconds=8)


def test_a_supervisor_killed_while_it_makes_the_cluster_leaves_nothing_and_the_next_one_makes_it(data: Path) -> None:
    with started(data) as supervisor:
        while supervisor.poll() is None and not (data / "postgres.new" / "PG_VERSION").exists():
            time.sleep(0.005)
        known = tree(supervisor.pid)
        assert known, "initdb is at work"
        supervisor.kill()
        wait_until_nothing_is_left_of(known, seconds=8)
    assert not (data / "postgres").exists()
    with household(data):
        assert (data / "postgres" / "PG_VERSION").read_text() == "18\n"
