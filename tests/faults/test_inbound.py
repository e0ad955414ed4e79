"""What comes back by mail is on disk before its 250, and once only."""

import smtplib
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select

from service import links
from service.models import Delivery, DeliveryState, Event, Received
from tests.faults import oracle
from tests.faults.crew import port_of
from tests.faults.scene import Scene, scene
from workers.relays.development import returns
from workers.relays.development.reception import Mail

pytestmark = pytest.mark.timeout(120)
MAIL = b"From: press@rivers.example\r\nMessage-ID: <1@rivers.example>\r\nSubject: River levels\r\n\r\nLevels fell.\r\n"
READER = "reader1@daily.example"


def post(service: Scene, to: str, message: bytes) -> int:
    """Hand a message over; the code of the answer to it."""
    with smtplib.SMTP("127.0.0.1", port_of(service.env["INBOUND_LISTEN"]), timeout=40) as client:
        client.ehlo()
        client.mail("")
        code, _ = client.rcpt(to)
        assert code == 250
        return client.data(message)[0]


def bounce(delivery: UUID) -> tuple[str, bytes]:
    """A delivery report about it, and where it is sent to."""
    path = links.personal().return_path(delivery)
    return path, returns.bounce(Mail(path, (READER,), MAIL), READER)


def sent(service: Scene) -> UUID:
    """A release has gone to one reader."""
    service.beat()
    service.worker("first")
    service.wait_sent(service.scheduled())
    with service.transaction() as session:
        return session.scalars(select(Delivery.id)).one()


def stored(service: Scene) -> int:
    with service.transaction() as session:
        return session.scalar(select(func.count()).select_from(Received)) or 0


@pytest.mark.quick
@pytest.mark.fault("F61")
def test_without_its_database_inbound_says_later_and_never_250(folder: Path) -> None:
    with scene(folder, people=1) as service:
        delivery = sent(service)
        service.inbound()
        service.database.stop()
        assert post(service, *bounce(delivery)) == 451

        service.database.start()
        assert not stored(service)
        assert post(service, *bounce(delivery)) == 250
        assert stored(service) == 1


@pytest.mark.fault("F62")
def test_a_message_that_was_answered_250_is_there_after_a_kill_and_a_crash(folder: Path) -> None:
    with scene(folder, people=1) as service:
        delivery = sent(service)
        service.stop("first")
        for number in range(1, 6):
            service.inbound()
            assert post(service, *bounce(delivery)) == 250
            service.kill("inbound")
            service.crash_database()
            assert stored(service) == number
        service.worker("first")
        service.wait_until(lambda: state(service, delivery) is DeliveryState.BOUNCED)


@pytest.mark.fault("F63")
def test_one_report_that_comes_a_hundred_times_is_one_event(folder: Path) -> None:
    with scene(folder, people=1) as service:
        delivery = sent(service)
        service.inbound()
        to, message = bounce(delivery)
        for _ in range(100):
            assert post(service, to, message) == 250
        service.wait_until(lambda: not unsorted(service))

        with service.transaction() as session:
            assert session.scalars(select(Event.kind)).all() == ["bounce"]
            [release] = {row.release_id for row in session.scalars(select(Delivery))}
        assert state(service, delivery) is DeliveryState.BOUNCED
        assert not oracle.imbalance(service, release)


def unsorted(service: Scene) -> int:
    with service.transaction() as session:
        return session.scalar(select(func.count()).where(Received.sorted_at.is_(None))) or 0


def state(service: Scene, delivery: UUID) -> DeliveryState:
    with service.transaction() as session:
        return session.get_one(Delivery, delivery).state
