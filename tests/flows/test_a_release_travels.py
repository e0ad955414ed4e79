"""A release travels: from a text file to every inbox over real SMTP, and back into a report."""

import email
import email.policy
import html
import re
import shutil
import tempfile
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select

from service import approvals, manuscripts, releases, reports, suppressions
from service.models import Account, DeliveryState, Event, Release, Topic
from tests.factories import make_journalist
from tests.faults.scene import Scene, scene

SEED = next((Path(__file__).parents[3] / "shared" / "seed").glob("*.txt"))
CAST = ("cleo", "dana+greylist", "eli+unknown", "fay+policy", "gus+full", "hal+bounce", "ida+complain", "jon+away")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Scene, Release]]:
    """The seed release, sent to one person of every case; sent, and everything that comes back has come back."""
    place = Path(tempfile.mkdtemp(prefix="dateline-scene-", dir="/var/tmp"))
    place.chmod(0o755)
    with scene(place, people=0, answers=True) as service:
        release = send_seed(service)
        service.beat()
        service.worker("first")
        service.wait_sent(release)
        service.wait_until(lambda: came_back(service) == 3)
        yield service, release
    shutil.rmtree(place, ignore_errors=True)


def send_seed(service: Scene) -> Release:
    with service.transaction() as session:
        room = service.newsroom
        for name in CAST:
            make_journalist(session, room, f"{name.partition('+')[0].title()} Reader", address=f"{name}@daily.example")
        ada, ben = session.get_one(Account, room.ada.id), session.get_one(Account, room.ben.id)
        manuscript = manuscripts.read(SEED.read_bytes())
        topics = [session.get_one(Topic, room.topic.id)]
        sender = session.merge(room.sender, load=False)
        release = releases.write(session, sender, [manuscript], by=ada, topics=topics)
        approvals.approve(session, release, by=ben)
        releases.schedule(session, release, service.now(), by=ada)
        return release


def came_back(service: Scene) -> int:
    with service.transaction() as session:
        return len(session.scalars(select(Event.id)).all())


def mail_of(service: Scene, name: str) -> EmailMessage:
    [file] = service.folder.glob(f"mail/*{name}*")
    found = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def test_every_paragraph_arrives_word_for_word_in_both_parts(told: tuple[Scene, Release]) -> None:
    message = mail_of(told[0], "cleo")
    written = SEED.read_text(encoding="utf-8-sig").replace("\u00a0", " ").split("\n\n")
    paragraphs = [" ".join(block.split()) for block in written[1:-1] if block.strip()]

    assert len(paragraphs) == 10
    for kind in ("plain", "html"):
        found = message.get_body((kind,))
        assert found is not None
        flat = " ".join(without_markup(found.get_content()).split())
        for paragraph in paragraphs:
            assert paragraph in flat, f"{kind}: {paragraph[:60]}"


def without_markup(content: str) -> str:
    return html.unescape(re.sub(r"</?span[^>]*>", "", content))


def test_the_media_contact_is_a_contact_and_the_dateline_a_place_and_a_date(told: tuple[Scene, Release]) -> None:
    service, release = told
    with service.transaction() as session:
        found = releases.get(session, release.id)
        [edition], [named] = found.editions, found.contacts

        assert (edition.place, str(edition.dated)) == ("Astana", "2024-01-22")
        assert (named.contact.name, named.contact.role) == ("Akbota Batyrkhan", "PR Officer")
        assert named.contact.phone == "+7 (777) 036-26-58"


def test_each_case_ends_in_its_state_and_the_books_balance(told: tuple[Scene, Release]) -> None:
    service, release = told
    with service.transaction() as session:
        report = reports.delivery(session, release.id)

    assert report.balanced
    assert service.states(release) == {
        DeliveryState.ACCEPTED: 3,  # Cleo, Dana after the greylist, Jon who is away
        DeliveryState.FAILED: 3,
        DeliveryState.BOUNCED: 1,
        DeliveryState.COMPLAINED: 1,
    }
    assert service.taken().total() == 5
    assert {failure.reason for failure in report.failures} >= {"The address does not exist", "The mailbox is full"}


def test_a_mail_names_one_recipient_and_no_other(told: tuple[Scene, Release]) -> None:
    message = mail_of(told[0], "cleo")

    assert message["To"] == "Cleo Reader <cleo@daily.example>"
    assert not message["Cc"]
    assert "dana" not in message.as_string().casefold()


def test_what_came_back_is_told_apart(told: tuple[Scene, Release]) -> None:
    service, _ = told
    with service.transaction() as session:
        kinds = session.scalars(select(Event.kind)).all()

    assert sorted(kinds) == ["auto-reply", "bounce", "complaint"]


def test_a_complaint_ends_the_mail_to_that_address(told: tuple[Scene, Release]) -> None:
    service, _ = told
    with service.transaction() as session:
        assert suppressions.holds(session, "ida+complain@daily.example", service.newsroom.sender)
        assert not suppressions.holds(session, "cleo@daily.example", service.newsroom.sender)
