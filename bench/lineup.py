"""Who sends where in a benchmark: the rows in the order they are measured, and what each is compared with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from bench.measurement import SIGNING
from bench.service import TASKS
from bench.sinks import FAST_SINK, GREYLISTING_SINK, LATENCY, SLOW_SINK, SMTP_SINK
from service.models import Algorithm
from service.settings import Settings

SOURCE, KEPT, USUAL = "smtp-source", "smtp-source-kept", "usual"
# Left to itself smtp-source makes a connection for each message; with -d it keeps them, and is half as fast again.
SOURCES: Mapping[str, tuple[str, ...]] = {SOURCE: (), KEPT: ("-d",)}
DATELINE = "dateline"
RSA, ED25519 = f"{DATELINE}-rsa", f"{DATELINE}-ed25519"
UNTHROTTLED = f"{DATELINE}-unthrottled"
KEYS: Mapping[str, Algorithm] = MappingProxyType({RSA: Algorithm.RSA, ED25519: Algorithm.ED25519})
MOST: Mapping[str, int] = MappingProxyType({f"{RSA}/{FAST_SINK}": 20_000, f"{DATELINE}/{SLOW_SINK}": 20_000})
"""Rows that are slow by their nature: ten seconds are enough, or as many chunks as make the last one small."""
OWN_CONNECTIONS: int = Settings.model_fields["relay_connections"].default
PROCESSES = 2
"""Sending processes, of which each has its connections."""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows measured in turn against one sink, by workers that run these tasks with so many connections each.

    `connections` None: as many as the others of the run have.
    """

    sink: str
    names: Sequence[str]
    tasks: str = TASKS
    connections: int | None = None


GROUPS = (
    Group(
        SMTP_SINK,
        (f"{SOURCE}/{SMTP_SINK}", f"{DATELINE}/{SMTP_SINK}", f"{KEPT}/{SMTP_SINK}", f"{USUAL}/{SMTP_SINK}"),
    ),
    Group(
        FAST_SINK,
        (
            f"{SOURCE}/{FAST_SINK}",
            f"{DATELINE}/{FAST_SINK}",
            f"{ED25519}/{FAST_SINK}",
            SIGNING,
            f"{RSA}/{FAST_SINK}",
        ),
    ),
    Group(FAST_SINK, (f"{UNTHROTTLED}/{FAST_SINK}",), "bench.unthrottled"),
    Group(SLOW_SINK, (f"{DATELINE}/{SLOW_SINK}",), connections=OWN_CONNECTIONS),
    Group(GREYLISTING_SINK, (f"{DATELINE}/{GREYLISTING_SINK}",)),
)
NAMES = tuple(name for group in GROUPS for name in group.names)
"""Every row there is, `sender/sink`."""
REPEATED = (f"{SOURCE}/{SMTP_SINK}", f"{SOURCE}/{FAST_SINK}", SIGNING)
"""Measured once more at the end, so that each round of the others has them before it and after it."""


def sender(name: str) -> str:
    """Who sends in a row."""
    return name.partition("/")[0]


def is_ours(name: str) -> bool:
    """Whether this product sends in it."""
    return name.startswith(DATELINE)


def needs_tools(name: str) -> bool:
    """Whether it cannot be measured without Postfix's tools."""
    return sender(name) in SOURCES or name.endswith(f"/{SMTP_SINK}")


def yardsticks() -> Mapping[str, str | float]:
    """What rows have to be compared with beside smtp-source: another row, or messages a second.

    Each connection waits out the relay's latency once for each message.
    """
    plain = f"{DATELINE}/{FAST_SINK}"
    return {
        f"{RSA}/{FAST_SINK}": SIGNING,
        f"{ED25519}/{FAST_SINK}": plain,
        f"{UNTHROTTLED}/{FAST_SINK}": plain,
        f"{DATELINE}/{GREYLISTING_SINK}": plain,
        f"{DATELINE}/{SLOW_SINK}": PROCESSES * OWN_CONNECTIONS / LATENCY,
        f"{USUAL}/{SMTP_SINK}": f"{DATELINE}/{SMTP_SINK}",
    }
