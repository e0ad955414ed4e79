"""What mailings cost the servers they share: log and commits, room on disk, questions to Valkey, connections."""

from dataclasses import dataclass, fields
from ipaddress import IPv4Address

from redis import Redis
from sqlalchemy import text
from sqlalchemy.orm import Session

from bench.processes import cpu_seconds
from service import db
from service.supervisor import Servers
from workers.sending.throttle.valkey import plain_url

WRITTEN = text("""
    SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn,
           (SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()),
           pg_total_relation_size('delivery'), pg_total_relation_size('attempt')
""")
CONNECTED = text(
    "SELECT host(client_addr), count(*) FROM pg_stat_activity WHERE client_addr IS NOT NULL GROUP BY client_addr"
)


@dataclass(frozen=True, slots=True)
class Costs:
    """What the servers had done by some moment, or did between two, or for each message: octets, counts, CPU seconds.

    `delivery_octets` and `attempt_octets` are on disk, with their indexes.
    """

    wal_octets: float
    commits: float
    delivery_octets: float
    attempt_octets: float
    scripts: float
    valkey_cpu: float

    def since(self, before: "Costs") -> "Costs":
        """What was done from then till now."""
        return Costs(**{one.name: getattr(self, one.name) - getattr(before, one.name) for one in fields(Costs)})

    def each(self, messages: int) -> "Costs":
        """The same by message."""
        return Costs(**{one.name: getattr(self, one.name) / messages for one in fields(Costs)})


def read(servers: Servers) -> Costs:
    """What the servers have done so far."""
    assert servers.valkey is not None
    with db.transaction() as session:
        wal, commits, delivery, attempt = map(float, session.execute(WRITTEN).one())
    with Redis.from_url(plain_url(servers.broker_url)) as client:
        scripts = client.info("commandstats").get("cmdstat_evalsha", {}).get("calls", 0)
    return Costs(wal, commits, delivery, attempt, float(scripts), cpu_seconds(servers.valkey.process.pid))


def connections(session: Session) -> dict[IPv4Address, int]:
    """Connections to the database by the host they come from."""
    return {IPv4Address(address): count for address, count in session.execute(CONNECTED)}
