"""One person's delivery: what she got, byte for byte, and what a person decides about it."""

from datetime import UTC
from email import message_from_bytes

import pytest
from sqlalchemy.orm import Session

from service import audit, deliveries
from service.errors import NotFound
from service.mail.compose import Person
from service.models import Chunk, DeliveryState, Outlet, Release, ReleaseState, Revision
from service.releases.letters import letters
from tests.factories import Newsroom, make_journalist, make_newsroom
from tests.ledgers import Ledger, make_ledger
from tests.signatures import ed25519, rsa, verdicts

S = DeliveryState


@pytest.fixture
def room(session: Session) -> Newsroom:
    return make_newsroom(session)


def ledger(session: Session, room: Newsroom, *states: DeliveryState) -> Ledger:
    """A release with one person at each state."""
    return make_ledger(session, room, [(make_journalist(session, room), state) for state in states])


def finished(session: Session, release: Release) -> None:
    """All of it is out."""
    release.state = ReleaseState.SENT
    session.flush()


def test_a_delivery_is_found_by_the_address_however_it_is_spelt(session: Session, room: Newsroom) -> None:
    cleo = make_journalist(session, room, address="Cleo@Daily.example")
    made = make_ledger(session, room, [(cleo, S.ACCEPTED)])
    assert deliveries.of(session, made.release.id, " cleo@DAILY.example") is made.deliveries[0]
    with pytest.raises(NotFound):
        deliveries.of(session, made.release.id, "dana@daily.example")


def test_what_she_got_is_what_was_sent_byte_for_byte(session: Session, room: Newsroom) -> None:
    outlet = Outlet(sender_id=room.sender.id, name="The Daily")
    session.add(outlet)
    session.flush()
    cleo = make_journalist(session, room, "Клео «Reader»", outlet=outlet)
    delivery = make_ledger(session, room, [(cleo, S.ACCEPTED)]).deliveries[0]
    revision = session.query(Revision).filter_by(release_id=delivery.release_id).one()
    assert delivery.attempted_at is not None
    person = Person(cleo.address, cleo.name, "The Daily", "Water")
    sent = letters(revision)["en"].message(person, delivery.id, delivery.attempted_at.astimezone(UTC))
    session.expire_all()
    assert deliveries.message(session, delivery) == sent
    assert message_from_bytes(sent)["Message-ID"].startswith(f"<{delivery.id.hex}.")


def test_what_was_signed_is_shown_with_the_signatures_it_left_with(session: Session, room: Newsroom) -> None:
    keys = (rsa(), ed25519())
    delivery = ledger(session, room, S.ACCEPTED).deliveries[0]
    signed, again = (deliveries.message(session, delivery, keys=keys) for _ in range(2))
    assert signed == again
    assert signed.endswith(deliveries.message(session, delivery))
    assert verdicts(signed, *keys) == [True, True]


def test_its_html_part_can_be_shown(session: Session, room: Newsroom) -> None:
    delivery = ledger(session, room, S.ACCEPTED).deliveries[0]
    assert "River levels fall" in deliveries.as_html(session, delivery)


def test_who_was_sent_nothing_got_nothing(session: Session, room: Newsroom) -> None:
    for delivery in ledger(session, room, S.EXCLUDED, S.QUEUED).deliveries:
        with pytest.raises(deliveries.NothingLeft):
            deliveries.message(session, delivery)


def test_attempts_are_told_in_order(session: Session, room: Newsroom) -> None:
    delivery = ledger(session, room, S.FAILED).deliveries[0]
    assert [attempt.outcome.value for attempt in deliveries.attempts(session, delivery)] == ["deferred", "rejected"]
    assert deliveries.events(session, delivery) == []


def test_an_uncertain_mail_that_arrived_is_settled_as_accepted(session: Session, room: Newsroom) -> None:
    made = ledger(session, room, S.UNCERTAIN)
    finished(session, made.release)
    assert deliveries.settle(session, made.deliveries[0], accepted=True, by=room.ada) is S.ACCEPTED
    assert made.release.state is ReleaseState.SENT
    assert "delivery settled" in [entry.act for entry in audit.of(session, made.release)]


def test_an_uncertain_mail_that_did_not_arrive_goes_once_more(session: Session, room: Newsroom) -> None:
    made = ledger(session, room, S.UNCERTAIN, S.ACCEPTED)
    finished(session, made.release)
    delivery, epoch = made.deliveries[0], made.chunk.epoch
    assert deliveries.settle(session, delivery, accepted=False, by=room.ada) is S.QUEUED
    assert delivery.maybe_twice
    assert made.release.state is ReleaseState.SENDING
    session.refresh(made.chunk)
    assert made.chunk.due_at is not None
    assert made.chunk.epoch == epoch + 1


def test_a_mail_that_was_uncertain_twice_is_not_sent_a_third_time(session: Session, room: Newsroom) -> None:
    delivery = ledger(session, room, S.UNCERTAIN).deliveries[0]
    delivery.maybe_twice = True
    session.flush()
    assert deliveries.settle(session, delivery, accepted=False, by=room.ada) is S.FAILED


@pytest.mark.parametrize("state", [S.ACCEPTED, S.QUEUED, S.FAILED, S.ATTEMPTING])
def test_only_what_is_uncertain_is_settled(session: Session, room: Newsroom, state: DeliveryState) -> None:
    delivery = ledger(session, room, state).deliveries[0]
    with pytest.raises(deliveries.NotUncertain):
        deliveries.settle(session, delivery, accepted=True, by=room.ada)


def test_of_a_cancelled_release_nothing_is_sent_again(session: Session, room: Newsroom) -> None:
    made = ledger(session, room, S.UNCERTAIN, S.FAILED)
    made.release.state = ReleaseState.CANCELLED
    session.flush()
    with pytest.raises(deliveries.NotOnItsWay):
        deliveries.settle(session, made.deliveries[0], accepted=False, by=room.ada)
    with pytest.raises(deliveries.NotOnItsWay):
        deliveries.retry_failed(session, made.release, by=room.ada)
    assert made.deliveries[0].state is S.UNCERTAIN


def test_the_failed_are_queued_again_and_only_they(session: Session, room: Newsroom) -> None:
    states = (S.FAILED, S.ACCEPTED, S.BOUNCED, S.EXCLUDED, S.FAILED)
    made = ledger(session, room, *states)
    idle = Chunk(wave_id=made.wave.id, first_id=room.sender.id, last_id=room.sender.id)
    session.add(idle)
    finished(session, made.release)
    assert deliveries.retry_failed(session, made.release, by=room.ada) == 2
    assert [delivery.state for delivery in made.deliveries] == [S.QUEUED, *states[1:4], S.QUEUED]
    assert (made.release.state, made.release.finished_at) == (ReleaseState.SENDING, None)
    session.refresh(made.chunk)
    assert made.chunk.due_at is not None
    session.refresh(idle)
    assert idle.due_at is None


def test_without_a_failure_there_is_nothing_to_try_again(session: Session, room: Newsroom) -> None:
    made = ledger(session, room, S.ACCEPTED)
    finished(session, made.release)
    assert deliveries.retry_failed(session, made.release, by=room.ada) == 0
    assert made.release.state is ReleaseState.SENT
