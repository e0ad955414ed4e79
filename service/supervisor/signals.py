"""SIGINT, SIGTERM and SIGHUP as one exception in the main thread, so that every `finally` on the way out is run."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# A terminal that closes and an init system both send two signals at once; only a later one is impatience.
IMPATIENT_SECONDS = 1.0


class StopRequested(BaseException):
    """Stop, in order; asked for again while stopping: stop at once. Like KeyboardInterrupt, no Exception."""


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Within the block the signals raise StopRequested, which ends the block quietly. For the main thread."""
    last_heard = float("-inf")

    def hear(_number: int, _frame: FrameType | None) -> None:
        nonlocal last_heard
        if time.monotonic() - last_heard < IMPATIENT_SECONDS:
            return
        last_heard = time.monotonic()
        raise StopRequested

    before = {number: signal.signal(number, hear) for number in STOPS}
    try:
        yield
    except StopRequested:
        return
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
