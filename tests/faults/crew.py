"""The processes of a scene: started, stopped, frozen and killed, with the count of what that may have cost."""

import contextlib
import os
import signal
import socket
import sys
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

from service.supervisor import Child, Process, listening, processes
from tests.faults.proxy import Proxy

SOURCE = Path(__file__).parents[2]
CELERY = (sys.executable, "-m", "celery", "-A", "workers.tasks")
GUNICORN = (sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.conf.py", "service.app:create_app()")
QUIET = ("--without-mingle", "--without-gossip", "--without-heartbeat")
ALL_QUEUES = "tick,plan,sort,look-up,notices,dispatch"


@dataclass(kw_only=True)
class Crew:
    """What runs of the service beside its servers.

    `kills` counts what was ended by force; `bound` is how many mails were in flight then at most, so may be doubled;
    `lanes` are the connections to the relay that a worker may have open.
    """

    folder: Path
    env: dict[str, str]
    running: dict[str, Process] = field(default_factory=dict)
    lanes: dict[str, int] = field(default_factory=dict)
    kills: int = 0
    bound: int = 0

    def start(
        self,
        name: str,
        *argv: str,
        env: Mapping[str, str] | None = None,
        ready: Callable[[], bool] | None = None,
        log: Path | None = None,
    ) -> None:
        """Start a process under a name, or the same name again."""
        child = Child(
            name=name,
            argv=argv,
            env={**self.env, **(env or {})},
            log=log or self.folder / "logs" / f"{name}.log",
            ready=ready,
            cwd=SOURCE,
        )
        self.running[name] = processes.start(child)
        self.running[name].wait_ready()

    def worker(
        self,
        name: str,
        *,
        env: Mapping[str, str] | None = None,
        through: Collection[Proxy] = (),
        queues: str = ALL_QUEUES,
        children: int = 2,
        log: Path | None = None,
    ) -> None:
        """A worker with two processes, of all queues unless told otherwise, with its links through these proxies."""
        own = {**{key: value for proxy in through for key, value in proxy.env.items()}, **(env or {})}
        work = ("worker", "-Q", queues, "--concurrency", str(children), "-n", f"{name}@%h")
        self.start(name, *CELERY, *work, *QUIET, env=own, log=log)
        connections = int({**self.env, **own}["RELAY_CONNECTIONS"])
        self.lanes[name] = children * connections if "dispatch" in queues else 0

    def beat(
        self, name: str = "beat", *, through: Collection[Proxy] = (), env: Mapping[str, str] | None = None
    ) -> None:
        """The tick."""
        own = {**{key: value for proxy in through for key, value in proxy.env.items()}, **(env or {})}
        self.start(name, *CELERY, "beat", "--schedule", str(self.folder / name), "--pidfile=", env=own)

    def web(self, *, through: Collection[Proxy] = (), env: Mapping[str, str] | None = None) -> str:
        """The pages; their address."""
        own = {**{key: value for proxy in through for key, value in proxy.env.items()}, **(env or {})}
        self.start("web", *GUNICORN, env=own, ready=lambda: answers(self.env["BASE_URL"]))
        return self.env["BASE_URL"]

    def inbound(self) -> None:
        """Inbound SMTP."""
        here = listening("127.0.0.1", port_of(self.env["INBOUND_LISTEN"]))
        self.start("inbound", sys.executable, "-m", "workers.inbound", ready=here)

    def kill(self, name: str) -> None:
        """kill -9 of a process and of all it has started."""
        process = self.running.pop(name)
        self.kills += 1
        self.bound += self.lanes.pop(name, 0)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()

    def stop(self, name: str) -> None:
        """The warm shutdown: what is in flight is finished."""
        processes.stop([self.running.pop(name)])
        self.lanes.pop(name, None)

    def freeze(self, name: str) -> None:
        """SIGSTOP for a process and all it has started."""
        os.killpg(self.running[name].pid, signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        """SIGCONT."""
        os.killpg(self.running[name].pid, signal.SIGCONT)

    def children(self, name: str) -> list[int]:
        """The processes of a worker's pool."""
        pid = self.running[name].pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def kill_child(self, child: int) -> None:
        """kill -9 of one process of a worker's pool."""
        self.kills += 1
        self.bound += int(self.env["RELAY_CONNECTIONS"])
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)

    def end(self) -> None:
        """Kill whatever still runs."""
        for name in tuple(self.running):
            self.kill(name)


def answers(address: str) -> bool:
    """Whether the pages there answer: a killed server's socket may take connections for a moment longer."""
    try:
        with urlopen(f"{address}/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def port_of(address: str) -> int:
    """The port at the end of an address or URL."""
    return int(address.rpartition(":")[2])


def free_port() -> int:
    """One that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port
