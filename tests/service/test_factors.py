"""Second factors and places as rows: each code once, of two at once one, and nothing that could be read."""

from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from service import accounts
from service.errors import NotFound
from service.models import Account, CameBy
from service.sealing import CannotOpen
from service.settings import settings
from service.sightings import Sightings
from tests.factories import make_account


@pytest.fixture
def ada(session: Session) -> Account:
    found = make_account("Ada Officer")
    session.add(found)
    session.flush()
    return found


def test_a_recovery_code_is_good_once_and_is_nowhere_to_be_read(session: Session, ada: Account) -> None:
    accounts.keep_recovery_codes(session, ada, ["k7fm-2qza-9dnt-hx4p", "aaaa-bbbb-cccc-dddd"])
    assert b"k7fm" not in b"".join(ada.recovery_seals)
    assert accounts.spend_recovery_code(session, ada, "K7FM 2QZA 9DNT HX4P")
    assert not accounts.spend_recovery_code(session, ada, "k7fm-2qza-9dnt-hx4p")
    assert not accounts.spend_recovery_code(session, ada, "")
    assert accounts.recovery_codes_left(ada) == 1


def test_the_codes_of_one_are_none_of_anothers(session: Session, ada: Account) -> None:
    ben = make_account("Ben Approver")
    session.add(ben)
    session.flush()
    for account in (ada, ben):
        accounts.keep_recovery_codes(session, account, ["k7fm-2qza-9dnt-hx4p"])
    assert ada.recovery_seals != ben.recovery_seals


def test_new_codes_make_those_before_void(session: Session, ada: Account) -> None:
    accounts.keep_recovery_codes(session, ada, ["k7fm-2qza-9dnt-hx4p"])
    accounts.keep_recovery_codes(session, ada, ["aaaa-bbbb-cccc-dddd"])
    assert not accounts.spend_recovery_code(session, ada, "k7fm-2qza-9dnt-hx4p")


def test_no_code_of_an_app_is_taken_twice_nor_one_before_it(session: Session, ada: Account) -> None:
    assert [accounts.take_code(session, ada, counter) for counter in (7, 7, 6, 8)] == [True, False, False, True]


def test_the_secret_of_an_app_is_sealed_for_its_account(session: Session, ada: Account) -> None:
    accounts.keep_secret(session, ada, "the secret")
    assert ada.totp_secret is not None
    assert b"the secret" not in ada.totp_secret
    assert accounts.secret_of(ada) == "the secret"
    ben = make_account("Ben Approver")
    session.add(ben)
    session.flush()
    ben.totp_secret = ada.totp_secret
    with pytest.raises(CannotOpen):
        accounts.secret_of(ben)


def test_a_place_is_ended_by_its_owner_alone(session: Session, ada: Account) -> None:
    ben = make_account("Ben Approver")
    session.add(ben)
    session.flush()
    place = accounts.begin(session, ada, came_by=CameBy.LINK, browser="Firefox, Linux")
    with pytest.raises(NotFound):
        accounts.end(session, ben, place.id)
    accounts.end(session, ada, place.id)
    assert accounts.is_here(session, ada, place.id) is None


def test_when_a_place_was_seen_is_known_until_valkey_is_lost(ada: Account) -> None:
    place, shared = uuid4(), Sightings(settings().broker_url)
    shared.note(place)
    assert set(Sightings(settings().broker_url).last([place, uuid4()])) == {place}
    lost = Sightings("redis://127.0.0.1:1/0")
    lost.note(place)
    assert lost.last([place]) == {}
