"""Messages that came in are kept as they were for a while; what was read out of them stays."""

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from service import bounces
from service.feedback import Event, Kind
from service.models import Event as EventRow
from service.models import Received
from service.settings import adopt
from tests.service.standings.town import Person


def store(session: Session, days_ago: float, *, sorted_: bool = True) -> Received:
    id_ = session.scalar(text("SELECT uuidv7(-make_interval(secs => :age))"), {"age": days_ago * 86_400})
    found = Received(id=id_, recipient="x", message=b"raw", verdict="bounce: bounced")
    session.add(found)
    session.flush()
    if sorted_:
        session.execute(text("UPDATE received SET sorted_at = now() WHERE id = :id"), {"id": found.id})
    return found


def kept(session: Session) -> set[object]:
    return set(session.scalars(select(Received.id)))


def test_after_thirty_days_they_go_and_their_events_stay(session: Session) -> None:
    old, young, unsorted = store(session, 30.1), store(session, 29.9), store(session, 40, sorted_=False)
    person = Person(session)
    delivery = person.mailed(30.2)
    bounces.apply(session, delivery.id, Event(Kind.BOUNCE, reason="no"), "smtp", "raw-1", received_id=old.id)
    assert bounces.forget_raw(session) >= 1
    assert kept(session) >= {young.id, unsorted.id}
    assert old.id not in kept(session)
    session.expire_all()
    event = session.scalars(select(EventRow).where(EventRow.delivery_id == delivery.id)).one()
    assert (event.received_id, event.reason) == (None, "no")


def test_they_go_in_small_batches(session: Session) -> None:
    for _ in range(5):
        store(session, 31)
    assert bounces.forget_raw(session, limit=3) == 3
    assert bounces.forget_raw(session, limit=3) == 2
    assert bounces.forget_raw(session, limit=3) == 0


def test_how_long_is_a_setting(session: Session) -> None:
    young = store(session, 3)
    adopt(raw_bounces_days=2)
    try:
        bounces.forget_raw(session)
    finally:
        adopt(raw_bounces_days=30)
    assert young.id not in kept(session)


def test_what_waits_for_a_person_waits_longer(session: Session) -> None:
    waiting, forgotten = store(session, 60), store(session, 91)
    for one in (waiting, forgotten):
        session.execute(text("UPDATE received SET unmatched = true WHERE id = :id"), {"id": one.id})
    bounces.forget_raw(session)
    assert waiting.id in kept(session)
    assert forgotten.id not in kept(session)
