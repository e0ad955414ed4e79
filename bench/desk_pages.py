"""How quick an officer's pages are with 200,000 journalists and 1,000 releases: `python -m bench.desk_pages`.

Every page there is, found in the route map as the browser tests find them, of a real gunicorn and PostgreSQL.
"""

import argparse
import json
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from urllib.request import OpenerDirector

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bench import pages, service
from bench.measurement import NotMeasured
from bench.pages import PATIENCE, Page
from service import accounts, approvals, db, logs, manuscripts, releases, topics
from service.app import create_app
from service.demo import populate
from service.models import Account, Release, Sender, Topic
from service.settings import settings
from tests.browser.office import Office, furnish
from tests.browser.visits import visits
from workers.sending import plan

MANUSCRIPT = Path(__file__).parents[1] / "config" / "demo" / "release.txt"
READERS = 200
"""People of each of the many releases; one more release goes to everybody."""
TARGET = 300.0
"""Milliseconds, at p95."""
SENT = text("""
    UPDATE delivery SET state = CASE WHEN random() < 0.02 THEN 'bounced' ELSE 'accepted' END::delivery_state,
           attempts = 1, attempted_at = clock_timestamp() - interval '1 hour' WHERE state = 'queued'
""")
FINISHED = text("""
    UPDATE release SET state = 'sent', finished_at = clock_timestamp() - n * interval '1 hour'
    FROM (SELECT id, row_number() OVER (ORDER BY id DESC) AS n FROM release) AS numbered
    WHERE release.id = numbered.id AND release.state = 'sending'
""")


@dataclass(frozen=True, slots=True)
class Desk:
    """A furnished newsroom that has been at work for years."""

    office: Office
    sender: Sender
    writer: Account
    approver: Account
    everybody: Topic
    few: Topic


def main() -> None:
    """Fill the newsroom, ask for each page, and print the milliseconds; 1 when a page is slower than it may be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--journalists", type=int, default=200_000)
    parser.add_argument("--releases", type=int, default=1_000)
    parser.add_argument("--times", type=int, default=40)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    logs.configure()
    with tempfile.TemporaryDirectory(prefix="dateline-bench-", dir="/var/tmp") as folder:
        Path(folder).chmod(0o755)
        with service.servers(Path(folder) / "data", chunk_size=None, connections=None) as servers:
            office = _fill(options.journalists, options.releases)
            with pages.doors(servers, "127.0.0.1:9") as web:
                measured = _measure(web, office, options.times)
    if options.json:
        json.dump([asdict(one) for one in measured], sys.stdout, indent=2)
    else:
        _show(measured)
    sys.exit(any(one.p95 > TARGET for one in measured))


def _fill(journalists: int, number: int) -> Office:
    with db.transaction() as session:
        desk = _found(session)
    with db.transaction() as session:
        populate(session, desk.sender, [desk.everybody], journalists, seed=2024)
        populate(session, desk.sender, [desk.few], READERS, seed=7)
    service.settle()
    with db.transaction() as session:
        largest = _send(session, desk, desk.everybody).id
    for first in range(0, number, 100):
        with db.transaction() as session:
            for _ in range(first, min(first + 100, number)):
                _send(session, desk, desk.few)
    _let_all_be_sent()
    return replace(desk.office, sent=largest)


def _found(session: Session) -> Desk:
    office = furnish(session)
    sender = session.scalars(select(Sender).where(Sender.slug == office.newsroom)).one()
    writer, approver = (
        accounts.get(session, accounts.redeem(session, office.links[name].rpartition("/")[2]).id)
        for name in ("ada", "ben")
    )
    # What waits on the desk is for this topic: audience, checks, approval and schedule count everybody.
    everybody = topics.get(session, office.topic, senders=[sender.id])
    return Desk(office, sender, writer, approver, everybody, topics.add(session, sender, "few", "A few"))


def _send(session: Session, desk: Desk, topic: Topic) -> Release:
    ada, ben = session.merge(desk.writer), session.merge(desk.approver)
    words = manuscripts.read(MANUSCRIPT.read_bytes())
    release = releases.write(session, session.merge(desk.sender), [words], by=ada, topics=[session.merge(topic)])
    approvals.approve(session, release, by=ben)
    releases.schedule(session, release, datetime.now(UTC), by=ada)
    return release


def _let_all_be_sent() -> None:
    """Plan what is due by the product's own planner; what then would leave is called sent, for no relay is there."""
    with db.transaction() as session:
        releases.start_due(session)
    with db.transaction() as session:
        waves = plan.due(session)
    for wave in waves:
        plan.plan(wave)
    with db.transaction() as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        session.execute(SENT)
        session.execute(FINISHED)
    service.settle()


def _measure(web: str, office: Office, times: int) -> list[Page]:
    with db.transaction() as session:
        ada = session.scalars(select(Account).where(Account.name.like("Ada%"))).one()
        link = accounts.sign_in_link(session, ada)
    browser = pages.signed_in(web, link)
    app = create_app(settings())
    found = [visit for visit in visits(app, office) if not visit.public]
    return sorted((_page(browser, web, visit.endpoint, visit.path, times) for visit in found), key=lambda one: -one.p95)


def _page(browser: OpenerDirector, web: str, name: str, path: str, times: int) -> Page:
    _milliseconds(browser, web + path)
    taken = [_milliseconds(browser, web + path) for _ in range(times)]
    parts = quantiles(taken, n=20, method="inclusive")
    return Page(name, times, parts[9], parts[18], max(taken))


def _milliseconds(browser: OpenerDirector, address: str) -> float:
    began = time.perf_counter()
    with browser.open(address, timeout=PATIENCE) as answer:
        answer.read()
        if answer.status != 200:
            raise NotMeasured(f"{address} answered {answer.status}")
    return 1000 * (time.perf_counter() - began)


def _show(measured: list[Page]) -> None:
    for one in measured:
        took = f"p50 {one.p50:6.1f}  p95 {one.p95:6.1f}  slowest {one.slowest:6.1f} ms"
        print(f"{one.name:34} {one.asked:4} times  {took}{'  too slow' if one.p95 > TARGET else ''}")


if __name__ == "__main__":
    main()
