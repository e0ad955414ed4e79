"""What one measurement found, and the row of the table that several of them make."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import fmean, median
from types import MappingProxyType

YARDSTICK = "smtp-source/smtp-sink"
SIGNING = "rsa-2048/two-processes"
"""Two processes that only sign: nothing is sent, so smtp-source is nothing to compare with."""
SINK = "sink"
PLANNING = "planning"
VALKEY = "valkey"
ASIDE = (SINK, PLANNING, VALKEY)
"""Parts of the CPU time that are shown, and are not the cost of sending a message."""
EMPTY: Mapping[str, str | float] = MappingProxyType({})


class NotMeasured(Exception):
    """The figures must not be believed: the message says what was not as it has to be."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """One sender against one sink; `cpu` is seconds by part, `peak_megabytes` is of the largest sending process.

    `answers` are those within `seconds` where they are not the messages: deferred ones count, later tries do not.
    """

    messages: int
    seconds: float
    cpu: Mapping[str, float]
    peak_megabytes: float | None = None
    answers: int | None = None

    @property
    def rate(self) -> float:
        """Messages in a second, or answers."""
        return (self.messages if self.answers is None else self.answers) / self.seconds

    def cpu_ms(self, part: str) -> float:
        """Milliseconds of CPU that a part took for each message."""
        return self.cpu[part] * 1000 / self.messages

    @property
    def sending_cpu_ms(self) -> float:
        """Milliseconds of CPU for each message, of all that sends it."""
        return sum(self.cpu_ms(part) for part in self.cpu if part not in ASIDE)


@dataclass(frozen=True, slots=True)
class Row:
    """The medians of a sender against a sink. A ratio is None when what it is to was not measured beside it.

    `ratio` is to the row's own yardstick, named in `beside`.
    """

    name: str
    messages: int
    messages_per_second: float
    cpu_ms_per_message: float
    cpu_ms: Mapping[str, float]
    ratio_to_smtp_source: float | None
    ratio_to_smtp_source_same_sink: float | None
    peak_megabytes: float | None
    rounds: tuple[float, ...]
    beside: str | None = None
    ratio: float | None = None


def rows(taken: Mapping[str, Sequence[Measurement]], yardsticks: Mapping[str, str | float] = EMPTY) -> list[Row]:
    """One row for each name measured, `sender/sink`; some have a yardstick of their own, a row or messages a second."""
    return [_beside(_row(name, taken), taken, yardsticks.get(name)) for name in taken]


def _beside(row: Row, taken: Mapping[str, Sequence[Measurement]], yardstick: str | float | None) -> Row:
    if yardstick is None:
        return row
    if isinstance(yardstick, str):
        return replace(row, beside=yardstick, ratio=paired(row.rounds, _rates(taken.get(yardstick, ()))))
    return replace(row, beside=f"{yardstick:,.0f}/s", ratio=row.messages_per_second / yardstick)


def _row(name: str, taken: Mapping[str, Sequence[Measurement]]) -> Row:
    found = taken[name]
    sink = name.rpartition("/")[2]
    same = paired(_rates(found), _rates(taken.get(f"smtp-source/{sink}", ())))
    yardstick = [] if name == SIGNING else _rates(taken.get(YARDSTICK, ()))
    beside = same if f"smtp-source/{sink}" == YARDSTICK else _ratio(_rates(found), yardstick)
    peaks = [one.peak_megabytes for one in found if one.peak_megabytes is not None]
    return Row(
        name=name,
        messages=min(one.messages for one in found),
        messages_per_second=median(_rates(found)),
        cpu_ms_per_message=median(one.sending_cpu_ms for one in found),
        cpu_ms={part: median(one.cpu_ms(part) for one in found) for part in found[0].cpu},
        ratio_to_smtp_source=beside,
        ratio_to_smtp_source_same_sink=same,
        peak_megabytes=max(peaks, default=None),
        rounds=tuple(_rates(found)),
    )


def paired(rates: Sequence[float], yardstick: Sequence[float]) -> float | None:
    """The median ratio, each rate to the yardstick's right before and right after it: a noisy machine changes both.

    `yardstick` has one rate more than `rates`; of the yardstick itself it is 1, of nothing to compare with None.
    """
    if len(rates) >= len(yardstick):
        return _ratio(rates, yardstick)
    between = [fmean(pair) for pair in pairwise(yardstick)]
    return median(rate / beside for rate, beside in zip(rates, between, strict=True))


def _ratio(rates: Sequence[float], yardstick: Sequence[float]) -> float | None:
    return median(rates) / median(yardstick) if yardstick else None


def _rates(found: Sequence[Measurement]) -> list[float]:
    return [one.rate for one in found]
