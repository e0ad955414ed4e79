"""The dispatcher of this worker process, with its own event loop; made at first use, so after Celery's fork."""

import asyncio
import gc
from datetime import timedelta
from functools import cache

import structlog
import uvloop
from sqlalchemy.exc import OperationalError

from service import db, holds, links
from service.models import HoldScope
from service.settings import settings
from workers.relays.pool import Pool, pool
from workers.relays.relay import LoginRefused, Relay, Unavailable, Untrusted
from workers.relays.wire import Timeouts
from workers.sending.account_mails import TIMEOUTS, Courier
from workers.sending.counted import Counted
from workers.sending.dispatch import Dispatcher
from workers.sending.spent import spent
from workers.sending.throttle import ValkeyThrottle

log = structlog.get_logger(__name__)

LEFT_ALONE = timedelta(minutes=5)
"""How long a relay that does not let us in is shown to stand still; its circuit asks it again in the meantime."""

REASONS: dict[type[Unavailable], str] = {
    LoginRefused: "The relay does not take our name and password",
    Untrusted: "The relay has no TLS that can be trusted, and nothing leaves in the clear",
}


def dispatch(chunk_id: int) -> float | None:
    """Work on a chunk; in how many seconds there is more to do in it, None when there is nothing."""
    return runner().run(_dispatch(chunk_id))


async def _dispatch(chunk_id: int) -> float | None:
    for relay in _counted_relays():
        await relay.renew()
    return await _dispatcher().dispatch(chunk_id)


def send_account_mails() -> None:
    """Send what account mail is due."""
    runner().run(_courier().send_due())


@cache
def runner() -> asyncio.Runner:
    """This process's event loop."""
    # What has been loaded by now stays until the process ends: no collection need look at it again.
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    return asyncio.Runner(loop_factory=uvloop.new_event_loop)


@cache
def _dispatcher() -> Dispatcher:
    return Dispatcher(settings(), _relays(), links.personal(), _throttle())


@cache
def _courier() -> Courier:
    return Courier(settings(), _relays(TIMEOUTS), links.personal(), _throttle())


def _relays(timeouts: Timeouts | None = None) -> Pool:
    return pool(settings().relay.get_secret_value(), alarm=_alarm, timeouts=timeouts, among=_counted)


def _counted(relay: Relay) -> Relay:
    most = settings().relay_connections_most
    if not most:
        return relay
    counted = Counted(relay, _throttle(), most)
    _counted_relays().append(counted)
    return counted


@cache
def _counted_relays() -> list[Counted]:
    """Those of this process whose connections are counted."""
    return []


@cache
def _throttle() -> ValkeyThrottle:
    return ValkeyThrottle.from_url(settings().broker_url, spent)


def _alarm(relay: str, fault: Unavailable) -> None:
    log.error("relay needs the operator", relay=relay, fault=type(fault).__name__, code=fault.code)
    try:
        with db.transaction() as session:
            holds.put(session, HoldScope.RELAY, relay, REASONS[type(fault)], evidence=str(fault), lasting=LEFT_ALONE)
    except OperationalError:
        log.warning("hold not written down", relay=relay)
