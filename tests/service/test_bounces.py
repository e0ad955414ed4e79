"""What feedback does to a delivery and to its person, and what it never does."""

from datetime import datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from service import bounces, suppressions
from service.bounces import Effect
from service.errors import NotFound
from service.feedback import Event, Kind, Verdict
from service.models import Delivery, DeliveryState, Journalist, Release, ReleaseState, SuppressionReason
from service.models import Event as EventRow
from tests.factories import make_journalist, make_newsroom, now
from tests.ledgers import make_ledger, one_delivery

S = DeliveryState
REPORTS = count(1)
DEAD = Event(Kind.BOUNCE, Verdict.HARD, status="5.1.1", reason="There is no such mailbox", permanent=True)
SPAM = Event(Kind.COMPLAINT, reason="Called it spam")


def standing(session: Session, state: DeliveryState) -> Delivery:
    """A delivery to Cleo that stands at a state."""
    room = make_newsroom(session)
    return one_delivery(session, room, make_journalist(session, room), state)


def came(session: Session, delivery: Delivery, event: Event, at: datetime | None = None) -> Effect:
    """A report of its own about the delivery."""
    return bounces.apply(session, delivery.id, event, "test", f"{next(REPORTS)}", at=at).effect


def why(session: Session, delivery: Delivery) -> SuppressionReason | None:
    """Why the person is mailed no more."""
    journalist = session.get_one(Journalist, delivery.journalist_id)
    return suppressions.reason(session, journalist.fingerprint, journalist.sender_id)


def test_a_bounce_moves_what_was_accepted(session: Session) -> None:
    delivery = standing(session, S.ACCEPTED)
    assert came(session, delivery, DEAD) is Effect.BOUNCED
    assert (delivery.state, delivery.reason) == (S.BOUNCED, "There is no such mailbox")


def test_a_bounce_shows_that_an_uncertain_mail_was_accepted(session: Session) -> None:
    delivery = standing(session, S.UNCERTAIN)
    assert came(session, delivery, DEAD) is Effect.BOUNCED


@pytest.mark.parametrize("state", [S.QUEUED, S.DEFERRED, S.EXCLUDED, S.FAILED, S.CANCELLED, S.COMPLAINED, S.BOUNCED])
def test_a_bounce_is_noted_and_cannot_undo(session: Session, state: DeliveryState) -> None:
    delivery = standing(session, state)
    assert came(session, delivery, DEAD) is Effect.NOTED
    assert delivery.state is state


@pytest.mark.parametrize("kind", [Kind.DELAY, Kind.DELIVERED, Kind.AUTO_REPLY, Kind.REPLY, Kind.UNKNOWN])
def test_what_is_no_bounce_moves_nothing_that_was_accepted(session: Session, kind: Kind) -> None:
    delivery = standing(session, S.ACCEPTED)
    assert came(session, delivery, Event(kind, verdict=Verdict.HARD)) is Effect.NOTED
    assert (delivery.state, why(session, delivery)) == (S.ACCEPTED, None)


def test_an_answer_shows_that_an_uncertain_mail_was_accepted(session: Session) -> None:
    delivery = standing(session, S.UNCERTAIN)
    assert came(session, delivery, Event(Kind.AUTO_REPLY)) is Effect.SETTLED
    assert delivery.state is S.ACCEPTED


def test_what_outruns_its_attempt_is_to_be_applied_later(session: Session) -> None:
    delivery = standing(session, S.ATTEMPTING)
    with pytest.raises(bounces.TooEarly):
        came(session, delivery, DEAD)


def test_the_same_report_twice_is_one_event(session: Session) -> None:
    delivery = standing(session, S.ACCEPTED)
    effects = [bounces.apply(session, delivery.id, DEAD, "test", "same").effect for _ in range(2)]
    assert effects == [Effect.BOUNCED, Effect.AGAIN]
    assert len(session.scalars(select(EventRow).where(EventRow.delivery_id == delivery.id)).all()) == 1


def test_a_bounce_that_comes_sixty_days_late_is_ignored(session: Session) -> None:
    delivery = standing(session, S.ACCEPTED)
    assert came(session, delivery, DEAD, now() + timedelta(days=60)) is Effect.TOO_LATE
    assert delivery.state is S.ACCEPTED
    assert came(session, delivery, DEAD, now() + timedelta(days=30)) is Effect.BOUNCED


def test_there_is_nothing_to_apply_to_a_delivery_that_is_gone(session: Session) -> None:
    with pytest.raises(NotFound):
        bounces.apply(session, make_newsroom(session).sender.id, DEAD, "test", "1")


@pytest.mark.parametrize("state", [S.ACCEPTED, S.BOUNCED, S.UNCERTAIN])
def test_a_complaint_suppresses_the_address_for_this_sender_at_once(session: Session, state: DeliveryState) -> None:
    delivery = standing(session, state)
    assert came(session, delivery, SPAM) is Effect.COMPLAINED
    assert why(session, delivery) is SuppressionReason.COMPLAINT
    journalist = session.get_one(Journalist, delivery.journalist_id)
    other = make_newsroom(session)
    assert suppressions.reason(session, journalist.fingerprint, other.sender) is None


def test_a_complaint_about_what_was_queued_again_suppresses_too(session: Session) -> None:
    delivery = standing(session, S.QUEUED)
    assert came(session, delivery, SPAM) is Effect.NOTED
    assert (delivery.state, why(session, delivery)) == (S.QUEUED, SuppressionReason.COMPLAINT)


def test_a_complaint_of_a_third_person_is_only_noted(session: Session) -> None:
    delivery = standing(session, S.ACCEPTED)
    assert came(session, delivery, Event(Kind.COMPLAINT, recipient="eli@elsewhere.example")) is Effect.NOTED
    assert (delivery.state, why(session, delivery)) == (S.ACCEPTED, None)


def test_a_complaint_with_a_redacted_address_counts(session: Session) -> None:
    delivery = standing(session, S.ACCEPTED)
    assert came(session, delivery, Event(Kind.COMPLAINT, recipient="x9f3@daily.example")) is Effect.COMPLAINED


def sending(session: Session, bounced: int, accepted: int) -> Release:
    """A release that is being sent, of which some came back."""
    room = make_newsroom(session)
    states = [S.BOUNCED] * bounced + [S.ACCEPTED] * accepted
    return make_ledger(session, room, [(make_journalist(session, room), state) for state in states]).release


def test_a_release_that_bounces_too_much_is_paused_but_only_once(session: Session) -> None:
    release = sending(session, bounced=100, accepted=300)
    assert bounces.pause_if_many(session, release.id)
    assert (release.state, release.reason) == (
        ReleaseState.PAUSED,
        "100 of 400 bounced, so the release was paused",
    )
    release.state = ReleaseState.SENDING
    session.flush()
    assert not bounces.pause_if_many(session, release.id)


@pytest.mark.parametrize(("bounced", "accepted"), [(99, 0), (100, 401)])
def test_a_release_that_bounces_as_lists_do_goes_on(session: Session, bounced: int, accepted: int) -> None:
    release = sending(session, bounced, accepted)
    assert not bounces.pause_if_many(session, release.id)
    assert release.state is ReleaseState.SENDING
