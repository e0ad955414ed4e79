"""S4, S8: what stays the same on every try, what is of the moment, and whose reply is whose."""

from collections.abc import Iterator
from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest

from service.models import DeliveryState
from tests.committed import committed
from tests.factories import now
from tests.standards import reading
from tests.standards.office import Office, opened
from tests.standards.sink import Taken

CLEO, DANA = "cleo@daily.example", "dana@daily.example"


@pytest.fixture(scope="module")
def office(worker_id: str) -> Iterator[Office]:
    with committed(f"standards_{worker_id}"), opened("Cleo", "Dana") as found:
        yield found


def field(taken: Taken, name: str) -> str:
    return reading.message(taken.wire).one(name).value


def test_every_try_has_the_same_message_id_and_return_path(office: Office) -> None:
    """S8"""
    office.plan_release()
    office.sink.answers.extend([b"451 4.7.1 Try again later"] * 4)
    tries = []
    for _ in range(3):
        tries.append(office.work())
        office.hurry()

    assert [sorted(one) for one in tries] == [[CLEO, DANA]] * 3
    for address in (CLEO, DANA):
        assert len({field(one[address], "Message-ID") for one in tries}) == 1
        assert len({one[address].envelope for one in tries}) == 1
        assert len({field(one[address], "List-Unsubscribe") for one in tries}) == 1
    assert field(tries[0][CLEO], "Message-ID") != field(tries[0][DANA], "Message-ID")


def test_the_date_is_that_of_the_sending_not_of_the_writing(office: Office) -> None:
    """S8: within minutes of now, also for a release that was scheduled long ago and for a later try."""
    office.plan_release()
    office.execute("UPDATE wave SET not_before = now() - interval '20 hours'")
    office.sink.answers.extend([b"451 4.7.1 Try again later"] * 2)
    for _ in range(2):
        for taken in office.work().values():
            assert abs(parsedate_to_datetime(field(taken, "Date")) - now()) < timedelta(minutes=2)
            assert field(taken, "Date").endswith(" +0000")
        office.hurry()


def test_each_reply_is_the_one_persons_it_was_given_to(office: Office) -> None:
    """S4: replies in parts and in one octet are asked in tests/workers/relays/."""
    release = office.plan_release()
    office.sink.answers.append(b"550-5.7.1 First line\r\n550 5.7.1 Policy")
    taken = office.work()
    states = office.states(release)

    assert sorted(taken) == [CLEO, DANA], "the sink keeps what it refuses as well"
    assert sorted(states.values()) == [DeliveryState.ACCEPTED, DeliveryState.FAILED]
