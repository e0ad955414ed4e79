"""The order of a benchmark: each sink in turn, and against it every sender, smtp-source before and after each other."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import structlog
from sqlalchemy.orm import Session

from bench import mailing, newsroom, service, sinks, tools, usual
from bench.measurement import SINK, Measurement, NotMeasured, Row, rows
from bench.newsroom import Newsroom
from bench.service import Workers
from bench.sinks import FAST_SINK, HOST, SMTP_SINK, Sink
from bench.tools import Tools
from service import db
from service.manuscripts import Manuscript
from service.settings import settings
from service.supervisor import Servers

log = structlog.get_logger(__name__)

DATELINE, SOURCE, KEPT, USUAL = "dateline", "smtp-source", "smtp-source-kept", "usual"
# Left to itself smtp-source makes a connection for each message; with -d it keeps them, and is half as fast again.
SOURCES = {SOURCE: (), KEPT: ("-d",)}
NAMES = (
    f"{SOURCE}/{SMTP_SINK}",
    f"{DATELINE}/{SMTP_SINK}",
    f"{KEPT}/{SMTP_SINK}",
    f"{USUAL}/{SMTP_SINK}",
    f"{SOURCE}/{FAST_SINK}",
    f"{DATELINE}/{FAST_SINK}",
)
"""Every row there is, `sender/sink`."""
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
    """What all the measurements of a run share."""

    wish: Wish
    servers: Servers
    newsroom: Newsroom
    text: Manuscript

    def senders(self, sink: str) -> list[str]:
        """Who is to send to this sink, in the order of NAMES."""
        return [name.partition("/")[0] for name in NAMES if name in self.wish.names and name.endswith(f"/{sink}")]


def run(wish: Wish, data: Path) -> Found:
    """Measure on servers of its own below `data`. Raises NotMeasured."""
    found_tools = tools.find() if any(name != f"{DATELINE}/{FAST_SINK}" for name in wish.names) else None
    left_out = _without_tools(wish) if found_tools is None else []
    wish = replace(wish, names=[name for name in wish.names if name not in left_out])
    with service.servers(data, chunk_size=wish.chunk_size, connections=wish.connections) as servers:
        with db.transaction() as session:
            office = newsroom.found(session, "rivers")
        with db.transaction() as session:
            newsroom.fill(session, office, wish.people, min(wish.people, WARM_UP))
        with db.transaction() as session:
            text, octets = newsroom.text_of_size(session, office)
        service.settle()
        taken = _all(_Stage(wish, servers, office, text), found_tools)
        found = settings()
        used = {name: getattr(found, name) for name in ("chunk_size", "relay_connections", "worker_processes")}
    return Found(rows(taken), octets, used, left_out)


def _without_tools(wish: Wish) -> list[str]:
    return [name for name in wish.names if name != f"{DATELINE}/{FAST_SINK}"]


def _all(stage: _Stage, found_tools: Tools | None) -> dict[str, list[Measurement]]:
    taken: dict[str, list[Measurement]] = {}
    for sink in (SMTP_SINK, FAST_SINK):
        if stage.senders(sink):
            taken |= _against(sink, stage, found_tools)
    return taken


def _against(name: str, stage: _Stage, found_tools: Tools | None) -> dict[str, list[Measurement]]:
    """All rounds against one sink, whose own count must be the number of all that was sent. Raises NotMeasured."""
    senders = stage.senders(name)
    taken: dict[str, list[Measurement]] = {f"{sender}/{name}": [] for sender in senders}
    sent = 0
    with ExitStack() as stack:
        sink = stack.enter_context(sinks.running(name, stage.servers.data, found_tools if name == SMTP_SINK else None))
        workers = None
        if DATELINE in senders:
            workers = stack.enter_context(service.workers(stage.servers, relay=f"{HOST}:{sink.port}"))
            sent += mailing.warm_up(stage.newsroom, stage.text, workers, sink)
        rounds = [sender for _ in range(stage.wish.rounds) for sender in senders]
        for sender in [*rounds, *(sender for sender in senders if sender == SOURCE)]:
            measured = _measure(sender, stage, sink, workers, found_tools)
            taken[f"{sender}/{name}"].append(measured)
            log.info("measured", row=f"{sender}/{name}", messages_per_second=round(measured.rate))
            sent += measured.messages
        counted = sink.end()
    if counted != sent:
        raise NotMeasured(f"{name} counts {counted} messages, the senders {sent}")
    return taken


def _measure(sender: str, stage: _Stage, sink: Sink, workers: Workers | None, found_tools: Tools | None) -> Measurement:
    if sender == DATELINE and workers is not None:
        return mailing.send(stage.newsroom, stage.newsroom.everybody, stage.text, workers, sink).measurement
    before = sink.cpu_seconds()
    if sender in SOURCES and found_tools is not None:
        messages = min(stage.wish.people, SOURCE_MESSAGES)
        measured = found_tools.smtp_source(HOST, sink.port, messages, *SOURCES[sender])
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
