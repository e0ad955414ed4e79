"""The report counts from the ledger alone, and says so when the books do not balance."""

from collections import Counter
from collections.abc import Callable
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from service import deliveries, reports
from service.errors import NotFound
from service.models import Account, Attempt, AttemptOutcome, DeliveryState, Event, Outlet
from service.reports.words import COLUMNS, EXCLUSIONS, STATES
from tests.factories import make_journalist, make_newsroom
from tests.ledgers import Ledger, attempt, make_ledger, ungoverned

S = DeliveryState


def ledger(session: Session, *states: DeliveryState) -> Ledger:
    """A release with one person at each state, each at another outlet, in two countries."""
    room = make_newsroom(session)
    outlets = [Outlet(sender_id=room.sender.id, name=f"Outlet {number}") for number in range(3)]
    session.add_all(outlets)
    session.flush()
    people = [
        make_journalist(session, room, outlet=[*outlets, None][number % 4], country=("KZ", "DE")[number % 2])
        for number, _ in enumerate(states)
    ]
    return make_ledger(session, room, list(zip(people, states, strict=True)))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(list(S)), min_size=1, max_size=30))
def test_every_breakdown_adds_up_to_the_total_whatever_the_states(session: Session, states: list[S]) -> None:
    report = reports.delivery(session, ledger(session, *states).release.id)
    assert report.balanced, report.imbalance
    assert report.rows == len(states) == sum(count.number for count in report.totals)
    numbers = Counter(states)
    assert {count.state: count.number for count in report.totals} == {state.value: numbers[state] for state in S}
    for rows in report.breakdowns.values():
        assert sum(row.total for row in rows) == len(states)
        for row in rows:
            assert row.total == sum(getattr(row, column) for column in COLUMNS)
    for column, held in COLUMNS.items():
        assert sum(getattr(row, column) for row in report.by_outlet) == sum(numbers[state] for state in held)
    assert sum(failure.number for failure in report.failures) == numbers[S.FAILED] + numbers[S.BOUNCED]
    assert sum(count.number for count in report.excluded) == numbers[S.EXCLUDED]


def test_another_release_is_not_counted(session: Session) -> None:
    made = ledger(session, S.ACCEPTED, S.FAILED)
    ledger(session, S.ACCEPTED, S.BOUNCED)
    report = reports.delivery(session, made.release.id)
    assert (report.rows, report.attempts, report.balanced) == (2, 3, True)


def test_a_release_not_planned_yet_balances_at_nobody(session: Session) -> None:
    made = ledger(session, S.QUEUED)
    ungoverned(
        session,
        f"DELETE FROM wave WHERE id = '{made.wave.id}'",
        f"DELETE FROM delivery WHERE wave_id = '{made.wave.id}'",
    )
    report = reports.delivery(session, made.release.id)
    assert (report.rows, report.balanced, report.messages_per_second) == (0, True, None)


def test_there_is_no_report_of_what_is_not_there(session: Session) -> None:
    with pytest.raises(NotFound):
        reports.delivery(session, uuid4())


def test_what_a_person_settled_as_accepted_balances(session: Session) -> None:
    made = ledger(session, S.UNCERTAIN, S.ACCEPTED)
    by = session.get_one(Account, made.release.written_by)
    deliveries.settle(session, made.deliveries[0], accepted=True, by=by)
    report = reports.delivery(session, made.release.id)
    assert (report.settled, report.uncertain, report.imbalance) == (1, 0, "")


Breaking = Callable[[Session, Ledger], None]


def a_removed_person(session: Session, made: Ledger) -> None:
    ungoverned(session, f"DELETE FROM delivery WHERE id = '{made.deliveries[0].id}'")


def a_removed_attempt(session: Session, made: Ledger) -> None:
    ungoverned(session, f"DELETE FROM attempt WHERE delivery_id = '{made.deliveries[1].id}'")


