"""Does it get faster with more machines? One release by one, two, three worker hosts that share nothing but URLs."""

import re
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import structlog
from sqlalchemy import text

from bench import costs, fleet, mailing, newsroom, service
from bench.fleet import Ground
from bench.growth import Growth, Share, Step, growth, worked
from bench.measurement import NotMeasured
from bench.namespaces import Namespace
from bench.newsroom import Newsroom
from bench.service import Workers
from bench.sinks import Sink
from service import db
from service.manuscripts import Manuscript
from service.settings import settings
from service.supervisor import Process

log = structlog.get_logger(__name__)

WARM_UP = 3000
"""People of the first release of each step: chunks for every process; and the throttle, which begins low with a relay
that it does not know and doubles each second, lets more through than can be sent before the measured release begins."""
CHUNK_SIZE = 250
"""So small that the last chunks of 20,000 people take no large part of the time, however many processes share them."""
RELEASE = "SELECT id FROM release ORDER BY id DESC LIMIT 1"
CHUNKS = text(f"SELECT c.id FROM chunk c JOIN wave w ON w.id = c.wave_id WHERE w.release_id = ({RELEASE})")
CYCLE = text(f"""
    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM a.ended_at - a.began_at)) * 1000
    FROM attempt a JOIN delivery d ON d.id = a.delivery_id WHERE d.release_id = ({RELEASE})
""")
BROUGHT = re.compile(r"^from ([0-9.]+): (\d+) messages$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Wish:
    """How many worker hosts in turn, how often, to how many people; the relay takes `latency` ms for each message."""

    workers: Sequence[int]
    rounds: int
    people: int
    latency: float
    chunk_size: int | None = None
    connections: int | None = None


@dataclass(frozen=True, slots=True)
class _Stage:
    wish: Wish
    ground: Ground
    keeper: tuple[Process, Process]
    office: Newsroom
    text: Manuscript


def run(wish: Wish, data: Path) -> list[Growth]:
    """Measure, on servers below `data` and hosts of our own making. Raises NotMeasured, NotAllowed."""
    chunk_size = wish.chunk_size or CHUNK_SIZE
    with fleet.ground(data, max(wish.workers), chunk_size=chunk_size, connections=wish.connections) as ground:
        with db.transaction() as session:
            office = newsroom.found(session, "rivers")
        with db.transaction() as session:
            newsroom.fill(session, office, wish.people, min(wish.people, WARM_UP))
        with db.transaction() as session:
            words, _ = newsroom.text_of_size(session, office)
        service.settle()
        with fleet.keeper(ground) as keeper:
            stage = _Stage(wish, ground, keeper, office, words)
            steps = [_step(number, stage) for _ in range(wish.rounds) for number in wish.workers]
        of_one = settings().worker_processes * settings().relay_connections * 1000 / wish.latency
        return growth(steps, bound=of_one)


def _step(number: int, stage: _Stage) -> Step:
    """A warm-up, then the measured release, by so many worker hosts started for it. Raises NotMeasured."""
    ground = stage.ground
    hosts = ground.workers(number)
    with ExitStack() as stack:
        relay = stack.enter_context(fleet.relay(ground, stage.wish.latency))
        senders = stack.enter_context(fleet.senders(ground, number))
        postgres, valkey = ground.servers.postgres, ground.servers.valkey
        assert postgres is not None
        assert valkey is not None
        workers = Workers(tuple(senders), *stage.keeper, postgres.process, valkey.process)
        mailing.warm_up(stage.office, stage.text, workers, relay)
        before, octets = costs.read(ground.servers), [here.sent_octets() for here in hosts]
        sent = mailing.send(stage.office, stage.office.everybody, stage.text, workers, relay).measurement
        spent = costs.read(ground.servers).since(before)
        shares = [_share(*one) for one in zip(hosts, senders, octets, strict=True)]
    _agree(hosts, senders, relay)
    with db.transaction() as session:
        cycle = float(session.execute(CYCLE).scalar_one())
    log.info("measured", worker_hosts=number, messages_per_second=round(sent.rate))
    return Step(number, sent, cycle, tuple(shares), spent.each(sent.messages))


def _share(here: Namespace, sender: Process, octets: int) -> Share:
    """What this host did of the latest release."""
    with db.transaction() as session:
        chunks = set(session.scalars(CHUNKS))
        connections = costs.connections(session)
    taken, messages = worked(sender.child.log.read_text(encoding="utf-8").splitlines(), chunks)
    return Share(here.host.name, taken, messages, here.sent_octets() - octets, connections.get(here.host.address, 0))


def _agree(hosts: Sequence[Namespace], senders: Sequence[Process], relay: Sink) -> None:
    """What each host says it sent, warm-up included, the relay must have had from its address. Raises NotMeasured."""
    said = {
        str(here.host.address): worked(sender.child.log.read_text(encoding="utf-8").splitlines())[1]
        for here, sender in zip(hosts, senders, strict=True)
    }
    found = brought(relay.process.child.log.read_text(encoding="utf-8"))
    if said != found:
        raise NotMeasured(f"the worker hosts say they sent {said}, the relay had {found}")


def brought(log: str) -> Mapping[str, int]:
    """Messages by the address they came from, out of the relay's last words."""
    return {address: int(messages) for address, messages in BROUGHT.findall(log)}
