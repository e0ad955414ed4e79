"""What stands still, for how long, and who lets it go on."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from service import accounts, holds
from service.errors import NotFound
from service.models import AccountMail, AccountMailKind, AuditEntry, Hold, HoldScope, Right, Role
from tests.factories import make_newsroom

GOOGLE = (HoldScope.PROVIDER, "google", "google refused 60 of the last 400 mails by its policy")
HOUR = timedelta(hours=1)


def only(session: Session) -> Hold:
    return session.scalars(select(Hold).execution_options(populate_existing=True)).one()


def test_a_hold_is_in_force_until_its_time_is_over(session: Session) -> None:
    assert holds.put(session, *GOOGLE, evidence="550 5.7.1 blocked", lasting=HOUR)
    assert [hold.key for hold in holds.in_force(session)] == ["google"]

    session.execute(text("UPDATE hold SET until = now() - interval '1 second'"))
    assert holds.in_force(session) == []


def test_the_same_trouble_twice_at_once_is_one_hold(session: Session) -> None:
    holds.put(session, *GOOGLE, lasting=HOUR)

    assert not holds.put(session, *GOOGLE, lasting=HOUR)
    assert only(session).times == 1


@pytest.mark.parametrize(("ago", "times", "hours"), [("1 hour", 2, 2), ("2 days", 1, 1)])
def test_the_same_trouble_again_soon_holds_twice_as_long(session: Session, ago: str, times: int, hours: int) -> None:
    holds.put(session, *GOOGLE, lasting=HOUR)
    session.execute(text(f"UPDATE hold SET until = now() - interval '{ago}'"))

    assert holds.put(session, *GOOGLE, lasting=HOUR)
    hold = only(session)
    assert hold.times == times
    assert hold.until is not None
    assert hold.until - hold.since == hours * HOUR


def test_an_administrator_lifts_a_hold_and_it_is_written_down(session: Session) -> None:
    room = make_newsroom(session)
    holds.put(session, HoldScope.SENDER, "rivers.example", "DKIM", evidence="550 5.7.26")
    with pytest.raises(accounts.NotAllowed):
        holds.lift(session, only(session), by=room.ada)

    session.add(Right(account_id=room.ben.id, sender_id=room.sender.id, role=Role.ADMINISTER))
    session.flush()
    session.refresh(room.ben, ["rights"])
    holds.lift(session, only(session), by=room.ben)
    holds.lift(session, only(session), by=room.ben)

    assert holds.in_force(session) == []
    assert only(session).lifted_by == room.ben.id
    acts = session.scalars(select(AuditEntry.act).where(AuditEntry.act.like("hold%")).order_by(AuditEntry.id)).all()
    assert acts == ["hold put", "hold lifted"]


def test_administrators_are_told_once(session: Session) -> None:
    room = make_newsroom(session)
    session.add(Right(account_id=room.ben.id, sender_id=room.sender.id, role=Role.ADMINISTER))
    session.flush()
    holds.put(session, *GOOGLE)
    holds.put(session, *GOOGLE)

    [mail] = session.scalars(select(AccountMail).where(AccountMail.address == room.ben.email)).all()
    assert mail.kind is AccountMailKind.HELD
    assert mail.values == {"held": "provider google", "reason": GOOGLE[2]}


def test_a_newsroom_sees_what_holds_its_own_mail_and_no_other_domain(session: Session) -> None:
    holds.put(session, *GOOGLE)
    holds.put(session, HoldScope.SENDER, "rivers.example", "DKIM")
    holds.put(session, HoldScope.SENDER, "lakes.example", "SPF")

    assert {hold.key for hold in holds.concerning(session, "rivers.example")} == {"google", "rivers.example"}
    assert holds.find(session, "google").key == "google"
    with pytest.raises(NotFound):
        holds.find(session, "yahoo")
