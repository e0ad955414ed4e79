"""Run by the tests as a program: a supervisor over embedded servers and children, on the data directory given.

Its children are this file again. `press` has a child of its own that ignores every polite signal, `pool` is a Celery
worker both of whose processes are in the middle of a task.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from celery import Celery

from service.supervisor import Child, Servers, Supervisor, embedded, stopped_by_signals

app = Celery("household", broker=os.environ.get("BROKER_URL"))


@app.task(name="household.write_long", ignore_result=True)
def write_long(mark: str) -> None:
    Path(mark).touch()
    time.sleep(120)


def main(data: Path, kinds: list[str]) -> None:
    with stopped_by_signals(), embedded(data, postgres_settings={"fsync": "off"}) as servers:
        children = [_child(kind, servers) for kind in kinds]
        Supervisor(children, servers=servers.processes).run(_say_ready)


def _say_ready() -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()


def _child(kind: str, servers: Servers) -> Child:
    return Child(
        name=kind,
        argv=[sys.executable, __file__, kind, str(servers.data)],
        env={"BROKER_URL": servers.broker_url},
        log=servers.data / "logs" / f"{kind}.log",
        ready=lambda: len(list(servers.data.glob(f"{kind}.*"))) == 2,
        stop_seconds=1.0,
    )


def press(data: Path) -> None:
    (data / "press.1").touch()
    stubborn = "import signal, sys, time; [signal.signal(n, signal.SIG_IGN) for n in (1, 2, 15)]; time.sleep(120)"
    with subprocess.Popen([sys.executable, "-c", stubborn]):
        (data / "press.2").touch()


def pool(data: Path) -> None:
    for number in (1, 2):
        write_long.delay(str(data / f"pool.{number}"))
    app.worker_main(["worker", "--concurrency=2", "--prefetch-multiplier=1", "--without-mingle", "--without-gossip"])


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    match sys.argv[1:]:
        case ["press", where]:
            press(Path(where))
        case ["pool", where]:
            pool(Path(where))
        case [where, *names]:
            main(Path(where), names)
