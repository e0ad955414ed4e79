"""The dispatcher of this worker process, with its own event loop; made at first use, so after Celery's fork."""

import asyncio
import gc
from functools import cache

import structlog
import uvloop

from service import links
from service.settings import settings
from workers.relays.pool import pool
from workers.relays.relay import Unavailable
from workers.sending.dispatch import Dispatcher
from workers.sending.spent import spent
from workers.sending.throttle import ValkeyThrottle

log = structlog.get_logger(__name__)


def dispatch(chunk_id: int) -> float | None:
    """Work on a chunk; in how many seconds there is more to do in it, None when there is nothing."""
    return _runner().run(_dispatcher().dispatch(chunk_id))


@cache
def _runner() -> asyncio.Runner:
    # What has been loaded by now stays until the process ends: no collection need look at it again.
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    return asyncio.Runner(loop_factory=uvloop.new_event_loop)


@cache
def _dispatcher() -> Dispatcher:
    found = settings()
    relays = pool(found.relay.get_secret_value(), alarm=_alarm)
    return Dispatcher(found, relays, links.personal(), ValkeyThrottle.from_url(found.broker_url, spent))


def _alarm(relay: str, fault: Unavailable) -> None:
    log.error("relay needs the operator", relay=relay, fault=type(fault).__name__, code=fault.code)
