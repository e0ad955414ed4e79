"""The embedded Valkey: the broker, on a unix socket in a private directory, no port."""

import contextlib
import os
import signal
import socket
import struct
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from service.supervisor import account as accounts
from service.supervisor import binaries, processes
from service.supervisor.account import Account
from service.supervisor.processes import Child, Process

SOCKET = "valkey.sock"
STOP_SECONDS = 15.0

# Given as arguments: a configuration file would need quoting, and a space in a path ends its line.
SETTINGS = {
    "port": "0",  # the 0700 directory of the socket is the only door
    "unixsocketperm": "700",
    "appendonly": "yes",  # a restart keeps what was rung for, so nobody waits for the next tick
    "appendfsync": "everysec",  # losing a second of bells loses no mail: PostgreSQL is the truth
    "save": "",  # no snapshots beside the append-only file
    "maxmemory-policy": "noeviction",  # an evicted queue would be a silent loss
    "daemonize": "no",
    "dir": "./",  # of its working directory: no path is parsed
}


@dataclass(slots=True)
class Valkey:
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
    ) -> "Valkey":
        """Serve `<data>/valkey` on a socket in `runtime`; log in `<data>/logs`. `settings` go before SETTINGS.

        Returns when it answers. Raises NotReady, and Unreachable when the account cannot come to the data.
        """
        if account is not None:
            account.check_reaches(data)
        program = binaries.valkey(data, account) / "valkey-server"
        path = runtime / SOCKET
        _stop_stale(path)
        accounts.make_private(data / "valkey", account)
        words = {**SETTINGS, **(settings or {}), "unixsocket": str(path)}
        argv = [str(program), *(part for name, value in words.items() for part in (f"--{name}", value))]
        valkey = cls(processes.start(_child(argv, data, account, path)), runtime)
        try:
            valkey.process.wait_ready()
        except BaseException:
            valkey.stop()
            raise
        return valkey

    @property
    def url(self) -> str:
        """For Celery (kombu): neither redis-py nor Flask-Limiter reads this form."""
        return url_in(self.runtime)

    def stop(self) -> None:
        """It writes down what it has and ends."""
        processes.stop([self.process])


def url_in(runtime: Path) -> str:
    """The address of the server whose socket is in this directory."""
    return f"redis+socket://{runtime / SOCKET}?virtual_host=0"


def _child(argv: list[str], data: Path, account: Account | None, path: Path) -> Child:
    return Child(
        name="valkey",
        argv=argv,
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
        whole_env=True,
        log=data / "logs" / "valkey.log",
        ready=lambda: _answers(path),
        stop_seconds=STOP_SECONDS,
        account=account,
        cwd=data / "valkey",
    )


def _answers(path: Path) -> bool:
    """PING; `-LOADING` while it reads its file is no answer yet."""
    try:
        with _connect(path) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
    except OSError:
        return False


def _connect(path: Path) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(2.0)
    try:
        connection.connect(os.fspath(path))
    except OSError:
        connection.close()
        raise
    return connection


def _stop_stale(path: Path) -> None:
    """End the server of a supervisor that was killed: two on one append-only file would spoil it."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        pid = _server(path)
        if pid is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        until = time.monotonic() + STOP_SECONDS
        while _server(path) is not None and time.monotonic() < until:
            time.sleep(0.05)


def _server(path: Path) -> int | None:
    """The pid of the process that listens on the socket, from the kernel (SO_PEERCRED, unix(7))."""
    try:
        with _connect(path) as connection:
            credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    except OSError:
        return None
    pid: int = struct.unpack("3i", credentials)[0]
    return pid
