"""How quick the newsroom is with 10,000 releases: `python -m bench.newsroom_pages`. Real gunicorn, embedded PostgreSQL."""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from statistics import median, quantiles
from urllib.error import HTTPError
from urllib.request import urlopen

from sqlalchemy import text

from bench import newsroom, service, sinks
from bench.pages import PATIENCE, Page
from bench.sinks import HOST
from service import db, releases
from service.cli import processes as commands
from service.models import Edition, Release, ReleaseState, ReleaseTopic, Revision
from service.newsroom import publishing
from service.settings import settings
from service.supervisor import Servers, listening, processes

WORDS = "river level water steppe commission report data embankment flood drought season measure council"
RUSSIAN = "уровень реки вода степь комиссия доклад данные набережная паводок засуха сезон замер совет"
BODY = "\n\n".join(" ".join((WORDS.split() * 6)[turn:]) for turn in range(6))


def main() -> None:
    """Fill a newsroom, ask for each of its pages, and print the milliseconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--releases", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dateline-bench-", dir="/var/tmp") as folder:
        Path(folder).chmod(0o755)
        with service.servers(Path(folder) / "data", chunk_size=None, connections=None) as servers:
            slug, hidden = _fill(options.releases)
            with _pages(servers) as web:
                measured = _measure(web, slug, options.times)
                _, apart = _timing(web, slug, hidden, options.times * 5)
    if options.json:
        json.dump({"pages": [asdict(one) for one in measured], "embargo_apart_ms": apart}, sys.stdout, indent=2)
        return
    for one in measured:
        print(f"{one.name:34} {one.asked:5} times  p50 {one.p50:6.1f}  p95 {one.p95:6.1f}  slowest {one.slowest:6.1f} ms")
    print(f"an embargoed release and none: medians {apart:.2f} ms apart over {options.times * 5} each")


def _fill(number: int) -> tuple[str, str]:
    """Public releases, one an hour, and one under embargo; the slugs of a public one and of that one."""
    with db.transaction() as session:
        office = newsroom.found(session, "rivers")
    slugs = []
    for first in range(0, number + 1, 500):
        with db.transaction() as session:
            made = [_write(session, office, place) for place in range(first, min(first + 500, number + 1))]
            slugs += made
    with db.transaction() as session:
        session.execute(text("UPDATE publication SET opens_at = clock_timestamp() - make_interval(hours => n::int)"
                             " FROM (SELECT release_id AS id, row_number() OVER (ORDER BY release_id DESC) AS n"
                             " FROM publication) AS numbered WHERE release_id = id"))  # fmt: skip
        session.execute(
            text("UPDATE publication SET opens_at = clock_timestamp() + interval '1 day' WHERE slug = :slug"),
            {"slug": slugs[-1]},
        )
    service.settle()
    return slugs[len(slugs) // 2], slugs[-1]
