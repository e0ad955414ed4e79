"""The lock on a data directory: one supervisor at a time, and a second one is told who holds it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from service.errors import Refused


class AlreadyRunning(Refused):
    """Somebody serves this data directory: `pid` since `since` (UTC), None when not yet written down."""

    def __init__(self, data: Path, pid: int | None, since: datetime | None) -> None:
        holder = f"process {pid}" if pid else "another process"
        start = f" since {since:%Y-%m-%d %H:%M:%S} UTC" if since else ""
        super().__init__(f"Dateline is already running on {data}: {holder} holds it{start}. Stop it first.")
        self.pid = pid
        self.since = since


@contextmanager
def hold(data: Path) -> Iterator[None]:
    """Hold `<data>/lock` for as long as the block runs. Raises AlreadyRunning.

    The kernel lets go of it when the process ends in any way; the file stays, since removing it would let two hold it.
    """
    with (data / "lock").open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise AlreadyRunning(data, *_holder(file.read())) from None
        file.truncate(0)
        file.write(f"{os.getpid()} {datetime.now(UTC).isoformat()}\n")
        file.flush()
        yield


def _holder(text: str) -> tuple[int | None, datetime | None]:
    pid, _, since = text.strip().partition(" ")
    if not (pid and since):
        return None, None
    return int(pid), datetime.fromisoformat(since)
