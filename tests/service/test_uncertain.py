"""A mail whose fate nobody knows: settled by what shows it, by the relay's log, or by Ada."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from service import accounts, audit, bounces, deliveries, reports
from service.feedback import Event, Kind, relay_log
from service.models import Delivery, DeliveryState, ReleaseState, Revision
from tests.factories import Newsroom, make_journalist, make_newsroom
from tests.ledgers import Ledger, make_ledger

S = DeliveryState


@pytest.fixture
def room(session: Session) -> Newsroom:
    return make_newsroom(session)


@pytest.fixture
def made(session: Session, room: Newsroom) -> Ledger:
    """Three uncertain mails and one that was accepted."""
    states = (S.UNCERTAIN, S.UNCERTAIN, S.UNCERTAIN, S.ACCEPTED)
    return make_ledger(session, room, [(make_journalist(session, room), state) for state in states])


def states(session: Session, made: Ledger) -> list[DeliveryState]:
    session.expire_all()
    return [delivery.state for delivery in made.deliveries]


def line(session: Session, delivery: Delivery, version: str = "") -> str:
    """What a relay writes down of a mail it took."""
    digest = session.scalars(select(Revision.digest).where(Revision.release_id == delivery.release_id)).one()
    return f"10:00 <= w id={delivery.id.hex}.{version or digest.hex()[:8]}@rivers.example"


def by_log(session: Session, room: Newsroom, made: Ledger, lines: list[str], *, complete: bool) -> deliveries.Settled:
    return deliveries.settle_by_log(session, made.release, relay_log.read(lines), complete=complete, by=room.ada)


def evidence(session: Session, made: Ledger) -> list[dict[str, str]]:
    return [entry.detail for entry in audit.of(session, made.release) if entry.act == "delivery settled"]


def test_each_is_told_with_what_is_known(session: Session, made: Ledger) -> None:
    made.deliveries[0].reason = "The connection was lost"
    session.flush()
    found = deliveries.uncertain(session, made.release.id)
    assert {one.id for one in found} == {delivery.id for delivery in made.deliveries[:3]}
    first = next(one for one in found if one.id == made.deliveries[0].id)
    assert (first.relay, first.reason, first.attempts) == ("relay.example", "The connection was lost", 1)
    assert first.at is not None


def test_ada_knows_that_all_arrived(session: Session, room: Newsroom, made: Ledger) -> None:
    assert deliveries.settle_all(session, made.release, accepted=True, by=room.ada) == 3
    assert states(session, made) == [S.ACCEPTED] * 4
    assert [entry["delivery"] for entry in evidence(session, made)] == sorted(str(d.id) for d in made.deliveries[:3])
    assert made.deliveries[0].reason == "Ada Officer knows that it arrived"


def test_ada_has_all_sent_once_more_but_none_a_third_time(session: Session, room: Newsroom, made: Ledger) -> None:
    made.deliveries[1].maybe_twice = True
    made.release.state = ReleaseState.SENT
    session.flush()
    assert deliveries.settle_all(session, made.release, accepted=False, by=room.ada) == 3
    assert states(session, made) == [S.QUEUED, S.FAILED, S.QUEUED, S.ACCEPTED]
    assert made.deliveries[0].maybe_twice
    assert made.release.state is ReleaseState.SENDING
    assert made.chunk.due_at is not None


def test_without_an_uncertain_mail_nothing_is_decided(session: Session, room: Newsroom) -> None:
    made = make_ledger(session, room, [(make_journalist(session, room), S.ACCEPTED)])
    made.release.state = ReleaseState.SENT
    session.flush()
    assert deliveries.settle_all(session, made.release, accepted=False, by=room.ada) == 0
    assert made.release.state is ReleaseState.SENT


def test_who_may_not_send_decides_nothing(session: Session, room: Newsroom, made: Ledger) -> None:
    log = relay_log.read([])
    with pytest.raises(accounts.NotAllowed):
        deliveries.settle(session, made.deliveries[0], accepted=True, by=room.ben)
    with pytest.raises(accounts.NotAllowed):
        deliveries.settle_all(session, made.release, accepted=True, by=room.ben)
    with pytest.raises(accounts.NotAllowed):
        deliveries.settle_by_log(session, made.release, log, complete=False, by=room.ben)


@pytest.mark.parametrize("kind", [Kind.REPLY, Kind.AUTO_REPLY, Kind.DELAY, Kind.DELIVERED])
def test_whatever_comes_back_shows_that_it_was_accepted(session: Session, made: Ledger, kind: Kind) -> None:
    applied = bounces.apply(session, made.deliveries[0].id, Event(kind), "test", kind.value)
    assert applied.effect is bounces.Effect.SETTLED
    assert states(session, made)[0] is S.ACCEPTED
    assert [entry["evidence"] for entry in evidence(session, made)] == [kind.value]


def test_its_link_shows_that_it_arrived_and_only_of_the_uncertain(session: Session, made: Ledger) -> None:
    assert deliveries.prove(session, made.deliveries[0].id, deliveries.LINK_USED)
    assert not deliveries.prove(session, made.deliveries[0].id, deliveries.LINK_USED)
    assert not deliveries.prove(session, made.deliveries[3].id, deliveries.LINK_USED)
    assert states(session, made) == [S.ACCEPTED, S.UNCERTAIN, S.UNCERTAIN, S.ACCEPTED]
    assert len(evidence(session, made)) == 1


def test_what_the_log_shows_was_taken(session: Session, room: Newsroom, made: Ledger) -> None:
    lines = [line(session, made.deliveries[0])]
    assert by_log(session, room, made, lines, complete=False) == deliveries.Settled(taken=1, not_taken=0, open=2)
    assert states(session, made) == [S.ACCEPTED, S.UNCERTAIN, S.UNCERTAIN, S.ACCEPTED]
    assert reports.delivery(session, made.release.id).balanced


def test_what_a_complete_log_does_not_show_goes_again_and_nobody_gets_it_twice(
    session: Session, room: Newsroom, made: Ledger
) -> None:
    lines = [line(session, made.deliveries[3]), line(session, made.deliveries[0])]
    unclear = line(session, made.deliveries[1]).replace("<=", "saw")
    settled = by_log(session, room, made, [*lines, unclear], complete=True)
    assert settled == deliveries.Settled(taken=1, not_taken=1, open=1)
    assert states(session, made) == [S.ACCEPTED, S.UNCERTAIN, S.QUEUED, S.ACCEPTED]
    assert not made.deliveries[2].maybe_twice
    assert made.chunk.due_at is not None
    assert [entry["became"] for entry in evidence(session, made)] == ["accepted", "queued"]


def test_a_log_without_one_mail_of_the_release_proves_nothing(session: Session, room: Newsroom, made: Ledger) -> None:
    for lines in ([], [line(session, made.deliveries[3], version="00000000")]):
        with pytest.raises(deliveries.WrongLog):
            by_log(session, room, made, lines, complete=True)
    assert states(session, made)[0] is S.UNCERTAIN


def test_what_was_not_taken_of_a_stopped_release_has_failed(session: Session, room: Newsroom, made: Ledger) -> None:
    made.release.state = ReleaseState.CANCELLED
    session.flush()
    by_log(session, room, made, [line(session, made.deliveries[3])], complete=True)
    assert states(session, made) == [S.FAILED] * 3 + [S.ACCEPTED]
