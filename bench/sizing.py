"""What so many mails a day need: `python -m bench.sizing 100000000` prints the table of docs/scale.md.

Arithmetic, no measurement: a rate by what one message was measured to cost. A core is one of the machine measured.
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

DAY = 86_400
BUSY = 0.7
"""How much of its core a process may be busy with: above that, waiting grows out of proportion."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one message was measured to take, where docs/scale.md says: milliseconds, octets, counts."""

    planning: float = 0.0244
    sending: float = 0.17
    rsa: float = 1.03
    ed25519: float = 0.075
    postgres: float = 0.06
    valkey: float = 0.01
    own_wait: float = 32
    transactions: float = 0.07
    scripts: float = 0.005
    wal: int = 1_500
    disk: int = 550
    wire: int = 16_100
    process_megabytes: int = 125
    process_sessions: int = 2


@dataclass(frozen=True, slots=True)
class Load:
    """Mails a day, the busiest hour's multiple of the mean, the relay's latency in ms, connections of a process."""

    mails: int
    peak: float = 10
    latency: float = 50
    connections: int = 100
    bounced: float = 0.03

    @property
    def mean_rate(self) -> float:
        """Messages a second if all hours were alike."""
        return self.mails / DAY

    @property
    def peak_rate(self) -> float:
        """Messages a second in the busiest hour."""
        return self.mean_rate * self.peak


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that is needed, at the mean and in the busiest hour, and how that is reckoned."""

    what: str
    mean: float
    peak: float
    how: str


def connections(load: Load, rate: float, cost: Cost) -> int:
    """Connections to relays for so many messages a second: each has one message in flight (Little's law)."""
    return ceil(rate * (load.latency + cost.own_wait) / 1000)


def processes(load: Load, rate: float, cost: Cost) -> int:
    """Sending processes that hold these connections and have the time for so many messages."""
    return max(ceil(connections(load, rate, cost) / load.connections), ceil(rate * cost.sending / 1000 / BUSY))


def needs(load: Load, cost: Cost) -> list[Need]:
    """Everything, along the way of a mail."""

    def of(what: str, how: str, amount: Callable[[float], float]) -> Need:
        return Need(what, amount(load.mean_rate), amount(load.peak_rate), how)

    def cores(what: str, milliseconds: float) -> Need:
        return of(f"{what}, cores", f"{milliseconds:g} ms a message", lambda rate: rate * milliseconds / 1000)

    cycle = f"{load.latency:g} ms of the relay + {cost.own_wait:g} ms of ours"
    return [
        of("messages a second", f"{load.mails:,} / {DAY:,} s; x {load.peak:g}", lambda rate: rate),
        of("planning processes", f"{cost.planning:g} ms a row", lambda rate: rate * cost.planning / 1000),
        of("connections to relays", f"rate x ({cycle})", lambda rate: connections(load, rate, cost)),
        of("sending processes", f"{load.connections} connections each", lambda rate: processes(load, rate, cost)),
        of(
            "their memory, GB",
            f"{cost.process_megabytes} MB each",
            lambda rate: processes(load, rate, cost) * cost.process_megabytes / 1000,
        ),
        of(
            "their sessions in PostgreSQL",
            f"{cost.process_sessions} each",
            lambda rate: processes(load, rate, cost) * cost.process_sessions,
        ),
        cores("sending", cost.sending),
        cores("RSA-2048 signatures by the workers", cost.rsa),
        cores("Ed25519 signatures by the workers", cost.ed25519),
        cores("PostgreSQL", cost.postgres),
        of("transactions a second", f"{cost.transactions:g} a message", lambda rate: rate * cost.transactions),
        of("WAL, MB/s", f"{cost.wal:,} B a message", lambda rate: rate * cost.wal / 1e6),
        of("disk by the ledger, GB an hour", f"{cost.disk:,} B a message", lambda rate: rate * cost.disk * 3600 / 1e9),
        of("scripts in Valkey a second", f"{cost.scripts:g} a message", lambda rate: rate * cost.scripts),
        cores("Valkey", cost.valkey),
        of("to the relays, Mbit/s", f"{cost.wire:,} B a message", lambda rate: rate * cost.wire * 8 / 1e6),
        of("bounces a second", f"{load.bounced:.0%}", lambda rate: rate * load.bounced),
    ]


def table(found: Sequence[Need]) -> str:
    """As Markdown."""
    rows = [f"| {one.what} | {_short(one.mean)} | {_short(one.peak)} | {one.how} |" for one in found]
    return "\n".join(["| what | mean | busiest hour | how |", "| --- | --- | --- | --- |", *rows])


def _short(figure: float) -> str:
    """Two digits are all that such arithmetic knows; whole numbers as they are."""
    if figure >= 100 or figure == int(figure):
        return f"{figure:,.0f}"
    return f"{figure:.1f}" if figure >= 1 else f"{figure:.2g}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.sizing", description=__doc__)
    parser.add_argument("mails", type=int, metavar="MAILS", help="a day")
    parser.add_argument("--peak", type=float, default=10, help="the busiest hour's multiple of the mean (%(default)s)")
    parser.add_argument("--latency", type=float, default=50, metavar="MS", help="the relay's (%(default)s)")
    parser.add_argument("--connections", type=int, default=100, help="of each process, RELAY_CONNECTIONS (%(default)s)")
    given = parser.parse_args()
    print(table(needs(Load(given.mails, given.peak, given.latency, given.connections), Cost())))


if __name__ == "__main__":
    main()
