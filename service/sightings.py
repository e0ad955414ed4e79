"""When each place was last seen: kept in Valkey, as looking at a page writes nothing down; what is lost is unknown."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from redis import Redis
from redis.exceptions import RedisError

from service.settings import settings

log = structlog.get_logger(__name__)

PATIENCE = 0.5
"""Seconds a page waits for Valkey."""
REST = 30.0
"""Seconds in which Valkey is not asked again when it did not answer."""
SELDOM = 60.0
"""Seconds between two notes about one place by one process."""
KEPT = 13 * 3600
"""Seconds: longer than any session lasts."""


class Sightings:
    """What one process notes, and reads, by the broker's URL."""

    def __init__(self, broker_url: str) -> None:
        self._valkey = _client(broker_url)
        self._noted: dict[UUID, float] = {}
        self._resting_until = 0.0

    def note(self, place: UUID) -> None:
        """Somebody is at this place now."""
        now = time.monotonic()
        if now < self._resting_until or now - self._noted.get(place, -SELDOM) < SELDOM:
            return
        self._noted = {id_: at for id_, at in self._noted.items() if now - at < SELDOM} | {place: now}
        try:
            self._valkey.set(_key(place), int(time.time()), ex=KEPT)
        except (RedisError, OSError) as fault:
            self._rest(fault)

    def last(self, places: Sequence[UUID]) -> dict[UUID, datetime]:
        """When somebody was last seen there, of those known."""
        if not places or time.monotonic() < self._resting_until:
            return {}
        try:
            found = self._valkey.mget([_key(place) for place in places])
        except (RedisError, OSError) as fault:
            self._rest(fault)
            return {}
        return {id_: datetime.fromtimestamp(int(at), UTC) for id_, at in zip(places, found, strict=True) if at}

    def _rest(self, fault: Exception) -> None:
        self._resting_until = time.monotonic() + REST
        log.warning("places not noted", fault=type(fault).__name__)


@cache
def sightings() -> Sightings:
    """Those of this process."""
    return Sightings(settings().broker_url)


def _client(broker_url: str) -> "Redis":
    # `redis+socket:///path?virtual_host=0` is kombu's spelling of what redis-py calls unix.
    parts = urlsplit(broker_url)
    url = f"unix://{parts.path}" if parts.scheme == "redis+socket" else broker_url
    return Redis.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)


def _key(place: UUID) -> str:
    return f"dateline:seen:{place}"
