"""The supervisor: starts what makes up the service, keeps it running, and leaves nothing behind."""

import itertools
import time
from collections import deque
from collections.abc import Callable, Sequence

import structlog

from service.supervisor import processes
from service.supervisor.processes import Child, Process, tail
from service.supervisor.signals import StopRequested
from service.supervisor.warden import Warden

log = structlog.get_logger(__name__)

LOOK_SECONDS = 0.2
RESTARTS = 5
RESTART_WINDOW_SECONDS = 60.0
FIRST_PAUSE_SECONDS = 0.5


class ChildEnded(Exception):
    """A child ended by itself, and was not to be started again or had been too often: read its log."""

    def __init__(self, child: Child, code: int) -> None:
        ending = f"was killed by signal {-code}" if code < 0 else f"ended with {code}"
        super().__init__(f"{child.name} {ending}. The end of {child.log}:\n{tail(child.log)}")
        self.child = child
        self.code = code


class Supervisor:
    """Runs children beside servers that somebody else started and stops.

    The children are started in the order given, each when the one before is ready, and stopped in the reverse order:
    give relay, inbound, beat, workers, web.
    """

    def __init__(
        self,
        children: Sequence[Child],
        *,
        servers: Sequence[Process] = (),
        first_pause_seconds: float = FIRST_PAUSE_SECONDS,
    ) -> None:
        self._children = tuple(children)
        self._servers = tuple(servers)
        self._running: list[Process] = []
        self._returns = {child.name: _Returns(first_pause_seconds) for child in self._children}

    def run(self, ready: Callable[[], None] = lambda: None) -> None:
        """Start all, call `ready`, and watch until an exception ends it; then stop all. Never returns by itself.

        Raises ChildEnded, NotReady, and StopRequested when within `stopped_by_signals()`.
        """
        warden = Warden()
        try:
            for child in self._children:
                self._start(child, warden).wait_ready()
            ready()
            while True:
                self._look(warden)
                time.sleep(LOOK_SECONDS)
        finally:
            try:
                self._stop_all()
            finally:
                warden.dismiss()

    def _start(self, child: Child, warden: Warden) -> Process:
        process = processes.start(child)
        self._running.append(process)
        warden.watch(process.pid)
        log.info("child started", child=child.name, pid=process.pid)
        return process

    def _look(self, warden: Warden) -> None:
        for server in self._servers:
            if (code := server.ended()) is not None:
                raise ChildEnded(server.child, code)
        for process in tuple(self._running):
            if (code := process.ended()) is not None:
                self._lose(process, code, warden)
        for child in self._children:
            if self._returns[child.name].due():
                self._start(child, warden)

    def _lose(self, process: Process, code: int, warden: Warden) -> None:
        """Clear up after a child that ended by itself, and note when it comes back. Raises ChildEnded if never."""
        child = process.child
        process.kill()
        warden.forget(process.pid)
        self._running.remove(process)
        if not (child.restart and self._returns[child.name].plan()):
            raise ChildEnded(child, code)
        log.warning("child ended, starts again", child=child.name, code=code)

    def _stop_all(self) -> None:
        try:
            for _, group in itertools.groupby(reversed(self._running), key=_group):
                processes.stop(list(group))
        except StopRequested:
            log.warning("asked again to stop: killing what still runs")
            for process in self._running:
                process.kill()


def _group(process: Process) -> str:
    return process.child.group or process.child.name


class _Returns:
    """When a child that ended comes back: at once it would only fill its log, for ever it would hide that it cannot."""

    def __init__(self, first_pause: float) -> None:
        self._first_pause = first_pause
        self._ended: deque[float] = deque()
        self._due: float | None = None

    def plan(self) -> bool:
        """Note an end; False if it was one too many within the window."""
        now = time.monotonic()
        self._ended.append(now)
        while self._ended[0] < now - RESTART_WINDOW_SECONDS:
            self._ended.popleft()
        self._due = now + self._first_pause * 2.0 ** (len(self._ended) - 1)
        return len(self._ended) <= RESTARTS

    def due(self) -> bool:
        """True once, when the pause is over."""
        if self._due is None or time.monotonic() < self._due:
            return False
        self._due = None
        return True
