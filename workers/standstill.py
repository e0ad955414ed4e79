"""A worker whose loop turns and whose queues hold messages that it does not take.

kombu's Redis transport can come out of a row of lost brokers connected and consuming nothing. Nothing is lost by it,
and nothing goes on either.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

LONGEST = 60.0
"""Seconds; a worker with a free hand takes what its queues hold within a second, after a lost broker within some."""
RECONNECTIONS = 2


class Remedy(StrEnum):
    """What to do about it."""

    NONE = "none"
    RECONNECT = "reconnect"
    END = "end"


@dataclass(slots=True)
class Standstill:
    """How long a worker has stood still. It is reconnected first; when that has not helped twice it must end."""

    since: float | None = None
    reconnections: int = 0
    taken: int = field(default=-1)

    def look(self, now: float, taken: int, *, free: bool, waiting: Callable[[], bool]) -> Remedy:
        """What helps at this moment, in seconds of a monotonic clock.

        `taken` counts the messages taken so far, `free` tells whether it could take another one, `waiting` whether
        its queues hold any; that is asked of the broker only where it matters.
        """
        if taken != self.taken:
            self.taken, self.since, self.reconnections = taken, None, 0
            return Remedy.NONE
        if not free or not waiting():
            self.since = None
            return Remedy.NONE
        if self.since is None:
            self.since = now
        if now - self.since < LONGEST:
            return Remedy.NONE
        return self._remedy()

    @property
    def lasts(self) -> bool:
        """Whether it has been reconnected, and has taken nothing since."""
        return self.reconnections > 0

    def _remedy(self) -> Remedy:
        self.since = None
        if self.reconnections == RECONNECTIONS:
            return Remedy.END
        self.reconnections += 1
        return Remedy.RECONNECT
