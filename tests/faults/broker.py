"""The scene's broker, and the ways in which it fails."""

import os
import shutil
import signal
from pathlib import Path

import redis

from service.supervisor import Valkey, processes


class Broker:
    """The embedded Valkey of a scene."""

    def __init__(self, valkey: Valkey, data: Path) -> None:
        self._valkey = valkey
        self._data = data
        self.socket = valkey.runtime / "valkey.sock"

    def flush(self) -> None:
        """Whatever it knew is gone."""
        redis.Redis(unix_socket_path=str(self.socket)).flushall()

    def kill(self) -> None:
        """kill -9."""
        self._valkey.process.kill()

    def start(self, *, empty: bool = False) -> None:
        """Start it again, with what it had on disk or without."""
        child = self._valkey.process.child
        if empty:
            shutil.rmtree(self._data / "appendonlydir", ignore_errors=True)
        self.socket.unlink(missing_ok=True)
        self._valkey.process = processes.start(child)
        self._valkey.process.wait_ready()

    def freeze(self) -> None:
        """It accepts connections and answers nobody."""
        os.kill(self._valkey.process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on."""
        os.kill(self._valkey.process.pid, signal.SIGCONT)

    def depths(self) -> dict[str, int]:
        """Messages that wait, by queue."""
        client = redis.Redis(unix_socket_path=str(self.socket))
        return {queue: int(str(client.llen(queue))) for queue in ("tick", "plan", "dispatch", "sort")}
