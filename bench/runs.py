"""The course of a benchmark: each group in turn, and in it every sender, smtp-source before and after each other."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import structlog
from sqlalchemy.orm import Session

from bench import mailing, newsroom, service, signing, sinks, tools, usual
from bench.lineup import (
    GROUPS,
    KEYS,
    MOST,
    NAMES,
    REPEATED,
    RSA,
    SOURCES,
    Group,
    is_ours,
    needs_tools,
    sender,
    yardsticks,
)
from bench.measurement import SIGNING, SINK, Measurement, NotMeasured, Row, rows
from bench.newsroom import Newsroom
from bench.service import Workers
from bench.sinks import FAST_SINK, HOST, SMTP_SINK, Sink
from bench.tools import Tools
from service import db
from service.manuscripts import Manuscript
from service.settings import settings
from service.supervisor import Servers

log = structlog.get_logger(__name__)

WARM_UP = 4000
"""People of the first, unmeasured release: chunks enough that each sending process gets some."""
USUAL_PEOPLE = 2000
SOURCE_MESSAGES = 50_000
"""At most so many: some ten seconds, by which time its rate has long settled."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be measured, how often, and with which settings (None: the product's own)."""

    people: int
    rounds: int
    names: Sequence[str]
    chunk_size: int | None = None
    connections: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What was measured; `left_out` says why some rows are not there."""

    rows: Sequence[Row]
    message_octets: float
    settings: Mapping[str, int]
    left_out: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Stage:
    """What all the measurements of a run share; `offices` by the name of the row they send in."""

    wish: Wish
    servers: Servers
    newsroom: Newsroom
    offices: Mapping[str, Newsroom]
    text: Manuscript
    tools: Tools | None

    def wanted(self, group: Group) -> list[str]:
        """Its rows that are wished for."""
        return [name for name in group.names if name in self.wish.names]


def run(wish: Wish, data: Path) -> Found:
    """Measure on servers of its own below `data`. Raises NotMeasured."""
    found_tools = tools.find() if any(map(needs_tools, wish.names)) else None
    left_out = list(filter(needs_tools, wish.names)) if found_tools is None else []
    wish = replace(wish, names=[name for name in _with_yardsticks(wish.names) if name not in left_out])
    with service.servers(data, chunk_size=wish.chunk_size, connections=wish.connections) as servers:
        office = _office("rivers", wish.people)
        with db.transaction() as session:
            text, octets = newsroom.text_of_size(session, office)
        stage = _Stage(wish, servers, office, dict(_offices(wish, office, text)), text, found_tools)
        service.settle()
        taken = _all(stage)
        found = settings()
        used = {name: getattr(found, name) for name in ("chunk_size", "relay_connections", "worker_processes")}
    return Found(rows(taken, yardsticks()), octets, used, left_out)


def _with_yardsticks(names: Sequence[str]) -> list[str]:
    """What only signs is never wished for by itself."""
    return [name for name in NAMES if name in names or (name == SIGNING and f"{RSA}/{FAST_SINK}" in names)]


def _offices(wish: Wish, plain: Newsroom, text: Manuscript) -> Iterator[tuple[str, Newsroom]]:
    """Who sends in each of our rows: those that sign, and those that take long, have a newsroom of their own."""
    for name in filter(is_ours, wish.names):
        most = min(wish.people, MOST.get(name, wish.people))
        if sender(name) not in KEYS and most == wish.people:
            yield name, plain
            continue
        office = _office("".join(filter(str.isalnum, name)), most)
        if sender(name) in KEYS:
            with db.transaction() as session:
                signing.give_key(session, office, KEYS[sender(name)])
            with db.transaction() as session:
                signing.check(session, office, text)
        yield name, office


def _office(name: str, people: int) -> Newsroom:
    with db.transaction() as session:
        office = newsroom.found(session, name)
    with db.transaction() as session:
        newsroom.fill(session, office, people, min(people, WARM_UP))
    return office


def _all(stage: _Stage) -> dict[str, list[Measurement]]:
    taken: dict[str, list[Measurement]] = {}
    for group in GROUPS:
        if stage.wanted(group):
            taken |= _measured(group, stage)
    return taken


def _measured(group: Group, stage: _Stage) -> dict[str, list[Measurement]]:
    """All rounds of a group, whose sink's own count must be the number of all that was sent. Raises NotMeasured."""
    names = stage.wanted(group)
    taken: dict[str, list[Measurement]] = {name: [] for name in names}
    with ExitStack() as stack:
        postfix = stage.tools if group.sink == SMTP_SINK else None
        sink = stack.enter_context(sinks.running(group.sink, stage.servers.data, postfix))
        sent, workers = 0, None
        if ours := list(filter(is_ours, names)):
            relay = f"{HOST}:{sink.port}"
            running = service.workers(stage.servers, relay=relay, tasks=group.tasks, connections=group.connections)
            workers = stack.enter_context(running)
            sent += _warm_up({stage.offices[name] for name in ours}, stage, workers, sink)
        rounds = [name for _ in range(stage.wish.rounds) for name in names]
        for name in [*rounds, *(name for name in names if name in REPEATED)]:
            measured = _measure(name, stage, sink, workers)
            taken[name].append(measured)
            log.info("measured", row=name, messages_per_second=round(measured.rate))
            sent += 0 if name == SIGNING else measured.messages
        counted = sink.end()
    if counted != sent:
        raise NotMeasured(f"{group.sink} counts {counted} messages, the senders {sent}")
    return taken


def _warm_up(offices: Iterable[Newsroom], stage: _Stage, workers: Workers, sink: Sink) -> int:
    sent = sum(mailing.warm_up(office, stage.text, workers, sink) for office in offices)
    mailing.let_the_throttle_open()
    return sent


def _measure(name: str, stage: _Stage, sink: Sink, workers: Workers | None) -> Measurement:
    if name == SIGNING:
        return signing.run()
    if name in stage.offices and workers is not None:
        office = stage.offices[name]
        return mailing.send(office, office.everybody, stage.text, workers, sink).measurement
    before = sink.cpu_seconds()
    if sender(name) in SOURCES and stage.tools is not None:
        messages = min(stage.wish.people, SOURCE_MESSAGES)
        measured = stage.tools.smtp_source(HOST, sink.port, messages, *SOURCES[sender(name)])
    else:
        measured = _usual(stage, sink)
    return replace(measured, cpu={**measured.cpu, SINK: sink.cpu_seconds() - before})


def _usual(stage: _Stage, sink: Sink) -> Measurement:
    folder = stage.servers.data / "usual"
    with db.transaction() as session:
        people = newsroom.sample(session, stage.newsroom, USUAL_PEOPLE)
        usual.write_templates(_placeholder(session, stage), folder)
    before = _postgres(stage)
    measured = usual.run(stage.servers.database_url, sink, people, folder)
    return replace(measured, cpu={**measured.cpu, "postgres": _postgres(stage) - before})


def _placeholder(session: Session, stage: _Stage) -> bytes:
    with session.begin_nested() as trial:
        release = newsroom.approved(session, stage.newsroom, stage.newsroom.everybody, stage.text)
        message = newsroom.message(session, release, usual.placeholder(), uuid4())
        trial.rollback()
    return message


def _postgres(stage: _Stage) -> float:
    return service.postgres_cpu_seconds(stage.servers)
