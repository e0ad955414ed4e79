"""Several relays as one: shared out by weight, each with its own circuit, another one when one does not answer.

It has the contract of a relay, so whoever sends does not know how many there are. Circuits are a process's own: each
finds out for itself, and none depends on the others' clocks.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

from workers.relays.circuit import Circuit, Clock
from workers.relays.kinds import relay_at
from workers.relays.relay import Connection, Full, LoginRefused, Relay, Unavailable, Untrusted
from workers.relays.url import parse_all
from workers.relays.wire import Timeouts

Alarm = Callable[[str, Unavailable], None]
"""Told the relay's name and its LoginRefused or Untrusted: a person has to see to it. Called inside the event loop."""


def nobody(name: str, fault: Unavailable) -> None:
    """No alarm: whoever connects hears of the fault all the same, when no other relay answers."""


def itself(relay: Relay) -> Relay:
    """Nothing stands before the relay."""
    return relay


class Member:
    """One relay of a pool. Of weight 0: only when no other answers."""

    def __init__(self, relay: Relay, weight: int, clock: Clock) -> None:
        self.relay = relay
        self.weight = weight
        self.credit = 0
        self.circuit = Circuit(clock)
        self.alarmed: type[Unavailable] | None = None


class Pool:
    """The relays of an installation. Raises ValueError when there is none, or two of one name."""

    def __init__(
        self, relays: Sequence[tuple[Relay, int]], *, alarm: Alarm = nobody, clock: Clock = time.monotonic
    ) -> None:
        self._members = [Member(relay, weight, clock) for relay, weight in relays]
        self._alarm = alarm
        names = [member.relay.name for member in self._members]
        if not names or len(set(names)) < len(names):
            raise ValueError("a pool has relays, and each a name of its own")
        self.name = ", ".join(names)

    async def connect(self) -> Connection:
        """A connection to the relay whose turn it is, or to the next that answers. Raises what the last one raised."""
        fault = Unavailable("every relay rests after its failures")
        for member in self._in_turn():
            try:
                connection = await member.relay.connect()
            except Full as full:
                member.circuit.give_up()
                fault = full
            except Unavailable as why:
                self._failed(member, why)
                fault = why
            except BaseException:
                member.circuit.give_up()
                raise
            else:
                member.circuit.succeed()
                member.alarmed = None
                return connection
        raise fault

    def _in_turn(self) -> Iterator[Member]:
        """First one that is due for a probe, as the others would never leave it a turn; then all in use, by weight."""
        for member in self._members:
            if member.circuit.is_due:
                member.circuit.probe()
                yield member
                break
        yield from self._by_weight([member for member in self._members if member.circuit.is_closed])

    @staticmethod
    def _by_weight(members: list[Member]) -> list[Member]:
        # Smooth weighted round robin: of four connections, 3:1 gives three and one, never four and none.
        for member in members:
            member.credit += member.weight
        members.sort(key=lambda member: (member.weight > 0, member.credit), reverse=True)
        if members:
            members[0].credit -= sum(member.weight for member in members)
        return members

    def _failed(self, member: Member, why: Unavailable) -> None:
        needs_a_person = isinstance(why, LoginRefused | Untrusted)
        member.circuit.fail(for_sure=needs_a_person)
        if needs_a_person and member.alarmed is not type(why):
            member.alarmed = type(why)
            self._alarm(member.relay.name, why)


def pool(
    urls: str, *, alarm: Alarm = nobody, timeouts: Timeouts | None = None, among: Callable[[Relay], Relay] = itself
) -> Pool:
    """The pool of the setting RELAY; `among` may stand before each relay. Raises ValueError, never quoting a URL."""
    places = parse_all(urls)
    return Pool([(among(relay_at(place, timeouts)), place.weight) for place in places], alarm=alarm)
