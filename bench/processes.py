"""What processes cost, out of /proc: CPU time of a whole tree with its ended children, memory at its peak."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

TICKS = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


class _Stat(NamedTuple):
    parent: int
    ticks: int


def cpu_seconds(*roots: int) -> float:
    """User and system time that these processes and all below them have taken, in seconds.

    A child that has ended counts in the parent that waited for it (cutime, cstime in proc(5)), so the difference of
    two readings misses nobody: PostgreSQL's backends come and go under the postmaster.
    """
    stats = _stats()
    return sum(stats[pid].ticks for pid in _trees(stats, roots)) / TICKS


def peak_megabytes(*roots: int) -> float:
    """The most that any one of these processes and those below them ever held in memory (VmHWM), in MB of 10^6."""
    return max((_peak(pid) for pid in _trees(_stats(), roots)), default=0.0)


def _trees(stats: dict[int, _Stat], roots: tuple[int, ...]) -> set[int]:
    found = set(roots) & stats.keys()
    grown = found
    while grown:
        grown = {pid for pid, stat in stats.items() if stat.parent in grown} - found
        found |= grown
    return found


def _stats() -> dict[int, _Stat]:
    return dict(_read())


def _read() -> Iterator[tuple[int, _Stat]]:
    for entry in PROC.iterdir():
        if not entry.name.isdigit():
            continue
        try:
            # proc(5): the name in parentheses may hold anything; after it come state, ppid, …
            fields = (entry / "stat").read_bytes().rpartition(b")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        # … and as 12th to 15th utime, stime, cutime, cstime.
        yield int(entry.name), _Stat(parent=int(fields[1]), ticks=sum(map(int, fields[11:15])))


def _peak(pid: int) -> float:
    try:
        lines = (PROC / str(pid) / "status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    peaks = [int(line.split()[1]) for line in lines if line.startswith("VmHWM:")]
    return sum(peaks) * 1024 / 1_000_000
