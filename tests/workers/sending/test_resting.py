"""Who rests gets nothing: left out when planned, refused by the gate, with the reason; afterwards mailed again."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from service import addresses, db, reports, standings, suppressions
from service.models import DeliveryState, Exclusion, GivenUp, Suppression, SuppressionReason
from service.reports.people import people_csv
from service.suppressions import Rest
from tests.committed import committed
from tests.factories import Newsroom, make_journalist, make_newsroom, now
from tests.workers.sending.desk import Desk, address
from tests.workers.sending.test_planning import sending
from workers import tick
from workers.relays.relay import Answer, Outcome, Stage
from workers.sending import plan

S, R = DeliveryState, SuppressionReason
WHY = "the address was refused on 3 May 2026"
UNKNOWN = Answer(Outcome.REJECTED, Stage.RCPT, 550, "5.1.1", "5.1.1 No such user")
FULL = Answer(Outcome.DEFERRED, Stage.RCPT, 452, "4.2.2", "4.2.2 Mailbox full")


@pytest.fixture
def room(worker_id: str) -> Iterator[Newsroom]:
    with committed(f"resting_{worker_id}"), db.transaction() as session:
        room = make_newsroom(session)
        session.commit()
        yield room


def rest(session: Session, sender_id: UUID, name: str, days: float | None) -> None:
    until = None if days is None else now() + timedelta(days=days)
    suppressions.rest(session, [Rest(addresses.fingerprint(address(name)), sender_id, until, WHY)])


def planned(room: Newsroom) -> dict[str, tuple[DeliveryState, Exclusion | None, str | None]]:
    _, wave = sending(room)
    plan.plan(wave)
    with db.transaction() as session:
        query = "SELECT j.name, d.* FROM delivery d JOIN journalist j ON j.id = d.journalist_id"
        rows = session.execute(text(query))
        return {
            row.name.split()[0]: (S(row.state), Exclusion(row.exclusion) if row.exclusion else None, row.reason)
            for row in rows
        }


def test_planning_leaves_out_who_rests_and_says_why(room: Newsroom) -> None:
    with db.transaction() as session:
        for name in ("Cleo", "Dana", "Eli", "Fay", "Gus"):
            make_journalist(session, room, f"{name} Reader", address=address(name))
        rest(session, room.sender.id, "Cleo", 3)
        rest(session, room.sender.id, "Dana", None)
        rest(session, room.sender.id, "Eli", -1)
        suppressions.add(session, address("Fay"), R.BOUNCE, sender=room.sender.id)
        rest(session, room.sender.id, "Fay", 3)
    assert planned(room) == {
        "Cleo": (S.EXCLUDED, Exclusion.RESTING, WHY),
        "Dana": (S.EXCLUDED, Exclusion.RESTING, WHY),
        "Eli": (S.QUEUED, None, None),
        "Fay": (S.EXCLUDED, Exclusion.SUPPRESSED, None),
        "Gus": (S.QUEUED, None, None),
    }
    with db.transaction() as session:
        release = session.scalars(text("SELECT id FROM release")).one()
        assert reports.delivery(session, release).balanced
        assert f"address at rest after a refusal: {WHY}" in "".join(people_csv(session, release))


def test_the_gate_lets_nobody_through_who_came_to_rest_after_planning(desk: Desk) -> None:
    with db.transaction() as session:
        rest(session, desk.release.sender_id, "Dana", 3)
        rest(session, desk.release.sender_id, "Eli", -1)
    desk.work()

    dana = desk.of("Dana")
    assert (dana.state, dana.exclusion, dana.reason) == (S.EXCLUDED, Exclusion.RESTING, WHY)
    assert {envelope.recipient for envelope in desk.relay.sent} == {address("Cleo"), address("Eli")}


def test_another_newsrooms_rest_is_none_of_ours(desk: Desk) -> None:
    with db.transaction() as session:
        rest(session, make_newsroom(session).sender.id, "Dana", 3)
    desk.work()

    assert desk.states() == {S.ACCEPTED: 3}


def test_a_refusal_in_session_is_counted_by_the_next_tick(desk: Desk) -> None:
    desk.relay.tell(UNKNOWN, to=address("Dana"))
    desk.work()
    assert desk.of("Dana").state is S.FAILED
    for _ in range(2):
        tick.tick()

    with db.transaction() as session:
        [row] = session.scalars(select(Suppression))
        assert (row.reason, row.fingerprint) == (R.RESTING, addresses.fingerprint(address("Dana")))


def test_a_full_mailbox_that_was_given_up_is_counted_once(desk: Desk) -> None:
    desk.relay.tell(FULL, to=address("Dana"))
    desk.work()
    desk.execute("UPDATE wave SET not_before = now() - interval '3 days'")
    desk.execute("UPDATE chunk SET due_at = now()")
    desk.work()
    assert desk.of("Dana").state is S.FAILED
    with db.transaction() as session:
        assert [one.delivery_id for one in session.scalars(select(GivenUp))] == [desk.of("Dana").id]
        standings.sweep(session)
        found = standings.history(session, addresses.fingerprint(address("Dana")), desk.release.sender_id)
    assert [against.evidence.verdict for against in found.evidence] == ["full"]
