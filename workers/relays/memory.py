"""A relay that keeps what it is given: the twin for tests, with the same contract."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from workers.relays.relay import Answer, Envelope, Outcome, Stage, Unavailable

ACCEPTED = Answer(Outcome.ACCEPTED, Stage.DOT, 250, "2.0.0", "2.0.0 Ok")


class MemoryRelay:
    """Remembers accepted envelopes in `sent` and every attempt in `tried`.

    `tell` says what the next attempts are answered (for one recipient, or whoever is next); `unavailable` makes
    `connect` raise it until it is set back to None; `asked` counts the connections that were wanted.
    """

    def __init__(
        self, *, name: str = "memory", eight_bit: bool = True, utf8: bool = True, size: int | None = None
    ) -> None:
        self.name = name
        self.signs_itself = False
        self.eight_bit, self.utf8, self.size = eight_bit, utf8, size
        self.sent: list[Envelope] = []
        self.tried: list[Envelope] = []
        self.connections: list[MemoryConnection] = []
        self.unavailable: Unavailable | None = None
        self.asked = 0
        self._answers: dict[str | None, deque[Answer]] = {}

    def tell(self, *answers: Answer, to: str | None = None) -> None:
        """Answer the next attempts so: those for the recipient `to`, or any."""
        self._answers.setdefault(to, deque()).extend(answers)

    async def connect(self) -> MemoryConnection:
        self.asked += 1
        if self.unavailable is not None:
            raise self.unavailable
        self.connections.append(MemoryConnection(self))
        return self.connections[-1]

    def receive(self, envelope: Envelope) -> Answer:
        """Take one envelope and answer as told, else accept."""
        self.tried.append(envelope)
        told = self._next((envelope.recipient, None))
        if told.outcome is Outcome.ACCEPTED:
            self.sent.append(envelope)
        return told

    def _next(self, whom: Iterable[str | None]) -> Answer:
        for who in whom:
            if self._answers.get(who):
                return self._answers[who].popleft()
        return ACCEPTED


class MemoryConnection:
    """A connection to it; like a real one it is gone after an UNCERTAIN or a 421."""

    def __init__(self, relay: MemoryRelay) -> None:
        self._relay = relay
        self.eight_bit, self.utf8, self.size = relay.eight_bit, relay.utf8, relay.size
        self.relay = relay.name
        self.signs_itself = relay.signs_itself
        self.closed = False

    async def send(self, envelope: Envelope) -> Answer:
        if self.closed:
            return Answer(Outcome.DEFERRED, Stage.CONNECT, text="closed")
        answer = self._relay.receive(envelope)
        if answer.code in {None, 421} and answer.outcome in {Outcome.DEFERRED, Outcome.UNCERTAIN}:
            self.closed = True
        return answer

    async def close(self) -> None:
        self.closed = True
