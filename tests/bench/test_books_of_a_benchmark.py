"""A benchmark believes its figures only when everybody was accepted exactly once."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from bench import books
from bench.measurement import NotMeasured
from service.models import Attempt, AttemptOutcome, Delivery, DeliveryState, Wave
from tests.factories import make_delivery, make_journalist, make_newsroom, now


@pytest.fixture
def delivery(session: Session) -> Delivery:
    """Cleo's, of a release planned for one."""
    newsroom = make_newsroom(session)
    found = make_delivery(session, newsroom, make_journalist(session, newsroom))
    session.get_one(Wave, found.wave_id).candidates = 1
    return found


def accept(session: Session, delivery: Delivery, number: int = 1, *, state: DeliveryState) -> None:
    """The relay took it, four seconds after it was offered."""
    if delivery.state is not state:
        for step in (DeliveryState.ATTEMPTING, state):
            delivery.state = step
            session.flush()
    began = now()
    session.add(
        Attempt(
            delivery_id=delivery.id,
            number=number,
            began_at=began,
            ended_at=began + timedelta(seconds=4),
            relay="sink",
            outcome=AttemptOutcome.ACCEPTED,
            stage="dot",
            code=250,
            enhanced="",
            reply="",
        )
    )
    session.flush()


def test_the_rate_is_by_the_ledgers_own_clock(session: Session, delivery: Delivery) -> None:
    accept(session, delivery, state=DeliveryState.ACCEPTED)
    found = books.read(session, delivery.release_id)
    assert (found.accepted, found.seconds) == (1, 4.0)


def test_a_mail_taken_twice_is_no_good_measurement(session: Session, delivery: Delivery) -> None:
    accept(session, delivery, state=DeliveryState.ACCEPTED)
    accept(session, delivery, 2, state=DeliveryState.ACCEPTED)
    with pytest.raises(NotMeasured, match="attempts=2"):
        books.read(session, delivery.release_id)


def test_somebody_left_out_is_no_good_measurement(session: Session, delivery: Delivery) -> None:
    with pytest.raises(NotMeasured, match="accepted=0"):
        books.read(session, delivery.release_id)


def test_a_candidate_without_a_row_is_no_good_measurement(session: Session, delivery: Delivery) -> None:
    accept(session, delivery, state=DeliveryState.ACCEPTED)
    session.get_one(Wave, delivery.wave_id).candidates = 2
    session.flush()
    with pytest.raises(NotMeasured, match="candidates=2"):
        books.read(session, delivery.release_id)
