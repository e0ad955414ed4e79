"""Too many complaints of a day's mail: an alarm first, and then its From domain stands still."""

from itertools import count

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from service import accounts, bounces, holds
from service.feedback import Event, Kind
from service.models import AccountMail, AccountMailKind, Chunk, Delivery, DeliveryState, Hold, HoldScope, Role
from tests.factories import Newsroom, make_journalist, make_newsroom, now
from tests.ledgers import Ledger, make_ledger

REPORTS = count(1)
DOMAIN = "complaints.example"


@pytest.fixture
def room(session: Session) -> Newsroom:
    found = make_newsroom(session)
    found.sender.address = f"press@{DOMAIN}"
    accounts.grant(session, found.ada, found.sender, [Role.ADMINISTER])
    return found


def came(session: Session, delivery: Delivery, event: Event) -> None:
    """Something of its own came back about a delivery."""
    bounces.apply(session, delivery.id, event, "complaints", str(next(REPORTS)))


def sent(session: Session, room: Newsroom, accepted: int, people: int = 8) -> Ledger:
    """A release of which so many were accepted, some of whom the test knows."""
    known = [(make_journalist(session, room), DeliveryState.ACCEPTED) for _ in range(people)]
    ledger = make_ledger(session, room, known)
    session.execute(update(Chunk).where(Chunk.id == ledger.chunk.id).values(answered=accepted, failed=0))
    return ledger


def complain(session: Session, ledger: Ledger, number: int, since: int = 0) -> None:
    for delivery in ledger.deliveries[since : since + number]:
        came(session, delivery, Event(Kind.COMPLAINT, reason="Called it spam"))


def told(session: Session) -> list[str]:
    query = select(AccountMail).where(AccountMail.kind == AccountMailKind.FEEDBACK)
    return [mail.values["reason"] for mail in session.scalars(query) if DOMAIN in mail.values["held"]]


def held(session: Session) -> list[Hold]:
    return [hold for hold in holds.in_force(session) if (hold.scope, hold.key) == (HoldScope.SENDER, DOMAIN)]


def test_at_eight_in_ten_thousand_administrators_are_told_once(session: Session, room: Newsroom) -> None:
    ledger = sent(session, room, accepted=4000)
    complain(session, ledger, 3)
    assert told(session) == []
    complain(session, ledger, 2, since=3)
    day = (ledger.wave.not_before or now()).date()
    assert told(session) == [f"4 of 4,000 (0.10 %) complained about mail of {day} from {DOMAIN}"]
    assert held(session) == []


def test_at_two_in_a_thousand_the_domain_stands_still(session: Session, room: Newsroom) -> None:
    complain(session, sent(session, room, accepted=2500), 4)
    assert held(session) == []
    complain(session, sent(session, room, accepted=0), 1)
    [hold] = held(session)
    assert hold.until is None
    assert "5 of 2,500 (0.20 %) complained about mail of" in hold.reason


def test_few_people_complain_of_nothing_yet(session: Session, room: Newsroom) -> None:
    complain(session, sent(session, room, accepted=100), 2)
    assert (told(session), held(session)) == ([], [])


def test_while_a_release_is_on_its_way_the_first_to_have_it_are_not_all(session: Session, room: Newsroom) -> None:
    ledger = sent(session, room, accepted=100)
    ledger.wave.candidates = 4000
    complain(session, ledger, 4)
    assert (len(told(session)), held(session)) == (1, [])
    complain(session, ledger, 1, since=4)
    assert len(held(session)) == 1


def test_who_let_it_go_on_has_decided_for_that_day(session: Session, room: Newsroom) -> None:
    ledger = sent(session, room, accepted=1000)
    complain(session, ledger, 5)
    holds.lift(session, held(session)[0], by=room.ada)
    complain(session, ledger, 3, since=5)
    assert held(session) == []


def test_another_domains_complaints_are_its_own(session: Session, room: Newsroom) -> None:
    other = make_newsroom(session)
    complain(session, sent(session, other, accepted=1000), 8)
    assert held(session) == []
