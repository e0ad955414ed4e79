"""A release's own deadline, turns that come little by little, and what a person's word changes about them."""

from datetime import timedelta

from sqlalchemy import select

from service import audit, db, deliveries, subscriptions
from service.models import Chunk, DeliveryState
from tests.factories import now
from tests.workers.sending.desk import Desk, address
from workers.relays.relay import Answer, Outcome, Stage

S = DeliveryState


def test_a_release_may_have_a_deadline_of_its_own_and_says_so(desk: Desk) -> None:
    desk.execute("UPDATE wave SET not_before = now() - interval '3 hours'")
    desk.execute("UPDATE release SET deadline_hours = 2")
    desk.work()

    assert desk.states() == {S.FAILED: 3}
    assert desk.of("Cleo").reason == "Not accepted within 2 hours; given up"


def test_what_a_person_had_tried_again_is_tried_though_the_deadline_is_past(desk: Desk) -> None:
    desk.execute("UPDATE wave SET not_before = now() - interval '49 hours'")
    desk.work()
    with db.transaction() as session:
        assert deliveries.retry_failed(session, desk.release, by=desk.ada(session)) == 3
    desk.work()

    assert desk.states() == {S.ACCEPTED: 3}


def test_what_waits_for_its_next_try_beyond_the_deadline_is_looked_at_when_that_is_over(desk: Desk) -> None:
    desk.execute("UPDATE wave SET not_before = now() - interval '110 minutes'")
    desk.execute("UPDATE release SET deadline_hours = 2")
    later = Answer(Outcome.DEFERRED, Stage.RCPT, 450, "4.7.1", "4.7.1 Come back in 3600 seconds", 3600)
    desk.relay.tell(later, to=address("Dana"))
    desk.work()

    with db.transaction() as session:
        [due] = session.scalars(select(Chunk.due_at))
    assert due is not None
    assert due - now() < timedelta(minutes=11)
    desk.execute("UPDATE wave SET not_before = now() - interval '3 hours'")
    desk.execute("UPDATE chunk SET due_at = now()")
    desk.work()
    assert desk.of("Dana").state is S.FAILED
    with db.transaction() as session:
        assert session.scalars(select(Chunk.due_at)).all() == [None]


def test_only_those_whose_turn_it_is_are_sent_to_and_the_chunk_waits_for_the_next(desk: Desk) -> None:
    turn = now() + timedelta(minutes=5)
    desk.execute("UPDATE delivery SET due_at = :turn WHERE id <> :id", turn=turn, id=desk.of("Cleo").id)
    desk.work()

    assert desk.states() == {S.ACCEPTED: 1, S.QUEUED: 2}
    with db.transaction() as session:
        assert session.scalars(select(Chunk.due_at)).all() == [turn]


def test_who_left_by_the_link_of_a_mail_before_its_sender_was_missed_has_got_it(desk: Desk) -> None:
    cleo = desk.of("Cleo").id
    desk.execute("UPDATE delivery SET state = 'attempting', attempts = 1, attempted_at = now() WHERE id = :id", id=cleo)
    with db.transaction() as session:
        subscriptions.leave(session, cleo)
    desk.work()

    assert (desk.of("Cleo").state, desk.of("Cleo").reason) == (S.ACCEPTED, deliveries.LINK_USED)
    with db.transaction() as session:
        assert "delivery settled" in [entry.act for entry in audit.of(session, desk.release)]


def test_what_a_person_has_sent_once_more_is_sent_though_the_deadline_is_past(desk: Desk) -> None:
    desk.execute("UPDATE delivery SET state = 'attempting', attempts = 1, attempted_at = now()")
    desk.work()
    desk.execute("UPDATE wave SET not_before = now() - interval '49 hours'")
    with db.transaction() as session:
        assert deliveries.settle_all(session, desk.release, accepted=False, by=desk.ada(session)) == 3
    desk.work()

    assert desk.states() == {S.ACCEPTED: 3}
