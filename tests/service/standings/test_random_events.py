"""Whatever comes back, in whatever order and however often: what must hold always."""

from itertools import count
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from service import bounces, reports, standings, suppressions
from service.feedback import Event, Kind, Verdict
from service.models import Delivery, DeliveryState, Evidence, Suppression, SuppressionReason
from tests.factories import make_journalist, make_newsroom
from tests.ledgers import make_ledger
from tests.service.standings.town import Person, ago

NAMES = count(1)
HARMLESS = (Verdict.POLICY, Verdict.CONTENT, Verdict.SIZE, Verdict.OURS, Verdict.HOST, Verdict.GREYLISTED)
DAYS = st.integers(min_value=0, max_value=44)
THEIRS = st.sampled_from(sorted(suppressions.THEIR_WORD))
COUNTING = st.sampled_from([Verdict.HARD, Verdict.DISABLED, Verdict.FULL, Verdict.SOFT, Verdict.DEAD_DOMAIN])


@st.composite
def happenings(draw: st.DrawFn, verdicts: st.SearchStrategy[Verdict]) -> list[tuple[int, Event]]:
    """Mails that left so many days ago, and what came back about each."""
    kinds = st.sampled_from([Kind.BOUNCE, Kind.BOUNCE, Kind.BOUNCE, Kind.DELAY, Kind.AUTO_REPLY, Kind.DELIVERED])
    return draw(st.lists(st.tuples(DAYS, st.builds(Event, kinds, verdicts)), min_size=1, max_size=12))


EVERY = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], print_blob=True
)


def apply(person: Person, told: list[tuple[int, Event]], names: list[str], deliveries: list[UUID]) -> None:
    """All of it, oldest mail first, as the sorter would."""
    for (days, event), name, delivery in zip(told, names, deliveries, strict=True):
        bounces.apply(person.session, delivery, event, "random", name, at=ago(days))


def mailed(person: Person, told: list[tuple[int, Event]]) -> tuple[list[str], list[UUID]]:
    return [str(next(NAMES)) for _ in told], [person.mailed(days + 0.01).id for days, _ in told]


def standing(person: Person) -> tuple[object, ...]:
    person.session.expire_all()
    marks = person.session.scalars(
        select(Evidence).where(Evidence.fingerprint == person.journalist.fingerprint).order_by(Evidence.day)
    )
    row = person.row
    return (
        row and (row.reason, row.evidence),
        tuple(person.changes),
        tuple((mark.day, mark.verdict) for mark in marks),
    )


@EVERY
@given(told=happenings(st.sampled_from(HARMLESS)))
def test_what_is_said_of_us_buries_nobody(session: Session, told: list[tuple[int, Event]]) -> None:
    person = Person(session)
    apply(person, told, *mailed(person, told))
    assert person.row is None


@EVERY
@given(told=happenings(COUNTING), reason=THEIRS, reply=DAYS)
def test_no_event_lifts_what_the_person_said(
    session: Session, told: list[tuple[int, Event]], reason: SuppressionReason, reply: int
) -> None:
    person = Person(session)
    told = [*told, (reply, Event(Kind.REPLY))]
    half = len(told) // 2
    names, deliveries = mailed(person, told)
    apply(person, told[:half], names[:half], deliveries[:half])
    suppressions.add(session, person.journalist.fingerprint, reason, sender=person.room.sender)
    apply(person, told[half:], names[half:], deliveries[half:])
    row = person.row
    assert row is not None
    assert (row.reason, row.until) == (reason, None)


@EVERY
@given(told=happenings(COUNTING))
def test_hearing_it_all_again_changes_nothing(session: Session, told: list[tuple[int, Event]]) -> None:
    person = Person(session)
    names, deliveries = mailed(person, told)
    apply(person, told, names, deliveries)
    before = standing(person)
    apply(person, told, names, deliveries)
    named = standings.evidence.Named(person.journalist.fingerprint, person.room.sender.id)
    standings.judge(session, [named])
    assert standing(person) == before


@EVERY
@given(told=happenings(COUNTING))
def test_a_day_counts_once_and_what_counts_has_its_proof(session: Session, told: list[tuple[int, Event]]) -> None:
    person = Person(session)
    apply(person, told, *mailed(person, told))
    bounced = {days for days, event in told if event.kind is Kind.BOUNCE}
    marks = session.scalars(select(Evidence).where(Evidence.fingerprint == person.journalist.fingerprint)).all()
    assert len(marks) <= len(bounced)
    assert all(mark.event_id and mark.delivery_id and mark.proven for mark in marks)


@EVERY
@given(told=st.lists(st.tuples(st.integers(0, 4), COUNTING, st.booleans()), min_size=1, max_size=15))
def test_the_books_balance_and_a_late_bounce_is_counted_once(
    session: Session, told: list[tuple[int, Verdict, bool]]
) -> None:
    room = make_newsroom(session)
    people = [(make_journalist(session, room), DeliveryState.ACCEPTED) for _ in range(5)]
    ledger = make_ledger(session, room, people)
    for which, verdict, complained in told:
        kind = Kind.COMPLAINT if complained else Kind.BOUNCE
        event = Event(kind, None if complained else verdict, reason="no")
        bounces.apply(session, ledger.deliveries[which].id, event, "books", str(next(NAMES)))
    session.expire_all()
    report = reports.delivery(session, ledger.release.id)
    assert report.balanced, report.imbalance
    complained_of = {which for which, _, complained in told if complained}
    bounced = {which for which, _, complained in told if not complained} - complained_of
    assert report.number(DeliveryState.BOUNCED) == len(bounced)
    assert report.number(DeliveryState.COMPLAINED) == len(complained_of)
    assert session.scalars(select(Delivery).where(Delivery.release_id == ledger.release.id)).all()


@EVERY
@given(told=happenings(COUNTING))
def test_nobody_is_suppressed_who_could_not_be_by_two_days(session: Session, told: list[tuple[int, Event]]) -> None:
    """One day's bounces, of whatever kind and number, suppress nobody: at most they let rest."""
    person = Person(session)
    told = [(told[0][0], event) for _, event in told]
    apply(person, told, *mailed(person, told))
    assert person.reason in (None, SuppressionReason.RESTING)
    assert session.scalars(select(Suppression).where(Suppression.reason == SuppressionReason.BOUNCE)).all() == []
