"""The night of 14 December 2020: a provider says of the living that they do not exist."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from service import accounts, standings, suppressions
from service.models import (
    AccountMail,
    AccountMailKind,
    AttemptOutcome,
    Burst,
    BurstState,
    DeliveryState,
    Role,
    SuppressionReason,
    Swept,
)
from service.providers import note as note_domains
from tests.factories import Newsroom, make_newsroom, now
from tests.service.standings.town import Person, ago, refusal

R, S = SuppressionReason, DeliveryState
NIGHT = 0.2
"""Days ago."""


@pytest.fixture
def room(session: Session) -> Newsroom:
    note_domains(session, ["a@gmail.com", "b@googlemail.com"])
    found = make_newsroom(session)
    accounts.grant(session, found.ada, found.sender, [Role.ADMINISTER])
    return found


def readers(session: Session, room: Newsroom, number: int, name: str = "reader") -> list[Person]:
    domains = ("gmail.com", "googlemail.com")
    return [Person(session, room, f"{name}-{at}@{domains[at % 2]}") for at in range(number)]


def taken(people: list[Person], days_ago: float) -> None:
    """Their mail was accepted in those minutes."""
    for person in people:
        delivery = person.mailed(days_ago, S.QUEUED)
        accepted = refusal(delivery, ago(days_ago), 250, "2.0.0", "ok", "dot")
        accepted.outcome = AttemptOutcome.ACCEPTED
        person.session.add(accepted)
    room_of(people).flush()


def room_of(people: list[Person]) -> Session:
    return people[0].session


def refused(people: list[Person], days_ago: float) -> None:
    for number, person in enumerate(people):
        person.refused(days_ago + number / 100_000)
    room_of(people).execute(update(Swept).values(until=now() - timedelta(days=400)))
    standings.sweep(room_of(people))


def burst(session: Session) -> Burst | None:
    query = select(Burst).where(Burst.provider == "google").order_by(Burst.id.desc()).limit(1)
    return session.scalar(query.execution_options(populate_existing=True))


def reasons(people: list[Person]) -> set[SuppressionReason | None]:
    return {person.reason for person in people}


def test_many_dead_addresses_of_a_provider_in_an_hour_are_held_for_a_person(session: Session, room: Newsroom) -> None:
    people = readers(session, room, 30)
    refused(people, NIGHT)
    found = burst(session)
    assert found is not None
    assert found.state is BurstState.HELD
    assert [(told.burst.id, told.addresses) for told in standings.bursts(session)] == [(found.id, 30)]
    assert reasons(people) == {R.RESTING}


def test_while_held_nobody_is_suppressed_by_it_not_even_who_was_before_the_burst_showed(
    session: Session, room: Newsroom
) -> None:
    people = readers(session, room, 30)
    for person in people:
        person.bounced(9)
    refused(people[:19], NIGHT)
    assert reasons(people[:19]) == {R.BOUNCE}
    refused(people[19:], NIGHT)
    assert reasons(people) == {R.RESTING}


def test_dismissed_all_of_them_are_mailed_again_at_once(session: Session, room: Newsroom) -> None:
    people = readers(session, room, 25)
    refused(people, NIGHT)
    found = burst(session)
    assert found is not None
    assert standings.decide(session, found.id, BurstState.DISMISSED, by=room.ada) == 25
    assert reasons(people) == {None}
    assert people[0].changes == ["resting", "open"]
    assert not suppressions.holds(session, people[0].journalist.fingerprint, room.sender)


def test_dismissing_lifts_no_word_of_the_person_and_no_decision_of_anybody(session: Session, room: Newsroom) -> None:
    people = readers(session, room, 25)
    refused(people, NIGHT)
    for person, reason in zip(people, (R.COMPLAINT, R.UNSUBSCRIBED, R.ERASED, R.BY_HAND), strict=False):
        by = room.ada if reason is R.BY_HAND else None
        suppressions.add(session, person.journalist.fingerprint, reason, sender=room.sender, by=by)
    found = burst(session)
    assert found is not None
    standings.decide(session, found.id, BurstState.DISMISSED, by=room.ada)
    assert [person.reason for person in people[:5]] == [R.COMPLAINT, R.UNSUBSCRIBED, R.ERASED, R.BY_HAND, None]


def test_released_its_verdicts_count(session: Session, room: Newsroom) -> None:
    people = readers(session, room, 25)
    for person in people[:3]:
        person.bounced(9)
    refused(people, NIGHT)
    found = burst(session)
    assert found is not None
    standings.decide(session, found.id, BurstState.RELEASED, by=room.ada)
    assert reasons(people[:3]) == {R.BOUNCE}
    assert reasons(people[3:]) == {R.RESTING}


def test_what_goes_on_within_an_hour_belongs_to_the_burst_whatever_was_said_of_it(
    session: Session, room: Newsroom
) -> None:
    people = readers(session, room, 40)
    refused(people[:25], NIGHT)
    found = burst(session)
    assert found is not None
    standings.decide(session, found.id, BurstState.DISMISSED, by=room.ada)
    refused(people[25:], NIGHT - 0.03)
    assert reasons(people[:25]) == {None}
    assert [told.addresses for told in standings.bursts(session)] == [40]
    assert reasons(people) == {None}
    assert len(session.scalars(select(Burst).where(Burst.provider == "google")).all()) == 1


def test_a_few_dead_addresses_among_many_living_are_what_lists_have(session: Session, room: Newsroom) -> None:
    people = readers(session, room, 25)
    taken(readers(session, room, 110, "living"), NIGHT + 0.005)
    refused(people, NIGHT)
    assert burst(session) is None


def test_nineteen_are_no_burst(session: Session, room: Newsroom) -> None:
    refused(readers(session, room, 19), NIGHT)
    assert burst(session) is None


def test_over_a_day_they_are_no_burst(session: Session, room: Newsroom) -> None:
    for number, person in enumerate(readers(session, room, 30)):
        refused([person], NIGHT + number / 24)
    assert burst(session) is None


def test_bounces_that_come_later_are_guarded_by_when_their_mails_left(session: Session, room: Newsroom) -> None:
    for number, person in enumerate(readers(session, room, 25)):
        person.bounced(2, after=1 + number / 25)
    found = burst(session)
    assert found is not None
    assert found.state is BurstState.HELD


def test_administrators_are_told_once(session: Session, room: Newsroom) -> None:
    refused(readers(session, room, 30), NIGHT)
    mails = select(AccountMail).where(AccountMail.kind == AccountMailKind.FEEDBACK)
    theirs = session.scalars(mails.where(AccountMail.address == room.ada.email)).all()
    assert [mail.values["reason"] for mail in theirs] == [
        "google called 30 of 30 addresses dead within an hour; its verdicts wait for a person"
    ]


def test_only_who_administers_decides_and_only_once(session: Session, room: Newsroom) -> None:
    refused(readers(session, room, 25), NIGHT)
    found = burst(session)
    assert found is not None
    with pytest.raises(accounts.NotAllowed):
        standings.decide(session, found.id, BurstState.DISMISSED, by=room.ben)
    standings.decide(session, found.id, BurstState.RELEASED, by=room.ada)
    with pytest.raises(standings.NotHeld):
        standings.decide(session, found.id, BurstState.DISMISSED, by=room.ada)
    assert found.decided_by == room.ada.id
