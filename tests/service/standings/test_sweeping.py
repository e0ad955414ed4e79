"""What servers said in session, counted by the tick and not by the ledger's round."""

from datetime import timedelta

import pytest
from sqlalchemy import create_engine, select, text, update
from sqlalchemy.orm import Session

from service import db, standings
from service.models import Delivery, DeliveryState, Evidence, GivenUp, SuppressionReason, Swept
from tests.committed import committed
from tests.factories import make_journalist, make_newsroom, now
from tests.service.standings.town import Person, ago, refusal

R, S = SuppressionReason, DeliveryState


@pytest.fixture
def cleo(session: Session) -> Person:
    session.execute(update(Swept).values(until=now() - timedelta(days=400)))
    return Person(session)


def verdicts(person: Person) -> list[str]:
    query = select(Evidence.verdict).where(Evidence.fingerprint == person.journalist.fingerprint)
    return list(person.session.scalars(query.order_by(Evidence.day)))


def test_a_refusal_in_session_lets_the_address_rest(cleo: Person) -> None:
    cleo.refused(0.1)
    assert standings.sweep(cleo.session) == 1
    assert cleo.reason is R.RESTING


def test_the_second_one_after_the_rest_suppresses(cleo: Person) -> None:
    cleo.refused(8)
    cleo.refused(0.1)
    standings.sweep(cleo.session)
    assert cleo.reason is R.BOUNCE


def test_a_refusal_in_session_and_a_tagged_bounce_are_two_verdicts(cleo: Person) -> None:
    cleo.bounced(9)
    cleo.refused(0.1)
    standings.sweep(cleo.session)
    assert cleo.reason is R.BOUNCE


def test_sweeping_again_finds_nothing_and_changes_nothing(cleo: Person) -> None:
    cleo.refused(8)
    cleo.refused(0.1)
    standings.sweep(cleo.session)
    assert standings.sweep(cleo.session) == 0
    cleo.session.execute(update(Swept).values(until=now() - timedelta(days=400)))
    before = (cleo.changes, verdicts(cleo))
    assert standings.sweep(cleo.session) == 2
    assert (cleo.changes, verdicts(cleo)) == before


@pytest.mark.parametrize(
    ("code", "enhanced", "reply", "stage", "counted"),
    [
        (550, "5.1.1", "user unknown", "rcpt", ["hard"]),
        (550, "5.1.1", "user unknown", "dot", ["hard"]),
        (550, "5.2.1", "mailbox disabled", "rcpt", ["disabled"]),
        (552, "5.2.2", "mailbox full", "rcpt", ["full"]),
        (550, "", "no", "rcpt", ["soft"]),
        (554, "", "no", "dot", []),
        (550, "5.7.1", "blocked as spam", "rcpt", []),
        (552, "5.3.4", "message too big", "data", []),
        (554, "5.6.0", "conversion failed", "dot", []),
        (550, "5.7.26", "SPF and DKIM failed", "dot", []),
        (550, "5.1.1", "user unknown", "mail", []),
        (550, "5.1.1", "user unknown", "connect", []),
    ],
)
def test_only_what_is_said_of_the_recipient_counts(
    cleo: Person, code: int, enhanced: str, reply: str, stage: str, counted: list[str]
) -> None:
    cleo.session.add(refusal(cleo.mailed(1, S.QUEUED), ago(1), code, enhanced, reply, stage))
    cleo.session.flush()
    standings.sweep(cleo.session)
    assert verdicts(cleo) == counted


def given_up(person: Person, days_ago: float, code: int | None, enhanced: str, reply: str) -> None:
    delivery = person.mailed(days_ago, S.FAILED)
    person.session.execute(text("DELETE FROM attempt WHERE delivery_id = :id"), {"id": delivery.id})
    delivery.attempts = 1
    attempt = refusal(delivery, ago(days_ago), 0, enhanced, reply)
    attempt.code, attempt.outcome = code, attempt.outcome.DEFERRED
    person.session.add_all([attempt, GivenUp(delivery_id=delivery.id)])
    person.session.flush()


@pytest.mark.parametrize(
    ("code", "enhanced", "reply", "counted"),
    [
        (452, "4.2.2", "mailbox full", ["full"]),
        (450, "4.2.1", "mailbox busy", ["soft"]),
        (451, "4.7.1", "greylisted, try again", ["soft"]),
        (421, "4.3.2", "shutting down", []),
        (450, "4.7.26", "SPF failed", []),
        (None, "", "timed out", []),
    ],
)
def test_what_was_given_up_at_its_deadline_counts_once_by_its_last_answer(
    cleo: Person, code: int | None, enhanced: str, reply: str, counted: list[str]
) -> None:
    given_up(cleo, 1, code, enhanced, reply)
    standings.sweep(cleo.session)
    standings.sweep(cleo.session)
    assert verdicts(cleo) == counted
    assert not cleo.session.scalars(select(GivenUp)).all()


def test_a_flood_is_counted_in_pieces_and_nobody_is_passed_over(cleo: Person) -> None:
    people = [Person(cleo.session, cleo.room) for _ in range(9)]
    for number, person in enumerate(people):
        person.refused(1 + number / 1000)
    number = 0
    while standings.sweep(cleo.session, limit=4) and number < 10:
        number += 1
    assert all(verdicts(person) == ["hard"] for person in people)


def test_what_is_being_written_at_this_moment_is_counted_later_and_not_missed(worker_id: str) -> None:
    """A round may commit after one that ended later: its rows must not be left behind."""
    with committed(f"sweep_{worker_id}") as url:
        with db.transaction() as session:
            room = make_newsroom(session)
            early, late = Person(session, room), Person(session, room)
            first, second = early.mailed(0, S.QUEUED), late.mailed(0, S.QUEUED)
        engine = create_engine(url)
        with Session(engine) as writing:
            writing.add(refusal(writing.get_one(Delivery, first.id), now(), 550, "5.1.1", "unknown"))
            writing.flush()
            with db.transaction() as session:
                session.add(refusal(session.get_one(Delivery, second.id), now(), 550, "5.1.1", "unknown"))
            swept = 0
            for _ in range(2):
                with db.transaction() as session:
                    swept += standings.sweep(session)
            writing.commit()
        engine.dispose()
        for _ in range(2):
            with db.transaction() as session:
                swept += standings.sweep(session)
        assert swept == 2
        with db.transaction() as session:
            assert len(session.scalars(select(Evidence.id)).all()) == 2


def test_of_two_sweeps_at_once_one_does_nothing(worker_id: str) -> None:
    with committed(f"sweeps_{worker_id}"):
        with db.transaction() as session:
            person = Person(session)
            session.add(refusal(person.mailed(0, S.QUEUED), now(), 550, "5.1.1", "unknown"))
        with db.transaction() as session:
            session.scalars(select(Swept).with_for_update()).one()
            with db.transaction() as other:
                assert standings.sweep(other) == 0
        with db.transaction() as session:
            assert standings.sweep(session) == 1
            make_journalist(session, make_newsroom(session))
