"""What steps of more and more worker hosts say: who did how much, and how the rate grew with them."""

import json
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from statistics import median
from typing import Any

from bench.costs import Costs
from bench.measurement import Measurement

WORKED = "chunk worked"
"""What a worker's log says when it has worked on a chunk."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one worker host did of a release: chunks, messages, octets sent; and its connections to PostgreSQL."""

    host: str
    chunks: int
    messages: int
    octets: int
    database_connections: int


@dataclass(frozen=True, slots=True)
class Step:
    """One release by so many worker hosts, and what it cost the servers for each message.

    `cycle` is the median of a connection's milliseconds from one mail's row to the next: the relay's latency and ours.
    """

    workers: int
    measurement: Measurement
    cycle: float
    shares: tuple[Share, ...]
    costs: Costs


@dataclass(frozen=True, slots=True)
class Growth:
    """The medians of a number of worker hosts; `ratio` is that to the fewest hosts of the same round.

    `bound` is connections by latency: more messages cannot leave in a second, whatever the machine.
    """

    workers: int
    messages: int
    messages_per_second: float
    ratio: float
    cycle: float
    bound: float
    cpu_ms: Mapping[str, float]
    rounds: tuple[float, ...]
    steps: tuple[Step, ...]


def growth(steps: Sequence[Step], *, bound: float) -> list[Growth]:
    """One for each number of hosts, in its order; `bound` is that of one host."""
    by_number = {step.workers: [one for one in steps if one.workers == step.workers] for step in steps}
    fewest = by_number[min(by_number)]
    return [_growth(by_number[number], fewest, number * bound) for number in sorted(by_number)]


def _growth(taken: Sequence[Step], fewest: Sequence[Step], bound: float) -> Growth:
    found = [step.measurement for step in taken]
    ratios = [one.rate / step.measurement.rate for one, step in zip(found, fewest, strict=True)]
    return Growth(
        workers=taken[0].workers,
        messages=found[0].messages,
        messages_per_second=median(one.rate for one in found),
        ratio=median(ratios),
        cycle=median(step.cycle for step in taken),
        bound=bound,
        cpu_ms={part: median(one.cpu_ms(part) for one in found) for part in found[0].cpu},
        rounds=tuple(one.rate for one in found),
        steps=tuple(taken),
    )


def worked(log: Iterable[str], chunks: Set[int] | None = None) -> tuple[int, int]:
    """How many chunks a worker worked on and how many messages it had admitted in them, by its own JSON log.

    A chunk whose mail had left before was found empty: it does not count. Of these `chunks` only, if they are given.
    """
    taken: set[int] = set()
    messages = 0
    for line in log:
        entry = _entry(line)
        if entry.get("event") != WORKED or not (chunks is None or entry["chunk"] in chunks):
            continue
        messages += int(entry["admitted"])
        if entry["admitted"]:
            taken.add(int(entry["chunk"]))
    return len(taken), messages


def _entry(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
