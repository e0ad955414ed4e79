"""Recipients that look like ours and are not: counted in this process, written down together now and then."""

import asyncio
from concurrent.futures import Executor

import structlog
from sqlalchemy.exc import SQLAlchemyError

from service import db, received

log = structlog.get_logger(__name__)

SECONDS_BETWEEN = 10.0


class Tally:
    """What one listener has counted since it last wrote it down: a flood of lies costs the database little."""

    def __init__(self, threads: Executor) -> None:
        self._threads = threads
        self._number = 0
        self._soon: asyncio.TimerHandle | None = None
        self._writing: asyncio.Future[None] | None = None

    def add(self) -> None:
        """Count one; on the loop."""
        self._number += 1
        if self._soon is None:
            self._soon = asyncio.get_running_loop().call_later(SECONDS_BETWEEN, self._write)

    async def close(self) -> None:
        """Write down what is left."""
        if self._soon is not None:
            self._soon.cancel()
            self._write()
        if self._writing is not None:
            await self._writing

    def _write(self) -> None:
        self._soon = None
        number, self._number = self._number, 0
        self._writing = asyncio.get_running_loop().run_in_executor(self._threads, write, number)


def write(number: int) -> None:
    """Add it to the day's; without a database it is lost, as it decides nothing."""
    try:
        with db.transaction() as session:
            received.count_forged(session, number)
    except SQLAlchemyError as fault:
        log.warning("forged tags not counted", number=number, fault=type(fault).__name__)
