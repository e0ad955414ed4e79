"""The Celery application and the names of its tasks. The broker is a doorbell: ids only, losing one loses nothing."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from functools import cache
from threading import Thread
from typing import Any

import structlog
from celery import Celery
from kombu.exceptions import OperationalError
from redis import Redis, RedisError

from service.settings import settings

log = structlog.get_logger(__name__)


class Job(StrEnum):
    """The tasks that can be rung for."""

    TICK = "dateline.tick"
    PLAN = "dateline.plan"
    DISPATCH = "dateline.dispatch"
    SORT = "dateline.sort"
    LOOK_UP = "dateline.look-up"
    ACCOUNT_MAIL = "dateline.account_mail"
    ANNOUNCE = "dateline.announce"
    DIGEST = "dateline.digest"
    IMPORT = "dateline.import"


# Each kind has its queue, so that a thousand chunks never stand before a bounce or a tick.
QUEUES = {
    Job.TICK: "tick",
    Job.PLAN: "plan",
    Job.DISPATCH: "dispatch",
    Job.SORT: "sort",
    Job.LOOK_UP: "look-up",
    Job.ACCOUNT_MAIL: "account",
    Job.ANNOUNCE: "announce",
    Job.DIGEST: "plan",
    Job.IMPORT: "import",
}
NOTICES = "notices"
"""Where chunks of notices are rung for: a worker that no other release can occupy takes them from here."""


AWAY = (OperationalError, OSError, RedisError)
"""What a broker that cannot be reached raises, by whichever of its doors."""
VISIBILITY = 1500
"""Seconds; longer than any task may live, or a healthy task would be handed out twice."""


def make_app(broker_url: str) -> Celery:
    """The application, set so that whatever Redis loses or doubles changes nothing but latency."""
    app = Celery("dateline", broker=broker_url)
    app.conf.update(
        broker_transport_options={
            "visibility_timeout": VISIBILITY,
            "unacked_restore_interval": 5,
            "unacked_restore_throttle": 1,
            "socket_timeout": 10,
            "socket_connect_timeout": 2,
            "socket_keepalive": True,
            "health_check_interval": 10,
        },
        visibility_timeout=VISIBILITY,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        task_routes={job.value: {"queue": queue} for job, queue in QUEUES.items()},
        task_acks_late=True,
        # A killed child's message comes back; a chunk that kills every child is stopped by the ledger, not by Celery.
        task_reject_on_worker_lost=True,
        task_ignore_result=True,
        task_store_errors_even_if_ignored=False,
        task_publish_retry=False,
        task_soft_time_limit=120,
        task_time_limit=180,
        worker_prefetch_multiplier=1,
        worker_max_tasks_per_child=2000,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        worker_hijack_root_logger=False,
        accept_content=["json"],
        task_serializer="json",
        timezone="UTC",
        enable_utc=True,
    )
    return app


@cache
def app() -> Celery:
    """The application of this process."""
    return make_app(settings().broker_url)


def ring(job: Job, *args: str | int) -> None:
    """Ring for one job, without waiting: a request never hangs on the broker, the tick finds what was not heard."""
    Thread(target=ring_all, args=(job, [args]), daemon=True).start()


LONGEST_COUNTDOWN = 60.0
"""Seconds; a longer countdown comes near the visibility timeout and is then run several times."""


def ring_all(
    job: Job, calls: Sequence[Sequence[str | int]], *, countdown: float | None = None, queue: str | None = None
) -> int:
    """Ring once for each call and return how many were heard, in the job's own queue if none is named.

    `countdown` in seconds, a minute at most. Raises ValueError.
    """
    if countdown is not None and countdown > LONGEST_COUNTDOWN:
        raise ValueError(f"a countdown of {countdown} s: times beyond a minute belong in the database")
    heard = 0
    try:
        with app().producer_or_acquire() as producer:
            for call in calls:
                app().send_task(
                    job.value,
                    args=list(call),
                    countdown=countdown or None,
                    queue=queue or QUEUES[job],
                    producer=producer,
                    retry=False,
                )
                heard += 1
    except (OperationalError, OSError) as fault:
        log.warning("bell not heard", job=job.value, heard=heard, rung=len(calls), fault=type(fault).__name__)
    return heard


@contextmanager
def store() -> Iterator[Redis]:
    """The broker as the store of the little that is kept beside its queues, for a moment. Raises one of AWAY."""
    with app().connection_for_write() as connection:
        connection.ensure_connection(max_retries=1, timeout=3)
        channel: Any = connection.default_channel  # kombu's types know no client of a particular transport
        yield channel.client
