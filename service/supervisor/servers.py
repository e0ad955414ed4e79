"""The servers of one data directory, embedded unless an outside one is named."""

import contextlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from service.supervisor import account as accounts
from service.supervisor import lock, runtime
from service.supervisor.postgres import Postgres
from service.supervisor.processes import Process
from service.supervisor.valkey import Valkey


@dataclass(frozen=True, slots=True)
class Servers:
    """Where the database and the broker are; the embedded ones among them, or None."""

    data: Path
    database_url: str
    broker_url: str
    postgres: Postgres | None
    valkey: Valkey | None

    @property
    def processes(self) -> tuple[Process, ...]:
        """Those embedded, for the supervisor to keep an eye on."""
        return tuple(server.process for server in (self.postgres, self.valkey) if server is not None)


@contextmanager
def embedded(
    data: Path,
    *,
    database_url: str = "",
    broker_url: str = "",
    postgres_settings: Mapping[str, str] | None = None,
) -> Iterator[Servers]:
    """Hold the data directory (made when missing) and serve from it for as long as the block runs.

    A server whose URL is given is used and not started. Valkey is stopped before PostgreSQL.
    Raises AlreadyRunning, NotReady, and Unreachable or another Refused that says what to change.
    """
    data = data.resolve()
    accounts.make_enterable(data)
    with ExitStack() as stack:
        stack.enter_context(lock.hold(data))
        yield _start(stack, data, database_url, broker_url, postgres_settings)


def _start(
    stack: ExitStack, data: Path, database_url: str, broker_url: str, settings: Mapping[str, str] | None
) -> Servers:
    if database_url and broker_url:
        return Servers(data, database_url, broker_url, None, None)
    account = accounts.for_data(data)
    sockets = runtime.directory(data, account)
    stack.callback(_remove, sockets)
    postgres = valkey = None
    if not database_url:
        postgres = Postgres.start(data, sockets, account=account, settings=settings)
        stack.callback(postgres.stop)
        database_url = postgres.url
    if not broker_url:
        valkey = Valkey.start(data, sockets, account=account)
        stack.callback(valkey.stop)
        broker_url = valkey.url
    return Servers(data, database_url, broker_url, postgres, valkey)


def _remove(sockets: Path) -> None:
    # Valkey leaves its socket file; a directory that still holds something is left to the next start.
    (sockets / "valkey.sock").unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        sockets.rmdir()
