"""Where the benchmarks send to: Postfix's smtp-sink, or our own relay when it only counts."""

import re
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.measurement import NotMeasured
from bench.processes import cpu_seconds
from bench.tools import Tools
from service.supervisor import Child, Process, listening, processes

SMTP_SINK = "smtp-sink"
FAST_SINK = "fast-sink"
SLOW_SINK = "50ms"
GREYLISTING_SINK = "greylisting"
LATENCY = 0.05
GREYLISTED = 20
OURS: Mapping[str, tuple[str, ...]] = {
    FAST_SINK: (),
    SLOW_SINK: ("--latency", f"{LATENCY * 1000:.0f}"),
    GREYLISTING_SINK: ("--greylist", f"{GREYLISTED}"),
}
"""Our relay's options: 50 ms before each message is accepted; one recipient in twenty told to come back."""
HOST = "127.0.0.1"
COUNTED = re.compile(rb"mesg=(\d+)|accepted (\d+) messages")
"""How smtp-sink -c and our relay say how many messages they took; what is said last holds."""


@dataclass(frozen=True, slots=True)
class Sink:
    """A running sink."""

    name: str
    port: int
    process: Process

    def cpu_seconds(self) -> float:
        """What it has taken so far."""
        return cpu_seconds(self.process.pid)

    def end(self) -> int:
        """Stop it; how many messages it took, by its own count. Raises NotMeasured when it does not say."""
        processes.stop([self.process])
        said = COUNTED.findall(self.process.child.log.read_bytes()[-4096:])
        if not said:
            raise NotMeasured(f"{self.name} did not say how many messages it took: {self.process.child.log}")
        return int("".join(part.decode() for part in said[-1]))


@contextmanager
def running(name: str, folder: Path, tools: Tools | None) -> Iterator[Sink]:
    """The sink of that name on a free port of this machine; stopped at the end of the block if it still runs."""
    port = free_port()
    argv, env = _ours(port, OURS[name]) if tools is None else tools.smtp_sink(HOST, port)
    log = folder / "logs" / f"{name}.log"
    log.unlink(missing_ok=True)
    sink = Sink(name, port, processes.start(Child(name, argv, env, log, ready=listening(HOST, port), cwd=_SOURCE)))
    try:
        sink.process.wait_ready()
        yield sink
    finally:
        processes.stop([sink.process])


def _ours(port: int, options: tuple[str, ...]) -> tuple[list[str], dict[str, str]]:
    argv = [sys.executable, "-m", "workers.relays.development", "--fast", "--listen", f"{HOST}:{port}"]
    return [*argv, *options], {}


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.create_server((HOST, 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


_SOURCE = Path(__file__).parents[1]
