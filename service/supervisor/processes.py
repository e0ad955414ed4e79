"""A child of the supervisor: how it is started, known to be ready, told apart from others, and stopped."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from service.supervisor import leash, warden
from service.supervisor.account import Account

LOG_BYTES = 10_000_000


class NotReady(Exception):
    """The child ended before it was ready, or did not become ready in time: read its log."""

    def __init__(self, child: "Child", why: str) -> None:
        super().__init__(f"{child.name} {why}. The end of {child.log}:\n{tail(child.log)}")
        self.child = child


@dataclass(frozen=True, slots=True)
class Child:
    """A program to keep running.

    `env` goes on top of this process's environment, or is all of it with `whole_env`. `ready` is asked until it says
    yes, at most `ready_seconds`. Neighbours of one `group` are stopped at the same moment (the workers); the signal is
    followed by SIGKILL after `stop_seconds`. `restart`: started anew when it ends by itself.
    """

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    log: Path
    ready: Callable[[], bool] | None = None
    ready_seconds: float = 60.0
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 10.0
    group: str = ""
    restart: bool = False
    whole_env: bool = False
    account: Account | None = None
    cwd: Path | None = None


@dataclass(slots=True)
class Process:
    """A running child, the leader of its own session: a Ctrl-C in the terminal does not reach it."""

    child: Child
    popen: subprocess.Popen[bytes] = field(repr=False)

    @property
    def pid(self) -> int:
        return self.popen.pid

    def ended(self) -> int | None:
        """The exit code (negative: the signal), None while it lives."""
        return self.popen.poll()

    def wait_ready(self) -> None:
        """Return once it is ready. Raises NotReady."""
        until = time.monotonic() + self.child.ready_seconds
        while not (self.child.ready is None or self.child.ready()):
            if (code := self.ended()) is not None:
                raise NotReady(self.child, f"ended with {code} while starting")
            if time.monotonic() > until:
                raise NotReady(self.child, f"was not ready after {self.child.ready_seconds:.0f} s")
            time.sleep(0.02)

    def wait_ended(self, seconds: float) -> bool:
        try:
            self.popen.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def kill(self) -> None:
        """End it now, and everything it has started in its session."""
        if self.ended() is None:
            self.popen.kill()
        warden.kill([self.pid])
        self.popen.wait()


def start(child: Child) -> Process:
    """Start the child, on the leash of this process. For the main thread only.

    The kernel counts the end of the *thread* that started a child as the parent's end (prctl(2), PR_SET_PDEATHSIG).
    """
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("children are started from the main thread: they end with the thread that starts them")
    account = (-1, -1) if child.account is None else (child.account.uid, child.account.gid)
    tied = [os.getpid(), int(child.stop_signal), *account]
    with _open_log(child.log) as log:
        popen = subprocess.Popen(  # noqa: S603 - the argument list comes from our own table of children
            [sys.executable, "-I", "-S", leash.__file__, *map(str, tied), *child.argv],
            env=dict(child.env) if child.whole_env else {**os.environ, **child.env},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=child.cwd,
            start_new_session=True,
        )
    return Process(child, popen)


def stop(processes: Sequence[Process]) -> None:
    """Stop these at the same moment; each gets its own time limit, then SIGKILL together with what it has started."""
    began = time.monotonic()
    for process in processes:
        if process.ended() is None:
            process.popen.send_signal(process.child.stop_signal)
    for process in processes:
        process.wait_ended(max(0.0, began + process.child.stop_seconds - time.monotonic()))
        process.kill()


def listening(host: str, port: int) -> Callable[[], bool]:
    """A `ready` for a child that listens on this address."""

    def ready() -> bool:
        try:
            socket.create_connection((host, port), timeout=1.0).close()
        except OSError:
            return False
        return True

    return ready


def tail(log: Path, lines: int = 20) -> str:
    """The last lines of a log file, from its last 8 kB."""
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 8192))
        return "\n".join(file.read().decode("utf-8", "replace").splitlines()[-lines:])


def _open_log(path: Path) -> BinaryIO:
    path.parent.mkdir(exist_ok=True)
    # Kept in bounds when a child starts: nobody rotates the logs of a machine that only has Python.
    if path.exists() and path.stat().st_size > LOG_BYTES:
        path.replace(path.with_name(path.name + ".1"))
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")
