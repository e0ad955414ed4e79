"""Two clocks between two checks: the database's, by which work is due, and one that nobody sets."""

import time
from dataclasses import dataclass
from pathlib import Path

AGREE = 60.0
"""Seconds two clocks may move apart between two checks."""
DRIFT = 0.0002
"""Of the time between: an undisciplined quartz gains or loses up to 100 ppm, and there are two of them."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the database's clock and another said at one moment, in seconds, give or take `blur`.

    `of` names the other clock: two readings of different ones have only the database's time in common.
    """

    database: float
    other: float
    of: str
    blur: float


def jump(then: Reading, now: Reading) -> float:
    """Seconds the database's clock went forward (or back, below 0) by more than time passed; 0 where they agree."""
    went = now.database - then.database
    if then.of != now.of:
        # The machine was started anew in between: how long that took nobody knows, but time does not go back.
        return went if went < -AGREE else 0.0
    passed = now.other - then.other
    apart = went - passed
    return apart if abs(apart) > AGREE + DRIFT * abs(passed) + then.blur + now.blur else 0.0


def uptime() -> float:
    """Seconds since this machine started, asleep or awake: no setting of the wall clock changes it."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def boot() -> str:
    """The name of this start of the machine: `uptime` begins anew with each."""
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()


def span(seconds: float) -> str:
    """So many seconds in words."""
    minutes = round(abs(seconds) / 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"
