"""The sending workers' task with a throttle that lets everything through: what is saved is what the throttle costs.

Run by Celery in place of workers.tasks.
"""

from functools import cache

from celery.signals import setup_logging

from service import jobs, links, logs
from service.jobs import Job
from service.models import Lane
from service.settings import settings
from workers.relays.pool import pool
from workers.sending import process
from workers.sending.dispatch import Dispatcher
from workers.sending.throttle import OpenThrottle

app = jobs.app()


@setup_logging.connect
def _configure_logs(**_: object) -> None:
    logs.configure()


@app.task(name=Job.DISPATCH)
def dispatch(chunk_id: int, lane: str = Lane.RELEASE) -> None:  # noqa: ARG001 - the task's contract
    """Send what is due in a chunk; what is left of it the tick finds."""
    process.runner().run(_dispatcher().dispatch(chunk_id))


@cache
def _dispatcher() -> Dispatcher:
    return Dispatcher(settings(), pool(settings().relay.get_secret_value()), links.personal(), OpenThrottle())