def a_doubled_attempt(session: Session, made: Ledger) -> None:
    session.add(attempt(made.deliveries[0], 2, AttemptOutcome.ACCEPTED))
    session.flush()


def a_doubled_attempt_that_hides_a_removed_one(session: Session, made: Ledger) -> None:
    a_removed_attempt(session, made)
    a_doubled_attempt(session, made)


def an_acceptance_nobody_gave(session: Session, made: Ledger) -> None:
    ungoverned(session, f"UPDATE delivery SET state = 'accepted' WHERE id = '{made.deliveries[2].id}'")


def an_acceptance_forgotten(session: Session, made: Ledger) -> None:
    ungoverned(session, f"UPDATE delivery SET state = 'failed' WHERE id = '{made.deliveries[0].id}'")


def an_uncounted_candidate(session: Session, made: Ledger) -> None:
    session.execute(text(f"UPDATE wave SET candidates = candidates + 1 WHERE id = '{made.wave.id}'"))


@pytest.mark.parametrize(
    ("breaking", "words"),
    [
        (a_removed_person, "3 people were counted at planning and 2 have a row"),
        (a_removed_attempt, "4 attempts have ended and 3 are written down"),
        (a_doubled_attempt, "4 attempts have ended and 5 are written down"),
        (a_doubled_attempt_that_hides_a_removed_one, "1 attempts are written down that no delivery knows of"),
        (an_acceptance_nobody_gave, "1 are taken as accepted without an attempt that shows it"),
        (an_acceptance_forgotten, "1 accepted attempts belong to deliveries that are not accepted"),
        (an_uncounted_candidate, "4 people were counted at planning and 3 have a row"),
    ],
)
def test_broken_books_are_seen_and_said(session: Session, breaking: Breaking, words: str) -> None:
    made = ledger(session, S.ACCEPTED, S.ACCEPTED, S.FAILED)
    assert reports.delivery(session, made.release.id).balanced
    breaking(session, made)
    report = reports.delivery(session, made.release.id)
    assert not report.balanced
    assert words in report.imbalance


def test_an_attempt_written_down_before_it_ended_is_seen(session: Session) -> None:
    made = ledger(session, S.ATTEMPTING)
    session.add(attempt(made.deliveries[0], made.deliveries[0].attempts, AttemptOutcome.DEFERRED))
    session.flush()
    imbalance = reports.delivery(session, made.release.id).imbalance
    assert "1 attempts are written down that no delivery knows of" in imbalance


def test_a_failure_is_told_with_the_mail_servers_own_words(session: Session) -> None:
    made = ledger(session, S.FAILED, S.FAILED, S.BOUNCED)
    event = {"source": "test", "source_id": uuid4().hex, "kind": "bounce", "reply": "550 5.1.1 no such user"}
    session.add(Event(delivery_id=made.deliveries[2].id, **event))
    session.flush()
    failed, bounced = reports.delivery(session, made.release.id).failures
    assert (failed.state, failed.number, failed.example) == (S.FAILED, 2, "User unknown")
    assert (bounced.state, bounced.number, bounced.example) == (S.BOUNCED, 1, "550 5.1.1 no such user")


def test_the_rate_is_the_accepted_over_the_time_they_took(session: Session) -> None:
    made = ledger(session, S.ACCEPTED, S.ACCEPTED)
    report = reports.delivery(session, made.release.id)
    tries = session.query(Attempt).filter(Attempt.delivery_id.in_([one.id for one in made.deliveries])).all()
    assert report.first_at == min(one.began_at for one in tries)
    assert report.last_at == max(one.ended_at for one in tries)
    seconds = (report.last_at - report.first_at).total_seconds()
    assert report.messages_per_second == pytest.approx(2 / seconds)


def test_every_state_has_words_and_one_column() -> None:
    assert set(STATES) == set(S)
    assert sorted(state for held in COLUMNS.values() for state in held) == sorted(S)
    assert not any("delivered" in words for words in (*STATES.values(), *EXCLUSIONS.values()))
