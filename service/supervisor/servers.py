"""The servers of one data directory, embedded unless an outside one is named."""

import contextlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from service.supervisor import account as accounts
from service.supervisor import lock, postgres, runtime, valkey
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
    postgres_env: Mapping[str, str] | None = None,
    valkey_settings: Mapping[str, str] | None = None,
) -> Iterator[Servers]:
    """Hold the data directory (made when missing) and serve from it for as long as the block runs.

    A server whose URL is given is used and not started. Valkey is stopped before PostgreSQL.
    Raises AlreadyRunning, NotReady, and Unreachable or another Refused that says what to change.
    """
    data = data.resolve()
    accounts.make_enterable(data)
    with ExitStack() as stack:
        stack.enter_context(lock.hold(data))
        yield _start(stack, data, database_url, broker_url, postgres_settings, postgres_env, valkey_settings)


@contextmanager
def reached(data: Path, *, database_url: str = "", broker_url: str = "") -> Iterator[Servers]:
    """The servers of a data directory for one command: those that already run on it, or our own for the while."""
    with ExitStack() as stack:
        try:
            servers = stack.enter_context(embedded(data, database_url=database_url, broker_url=broker_url))
        except lock.AlreadyRunning:
            sockets = runtime.name(data.resolve())
            servers = Servers(
                data, database_url or postgres.url_in(sockets), broker_url or valkey.url_in(sockets), None, None
            )
        yield servers


def _start(
    stack: ExitStack,
    data: Path,
    database_url: str,
    broker_url: str,
    postgres_settings: Mapping[str, str] | None,
    postgres_env: Mapping[str, str] | None,
    valkey_settings: Mapping[str, str] | None,
) -> Servers:
    if database_url and broker_url:
        return Servers(data, database_url, broker_url, None, None)
    account = accounts.for_data(data)
    sockets = runtime.directory(data, account)
    stack.callback(_remove, sockets)
    database = broker = None
    if not database_url:
        database = Postgres.start(data, sockets, account=account, settings=postgres_settings, env=postgres_env)
        stack.callback(database.stop)
        database_url = database.url
    if not broker_url:
        broker = Valkey.start(data, sockets, account=account, settings=valkey_settings)
        stack.callback(broker.stop)
        broker_url = broker.url
    return Servers(data, database_url, broker_url, database, broker)


def _remove(sockets: Path) -> None:
    # Valkey leaves its socket file; a directory that still holds something is left to the next start.
    (sockets / "valkey.sock").unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        sockets.rmdir()
