"""The embedded PostgreSQL 18: its own cluster, a unix socket in a private directory, no port."""

import contextlib
import os
import shutil
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg

from service.supervisor import account as accounts
from service.supervisor import binaries, processes
from service.supervisor.account import Account
from service.supervisor.processes import Child, NotReady, Process

DATABASE = "dateline"
SUPERUSER = "postgres"
PORT = 5432  # of the socket's name only; said in the URL, since PGPORT in the environment would be taken otherwise
READY_SECONDS = 60.0  # crash recovery of a big database takes its time
STOP_SECONDS = 30.0

# The wheel is built without ICU, and the operating system's locales differ: the builtin one is the same everywhere.
# docker-compose.yml gives its server the same words.
INITDB = (
    "--locale-provider=builtin",
    "--locale=C.UTF-8",
    "--encoding=UTF8",
    "--auth=trust",
    f"--username={SUPERUSER}",
)

SETTINGS = {
    "listen_addresses": "",  # authentication is `trust`: the 0700 directory of the socket is the only door
    "unix_socket_permissions": "0700",
    "port": str(PORT),
    "fsync": "on",  # an `attempting` row must survive a power cut before its DATA is sent
    "synchronous_commit": "on",  # the same: a commit that was answered is on disk
    "shared_buffers": "256MB",  # holds the ledger of a release of 100,000
    "max_wal_size": "2GB",  # a large release is planned and sent without forced checkpoints
    "wal_compression": "off",  # CPU is what the senders compete for, not disk
    "max_connections": "100",  # some 10 processes of at most 15 connections, few of them used
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_error_verbosity": "terse",  # DETAIL would put the duplicate e-mail address into the log
    "log_min_error_statement": "panic",  # and the statement its parameters
}

# Nothing of ours: PGDATA, PGOPTIONS or a foreign locale would be obeyed.
ENVIRONMENT = {"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"}


@dataclass(slots=True)
class Postgres:
    """A running server, to be stopped by whoever started it."""

    process: Process
    runtime: Path

    @classmethod
    def start(
        cls,
        data: Path,
        runtime: Path,
        *,
        account: Account | None = None,
        settings: Mapping[str, str] | None = None,
        env: Mapping[str, str] | None = None,
    ) -> "Postgres":
        """Serve the cluster `<data>/postgres`, made when missing, on a socket in `runtime`; log in `<data>/logs`.

        `settings` go before SETTINGS, `env` on top of ENVIRONMENT. Returns when the database `dateline` accepts
        connections.
        Raises NotReady, and Unreachable when the account cannot come to the data or the programs.
        """
        cluster = data / "postgres"
        _check_way(data, account)
        programs = binaries.postgres(data, account)
        _stop_stale(cluster)
        if not cluster.exists():
            _initdb(programs, data, account)
        words = [f"{name}={value}" for name, value in {**SETTINGS, **(settings or {})}.items()]
        words.append(f"unix_socket_directories={runtime}")
        options = [part for word in words for part in ("-c", word)]
        argv = [str(programs / "postgres"), "-D", str(cluster), *options]
        if env:
            # By env(1), which runs as the account already: a library loaded for the server opens its things as it does.
            argv = ["/usr/bin/env", *(f"{name}={value}" for name, value in env.items()), *argv]
        postgres = cls(processes.start(_child("postgres", argv, data, account, runtime)), runtime)
        postgres._finish_start()
        return postgres

    @property
    def url(self) -> str:
        """For SQLAlchemy with psycopg 3."""
        return self.url_of(DATABASE)

    def url_of(self, database: str) -> str:
        """The address of another database of this server: tests have one each."""
        return url_in(self.runtime, database)

    def stop(self) -> None:
        """Fast shutdown: connections are ended, everything committed is kept, no recovery is needed."""
        processes.stop([self.process])

    def crash(self) -> None:
        """Immediate shutdown, as after a power cut: the next start recovers from the log. For fault tests."""
        self.process.popen.send_signal(signal.SIGQUIT)
        self.process.wait_ended(STOP_SECONDS)
        self.process.kill()

    def _finish_start(self) -> None:
        try:
            self.process.wait_ready()
            _create_database(self.runtime)
        except BaseException:
            self.stop()
            raise


def url_in(runtime: Path, database: str = DATABASE) -> str:
    """The address of a database of the server whose socket is in this directory."""
    return f"postgresql+psycopg://{SUPERUSER}@/{database}?host={runtime}&port={PORT}"


def _check_way(data: Path, account: Account | None) -> None:
    if account is not None:
        account.check_reaches(data)


def _child(name: str, argv: list[str], data: Path, account: Account | None, runtime: Path | None) -> Child:
    return Child(
        name=name,
        argv=argv,
        env=ENVIRONMENT,
        whole_env=True,
        log=data / "logs" / "postgres.log",
        ready=None if runtime is None else lambda: _accepts(runtime),
        ready_seconds=READY_SECONDS,
        # SIGINT is the fast shutdown (postgres(1)); SIGTERM would wait for every client.
        stop_signal=signal.SIGINT,
        stop_seconds=STOP_SECONDS,
        account=account,
        cwd=Path("/"),
    )


def _initdb(programs: Path, data: Path, account: Account | None) -> None:
    # Under another name until it is whole: a cluster whose making was interrupted must not be taken for one.
    unfinished = data / "postgres.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    accounts.make_private(unfinished, account)
    argv = [str(programs / "initdb"), "-D", str(unfinished), *INITDB]
    child = _child("initdb", argv, data, account, None)
    process = processes.start(child)
    try:
        process.wait_ended(READY_SECONDS)
    finally:
        process.kill()
    if process.ended() != 0:
        raise NotReady(child, "could not make the cluster")
    unfinished.rename(data / "postgres")


def _connect(runtime: Path) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(
        host=str(runtime), port=PORT, user=SUPERUSER, dbname="postgres", autocommit=True, connect_timeout=5
    )


def _accepts(runtime: Path) -> bool:
    try:
        _connect(runtime).close()
    except psycopg.OperationalError:
        return False
    return True


def _create_database(runtime: Path) -> None:
    with _connect(runtime) as connection:
        if connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).fetchone() is None:
            connection.execute(f"CREATE DATABASE {DATABASE}")


def _stop_stale(cluster: Path) -> None:
    """Wait for, and at last end, the server of a supervisor that was killed: it may still be writing its checkpoint.

    We hold the lock on the data, so no living supervisor owns it.
    """
    for number, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, STOP_SECONDS)):
        pid = _postmaster(cluster)
        if pid is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        _wait_gone(cluster, seconds)


def _wait_gone(cluster: Path, seconds: float) -> None:
    until = time.monotonic() + seconds
    while _postmaster(cluster) is not None and time.monotonic() < until:
        time.sleep(0.05)


def _postmaster(cluster: Path) -> int | None:
    """The pid of the server at work in this cluster, by its pid file; it is believed if it works in that directory."""
    try:
        pid = int((cluster / "postmaster.pid").read_text(encoding="ascii").split("\n", 1)[0])
        return pid if Path(f"/proc/{pid}/cwd").samefile(cluster) else None
    except (OSError, ValueError):
        return None
