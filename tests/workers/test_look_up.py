"""Looking up who takes a domain's mail, from a real name server."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select, update

from service import db, providers
from service.models import MailDomain
from tests.committed import committed
from tests.nameserver import serving
from workers.look_up import look_up

ZONES = {
    "daily.kz": "@ IN MX 10 alt1.aspmx.l.google.com.\n@ IN MX 1 aspmx.l.google.com.\n",
    "radio.kz": "@ IN A 127.0.0.1\n",
    "broken.kz": "",
}


@pytest.fixture
def noted(worker_id: str) -> Iterator[None]:
    with committed(f"look_up_{worker_id}"):
        with db.transaction() as session:
            providers.note(
                session, ["a@daily.kz", "b@radio.kz", "c@broken.kz", "d@nowhere.kz", "e@gmail.com", "f@x.example"]
            )
        yield


def known() -> dict[str, str]:
    with db.transaction() as session:
        return {one.name: one.provider for one in session.scalars(select(MailDomain))}


def test_each_domain_is_asked_for_once_and_a_silent_one_again_later(noted: None) -> None:
    with serving(ZONES, broken={"broken.kz"}) as server:
        assert look_up(server.resolver) == 6
        asked = set(server.asked)
        assert look_up(server.resolver) == 0

    assert known() == {
        "daily.kz": "google",
        "radio.kz": "radio.kz",
        "broken.kz": "broken.kz",
        "nowhere.kz": "nowhere.kz",
        "gmail.com": "google",
        "x.example": "x.example",
    }
    assert not asked & {"gmail.com", "x.example"}
    with db.transaction() as session:
        session.execute(update(MailDomain).values(looked_up_at=MailDomain.looked_up_at - providers.ASK_AGAIN))
        assert providers.unknown(session, 9) == ["broken.kz"]
