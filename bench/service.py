"""The service as it really runs, to be measured: its own embedded servers, its Celery workers, its beat."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import text

from bench.measurement import VALKEY, NotMeasured
from bench.processes import cpu_seconds, peak_megabytes
from service import db
from service.cli import processes as commands
from service.cli import reach
from service.settings import adopt, settings
from service.supervisor import Process, Servers, embedded, processes

TASKS = "workers.tasks"


@dataclass(frozen=True, slots=True)
class Workers:
    """The running workers, and the database they work on."""

    sending: tuple[Process, ...]
    keeping: Process
    beat: Process
    postgres: Process
    valkey: Process

    def cpu_seconds(self) -> dict[str, float]:
        """What the workers and PostgreSQL have taken so far."""
        return {
            "workers": cpu_seconds(*self._senders, self.keeping.pid, self.beat.pid),
            "postgres": cpu_seconds(self.postgres.pid),
            VALKEY: cpu_seconds(self.valkey.pid),
        }

    def sending_peak(self) -> float:
        """Megabytes that the largest of the sending processes held at its peak."""
        return peak_megabytes(*self._senders)

    def planning_peak(self) -> float:
        """The same of the worker that plans."""
        return peak_megabytes(self.keeping.pid)

    def check(self) -> None:
        """Raises NotMeasured when one of them has ended."""
        for process in (*self.sending, self.keeping, self.beat, self.postgres, self.valkey):
            if process.ended() is not None:
                raise NotMeasured(f"{process.child.name} has ended; see {process.child.log}")

    @property
    def _senders(self) -> list[int]:
        return [process.pid for process in self.sending]


@contextmanager
def servers(
    data: Path,
    *,
    chunk_size: int | None,
    connections: int | None,
    postgres_settings: Mapping[str, str] | None = None,
    valkey_settings: Mapping[str, str] | None = None,
) -> Iterator[Servers]:
    """Empty servers of the benchmark's own with this product's settings; the directory is cleared before and after.

    Whatever the environment names, no other database and no other broker is touched.
    """
    _clear(data)
    own = settings()
    with embedded(data, postgres_settings=postgres_settings, valkey_settings=valkey_settings) as found:
        adopt(
            data_dir=data,
            database_url=found.database_url,
            broker_url=found.broker_url,
            chunk_size=chunk_size or own.chunk_size,
            relay_connections=connections or own.relay_connections,
            worker_processes=2,
        )
        reach.prepare()
        yield found
        db.engine().dispose()
    _clear(data)


@contextmanager
def workers(found: Servers, *, relay: str, tasks: str = TASKS, connections: int | None = None) -> Iterator[Workers]:
    """The workers of `dateline up`, sending to this relay (host:port).

    `tasks`: what those that send run; `connections` of each process: those of the settings if None.
    """
    assert found.postgres is not None
    assert found.valkey is not None
    given = settings()
    env = environment(found, relay)
    if connections is not None:
        env["RELAY_CONNECTIONS"] = str(connections)
    sends, keeps = commands.worker(given, env, found.data)
    sends = replace(sends, argv=tuple(tasks if word == TASKS else word for word in sends.argv))
    sending, keeping, beat = map(processes.start, (sends, keeps, commands.beat(given, env, found.data)))
    try:
        yield Workers((sending,), keeping, beat, found.postgres.process, found.valkey.process)
    finally:
        processes.stop([sending, keeping, beat])


def postgres_cpu_seconds(found: Servers) -> float:
    """What PostgreSQL has taken so far, with all its backends."""
    assert found.postgres is not None
    return cpu_seconds(found.postgres.process.pid)


def settle() -> None:
    """Leave the database as days of rest would: vacuumed, its statistics fresh, all pages written."""
    with db.engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("VACUUM (ANALYZE)"))
        connection.execute(text("CHECKPOINT"))


def environment(found: Servers, relay: str) -> dict[str, str]:
    """What every process of the service is told: the servers, the relay (host:port) and the settings measured with."""
    given = settings()
    return {
        **commands.environment(given, found, found.data, {}),
        "RELAY": f"smtp://{relay}",
        "CHUNK_SIZE": str(given.chunk_size),
        "RELAY_CONNECTIONS": str(given.relay_connections),
        "WORKER_PROCESSES": str(given.worker_processes),
    }


def _clear(data: Path) -> None:
    for left in ("postgres", "valkey", "usual"):
        shutil.rmtree(data / left, ignore_errors=True)
    for schedule in data.glob("beat*"):
        schedule.unlink()
