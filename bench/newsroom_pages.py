"""How quick the newsroom is with 10,000 releases: `python -m bench.newsroom_pages`. Real gunicorn and PostgreSQL."""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from urllib.error import HTTPError
from urllib.request import urlopen

from sqlalchemy import text
from sqlalchemy.orm import Session

from bench import newsroom, service, sinks
from bench.measurement import NotMeasured
from bench.pages import PATIENCE, Page
from bench.sinks import HOST
from service import approvals, db, releases
from service.cli import processes as commands
from service.models import Edition, Publication, Release, ReleaseTopic
from service.settings import settings
from service.supervisor import Servers, listening, processes

WORDS = "river level water steppe commission report data embankment flood drought season measure council"
RUSSIAN = "уровень реки вода степь комиссия доклад данные набережная паводок засуха сезон замер совет"
HOURS = """
    UPDATE publication SET opens_at = clock_timestamp() - make_interval(hours => n::int)
    FROM (SELECT release_id AS id, row_number() OVER (ORDER BY release_id DESC) AS n FROM publication) AS numbered
    WHERE release_id = id
"""
TOMORROW = "UPDATE publication SET opens_at = clock_timestamp() + interval '1 day' WHERE slug = :slug"
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
                far = max(1, options.releases // 25)
                measured = _measure(web, slug, options.times, far=far)
                anew = _measure(web, slug, options.times, far=far, anew=True)
                apart = _apart(web, hidden, options.times)
    if options.json:
        said = {"pages": list(map(asdict, measured)), "made_anew": list(map(asdict, anew)), "embargo_apart_ms": apart}
        json.dump(said, sys.stdout, indent=2)
        return
    print(f"{'ms, each ' + str(options.times) + ' times':34}         as they come         made anew each time")
    print(f"{'':34}   p50    p95  slowest      p50    p95  slowest")
    for one, other in zip(measured, anew, strict=True):
        print(f"{one.name:34}{_figures(one)}   {_figures(other)}")
    print(f"an embargoed release and none: medians {apart:.2f} ms apart, {options.times} times each")


def _fill(number: int) -> tuple[str, str]:
    """Public releases, one an hour, and one under embargo; the slugs of one in the middle and of that one."""
    with db.transaction() as session:
        office = newsroom.found(session, "rivers")
    slugs: list[str] = []
    for first in range(0, number + 1, 500):
        with db.transaction() as session:
            slugs += [_write(session, office, place) for place in range(first, min(first + 500, number + 1))]
    with db.transaction() as session:
        session.execute(text(HOURS))
        session.execute(text(TOMORROW), {"slug": slugs[-1]})
        session.execute(text("ANALYZE publication, published_edition, revision"))
    return slugs[len(slugs) // 2], slugs[-1]


def _write(session: Session, office: newsroom.Newsroom, place: int) -> str:
    release = Release(sender_id=office.sender.id, written_by=office.ada.id)
    words = {"body": BODY, "boilerplate": WORDS, "dateline": "Astana, 22 January 2024 –"}
    release.editions = [
        Edition(language="en", headline=f"River level {place}", lead=WORDS, **words),
        Edition(language="ru", headline=f"Уровень реки {place}", lead=RUSSIAN, position=1, **words),
    ]
    release.topics = [ReleaseTopic(topic_id=office.everybody.id)]
    session.add(release)
    session.flush()
    approvals.approve(session, release, by=office.ben)
    releases.schedule(session, release, datetime.now(UTC), by=office.ada)
    return session.get_one(Publication, release.id).slug


@contextmanager
def _pages(servers: Servers) -> Iterator[str]:
    """Gunicorn with the pages; where it is."""
    address = f"{HOST}:{sinks.free_port()}"
    env = {**service.environment(servers, address), "WEB_LISTEN": address}
    port = int(address.rpartition(":")[2])
    web = processes.start(replace(commands.web(settings(), env, servers.data), ready=listening(HOST, port)))
    try:
        web.wait_ready()
        yield f"http://{address}"
    finally:
        processes.stop([web])


def _measure(web: str, slug: str, times: int, *, far: int, anew: bool = False) -> list[Page]:
    """Each page so many times; `anew` after something of its newsroom changed each time, so that nothing is kept."""
    here = f"{web}/newsroom/rivers/"
    asked = {
        "front page": here,
        "front page, in Russian": f"{here}?language=ru",
        f"page {far} of the list": f"{here}?page={far}",
        "topic": f"{here}topics/water",
        "archive": f"{here}archive",
        "release": f"{here}releases/{slug}",
        "release, in Russian": f"{here}releases/{slug}/ru",
        "search, a word of every release": f"{here}search?q=river",
        "search, one release": f"{here}search?q=%22River+level+4711%22",
        "search, nothing found": f"{here}search?q=mountain",
        "Atom feed": f"{here}feed.atom",
        "JSON feed": f"{here}feed.json",
        "ninjs of a release": f"{here}releases/{slug}/en/ninjs.json",
        "wire, ninjs": f"{here}wire/ninjs.json",
        "plain text": f"{here}releases/{slug}/en/release.txt",
    }
    found = []
    for name, address in asked.items():
        taken = []
        for _ in range(times):
            if anew:
                _change()
            taken.append(_milliseconds(address))
        found.append(_page(name, taken))
    return found


def _change() -> None:
    with db.transaction() as session:
        session.execute(text("UPDATE newsroom_changes SET number = number + 1"))


def _figures(page: Page) -> str:
    return f"{page.p50:6.1f} {page.p95:6.1f}   {page.slowest:6.1f}"


def _apart(web: str, hidden: str, times: int) -> float:
    """How far the medians of an embargoed release and of none are from each other, asked in turns."""
    here = f"{web}/newsroom/rivers/releases/"
    none = hidden[:-8] + "0" * 8
    taken: dict[str, list[float]] = {hidden: [], none: []}
    for _ in range(times):
        for slug, found in taken.items():
            found.append(_milliseconds(here + slug, expected=404))
    return abs(median(taken[hidden]) - median(taken[none]))


def _page(name: str, times: list[float]) -> Page:
    parts = quantiles(times, n=20, method="inclusive")
    return Page(name, len(times), parts[9], parts[18], max(times))


def _milliseconds(address: str, expected: int = 200) -> float:
    began = time.perf_counter()
    try:
        with urlopen(address, timeout=PATIENCE) as answer:
            answer.read()
            status = answer.status
    except HTTPError as fault:
        status = fault.code
    if status != expected:
        raise NotMeasured(f"{address} answered {status}")
    return 1000 * (time.perf_counter() - began)


if __name__ == "__main__":
    main()
