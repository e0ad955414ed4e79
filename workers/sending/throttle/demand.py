"""What a round asks the throttle, and what it is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from service.rates import ANY, Rate


class Kind(StrEnum):
    """What a bucket is for."""

    RELAY = "relay"
    PROVIDER = "provider"
    RELEASE = "release"
    SENDER = "sender"


# Mails a second that a bucket begins with which nobody knows: a mailbox provider is to be won, a relay is paid for.
START: Mapping[Kind, float] = {Kind.RELAY: 200, Kind.PROVIDER: 20, Kind.RELEASE: 200, Kind.SENDER: 200}

# And the most it begins with after a pause: a provider that wanted to be left alone counts our first steps.
AFTER_A_PAUSE: Mapping[Kind, float] = {**START, Kind.PROVIDER: 1}
# What slowing down stops at: below it a mailing of thousands would not end the same morning for one word at its start.
LEAST: Mapping[Kind, float] = {Kind.RELAY: 20, Kind.PROVIDER: 2, Kind.RELEASE: 1, Kind.SENDER: 1}


@dataclass(frozen=True, slots=True)
class Bucket:
    """One thing that must not be mailed through, to or for too fast."""

    kind: Kind
    name: str
    rate: Rate = ANY

    @property
    def key(self) -> str:
        """Where Valkey keeps it."""
        return f"dateline:{self.kind}:{self.name}"


@dataclass(frozen=True, slots=True)
class Demand:
    """So many mails are `wanted` for one relay; `providers` says how many are on hand for each bucket of theirs.

    `commons` holds every mail's other buckets. `urgent`: a notice, before which releases stand back.
    """

    wanted: int
    commons: tuple[Bucket, ...]
    providers: Mapping[Bucket, int]
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Grant:
    """Mails that may leave now, by provider's name; if none, in how many seconds it is worth asking again.

    `shut`: nothing may leave to any provider, so that there is no use in asking for others.
    """

    mails: Mapping[str, int] = field(default_factory=dict)
    wait: float = 0.0
    shut: bool = False

    @property
    def total(self) -> int:
        """All mails that may leave now."""
        return sum(self.mails.values())


class Throttle(Protocol):
    """Who decides how fast."""

    async def take(self, demand: Demand) -> Grant:
        """Take what may leave now. Never raises: a throttle that cannot be asked lets next to nothing through."""
        ...

    async def slow(self, bucket: Bucket, *, pause: float = 0.0) -> None:
        """Somebody asked us to slow down, or to leave them alone for `pause` seconds."""
        ...

    async def connections(self, relay: str, wanted: int, most: int) -> int:
        """How many of the `wanted` connections to a relay this process may hold, of `most` for all together."""
        ...

    async def close(self) -> None: ...
