"""All was down when a release's time came: it waits for a word and then leaves, and nobody is lost over it."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from service import releases, reports
from service.models import Account, DeliveryState, Release, ReleaseState
from tests.factories import make_journalist
from tests.faults.scene import Scene, scene

pytestmark = pytest.mark.timeout(120)


def ada(service: Scene, session: Session) -> Account:
    return session.get_one(Account, service.newsroom.ada.id)


@pytest.mark.fault("F32")
@pytest.mark.quick
def test_a_release_three_hours_late_waits_for_a_word_and_then_everybody_gets_it(folder: Path) -> None:
    with scene(folder, people=50) as service:
        release = service.scheduled(at=service.now() + timedelta(minutes=1))
        with service.transaction() as session:
            session.execute(text("UPDATE wave SET not_before = now() - interval '3 hours'"))
            session.execute(text("UPDATE release SET send_at = now() - interval '3 hours'"))
        service.beat()
        service.worker("first")
        service.wait_until(lambda: service.state(release) is ReleaseState.PAUSED)
        assert not service.taken()

        with service.transaction() as session:
            found = releases.get(session, release.id)
            assert found.reason.startswith("Its time was 3 hours ago")
            releases.resume(session, found, by=ada(service, session))
        service.wait_sent(release)
        assert set(service.taken().values()) == {1}
        assert len(service.taken()) == 50


@pytest.mark.fault("F44")
def test_those_added_later_get_it_and_those_who_have_it_do_not_get_it_again(folder: Path) -> None:
    with scene(folder, people=30) as service:
        service.beat()
        service.worker("first")
        release = service.scheduled()
        service.wait_sent(release)
        with service.transaction() as session:
            for name in ("zed", "yan"):
                make_journalist(session, service.newsroom, name, address=f"{name}@new.example")
            releases.extend(session, releases.get(session, release.id), by=ada(service, session))
        service.wait_until(lambda: len(service.taken()) == 32)
        service.wait_sent(release)

        assert set(service.taken().values()) == {1}
        assert service.states(release) == {DeliveryState.ACCEPTED: 32}
        assert balanced(service, release)


def balanced(service: Scene, release: Release) -> bool:
    with service.transaction() as session:
        report = reports.delivery(session, release.id)
        return report.balanced and (report.candidates, report.rows) == (32, 32)
