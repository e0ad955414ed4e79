"""A circuit breaker: who failed again and again is left alone for a while, then asked by one, then by all."""

from __future__ import annotations

from collections.abc import Callable

FAILURES = 3
FIRST_REST = 15.0
LONGEST_REST = 60.0
"""A minute after a relay is back its mail flows again."""
LONGEST_REST_FOR_SURE = 300.0
"""What a person has to mend is not mended within a minute, and a login refused again and again is locked."""

Clock = Callable[[], float]


class Circuit:
    """Closed: in use. Open: resting, each rest twice as long as the last. Half open: one probe is on its way.

    `clock` gives seconds that only go forward.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failures = 0
        self._rest = FIRST_REST
        self._until: float | None = None
        self._is_probed = False

    @property
    def is_closed(self) -> bool:
        """It may be used by everybody."""
        return self._until is None

    @property
    def is_due(self) -> bool:
        """It has rested, and nobody is asking it yet."""
        return self._until is not None and not self._is_probed and self._clock() >= self._until

    def probe(self) -> None:
        """Somebody asks; the others wait for what comes of it."""
        self._is_probed = True

    def give_up(self) -> None:
        """Nothing came of it, neither way: the next one may ask."""
        self._is_probed = False

    def succeed(self) -> None:
        """It answers."""
        self._failures, self._rest, self._until, self._is_probed = 0, FIRST_REST, None, False

    def fail(self, *, for_sure: bool) -> None:
        """It does not answer; `for_sure`: asking twice more would not change that."""
        self._failures += 1
        if self._until is not None:
            if self._is_probed:
                self._rest = min(self._rest * 2, LONGEST_REST_FOR_SURE if for_sure else LONGEST_REST)
                self._open()
        elif for_sure or self._failures >= FAILURES:
            self._open()

    def _open(self) -> None:
        self._is_probed = False
        self._until = self._clock() + self._rest
