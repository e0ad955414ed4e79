"""What is to be reached, and whether it was."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bench.lineup import DATELINE, ED25519, RSA, UNTHROTTLED, USUAL
from bench.measurement import Row
from bench.pages import Watched
from bench.scale import Size, growth
from bench.sinks import FAST_SINK, GREYLISTING_SINK, SLOW_SINK, SMTP_SINK

Rows = Mapping[str, Row]
PLAIN = f"{DATELINE}/{FAST_SINK}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One figure beside its target; `target` None: it is shown, and nothing was promised of it."""

    what: str
    measured: float
    target: float | None
    at_least: bool

    @property
    def met(self) -> bool:
        """Whether it is as was promised."""
        if self.target is None:
            return True
        return self.measured >= self.target if self.at_least else self.measured <= self.target

    def cells(self) -> tuple[str, str, str, str]:
        """As a row of a table."""
        target = "-" if self.target is None else f"{'>=' if self.at_least else '<='} {self.target:g}"
        return self.what, target, f"{self.measured:.3g}", "yes" if self.met else "NO"


@dataclass(frozen=True, slots=True)
class _Target:
    what: str
    figure: Callable[[Rows], float | None]
    target: float | None
    at_least: bool = True


TARGETS = (
    _Target(
        "dateline to smtp-source, the same smtp-sink",
        lambda rows: rows[f"{DATELINE}/{SMTP_SINK}"].ratio_to_smtp_source_same_sink,
        1.0,
    ),
    _Target("dateline to the fast sink, to smtp-source", lambda rows: rows[PLAIN].ratio_to_smtp_source, 1.5),
    _Target(
        "dateline to the usual way",
        lambda rows: (
            rows[f"{DATELINE}/{SMTP_SINK}"].messages_per_second / rows[f"{USUAL}/{SMTP_SINK}"].messages_per_second
        ),
        10,
    ),
    _Target(
        "CPU of workers and PostgreSQL, ms a message", lambda rows: rows[PLAIN].cpu_ms_per_message, 0.15, at_least=False
    ),
    _Target("memory of a sending process, MB", lambda rows: rows[PLAIN].peak_megabytes, 200, at_least=False),
    _Target("signed with RSA-2048, to two processes that only sign", lambda rows: _ratio(rows, RSA, FAST_SINK), 0.9),
    _Target("signed with Ed25519, to unsigned", lambda rows: _ratio(rows, ED25519, FAST_SINK), None),
    _Target("50 ms of latency, to connections x 1/latency", lambda rows: _ratio(rows, DATELINE, SLOW_SINK), 0.9),
    _Target("one in twenty put off, answers to answers", lambda rows: _ratio(rows, DATELINE, GREYLISTING_SINK), 0.9),
    _Target("the throttle in the sending processes, ms a message", lambda rows: _throttle(rows), 0.01, at_least=False),
)


def of_rows(rows: Sequence[Row]) -> list[Verdict]:
    """The targets whose rows were measured."""
    known = {row.name: row for row in rows}
    return [
        Verdict(target.what, figure, target.target, target.at_least)
        for target in TARGETS
        if (figure := _figure(target, known)) is not None
    ]


def of_sizes(sizes: Sequence[Size]) -> list[Verdict]:
    """How much more a message takes in a longer list than in a shorter one, where there are several."""
    if len(sizes) < 2:
        return []
    by_length = sorted(sizes, key=lambda size: size.people)
    wall, cpu = growth([size.ms for size in by_length]), growth([size.cpu_ms for size in by_length])
    return [
        Verdict("time of a message in a longer list, to a shorter one, less one", wall, 0.1, at_least=False),
        Verdict("CPU of a message in a longer list, to a shorter one, less one", cpu, 0.1, at_least=False),
    ]


def of_pages(watched: Watched) -> list[Verdict]:
    """Pages in half a second, account mail in ten, while a release leaves."""
    slowest = max(page.p95 for page in watched.pages)
    return [
        Verdict("p95 of the slowest page, ms", slowest, 500, at_least=False),
        Verdict("slowest acceptance of an account mail, s", watched.slowest_account_mail, 10, at_least=False),
    ]


def _figure(target: _Target, rows: Rows) -> float | None:
    try:
        return target.figure(rows)
    except KeyError:
        return None


def _ratio(rows: Rows, sender: str, sink: str) -> float | None:
    return rows[f"{sender}/{sink}"].ratio


def _throttle(rows: Rows) -> float:
    return rows[PLAIN].cpu_ms["workers"] - rows[f"{UNTHROTTLED}/{FAST_SINK}"].cpu_ms["workers"]
