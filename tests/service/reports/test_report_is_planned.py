"""How PostgreSQL goes about a report, also where nobody has counted the ledger yet: by hash, names for cells only."""

import re

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from service import reports
from service.models import DeliveryState, Outlet
from service.reports.statement import BOUNDS, PLANS, REPORT
from tests.factories import make_journalist, make_newsroom
from tests.ledgers import Ledger, make_ledger

MANY = 60


@pytest.fixture
def ledger(session: Session) -> Ledger:
    """Sixty people at two outlets."""
    room = make_newsroom(session)
    outlets = [Outlet(sender_id=room.sender.id, name=f"Outlet {number}") for number in range(2)]
    session.add_all(outlets)
    session.flush()
    people = [make_journalist(session, room, outlet=outlets[number % 2]) for number in range(MANY)]
    return make_ledger(session, room, [(person, DeliveryState.ACCEPTED) for person in people])


def test_people_are_grouped_by_hash_and_names_are_looked_up_for_the_groups(session: Session, ledger: Ledger) -> None:
    given = {"release": ledger.release.id}
    first, last = session.execute(BOUNDS, given).one()
    session.execute(PLANS)
    explain = text(f"EXPLAIN (ANALYZE, COSTS off, TIMING off, BUFFERS off) {REPORT}")
    plan = "\n".join(session.execute(explain, {**given, "first": first, "last": last}).scalars())

    assert re.search(r"CTE cells\n +->  HashAggregate \(actual rows=2\.00", plan), plan
    sorted_rows = [int(rows) for rows in re.findall(r"->  Sort \(actual rows=(\d+)\.", plan)]
    assert all(rows < MANY for rows in sorted_rows), plan
    for table in ("outlet", "topic"):
        read = re.findall(rf"\bon {table} \w+ \(actual rows=[\d.]+ loops=(\d+)\)", plan)
        assert read, plan
        assert all(int(loops) < MANY for loops in read), plan


def test_who_read_a_report_plans_as_usual_afterwards(session: Session, ledger: Ledger) -> None:
    usual = session.execute(text("SELECT current_setting('enable_sort'), current_setting('work_mem')")).one()
    reports.delivery(session, ledger.release.id)

    assert session.execute(text("SELECT current_setting('enable_sort'), current_setting('work_mem')")).one() == usual
