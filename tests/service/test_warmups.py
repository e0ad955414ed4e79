"""Warming up a domain: more mails each day until it needs no plan."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from service import warmups
from service.addresses import BadDomain
from service.models import AuditEntry
from service.warmups import BadPlan
from tests.factories import make_account

MONDAY = date(2026, 11, 23)


def after(days: int) -> date:
    return MONDAY + timedelta(days=days)


def test_a_domain_without_a_plan_sends_what_is_due(session: Session) -> None:
    assert warmups.allowed(session, "rivers.example", MONDAY) is None
    assert not warmups.end(session, "rivers.example")


def test_a_plan_grows_day_by_day_and_ends_when_it_is_grown_up(session: Session) -> None:
    plan = warmups.plan(session, "Rivers.Example.", today=MONDAY, start=200, growth="1.5", until=1000)
    assert [warmups.allowed(session, "rivers.example", after(day)) for day in range(5)] == [200, 300, 450, 675, None]
    assert warmups.allowed(session, "rivers.example", after(100_000)) is None
    assert list(warmups.days(plan, after(2))) == [(after(2), 450), (after(3), 675)]
    assert list(warmups.days(plan, after(4))) == []


def test_it_ends_on_the_very_day_its_number_is_reached(session: Session) -> None:
    warmups.plan(session, "rivers.example", today=MONDAY, start=100, growth=Decimal(2), until=400)
    assert [warmups.allowed(session, "rivers.example", after(day)) for day in range(3)] == [100, 200, None]


def test_the_day_before_counts_as_the_first(session: Session) -> None:
    warmups.plan(session, "rivers.example", today=MONDAY, start=100, growth=Decimal(2), until=400)
    assert warmups.allowed(session, "rivers.example", after(-1)) == 100


def test_other_domains_are_not_concerned(session: Session) -> None:
    warmups.plan(session, "rivers.example", today=MONDAY)
    assert warmups.allowed(session, "lakes.example", MONDAY) is None


def test_a_new_plan_takes_the_place_of_the_old(session: Session) -> None:
    warmups.plan(session, "rivers.example", today=MONDAY, start=100)
    warmups.plan(session, "rivers.example", today=after(3), start=50, growth="3", until=60)
    assert warmups.allowed(session, "rivers.example", after(3)) == 50
    assert warmups.allowed(session, "rivers.example", after(4)) is None


def test_a_plan_can_be_ended_before(session: Session) -> None:
    ada = make_account("Ada Officer")
    session.add(ada)
    session.flush()
    warmups.plan(session, "rivers.example", today=MONDAY, by=ada)
    assert warmups.end(session, "rivers.example", by=ada)
    assert warmups.allowed(session, "rivers.example", MONDAY) is None
    told = session.scalars(select(AuditEntry).where(AuditEntry.account_id == ada.id).order_by(AuditEntry.id)).all()
    assert [(entry.act, entry.detail["domain"]) for entry in told] == [
        ("warm-up planned", "rivers.example"),
        ("warm-up ended", "rivers.example"),
    ]


@pytest.mark.parametrize("growth", ["1", "0.5", "-2", "1.004", "11", "x", "", "nan", "inf", "1e999999999"])
def test_a_plan_that_does_not_grow_is_refused(session: Session, growth: str) -> None:
    with pytest.raises(BadPlan, match="growth"):
        warmups.plan(session, "rivers.example", today=MONDAY, growth=growth)


@pytest.mark.parametrize(("start", "until"), [(0, 10), (-5, 10), (10, 9), (1, 10_000_001)])
def test_a_plan_goes_from_few_to_many(session: Session, start: int, until: int) -> None:
    with pytest.raises(BadPlan, match="plan"):
        warmups.plan(session, "rivers.example", today=MONDAY, start=start, until=until)


@pytest.mark.parametrize("domain", ["", "rivers", "a b.example", "-x.example", "[192.0.2.1]", "x" * 300 + ".example"])
def test_only_a_domain_has_a_plan(session: Session, domain: str) -> None:
    with pytest.raises(BadDomain):
        warmups.plan(session, domain, today=MONDAY)


def test_the_slowest_plan_there_can_be_ends(session: Session) -> None:
    plan = warmups.plan(session, "rivers.example", today=MONDAY, start=1, growth="1.01", until=10_000_000)
    *_, (last, mails) = warmups.days(plan, MONDAY)
    assert mails < 10_000_000
    assert warmups.allowed(session, "rivers.example", last + timedelta(days=1)) is None
