"""What comes back, in rates, and the bursts that a person decides about."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from service import accounts, received
from service.feedback import Event, Kind, Verdict
from service.models import Burst, BurstState, Chunk, DeliveryState, Evidence, Forgery, Role
from tests.factories import Newsroom, make_account, make_journalist, now
from tests.ledgers import make_ledger
from tests.service.standings.town import Person, ago
from tests.service.test_complaints import came
from tests.service.web.conftest import Browser, csrf


@pytest.fixture
def boss(session: Session, signed_in: Browser, newsroom: Newsroom) -> FlaskClient:
    account = make_account("Gus Boss")
    session.add(account)
    session.flush()
    accounts.grant(session, account, newsroom.sender, [Role.ADMINISTER])
    return signed_in(account)


@pytest.fixture
def burst(session: Session, newsroom: Newsroom) -> Burst:
    """Three addresses that a provider called dead."""
    found = Burst(provider="google", state=BurstState.HELD, first_at=ago(0.1), last_at=ago(0.05))
    session.add(found)
    session.flush()
    for _ in range(3):
        Person(session, newsroom).bounced(0.07)
    session.execute(update(Evidence).values(burst_id=found.id))
    return found


def test_rates_stand_beside_what_providers_ask_for(boss: FlaskClient, session: Session, newsroom: Newsroom) -> None:
    people = [(make_journalist(session, newsroom), DeliveryState.ACCEPTED) for _ in range(20)]
    ledger = make_ledger(session, newsroom, people)
    session.execute(update(Chunk).where(Chunk.id == ledger.chunk.id).values(answered=20, failed=2))
    came(session, ledger.deliveries[0], Event(Kind.BOUNCE, Verdict.FULL))
    came(session, ledger.deliveries[1], Event(Kind.COMPLAINT))
    page = boss.get("/feedback").text
    assert "<b>15.00 %</b>" in page
    assert "<b>5.56 %</b>" in page
    assert "0.30 %" in page
    day = (ledger.wave.not_before or now()).date().isoformat()
    by_provider = boss.get(f"/feedback?day={day}&domain=rivers.example").text
    assert "daily.example" in by_provider
    assert boss.get("/feedback?day=soon").status_code == 422


def test_nothing_was_sent(boss: FlaskClient) -> None:
    assert "Nothing to show yet" in boss.get("/feedback").text


def test_who_writes_does_not_see_it(signed_in: Browser, newsroom: Newsroom) -> None:
    assert signed_in(newsroom.ada).get("/feedback").status_code == 403


def test_a_held_burst_is_decided_on_a_page_that_says_what_follows(
    boss: FlaskClient, session: Session, burst: Burst
) -> None:
    assert f"/feedback/bursts/{burst.id}" in boss.get("/feedback").text
    page = boss.get(f"/feedback/bursts/{burst.id}").text
    assert "Are these 3 addresses dead?" in page
    assert "Dismiss, mail 3 again" in page
    data = csrf(boss, "/releases")
    assert boss.post(f"/feedback/bursts/{burst.id}", data=data | {"decision": "perhaps"}).status_code == 422
    assert boss.post(f"/feedback/bursts/{burst.id}", data=data | {"decision": "dismiss"}).status_code == 302
    session.refresh(burst)
    assert burst.state is BurstState.DISMISSED
    assert "3 addresses are mailed again." in boss.get("/feedback").text
    assert boss.post(f"/feedback/bursts/{burst.id}", data=data | {"decision": "release"}).status_code == 422


def test_only_who_administers_sees_and_decides_bursts(
    session: Session, signed_in: Browser, newsroom: Newsroom, burst: Burst
) -> None:
    accounts.grant(session, newsroom.ben, newsroom.sender, [Role.REPORTS])
    ben = signed_in(newsroom.ben)
    assert "google" not in ben.get("/feedback").text
    assert ben.get(f"/feedback/bursts/{burst.id}").status_code == 403
    data = csrf(ben, "/releases") | {"decision": "dismiss"}
    assert ben.post(f"/feedback/bursts/{burst.id}", data=data).status_code == 403


def test_invented_return_paths_are_shown_by_day_to_who_administers(
    boss: FlaskClient, session: Session, signed_in: Browser, newsroom: Newsroom
) -> None:
    assert "Invented return paths" not in boss.get("/feedback").text
    received.count_forged(session, 1234)
    received.count_forged(session, 1)
    session.add(Forgery(day=now().date() - timedelta(days=20), number=777_777))
    session.flush()
    page = boss.get("/feedback").text
    assert "none of them counts" in page
    assert '<td data-name="Recipients refused" class="num">1,235</td>' in page
    assert "777,777" not in page
    accounts.grant(session, newsroom.ben, newsroom.sender, [Role.REPORTS])
    assert "Invented return paths" not in signed_in(newsroom.ben).get("/feedback").text
