"""The throttle in Valkey: one script a round, so that all workers share one count; next to nothing without it."""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from socket import gethostname
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from workers.sending.throttle.demand import AFTER_A_PAUSE, LEAST, START, Bucket, Demand, Grant, Kind

log = structlog.get_logger(__name__)

ALONE = 1.0
"""Mails a second of a process that cannot ask: a few workers together stay below what anybody minds."""
PATIENCE = 2.0
"""Seconds a round waits for Valkey."""
COUNT_AGAIN = 1.0
SLOTS = {"hour": (60, 7_200), "day": (1_800, 172_800)}
"""Seconds of a window's slot, and how long the window is kept: as in take.lua."""

Spent = Callable[[Bucket, str], Awaitable[int]]
"""How many mails of a bucket left in the last "hour" or "day", by the ledger."""


class ValkeyThrottle:
    """The throttle of one worker process. `spent` counts in the ledger what a window has lost."""

    def __init__(self, client: Redis, spent: Spent) -> None:
        self._client = client
        self._spent = spent
        self._take, self._slow, self._seed, self._connect = (
            client.register_script((Path(__file__).parent / f"{name}.lua").read_text(encoding="utf-8"))
            for name in ("take", "slow", "seed", "connect")
        )
        self._process = f"{gethostname()}.{os.getpid()}"
        self._alone_until = 0.0

    @classmethod
    def from_url(cls, url: str, spent: Spent) -> "ValkeyThrottle":
        """A throttle beside the broker, by the broker's URL."""
        return cls(Redis.from_url(plain_url(url), socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE), spent)

    async def take(self, demand: Demand) -> Grant:
        buckets = (*demand.commons, *demand.providers)
        try:
            mails, wait, unknown, shut = await self._ask(demand, buckets)
            await self._count(buckets, unknown)
        except (RedisError, OSError) as fault:
            return self._alone(demand, fault)
        return Grant(
            dict(zip((bucket.name for bucket in demand.providers), map(int, mails), strict=True)),
            COUNT_AGAIN if unknown else float(wait),
            bool(shut),
        )

    async def _ask(self, demand: Demand, buckets: Sequence[Bucket]) -> tuple[list[int], bytes, list[bytes], int]:
        request = {
            "common": len(demand.commons),
            "want": demand.wanted,
            "urgent": demand.urgent,
            "rates": [_numbers(bucket) for bucket in buckets],
            "counts": list(demand.providers.values()),
        }
        told = await self._take(keys=[bucket.key for bucket in buckets], args=[json.dumps(request)])
        return cast("tuple[list[int], bytes, list[bytes], int]", tuple(told))

    async def _count(self, buckets: Sequence[Bucket], unknown: Sequence[bytes]) -> None:
        by_key = {bucket.key: bucket for bucket in buckets}
        for window in {found.decode() for found in unknown}:
            key, _, span = window.rpartition(":")
            slot, lasts = SLOTS[span]
            await self._seed(keys=[window], args=[await self._spent(by_key[key], span), slot, lasts])
            log.info("window counted from the ledger", window=span, kind=by_key[key].kind.value)

    def _alone(self, demand: Demand, fault: Exception) -> Grant:
        now = asyncio.get_running_loop().time()
        if now < self._alone_until or not demand.wanted:
            return Grant({}, max(self._alone_until - now, 0.0), shut=True)
        log.warning("throttle away", fault=type(fault).__name__)
        self._alone_until = now + 1 / ALONE
        first = next(iter(demand.providers), None)
        return Grant({first.name: 1} if first else {}, 1 / ALONE)

    async def slow(self, bucket: Bucket, *, pause: float = 0.0) -> None:
        try:
            kind, rate = bucket.kind, bucket.rate.second
            words = (rate, START[kind], pause, AFTER_A_PAUSE[kind], LEAST[kind])
            await self._slow(keys=[bucket.key], args=words)
        except (RedisError, OSError) as fault:
            log.warning("throttle away", fault=type(fault).__name__)
            return
        log.info("slowed", kind=bucket.kind.value, bucket=bucket.name, pause=pause)

    async def connections(self, relay: str, wanted: int, most: int) -> int:
        try:
            key = f"{Bucket(Kind.RELAY, relay).key}:connections"
            return int(await self._connect(keys=[key], args=[self._process, wanted, most]))
        except (RedisError, OSError) as fault:
            log.warning("throttle away", fault=type(fault).__name__)
            return min(wanted, 1)

    async def close(self) -> None:
        await self._client.aclose()


def _numbers(bucket: Bucket) -> tuple[float, int, int, float]:
    return bucket.rate.second, bucket.rate.hour or 0, bucket.rate.day or 0, START[bucket.kind]


def plain_url(url: str) -> str:
    """The broker's URL as the client writes it: `redis+socket:///path?virtual_host=0` is kombu's own spelling."""
    parts = urlsplit(url)
    if parts.scheme != "redis+socket":
        return url
    database: Any = parse_qs(parts.query).get("virtual_host", ["0"])[0]
    return f"unix://{parts.path}?db={database}"
