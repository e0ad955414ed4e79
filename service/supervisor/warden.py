"""A warden: a small process that ends what a killed supervisor leaves behind.

The leash reaches only the supervisor's own children; the children of those (a Celery pool, gunicorn's workers) may be
in the middle of a task. The warden is told the session of every child and, when its standard input ends without it
being told that the child is gone, kills what still lives in that session. Run as a script, standard library only.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

# What the death signal needs to stop a worker between two mails; nobody waits for longer after a kill -9.
GRACE_SECONDS = 3.0


class Warden:
    """The supervisor's end: `watch` the session that a child leads, `forget` it when the child has been stopped."""

    def __init__(self) -> None:
        told, self._telling = os.pipe()
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and file
            [sys.executable, "-I", "-S", __file__],
            stdin=told,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd="/",
        )
        os.close(told)

    def watch(self, session: int) -> None:
        self._tell(f"+{session}\n")

    def forget(self, session: int) -> None:
        self._tell(f"-{session}\n")

    def dismiss(self) -> None:
        """Let it go; it kills first what it was not told to forget."""
        os.close(self._telling)
        self._process.wait()

    def _tell(self, line: str) -> None:
        os.write(self._telling, line.encode())


def members(sessions: Iterable[int]) -> list[int]:
    """The pids that live in these sessions, from /proc; a zombie does not live."""
    wanted = frozenset(sessions)
    numbered = (entry for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return [int(entry.name) for entry in numbered if _session(entry) in wanted]


def kill(sessions: Iterable[int], *, within: float = 5.0) -> None:
    """SIGKILL everything in these sessions, again and again for as long as it forks, at most `within` seconds."""
    sessions = tuple(sessions)
    until = time.monotonic() + within
    while (living := members(sessions)) and time.monotonic() < until:
        for pid in living:
            _kill_one(pid)
        time.sleep(0.02)


def _session(entry: Path) -> int | None:
    try:
        # proc(5): the name in parentheses may hold anything, also a parenthesis; state, ppid, pgrp, session follow.
        fields = (entry / "stat").read_bytes().rpartition(b")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in (b"Z", b"X") else int(fields[3])


def _kill_one(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def keep_watch(lines: Iterable[str]) -> None:
    """Follow `+session` and `-session` until the lines end, then clear what remains after GRACE_SECONDS."""
    watched: set[int] = set()
    for line in lines:
        change = watched.add if line.startswith("+") else watched.discard
        change(int(line[1:]))
    until = time.monotonic() + GRACE_SECONDS
    while watched and members(watched) and time.monotonic() < until:
        time.sleep(0.05)
    kill(watched)


if __name__ == "__main__":
    keep_watch(sys.stdin)
