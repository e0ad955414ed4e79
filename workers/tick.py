"""The tick: finds due work in PostgreSQL by database time and rings for it. Any number of ticks are as good as one."""

from datetime import timedelta

import structlog
from sqlalchemy.exc import OperationalError

from service import (
    account_mails,
    bounces,
    db,
    digests,
    imports,
    installation,
    jobs,
    preferences,
    providers,
    releases,
    signups,
    standings,
)
from service.installation import Checked
from service.jobs import Job
from service.newsroom import announcing
from service.settings import settings
from workers.inbound import sort
from workers.sending import fan_out, plan

log = structlog.get_logger(__name__)

SWEPT, MOST_SWEEPS = 1000, 3


def tick() -> None:
    """Ring for all that is due; where nothing is held, also start what is due and finish what is done."""
    with db.transaction() as session:
        unsorted = sort.waiting(session)
        unknown = providers.unknown(session, 1) or standings.second_looks(session, 1)
        account_mails.tidy(session)
        bounces.forget_raw(session)
        signups.tidy(session)
        preferences.tidy(session)
        imports.files.tidy(session)
        mails = account_mails.due(session)
        unimported = imports.files.working(session)
    jobs.ring_all(Job.ACCOUNT_MAIL, [()] if mails else [])
    jobs.ring_all(Job.SORT, [()] if unsorted else [])
    jobs.ring_all(Job.LOOK_UP, [()] if unknown else [])
    jobs.ring_all(Job.IMPORT, [(str(file),) for file in unimported])
    checked = installation.check()
    if not checked.held:
        start(checked)
    fan_out.ring_due()
    if not checked.held:
        _finish()
    _count()


def _count() -> None:
    """What servers said of addresses since the last tick; a flood of it is left to the next ticks."""
    try:
        for _ in range(MOST_SWEEPS):
            with db.transaction() as session:
                if standings.sweep(session, limit=SWEPT) < SWEPT:
                    return
    except OperationalError as fault:
        # A lock not got, or a deadlock with the sorter: the next tick counts it.
        log.warning("not counted yet", fault=type(fault).__name__)


def start(checked: Checked) -> None:
    """Start and plan by the time that was checked: a clock that jumps meanwhile starts nothing."""
    with db.transaction() as session:
        digests.recall(session)
        releases.start_due(session, at=checked.at)
        waves = plan.due(session, at=checked.at)
        announced = announcing.find(session, settings()) or announcing.due(session)
        newsrooms = digests.due(session)
    jobs.ring_all(Job.PLAN, [(str(wave),) for wave in waves])
    jobs.ring_all(Job.ANNOUNCE, [()] if announced else [])
    jobs.ring_all(Job.DIGEST, [(str(newsroom),) for newsroom in newsrooms])


def _finish() -> None:
    with db.transaction() as session:
        releases.finish(session)
        soon = releases.due(session, within=timedelta(seconds=settings().tick_seconds))
    if soon:
        # So that a release leaves on its second and not at the tick after it.
        jobs.ring_all(Job.TICK, [()], countdown=soon + 0.05)
