"""The dispatcher of this worker process, with its own event loop; made at first use, so after Celery's fork."""

import asyncio
import gc
from functools import cache

import uvloop

from service import links
from service.settings import settings
from workers.relays.smtp import SmtpRelay
from workers.sending.account_mails import TIMEOUTS, Courier
from workers.sending.dispatch import Dispatcher
from workers.sending.spent import spent
from workers.sending.throttle import ValkeyThrottle


def dispatch(chunk_id: int) -> float | None:
    """Work on a chunk; in how many seconds there is more to do in it, None when there is nothing."""
    return _runner().run(_dispatcher().dispatch(chunk_id))


def send_account_mails() -> None:
    """Send what account mail is due."""
    _runner().run(_courier().send_due())


@cache
def _runner() -> asyncio.Runner:
    # What has been loaded by now stays until the process ends: no collection need look at it again.
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    return asyncio.Runner(loop_factory=uvloop.new_event_loop)


@cache
def _dispatcher() -> Dispatcher:
    found = settings()
    relay = SmtpRelay.from_url(found.relay.get_secret_value())
    return Dispatcher(found, relay, links.personal(), _throttle())


@cache
def _courier() -> Courier:
    found = settings()
    relay = SmtpRelay.from_url(found.relay.get_secret_value(), timeouts=TIMEOUTS)
    return Courier(found, relay, links.personal(), _throttle())


@cache
def _throttle() -> ValkeyThrottle:
    return ValkeyThrottle.from_url(settings().broker_url, spent)
