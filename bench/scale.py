"""Does it stay the same when the list grows? Time and CPU a message, planning, and workers' memory by size of list."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import structlog

from bench import mailing, newsroom, service, sinks
from bench.newsroom import Newsroom
from bench.sinks import FAST_SINK, HOST
from service import db
from service.manuscripts import Manuscript
from service.supervisor import Servers

log = structlog.get_logger(__name__)

SIZES = (10_000, 100_000, 1_000_000)
WARM_UP = 1000


@dataclass(frozen=True, slots=True)
class Size:
    """A list of so many people: from start to the last row planned, sent at which rate, most memory of one process.

    Milliseconds are of each message: of the clock, of the workers' and PostgreSQL's CPU, of PostgreSQL's alone.
    """

    people: int
    planning_seconds: float
    messages_per_second: float
    sending_peak_megabytes: float
    planning_peak_megabytes: float
    ms: float
    cpu_ms: float
    postgres_cpu_ms: float


def growth(figures: Sequence[float]) -> float:
    """By how much a message takes longer in any list than in a shorter one, at the worst: 0.1 is ten in a hundred.

    `figures` by length of list, two or more. Below zero: it takes less in each longer one.
    """
    return max(longer / shorter for shorter, longer in combinations(figures, 2)) - 1


def run(sizes: Sequence[int], data: Path) -> list[Size]:
    """Send one release to each list, by workers started for it, to the fast sink. Raises NotMeasured."""
    with service.servers(data, chunk_size=None, connections=None) as servers:
        return list(_each(sizes, servers))


def _each(sizes: Sequence[int], servers: Servers) -> Iterator[Size]:
    for people in sizes:
        with db.transaction() as session:
            office = newsroom.found(session, f"rivers-{people}")
        with db.transaction() as session:
            newsroom.fill(session, office, people, min(people, WARM_UP))
        with db.transaction() as session:
            text, _ = newsroom.text_of_size(session, office)
        service.settle()
        yield _one(people, servers, office, text)


def _one(people: int, servers: Servers, office: Newsroom, text: Manuscript) -> Size:
    with (
        sinks.running(FAST_SINK, servers.data, None) as sink,
        service.workers(servers, relay=f"{HOST}:{sink.port}") as workers,
    ):
        log.info("list made", people=people)
        mailing.warm_up(office, text, workers, sink)
        mailing.let_the_throttle_open()
        sent = mailing.send(office, office.everybody, text, workers, sink)
        return Size(
            people=people,
            planning_seconds=sent.planning_seconds,
            messages_per_second=sent.measurement.rate,
            sending_peak_megabytes=workers.sending_peak(),
            planning_peak_megabytes=workers.planning_peak(),
            ms=1000 / sent.measurement.rate,
            cpu_ms=sent.measurement.sending_cpu_ms,
            postgres_cpu_ms=sent.measurement.cpu_ms("postgres"),
        )
