"""Connections to a relay, counted over all workers together, on a real Valkey."""

import asyncio
from itertools import count

import pytest
from redis.asyncio import Redis

from service.settings import settings
from workers.relays.memory import MemoryRelay
from workers.relays.pool import Pool
from workers.relays.relay import Full
from workers.sending.counted import Counted
from workers.sending.throttle import Bucket, ValkeyThrottle
from workers.sending.throttle.valkey import plain_url

NUMBERS = count(1)


async def nothing(_bucket: Bucket, _span: str) -> int:
    return 0


def workers(client: Redis, name: str, most: int) -> list[Counted]:
    """Two worker processes at one relay."""
    throttles = [ValkeyThrottle(client, nothing) for _ in range(2)]
    throttles[1]._process = "another"
    return [Counted(MemoryRelay(name=name), throttle, most) for throttle in throttles]


def test_no_more_connections_are_opened_than_there_may_be(worker_id: str) -> None:
    async def story() -> tuple[int, int]:
        client = Redis.from_url(plain_url(settings().broker_url))
        first, second = workers(client, f"counted-{worker_id}-{next(NUMBERS)}", 4)
        opened = [await first.connect() for _ in range(4)]
        for worker in (first, second):
            with pytest.raises(Full):
                await worker.connect()
        # The next time the first one comes to work it leaves the other its part.
        await first.renew()
        mine = sum(not connection.closed for connection in opened)
        theirs = 0
        while theirs < 4:
            try:
                await second.connect()
            except Full:
                break
            theirs += 1
        await client.aclose()
        return mine, theirs

    assert asyncio.run(story()) == (2, 2)


def test_a_connection_that_ended_is_counted_no_more(worker_id: str) -> None:
    async def story() -> None:
        client = Redis.from_url(plain_url(settings().broker_url))
        first, _ = workers(client, f"counted-{worker_id}-{next(NUMBERS)}", 1)
        connection = await first.connect()
        await connection.close()
        await first.connect()
        await client.aclose()

    asyncio.run(story())


def test_a_full_relay_is_no_broken_one_and_another_takes_over(worker_id: str) -> None:
    async def story() -> list[str]:
        client = Redis.from_url(plain_url(settings().broker_url))
        name = f"counted-{worker_id}-{next(NUMBERS)}"
        first, _ = workers(client, name, 1)
        pool = Pool([(first, 1), (MemoryRelay(name="backup"), 0)])
        connections = [await pool.connect() for _ in range(5)]
        await connections[0].close()
        connections.append(await pool.connect())
        await client.aclose()
        return [connection.relay.replace(name, "main") for connection in connections]

    assert asyncio.run(story()) == ["main", "backup", "backup", "backup", "backup", "main"]
