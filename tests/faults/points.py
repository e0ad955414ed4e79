"""Named points in the life of one mail, found by what passes over the worker's links; the product knows of none.

A proxy sees the bytes that mark the point, and what is to happen happens before they go on, or right after they have.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from tests.faults.proxy import Pair, Proxy, Toward

Act = Callable[[Pair], None]


class Point(StrEnum):
    """Where a worker can be killed; the name says what has happened last."""

    BEFORE_CLAIM = "before the claim of the chunk is committed"
    AFTER_CLAIM = "after the claim of the chunk"
    BEFORE_ATTEMPTING = "before `attempting` is committed"
    AFTER_ATTEMPTING = "after `attempting` is committed"
    AFTER_MAIL = "after MAIL"
    AFTER_RCPT = "after RCPT"
    IN_DATA = "in DATA"
    AFTER_DOT = "after the dot, before its 250"
    AFTER_250 = "after the 250, before the commit"
    AFTER_COMMIT = "after the commit"


MAY_DOUBLE = frozenset({Point.AFTER_DOT, Point.AFTER_250})
"""RFC 1047: at these two nobody can know."""
ONCE = frozenset({Point.BEFORE_CLAIM, Point.AFTER_CLAIM, Point.BEFORE_ATTEMPTING})
"""Passed as such once in a session: a claim's words are sent once, and every later round tells of a 250 as well."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What passes at a point: these bytes, that way, on that link, and whether they still get through."""

    link: str
    toward: Toward
    has: bytes
    passes: bool = False
    half: bool = False
    after: bytes = b""


CLAIM = b"UPDATE chunk c SET epoch"
TOLD = b'"accepted"'
NEXT = b'"number"'
READY = b"Z\x00\x00\x00\x05I"
"""PostgreSQL's ReadyForQuery outside a transaction: what was asked for is committed."""
MARKS = {
    Point.BEFORE_CLAIM: Mark("database", Toward.SERVER, CLAIM),
    Point.AFTER_CLAIM: Mark("database", Toward.CLIENT, READY, after=CLAIM),
    Point.BEFORE_ATTEMPTING: Mark("database", Toward.SERVER, NEXT),
    Point.AFTER_ATTEMPTING: Mark("database", Toward.CLIENT, READY, after=NEXT),
    Point.AFTER_MAIL: Mark("relay", Toward.CLIENT, b"250 2.1.0", half=True),
    Point.AFTER_RCPT: Mark("relay", Toward.CLIENT, b"250 2.1.5"),
    Point.IN_DATA: Mark("relay", Toward.SERVER, b"Message-ID:", half=True),
    Point.AFTER_DOT: Mark("relay", Toward.SERVER, b"\r\n.\r\n", passes=True),
    Point.AFTER_250: Mark("database", Toward.SERVER, TOLD),
    Point.AFTER_COMMIT: Mark("database", Toward.CLIENT, READY, after=TOLD),
}


class Trap:
    """Springs when a point is passed for the n-th time, and then never again."""

    def __init__(self, proxy: Proxy, mark: Mark, act: Act, *, nth: int = 1) -> None:
        self._mark = mark
        self._act = act
        self._left = nth
        self._armed: set[Pair] = set()
        proxy.tamper = self.sees

    @property
    def sprung(self) -> bool:
        """Whether it has happened."""
        return self._left <= 0

    def sees(self, pair: Pair, toward: Toward, data: bytes) -> bytes | None:
        """A piece on its way."""
        mark = self._mark
        if mark.after and toward is Toward.SERVER and mark.after in data:
            self._armed.add(pair)
        if self.sprung or toward is not mark.toward or mark.has not in data:
            return data
        if mark.after and pair not in self._armed:
            return data
        self._armed.discard(pair)
        self._left -= 1
        if not self.sprung:
            return data
        return self._spring(pair, toward, data)

    def _spring(self, pair: Pair, toward: Toward, data: bytes) -> bytes | None:
        if self._mark.passes:
            pair.write(toward, data)
        elif self._mark.half:
            pair.write(toward, data[: data.index(self._mark.has) + len(self._mark.has)])
        self._act(pair)
        return None
