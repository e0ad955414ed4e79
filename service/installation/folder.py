"""The witness in a folder of the data directory, which also knows when it was put there as a copy.

`<id>.beat` is written first; `<id>.seal` then says of it which file it was and when the kernel last changed it. Nobody
can set that time (st_ctime, inode(7)): whatever copies the folder back, over it or beside it, breaks the seal.
"""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID

from service.installation import clocks
from service.installation.clocks import Reading
from service.installation.witness import Memory, Unheard

PATIENCE = 2.0
"""Seconds to wait for another process at the same file: a frozen one must not freeze us."""
ROOM = 400
"""Bytes of a file. It is written in place and never grows, so a full disk does not stop it."""


@dataclass(frozen=True, slots=True)
class _Seal:
    """About the other file: which beat it held, its inode, and when that last changed."""

    beat: int
    mark: list[int]
    reading: Reading


class Folder:
    """Remembers in files that only ever change in place."""

    name = "folder"

    def __init__(self, path: Path) -> None:
        self._path = path

    def clock(self) -> tuple[str, float]:
        try:
            return clocks.boot(), clocks.uptime()
        except OSError as fault:
            raise Unheard from fault

    def recall(self, id_: UUID) -> Memory:
        with self._held(id_, fcntl.LOCK_SH) as (beat_file, seal_file):
            beat, seal = _number(beat_file), _seal(seal_file)
            if seal is None:
                return Memory(beat)
            # A power cut between the two leaves a seal about an earlier beat: that tells nothing of copies.
            copied = seal.beat == beat and seal.mark != _mark(beat_file)
            return Memory(beat, seal.reading, copied)

    def keep(self, id_: UUID, beat: int, reading: Reading) -> None:
        with self._held(id_, fcntl.LOCK_EX) as (beat_file, seal_file):
            highest = max(beat, _number(beat_file))
            _write(beat_file, str(highest))
            _write(seal_file, json.dumps(asdict(_Seal(highest, _mark(beat_file), reading))))

    @contextmanager
    def _held(self, id_: UUID, how: int) -> Iterator[tuple[int, int]]:
        """Both files, open and under one lock."""
        with ExitStack() as stack:
            try:
                self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
                beat_file, seal_file = (_open(stack, self._path / f"{id_}.{kind}") for kind in ("beat", "seal"))
                _lock(beat_file, how)
                yield beat_file, seal_file
            except OSError as fault:
                raise Unheard from fault


def _open(stack: ExitStack, path: Path) -> int:
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    stack.callback(os.close, file)
    return file


def _lock(file: int, how: int) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return fcntl.flock(file, how | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise
            time.sleep(0.01)


def _mark(file: int) -> list[int]:
    status = os.fstat(file)
    return [status.st_ino, status.st_ctime_ns]


def _number(file: int) -> int:
    """The beat that was written; 0 for a file that is new or damaged, which is a witness lost."""
    found = os.pread(file, ROOM, 0).strip()
    return int(found) if found.isdigit() else 0


def _seal(file: int) -> _Seal | None:
    """The seal, unless it is new or damaged."""
    try:
        found = json.loads(os.pread(file, ROOM, 0))
        return _Seal(int(found["beat"]), list(found["mark"]), Reading(**found["reading"]))
    except (ValueError, KeyError, TypeError):
        return None


def _write(file: int, words: str) -> None:
    os.pwrite(file, words.encode("ascii").ljust(ROOM - 1) + b"\n", 0)
    os.fsync(file)
