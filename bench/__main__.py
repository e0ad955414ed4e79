"""Run the benchmarks: `python -m bench --people 100000`, or instead `--scale`, `--pages`, `--hosts 1 2 3`."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from bench import hosts, pages, runs, scale, table
from bench.lineup import NAMES
from bench.measurement import NotMeasured
from bench.runs import Wish
from service import logs
from service.errors import Refused
from service.settings import settings
from service.supervisor import AlreadyRunning, NotReady, stopped_by_signals

STOPPED = 130
"""The exit code of what Ctrl-C has ended."""


PEOPLE = 100_000
CONNECTIONS = 48
"""More than the product's own 16, which spares relays that count connections; a sink does not, and rounds grow."""
HOSTS = (1, 2, 3)
HOSTS_PEOPLE = 20_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, keep the figures, show them; 1 when they must not be believed."""
    options = _parser().parse_args(arguments)
    logs.configure()
    journal: Path = (options.journal or settings().data_dir / "bench").resolve()
    console = Console(stderr=options.json, width=None if sys.stdout.isatty() else 200)
    document = None
    try:
        with stopped_by_signals():
            document = _measure(options)(options, journal, console)
    except (NotMeasured, NotReady, AlreadyRunning, Refused) as fault:
        console.print(f"Not measured: {fault}", markup=False)
        return 1
    if document is None:
        return STOPPED
    if options.json:
        print(json.dumps(document, indent=2))
    return 0


def _measure(options: argparse.Namespace) -> Callable[[argparse.Namespace, Path, Console], dict[str, Any]]:
    if options.hosts is not None:
        return _hosts
    if options.pages:
        return _pages
    return _rows if options.scale is None else _sizes


def _rows(options: argparse.Namespace, journal: Path, console: Console) -> dict[str, Any]:
    people, connections = options.people or PEOPLE, options.connections or CONNECTIONS
    wish = Wish(people, options.rounds, options.only or NAMES, options.chunk_size, connections)
    found = runs.run(wish, journal / "data")
    document = table.as_json(found, wish.people)
    table.keep(document, journal / "latest.json")
    table.show(console, found)
    return document


def _sizes(options: argparse.Namespace, journal: Path, console: Console) -> dict[str, Any]:
    found = scale.run(options.scale or scale.SIZES, journal / "data")
    document = table.sizes_as_json(found)
    table.keep(document, journal / "scale.json")
    table.show_sizes(console, found)
    return document


def _hosts(options: argparse.Namespace, journal: Path, console: Console) -> dict[str, Any]:
    numbers = sorted(set(options.hosts or HOSTS))
    people = options.people or HOSTS_PEOPLE
    wish = hosts.Wish(numbers, options.rounds, people, options.latency, options.chunk_size, options.connections)
    found = hosts.run(wish, journal / "data")
    document = table.growth_as_json(found, options.latency)
    table.keep(document, journal / "hosts.json")
    table.show_growth(console, found, options.latency)
    return document


def _number(words: str) -> int:
    if not words.isdecimal() or int(words) < 1:
        raise argparse.ArgumentTypeError(f"{words!r} is no number from 1 on")
    return int(words)


def _pages(options: argparse.Namespace, journal: Path, console: Console) -> dict[str, Any]:
    found = pages.run(options.people or PEOPLE, journal / "data")
    document = table.pages_as_json(found)
    table.keep(document, journal / "pages.json")
    table.show_pages(console, found)
    return document


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--people", type=_number, metavar="N", help=f"people in the list ({PEOPLE:,}; with --hosts {HOSTS_PEOPLE:,})"
    )
    parser.add_argument("--rounds", type=_number, default=3, metavar="N", help="times each is measured (%(default)s)")
    parser.add_argument("--only", action="append", choices=NAMES, metavar="NAME", help=f"of {', '.join(NAMES)}; repeat")
    parser.add_argument(
        "--chunk-size", type=_number, metavar="N", help="deliveries in a chunk (the product's own; with --hosts 250)"
    )
    parser.add_argument(
        "--connections",
        type=_number,
        metavar="N",
        help=f"of each process to the relay ({CONNECTIONS}; with --hosts the product's own)",
    )
    parser.add_argument("--journal", type=Path, metavar="DIR", help="keeps latest.json and logs (DATA_DIR/bench)")
    parser.add_argument("--json", action="store_true", help="the document on standard output, the table on the other")
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument(
        "--hosts",
        type=_number,
        nargs="*",
        metavar="N",
        help="instead: throughput by number of worker hosts, as network namespaces (1 2 3); needs root",
    )
    parser.add_argument(
        "--latency",
        type=_number,
        default=50,
        metavar="MS",
        help="with --hosts: the relay's for a message (%(default)s)",
    )
    instead.add_argument(
        "--scale", type=_number, nargs="*", metavar="N", help="instead: time, planning, memory by size of list"
    )
    instead.add_argument("--pages", action="store_true", help="instead: pages and account mail while a release leaves")
    return parser


if __name__ == "__main__":
    sys.exit(main())
