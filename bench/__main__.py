"""Run the benchmarks: `python -m bench --people 100000`, `python -m bench --scale`, `python -m bench --pages`."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from bench import pages, runs, scale, table
from bench.lineup import NAMES
from bench.measurement import NotMeasured
from bench.runs import Wish
from service import logs
from service.errors import Refused
from service.settings import settings
from service.supervisor import AlreadyRunning, NotReady, stopped_by_signals

STOPPED = 130
"""The exit code of what Ctrl-C has ended."""


CONNECTIONS = 48
"""More than the product's own 16, which spares relays that count connections; a sink does not, and rounds grow."""


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
    if options.pages:
        return _pages
    return _rows if options.scale is None else _sizes


def _rows(options: argparse.Namespace, journal: Path, console: Console) -> dict[str, Any]:
    wish = Wish(options.people, options.rounds, options.only or NAMES, options.chunk_size, options.connections)
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


def _pages(options: argparse.Namespace, journal: Path, console: Console) -> dict[str, Any]:
    found = pages.run(options.people, journal / "data")
    document = table.pages_as_json(found)
    table.keep(document, journal / "pages.json")
    table.show_pages(console, found)
    return document


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--people", type=int, default=100_000, metavar="N", help="people in the list (%(default)s)")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="times each is measured (%(default)s)")
    parser.add_argument("--only", action="append", choices=NAMES, metavar="NAME", help=f"of {', '.join(NAMES)}; repeat")
    parser.add_argument("--chunk-size", type=int, metavar="N", help="deliveries in a chunk (the product's own)")
    parser.add_argument(
        "--connections", type=int, metavar="N", default=CONNECTIONS, help="of each process to the relay"
    )
    parser.add_argument("--journal", type=Path, metavar="DIR", help="keeps latest.json and logs (DATA_DIR/bench)")
    parser.add_argument("--json", action="store_true", help="the document on standard output, the table on the other")
    parser.add_argument(
        "--scale", type=int, nargs="*", metavar="N", help="instead: time, planning, memory by size of list"
    )
    parser.add_argument("--pages", action="store_true", help="instead: pages and account mail while a release leaves")
    return parser


if __name__ == "__main__":
    sys.exit(main())
