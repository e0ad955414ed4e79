"""Answers come back by a signed address in Reply-To, where a newsroom asks for it: read, sent on, and in no circle."""

import email
import email.policy
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from service import db, links, senders
from service.mail.compose import Letter
from service.models import Answers, Delivery, DeliveryState, MediaContact, Release, ReleaseContact
from service.releases import letters, revisions
from tests.factories import make_newsroom, make_release
from tests.letters import CLEO, DELIVERY
from tests.signatures import ed25519, rsa, verdicts
from tests.workers.inbound.post import events_of, received, sent, state_of, store
from tests.workers.inbound.test_replies import CONTACT, REPLY, mails
from workers.inbound import sort
from workers.inbound.desk import takes
from workers.relays.development import returns
from workers.relays.development.reception import Mail

NEW_MAIL = b"From: Cleo Reader <cleo@daily.example>\r\nSubject: A question\r\n\r\nCan you call me?\r\n"


def address(delivery: UUID) -> str:
    return links.personal().reply(delivery)


@pytest.fixture
def delivery(office: str) -> UUID:
    """A mail whose release names a contact."""
    found = sent(address="cleo@daily.example")
    with db.transaction() as session:
        release = session.get_one(Release, session.get_one(Delivery, found).release_id)
        contact = MediaContact(sender_id=release.sender_id, name="Dina Contact", email=CONTACT)
        session.add(contact)
        session.flush()
        session.add(ReleaseContact(release_id=release.id, contact_id=contact.id))
    return found


@pytest.mark.parametrize("message", [REPLY, NEW_MAIL])
@pytest.mark.parametrize("spelt", [str, str.upper, "<{}>".format])
def test_what_a_person_writes_there_reaches_the_contact(delivery: UUID, message: bytes, spelt: type[str]) -> None:
    to = spelt(address(delivery))
    assert takes(to, to.strip("<>").rpartition("@")[2].lower())
    store(to, message)
    sort.sort_new()
    assert (events_of(delivery), [mail.address for mail in mails()]) == (["reply"], [CONTACT])


@pytest.mark.parametrize(
    "message",
    [
        b"Auto-Submitted: auto-replied\r\n" + NEW_MAIL,
        b"List-Id: <news.example>\r\n" + NEW_MAIL,
        b"Return-Path: <>\r\n" + NEW_MAIL,
        NEW_MAIL.replace(b"A question", b"Automatic reply: River levels"),
        NEW_MAIL.replace(b"cleo@daily.example", b"no-reply@daily.example"),
    ],
)
def test_what_a_robot_writes_there_is_sent_to_nobody(delivery: UUID, message: bytes) -> None:
    store(address(delivery), message)
    sort.sort_new()
    assert "reply" not in events_of(delivery)
    assert mails() == []


def test_a_bounce_that_goes_there_is_a_bounce(delivery: UUID) -> None:
    mail = Mail(address(delivery), ("cleo@daily.example",), REPLY)
    store(address(delivery), returns.bounce(mail, "cleo@daily.example"))
    sort.sort_new()
    assert state_of(delivery) is DeliveryState.BOUNCED


def test_the_tag_of_another_purpose_is_worth_nothing_there(delivery: UUID) -> None:
    tag = links.personal().return_path(delivery).removeprefix("b.")
    store(f"r.{tag}", NEW_MAIL)
    sort.sort_new()
    assert events_of(delivery) == []
    assert received()[0][2].endswith("about no delivery of ours")


def _letter(session: Session, answers: Answers, contact: str = CONTACT) -> Letter:
    """The letter of a release whose newsroom directs answers so."""
    room = make_newsroom(session)
    senders.answer(session, room.sender, answers)
    release = make_release(session, room)
    named = MediaContact(sender_id=room.sender.id, name="Dina", email=contact)
    session.add(named)
    session.flush()
    session.add(ReleaseContact(release_id=release.id, contact_id=named.id))
    session.flush()
    revision = revisions.freeze(session, release, by=room.ada)
    return letters.letters(revision, keys=(rsa(), ed25519()))["en"]


@pytest.mark.parametrize(
    ("answers", "contact", "to"),
    [
        (Answers.NEWSROOM, CONTACT, "press@rivers.example"),
        (Answers.CONTACT, CONTACT, CONTACT),
        (Answers.CONTACT, "", "press@rivers.example"),
        (Answers.SERVICE, CONTACT, links.personal().reply(DELIVERY)),
    ],
)
def test_the_mail_names_where_answers_go_and_is_signed_over_it(
    session: Session, answers: Answers, contact: str, to: str
) -> None:
    message = _letter(session, answers, contact).message(CLEO, DELIVERY, datetime.now(UTC))
    found = email.message_from_bytes(message, policy=email.policy.default)
    assert [one.addresses[0].addr_spec for one in found.get_all("Reply-To", [])] == [to]
    assert verdicts(message, rsa(), ed25519()) == [True, True]
    # A3: a second Reply-To that somebody adds on the way breaks both signatures.
    assert not any(verdicts(b"Reply-To: evil@x.example\r\n" + message, rsa(), ed25519()))
