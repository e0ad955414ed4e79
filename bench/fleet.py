"""The service spread over hosts: servers, relay and keeper on one each, and worker hosts that know their addresses."""

import secrets
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import text

from bench import namespaces, service
from bench.namespaces import KEEPER, NETWORK, RELAY, SERVERS, Namespace
from bench.sinks import Sink
from service import db
from service.cli import processes as commands
from service.settings import settings
from service.supervisor import Child, Process, Servers, listening, processes
from service.supervisor.account import make_enterable
from service.supervisor.warden import Warden

RELAY_PORT = 2525


@dataclass(frozen=True, slots=True)
class Ground:
    """Hosts that stand, by name, and the servers on one of them: `servers` as we reach them, `remote` as hosts do.

    The warden ends what runs on the hosts when we are killed; then the kernel takes the hosts away.
    """

    warden: Warden
    hosts: Mapping[str, Namespace]
    servers: Servers
    remote: Servers

    def workers(self, number: int) -> list[Namespace]:
        """The first so many of the worker hosts."""
        return [here for name, here in self.hosts.items() if name not in (SERVERS, RELAY, KEEPER)][:number]


@contextmanager
def ground(data: Path, workers: int, *, chunk_size: int, connections: int | None) -> Iterator[Ground]:
    """Hosts for so many workers, and empty servers with their data below `data`. Raises NotAllowed.

    They listen by TCP at their host's address, as anybody's would; we ourselves keep to the unix sockets. PostgreSQL
    asks a password of the hosts. Valkey asks none: nobody but these hosts has a way to its address.
    """
    make_enterable(data)
    rules = data / "pg_hba.conf"
    with ExitStack() as stack:
        warden = Warden()
        stack.callback(warden.dismiss)
        hosts = stack.enter_context(namespaces.network(namespaces.plan(workers)))
        address = str(hosts[SERVERS].host.address)
        rules.write_text(f"local all all trust\nhost dateline postgres {NETWORK} scram-sha-256\n", encoding="ascii")
        with hosts[SERVERS].inside():
            found = stack.enter_context(
                service.servers(
                    data,
                    chunk_size=chunk_size,
                    connections=connections,
                    postgres_settings={"listen_addresses": address, "hba_file": str(rules), "max_connections": "200"},
                    valkey_settings={"port": "6379", "bind": address, "protected-mode": "no"},
                )
            )
        yield Ground(warden, hosts, found, _by_tcp(found, address))


def _by_tcp(found: Servers, address: str) -> Servers:
    word = secrets.token_hex(16)
    with db.transaction() as session:
        session.execute(text(f"ALTER ROLE postgres PASSWORD '{word}'"))
    return replace(
        found,
        database_url=f"postgresql+psycopg://postgres:{word}@{address}:5432/dateline",
        broker_url=f"redis://{address}:6379/0",
    )


@contextmanager
def keeper(on: Ground) -> Iterator[tuple[Process, Process]]:
    """The host that ticks and plans: its worker, and beat."""
    here = on.hosts[KEEPER]
    env, folder = _environment(on, here)
    children = (commands.worker(settings(), env, folder)[1], commands.beat(settings(), env, folder))
    with _running(on.warden, [(here, child) for child in children]) as (keeping, beat):
        yield keeping, beat


@contextmanager
def senders(on: Ground, number: int) -> Iterator[list[Process]]:
    """The workers of the first so many worker hosts, all of them at work."""
    with _running(on.warden, [(here, _sender(on, here)) for here in on.workers(number)]) as started:
        for process in started:
            process.wait_ready()
        yield started


@contextmanager
def relay(on: Ground, latency: float) -> Iterator[Sink]:
    """The relay on its host: it takes so many milliseconds for a message, and counts by who brings them."""
    here = on.hosts[RELAY]
    address = str(here.host.address)
    argv = [
        "-m",
        "workers.relays.development",
        "--fast",
        "--latency",
        str(latency),
        "--listen",
        f"{address}:{RELAY_PORT}",
    ]
    log = on.servers.data / "logs" / "relay.log"
    log.unlink(missing_ok=True)
    ready = listening(address, RELAY_PORT)
    child = Child("relay", [sys.executable, *argv], {}, log, ready=ready, cwd=commands.SOURCE)
    with _running(on.warden, [(here, child)]) as [process]:
        with here.inside():
            process.wait_ready()
        yield Sink("relay", RELAY_PORT, process)


def _sender(on: Ground, here: Namespace) -> Child:
    """The sending worker of a host; ready when its pulse can be felt, by which a container's health is asked too."""
    env, folder = _environment(on, here)
    child = commands.worker(settings(), env, folder)[0]
    pulse = folder / "pulse" / f"sending@{here.host.name}"
    for left in (child.log, pulse):
        left.unlink(missing_ok=True)
    return replace(child, ready=pulse.exists)


def _environment(on: Ground, here: Namespace) -> tuple[dict[str, str], Path]:
    """What a host is told: where servers and relay are, and a folder of its own."""
    folder = on.servers.data / here.host.name
    folder.mkdir(exist_ok=True)
    relay = f"{on.hosts[RELAY].host.address}:{RELAY_PORT}"
    env = service.environment(replace(on.remote, data=folder), relay)
    return {**env, "LOG_JSON": "true"}, folder


@contextmanager
def _running(warden: Warden, children: Sequence[tuple[Namespace, Child]]) -> Iterator[list[Process]]:
    started: list[Process] = []
    try:
        for here, child in children:
            with here.inside():
                started.append(processes.start(child))
            warden.watch(started[-1].pid)
        yield started
    finally:
        processes.stop(started)
        for process in started:
            warden.forget(process.pid)
