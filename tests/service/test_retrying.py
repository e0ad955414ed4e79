"""Ada has mails tried again: all that failed, those of one reason or one domain, or a single one."""

import pytest
from sqlalchemy.orm import Session

from service import accounts, audit, deliveries
from service.errors import Refused
from service.models import Delivery, DeliveryState, ReleaseState
from tests.factories import Newsroom, make_journalist, make_newsroom
from tests.ledgers import Ledger, make_ledger

S = DeliveryState
FULL, GONE = "The mailbox is full", "The address does not exist"


@pytest.fixture
def room(session: Session) -> Newsroom:
    return make_newsroom(session)


@pytest.fixture
def made(session: Session, room: Newsroom) -> Ledger:
    """Two whose mailbox is full, one whose address is gone, one deferred, one who has it; all of it is out."""
    cast = [("cleo", S.FAILED), ("dana", S.FAILED), ("eli", S.FAILED), ("fay", S.DEFERRED), ("gus", S.ACCEPTED)]
    people = []
    for name, state in cast:
        domain = "weekly.example" if name == "dana" else "daily.example"
        people.append((make_journalist(session, room, name, address=f"{name}@{domain}"), state))
    found = make_ledger(session, room, people)
    for delivery, reason in zip(found.deliveries, (FULL, FULL, GONE), strict=False):
        delivery.reason = reason
    session.flush()
    return found


def states(session: Session, made: Ledger) -> list[DeliveryState]:
    session.expire_all()
    return [delivery.state for delivery in made.deliveries]


def test_the_failed_of_one_reason_are_tried_again(session: Session, room: Newsroom, made: Ledger) -> None:
    assert deliveries.retry_failed(session, made.release, by=room.ada, reason="mailbox is FULL") == 2
    assert states(session, made) == [S.QUEUED, S.QUEUED, S.FAILED, S.DEFERRED, S.ACCEPTED]


def test_the_failed_at_one_domain_are_tried_again(session: Session, room: Newsroom, made: Ledger) -> None:
    assert deliveries.retry_failed(session, made.release, by=room.ada, domain="Weekly.example") == 1
    assert states(session, made)[:2] == [S.FAILED, S.QUEUED]


def test_a_percent_sign_is_no_wildcard(session: Session, room: Newsroom, made: Ledger) -> None:
    assert deliveries.retry_failed(session, made.release, by=room.ada, reason="%") == 0


def test_the_deferred_need_not_wait(session: Session, room: Newsroom, made: Ledger) -> None:
    assert deliveries.retry_failed(session, made.release, by=room.ada, state=S.DEFERRED) == 1
    assert states(session, made)[2:] == [S.FAILED, S.QUEUED, S.ACCEPTED]
    assert made.deliveries[3].due_at is None


def test_only_the_failed_and_the_deferred_are_tried_again(session: Session, room: Newsroom, made: Ledger) -> None:
    with pytest.raises(Refused):
        deliveries.retry_failed(session, made.release, by=room.ada, state=S.BOUNCED)


def test_what_was_set_aside_is_left_alone(session: Session, room: Newsroom, made: Ledger) -> None:
    made.deliveries[0].crashes = deliveries.MOST_CRASHES
    session.flush()
    assert deliveries.retry_failed(session, made.release, by=room.ada) == 2
    assert states(session, made)[0] is S.FAILED


@pytest.mark.parametrize("which", [0, 3])
def test_one_is_tried_again_by_itself(session: Session, room: Newsroom, made: Ledger, which: int) -> None:
    made.release.state = ReleaseState.SENT
    session.flush()
    deliveries.retry(session, made.deliveries[which], by=room.ada)
    found = states(session, made)
    assert [number for number, state in enumerate(found) if state is S.QUEUED] == [which]
    assert made.deliveries[which].retried_at is not None
    assert made.release.state is ReleaseState.SENDING
    assert made.chunk.due_at is not None
    assert [entry.account_id for entry in audit.of(session, made.release)][-1] == room.ada.id


def test_who_has_it_gets_it_no_second_time(session: Session, room: Newsroom, made: Ledger) -> None:
    with pytest.raises(deliveries.NotRetryable):
        deliveries.retry(session, made.deliveries[4], by=room.ada)
    assert states(session, made)[4] is S.ACCEPTED


def test_who_may_not_send_has_nothing_tried_again(session: Session, room: Newsroom, made: Ledger) -> None:
    with pytest.raises(accounts.NotAllowed):
        deliveries.retry_failed(session, made.release, by=room.ben)
    with pytest.raises(accounts.NotAllowed):
        deliveries.retry(session, made.deliveries[0], by=room.ben)


def test_of_a_release_that_was_stopped_nothing_is_tried_again(session: Session, room: Newsroom, made: Ledger) -> None:
    made.release.state = ReleaseState.CANCELLED
    session.flush()
    with pytest.raises(deliveries.NotOnItsWay):
        deliveries.retry(session, made.deliveries[0], by=room.ada)


def test_those_who_can_be_tried_again_are_listed(session: Session, made: Ledger) -> None:
    listed = deliveries.retryable(session, made.release.id)
    assert {one.address for one in listed} == {
        "cleo@daily.example",
        "dana@weekly.example",
        "eli@daily.example",
        "fay@daily.example",
    }
    assert {one.reply for one in listed} == {"User unknown", "Greylisted, try again"}
    assert len(deliveries.retryable(session, made.release.id, limit=2)) == 2


def test_a_later_answer_of_the_same_mail_is_a_try_of_its_own(session: Session, room: Newsroom, made: Ledger) -> None:
    delivery: Delivery = made.deliveries[0]
    before = delivery.attempts
    deliveries.retry(session, delivery, by=room.ada)
    assert delivery.attempts == before
