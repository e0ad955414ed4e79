"""A correction, over real SMTP: in each reader's own thread, to exactly those who hold the wrong text, once."""

import email
import email.policy
import shutil
import tempfile
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select

from service import approvals, journalists, notices, pitches, releases
from service.models import Account, DeliveryState, Lane, NoticeKind, Release, Subscription, SubscriptionState
from service.notices import Words
from tests.factories import make_journalist
from tests.faults.scene import Scene, scene

GOT, LEFT, NEVER = "cleo", "dana", "eli+unknown"
NOTE = "Dear Cleo, forgive us the wrong figure."
SAID = [Words("en", "CORRECTION: River levels rise", "Levels rose, not fell.", "We are sorry.")]


@pytest.fixture(scope="module")
def told() -> Iterator[tuple[Scene, Release]]:
    """A release to three people, one of whom has no mailbox and one of whom leaves; then its correction."""
    place = Path(tempfile.mkdtemp(prefix="dateline-scene-", dir="/var/tmp"))
    place.chmod(0o755)
    with scene(place, people=0, answers=True) as service:
        with service.transaction() as session:
            for name in (GOT, LEFT, NEVER):
                make_journalist(session, service.newsroom, "A Reader", address=f"{name}@daily.example")
        release = service.scheduled()
        service.beat()
        service.worker("first")
        service.wait_sent(release)
        notice = correct(service, release)
        service.wait_sent(notice)
        yield service, notice
    shutil.rmtree(place, ignore_errors=True)


def correct(service: Scene, release: Release) -> Release:
    with service.transaction() as session:
        room = service.newsroom
        make_journalist(session, room, "Fay Later", address="fay@daily.example")
        dana = session.scalars(select(Subscription).order_by(Subscription.since, Subscription.journalist_id)).all()[1]
        dana.state = SubscriptionState.ENDED
        ada, ben = session.get_one(Account, room.ada.id), session.get_one(Account, room.ben.id)
        about = releases.get(session, release.id)
        notice = notices.begin(session, about, NoticeKind.CORRECTION, SAID, by=ada)
        cleo = journalists.by_address(session, session.merge(room.sender, load=False), f"{GOT}@daily.example")
        pitches.say(session, notice, NOTE, by=ada, journalist=cleo)
        approvals.approve(session, notice, by=ben)
        notices.send(session, notice, by=ada)
        return notice


def mails_of(service: Scene, name: str) -> list[EmailMessage]:
    found = []
    for file in sorted(service.folder.glob(f"mail/*{name}*"), key=lambda file: file.stat().st_mtime_ns):
        message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        found.append(message)
    return found


def test_exactly_those_who_hold_it_get_it_once(told: tuple[Scene, Release]) -> None:
    service, notice = told
    assert service.states(notice) == {DeliveryState.ACCEPTED: 2}
    for name, mails in ((GOT, 2), (LEFT, 2), ("eli", 0), ("fay", 0)):
        assert len(mails_of(service, name)) == mails, name


def test_it_stands_in_the_thread_of_each_readers_own_mail(told: tuple[Scene, Release]) -> None:
    for name in (GOT, LEFT):
        first, correction = mails_of(told[0], name)
        assert correction["In-Reply-To"] == correction["References"] == first["Message-ID"]
        assert correction["Subject"] == "CORRECTION: River levels rise"
        assert "In-Reply-To" not in first


def test_it_says_above_its_headline_what_it_is_and_why_it_came(told: tuple[Scene, Release]) -> None:
    _, correction = mails_of(told[0], GOT)
    for kind in ("plain", "html"):
        part = correction.get_body((kind,))
        assert part is not None
        words = part.get_content()
        assert words.index("It is about our release") < words.index("Levels rose, not fell.")
        assert "because we sent you the release it is about" in words


def test_a_note_to_one_person_stands_in_her_mail_and_in_no_other(told: tuple[Scene, Release]) -> None:
    hers, theirs = (mails_of(told[0], name)[1].get_body(("plain",)) for name in (GOT, LEFT))
    assert hers is not None
    assert theirs is not None
    assert hers.get_content().index(NOTE) < hers.get_content().index("CORRECTION: River levels rise")
    assert NOTE not in theirs.get_content()


def test_it_overtakes_releases(told: tuple[Scene, Release]) -> None:
    assert told[1].lane is Lane.NOTICE
