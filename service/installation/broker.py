"""The witness in the broker: two keys beside its queues, which its append-only file keeps over restarts."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from redis import Redis
from redis.client import Pipeline

from service import jobs
from service.installation.clocks import Reading
from service.installation.witness import Memory, Unheard

BEATS = "dateline:installation:beats"
CLOCKS = "dateline:installation:clocks"
CLOCK = "broker"


class Broker:
    """Remembers in Valkey; emptied, it begins anew."""

    name = "broker"

    def __init__(self, store: "Redis") -> None:
        self._store = store

    def clock(self) -> tuple[str, float]:
        with self._asking() as pipe:
            pipe.time()
            [(seconds, micro)] = pipe.execute()
        return CLOCK, seconds + micro / 1e6

    def recall(self, id_: UUID) -> Memory:
        with self._asking() as pipe:
            pipe.zscore(BEATS, str(id_))
            pipe.hget(CLOCKS, str(id_))
            beat, told = pipe.execute()
        return Memory(int(beat or 0), _read(told) if told else None)

    def keep(self, id_: UUID, beat: int, reading: Reading) -> None:
        with self._asking() as pipe:
            # GT: of two processes that tell it at once the later beat stays. A score is exact up to 2^53.
            pipe.zadd(BEATS, {str(id_): beat}, gt=True)
            pipe.hset(CLOCKS, str(id_), f"{reading.database} {reading.other} {reading.blur}")
            pipe.execute()

    @contextmanager
    def _asking(self) -> Iterator["Pipeline"]:
        try:
            with self._store.pipeline(transaction=False) as pipe:
                yield pipe
        except jobs.AWAY as fault:
            raise Unheard from fault


def _read(told: bytes) -> Reading:
    database, other, blur = map(float, told.split())
    return Reading(database, other, CLOCK, blur)
