"""The open rows of a chunk by provider, handed out in turn: one slow provider keeps nobody else waiting."""

from collections import deque
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import NamedTuple
from uuid import UUID


class Open(NamedTuple):
    """A delivery that is due, after so many attempts, and who takes its domain's mail."""

    id: UUID
    attempts: int
    provider: str


class Rows:
    """What is left of a chunk's open rows."""

    def __init__(self, rows: Sequence[Open]) -> None:
        self._rows: dict[str, deque[Open]] = {}
        for row in rows:
            self._rows.setdefault(row.provider, deque()).append(row)
        self._turns = deque(self._rows)
        self._granted: dict[str, deque[Open]] = {}
        self._left = len(rows)

    def __len__(self) -> int:
        return self._left

    @property
    def providers(self) -> int:
        """How many providers there are rows for that nobody was granted yet."""
        return len(self._rows)

    def on_hand(self, most: int, providers: int) -> dict[str, int]:
        """At most so many rows of at most so many providers, by turns; whoever is named waits longest next time."""
        named = list(islice(self._turns, providers))
        self._turns.rotate(-len(named))
        counts = dict.fromkeys(named, 0)
        share = max(1, most // max(1, len(named)))
        for provider in named:
            counts[provider] = min(len(self._rows[provider]), share)
        for provider in named:
            missing = most - sum(counts.values())
            counts[provider] += max(0, min(len(self._rows[provider]) - counts[provider], missing))
        return counts

    def grant(self, relay: str, granted: Mapping[str, int]) -> None:
        """Keep so many rows of each provider for a relay, as far as they were not dropped in the meantime."""
        kept = self._granted.setdefault(relay, deque())
        for provider, count in granted.items():
            if not count or provider not in self._rows:
                continue
            rows = self._rows[provider]
            kept += [rows.popleft() for _ in range(min(count, len(rows)))]
            if not rows:
                self._forget(provider)

    def take(self, relay: str, most: int) -> list[Open]:
        """Hand out rows that were granted for a relay."""
        kept = self._granted.get(relay, deque())
        taken = [kept.popleft() for _ in range(min(most, len(kept)))]
        self._left -= len(taken)
        return taken

    def reclaim(self) -> None:
        """Let nobody keep what was granted: those who would have taken it have gone."""
        for row in (row for kept in self._granted.values() for row in kept):
            if row.provider not in self._rows:
                self._rows[row.provider] = deque()
                self._turns.append(row.provider)
            self._rows[row.provider].append(row)
        self._granted.clear()

    def drop(self, provider: str) -> None:
        """Hand out no more to this provider."""
        if provider in self._rows:
            self._forget(provider)
        for relay, kept in self._granted.items():
            self._granted[relay] = deque(row for row in kept if row.provider != provider)
        self._left = sum(map(len, (*self._rows.values(), *self._granted.values())))

    def _forget(self, provider: str) -> None:
        del self._rows[provider]
        self._turns.remove(provider)

    def clear(self) -> None:
        """Hand out no more."""
        self._rows.clear()
        self._turns.clear()
        self._granted.clear()
        self._left = 0
