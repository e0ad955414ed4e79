"""One release through the whole service, from Ada's word to the last acceptance, and what it cost."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from math import log2
from uuid import UUID

from sqlalchemy import func, select, text

from bench import books, newsroom
from bench.measurement import PLANNING, SINK, VALKEY, Measurement, NotMeasured
from bench.newsroom import Newsroom
from bench.service import Workers
from bench.sinks import Sink
from service import db, releases
from service.manuscripts import Manuscript
from service.models import Release, ReleaseState, Topic
from service.rates import CEILING
from workers.sending.throttle.demand import START

PATIENCE = 120.0
"""Seconds without anything new after which a mailing counts as stuck."""
STANDING = text("""
    SELECT r.state::text, w.planned_at IS NOT NULL AS planned,
           (SELECT count(*) FROM chunk c WHERE c.wave_id = w.id AND c.due_at IS NOT NULL) AS due
    FROM release r JOIN wave w ON w.release_id = r.id WHERE r.id = :release
""")


@dataclass(frozen=True, slots=True)
class _Standing:
    state: str
    planned: bool
    due: int


@dataclass(frozen=True, slots=True)
class Mailing:
    """A release that has left: what sending it took, and the seconds from its start to the last row planned."""

    measurement: Measurement
    planning_seconds: float


def send(newsroom_: Newsroom, topic: Topic, manuscript: Manuscript, workers: Workers, sink: Sink) -> Mailing:
    """Write, approve, schedule for now, and wait until nobody is left. Raises NotMeasured.

    The rate is out of the ledger, first attempt begun to last attempt ended, in database time. CPU of sending is taken
    from when the rows are planned until no chunk has anything to do; CPU of planning before that.
    """
    with db.transaction() as session:
        release = newsroom.approved(session, newsroom_, topic, manuscript)
    before = workers.cpu_seconds()
    _schedule(release, newsroom_)
    started = _wait(release.id, workers, lambda now: now.state == ReleaseState.SENDING)
    planned = _wait(release.id, workers, lambda now: now.planned)
    between, sink_before = workers.cpu_seconds(), sink.cpu_seconds()
    _wait(release.id, workers, lambda now: now.due == 0)
    after, sink_after = workers.cpu_seconds(), sink.cpu_seconds()
    with db.transaction() as session:
        found = books.read(session, release.id)
    cpu = {part: after[part] - between[part] for part in after}
    cpu[PLANNING] = sum(between[part] - before[part] for part in after if part != VALKEY)
    cpu[SINK] = sink_after - sink_before
    peak = workers.sending_peak()
    return Mailing(Measurement(found.accepted, found.seconds, cpu, peak, found.answers), planned - started)


def _schedule(release: Release, newsroom_: Newsroom) -> None:
    with db.transaction() as session:
        now = session.execute(select(func.clock_timestamp())).scalar_one()
        releases.schedule(session, releases.get(session, release.id), now, by=newsroom_.ada)


def _wait(release_id: UUID, workers: Workers, true: Callable[[_Standing], bool]) -> float:
    """Look every 20 ms, when it became true; raises NotMeasured when nothing moves, or a process is gone."""
    last, moved = None, time.monotonic()
    with db.engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while True:
            now = _Standing(*connection.execute(STANDING, {"release": release_id}).one())
            if true(now):
                return time.monotonic()
            if now != last:
                last, moved = now, time.monotonic()
            if time.monotonic() > moved + PATIENCE or now.state == ReleaseState.PAUSED:
                raise NotMeasured(f"the release does not get on: {now}")
            workers.check()
            time.sleep(0.02)


def warm_up(newsroom_: Newsroom, manuscript: Manuscript, workers: Workers, sink: Sink) -> int:
    """A small release first: processes, connections, prepared statements and letters are warm; how many it went to."""
    return send(newsroom_, newsroom_.warm_up, manuscript, workers, sink).measurement.messages


def let_the_throttle_open() -> None:
    """Wait as long as a bucket takes from its first mail to its full rate: a long mailing has that behind it soon.

    A relay or provider nobody knows is begun with slowly, each second twice as fast (take.lua); it is not what is
    measured here.
    """
    time.sleep(max(log2(CEILING / start) for start in START.values()))
