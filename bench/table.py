"""The figures as a table for people and as JSON for programs."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench import targets
from bench.growth import Growth, Step
from bench.measurement import ASIDE, PLANNING, SINK, VALKEY, YARDSTICK, Row
from bench.pages import Watched
from bench.runs import Found
from bench.scale import Size
from bench.targets import Verdict

POSTGRES = "postgres"
COLUMNS = (
    "name",
    "messages/s",
    f"× {YARDSTICK}",
    "× smtp-source, same sink",
    "× its own yardstick",
    "CPU ms",
    "sender",
    "PostgreSQL",
    "planning",
    "Valkey",
    "sink",
    "peak MB",
    "messages",
    "rounds",
)


def as_json(found: Found, people: int) -> dict[str, Any]:
    """What latest.json holds: `rows` with name, messages_per_second, cpu_ms_per_message, ratio_to_smtp_source and more.

    CPU is of the workers (or the sender) and PostgreSQL together while mail was sent; planning and the sink apart.
    """
    return {
        **_circumstances(),
        "people": people,
        "message_octets": round(found.message_octets),
        "settings": dict(found.settings),
        "left_out": list(found.left_out),
        "rows": [asdict(row) for row in found.rows],
        "targets": [asdict(verdict) for verdict in targets.of_rows(found.rows)],
    }


def sizes_as_json(sizes: Sequence[Size]) -> dict[str, Any]:
    """What scale.json holds."""
    verdicts = [asdict(verdict) for verdict in targets.of_sizes(sizes)]
    return {**_circumstances(), "rows": [asdict(size) for size in sizes], "targets": verdicts}


def pages_as_json(watched: Watched) -> dict[str, Any]:
    """What pages.json holds."""
    return {
        **_circumstances(),
        **asdict(watched),
        "targets": [asdict(verdict) for verdict in targets.of_pages(watched)],
    }


def keep(document: Mapping[str, Any], path: Path) -> None:
    """Write the document there, and its directory when missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=2) + "\n")


def show(console: Console, found: Found) -> None:
    """The table, and what is not in it."""
    table = Table(title=f"{found.message_octets:,.0f} octets a mail; CPU in ms a message; medians")
    for column in COLUMNS:
        table.add_column(column, justify="left" if column in ("name", "rounds") else "right")
    for row in found.rows:
        table.add_row(*_cells(row))
    console.print(table)
    show_targets(console, targets.of_rows(found.rows))
    for name in found.left_out:
        console.print(f"{name} is left out: neither PATH nor .cache/postfix has smtp-sink and smtp-source.")


def show_sizes(console: Console, sizes: Sequence[Size]) -> None:
    """Time, planning and memory by size of the list, and whether the time of a message grows with it."""
    table = Table(
        *("people", "planned in s", "messages/s", "ms a message", "CPU ms", "of it PostgreSQL"),
        *("sending peak MB", "planning peak MB"),
    )
    for size in sizes:
        table.add_row(
            f"{size.people:,}",
            f"{size.planning_seconds:.2f}",
            f"{size.messages_per_second:,.0f}",
            f"{size.ms:.3f}",
            f"{size.cpu_ms:.3f}",
            f"{size.postgres_cpu_ms:.3f}",
            f"{size.sending_peak_megabytes:.0f}",
            f"{size.planning_peak_megabytes:.0f}",
        )
    console.print(table)
    show_targets(console, targets.of_sizes(sizes))


def show_pages(console: Console, watched: Watched) -> None:
    """How quick the pages were while a release left."""
    rate = f"{watched.messages:,} messages, {watched.messages_per_second:,.0f}/s; {watched.account_mails} account mails"
    table = Table("page", "asked", "p50 ms", "p95 ms", "slowest ms", title=rate)
    for page in watched.pages:
        table.add_row(page.name, f"{page.asked}", f"{page.p50:.0f}", f"{page.p95:.0f}", f"{page.slowest:.0f}")
    console.print(table)
    show_targets(console, targets.of_pages(watched))


def show_targets(console: Console, verdicts: Sequence[Verdict]) -> None:
    """What was to be reached beside what was measured."""
    table = Table("to reach", "target", "measured", "met")
    for verdict in verdicts:
        table.add_row(*verdict.cells())
    if verdicts:
        console.print(table)


def growth_as_json(found: Sequence[Growth], latency: float) -> dict[str, Any]:
    """What hosts.json holds."""
    return {**_circumstances(), "latency_ms": latency, "rows": [asdict(one) for one in found]}


def show_growth(console: Console, found: Sequence[Growth], latency: float) -> None:
    """Throughput by number of worker hosts; who did what; what it cost the servers."""
    fewest = found[0].workers
    table = Table(
        "worker hosts",
        "messages/s",
        f"× {fewest}",
        "at most",
        "ms a mail of a connection",
        "CPU ms: workers",
        "PostgreSQL",
        "rounds",
        title=f"the relay takes {latency:g} ms for a message; at most: connections by latency; medians",
    )
    for one in found:
        rounds = " ".join(f"{rate:,.0f}" for rate in one.rounds)
        parts = (_figure(one.cpu_ms[part], 3) for part in ("workers", POSTGRES))
        rate, bound = f"{one.messages_per_second:,.0f}", f"{one.bound:,.0f}"
        table.add_row(str(one.workers), rate, f"{one.ratio:.2f}", bound, f"{one.cycle:.0f}", *parts, rounds)
    console.print(table)
    for one in found:
        _show_shares(console, one.steps[-1])
    _show_costs(console, found[-1].steps[-1])
    console.print("The books balance in every round: everybody wanted was accepted once, by the relay's count too.")


def _show_shares(console: Console, step: Step) -> None:
    table = Table("host", "chunks", "messages", "kB a message on the wire", "database connections")
    for share in step.shares:
        wire = share.octets / share.messages / 1000 if share.messages else 0.0
        cells = (f"{share.chunks:,}", f"{share.messages:,}", f"{wire:.1f}", str(share.database_connections))
        table.add_row(share.host, *cells)
    console.print(table)


def _show_costs(console: Console, step: Step) -> None:
    costs = step.costs
    console.print(
        f"A message costs the servers {costs.wal_octets:,.0f} B of WAL, {costs.commits:.3f} transactions, on disk "
        f"{costs.delivery_octets:.0f} B in delivery and {costs.attempt_octets:.0f} B in attempt with their indexes, "
        f"{costs.scripts:.3f} scripts in Valkey and {costs.valkey_cpu * 1000:.3f} ms of its CPU."
    )


def _cells(row: Row) -> list[str]:
    sender = sum(spent for part, spent in row.cpu_ms.items() if part not in (*ASIDE, POSTGRES))
    return [
        row.name,
        f"{row.messages_per_second:,.0f}",
        _figure(row.ratio_to_smtp_source, 2),
        _figure(row.ratio_to_smtp_source_same_sink, 2),
        "-" if row.ratio is None else f"{row.ratio:.2f} {row.beside}",
        _figure(row.cpu_ms_per_message, 3),
        _figure(sender, 3),
        _figure(row.cpu_ms.get(POSTGRES), 3),
        _figure(row.cpu_ms.get(PLANNING), 3),
        _figure(row.cpu_ms.get(VALKEY), 3),
        _figure(row.cpu_ms.get(SINK), 3),
        _figure(row.peak_megabytes, 0),
        f"{row.messages:,}",
        " ".join(f"{rate:,.0f}" for rate in row.rounds),
    ]


def _figure(value: float | None, places: int) -> str:
    return "-" if value is None else f"{value:.{places}f}"


def _circumstances() -> dict[str, Any]:
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": platform.platform(),
    }
