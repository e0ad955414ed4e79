"""What a person answers to a release reaches its media contact, once, from our own domain; robots' words stay here."""

import asyncio
import email
import email.policy
from email.message import EmailMessage
from uuid import UUID

import pytest
from sqlalchemy import select

from service import db, journalists, links, replies
from service.models import (
    AccountMail,
    AccountMailState,
    Delivery,
    DeliveryState,
    Journalist,
    MediaContact,
    Received,
    Release,
    ReleaseContact,
    Sender,
)
from service.settings import settings
from tests.workers.inbound.post import events_of, path, received, sent, state_of, store
from workers.inbound import sort
from workers.relays.development import returns
from workers.relays.development.reception import Mail
from workers.relays.memory import MemoryRelay
from workers.sending.account_mails import Courier
from workers.sending.throttle import OpenThrottle

CONTACT = "dina@rivers.example"
REPLY = """From: Cleo Reader <cleo@daily.example>
To: press@rivers.example
Subject: Re: River levels fall
In-Reply-To: <1@rivers.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=xx

--xx
Content-Type: text/plain; charset=utf-8

Can you call me? Спасибо.
--xx
Content-Type: application/pdf
Content-Disposition: attachment; filename=questions.pdf
Content-Transfer-Encoding: base64

JVBERi0xLjQK
--xx--
""".replace("\n", "\r\n").encode()


def answered(message: bytes = REPLY, *, contact: str = CONTACT, times: int = 1) -> UUID:
    """A delivery whose release names a contact, and this answer to it, sorted."""
    delivery = sent(address="cleo@daily.example")
    with db.transaction() as session:
        release = session.get_one(Release, session.get_one(Delivery, delivery).release_id)
        if contact:
            named = MediaContact(sender_id=release.sender_id, name="Dina Contact", email=contact)
            session.add(named)
            session.flush()
            session.add(ReleaseContact(release_id=release.id, contact_id=named.id))
    for number in range(times):
        store(path(delivery), message.replace(b"\r\n\r\n", b"\r\nX-Number: %d\r\n\r\n" % number, 1))
    sort.sort_new()
    return delivery


def mails() -> list[AccountMail]:
    with db.transaction() as session:
        return list(session.scalars(select(AccountMail).order_by(AccountMail.id)))


def sent_on(*, eight_bit: bool = True) -> EmailMessage:
    """What leaves for the contact."""
    relay = MemoryRelay(eight_bit=eight_bit)

    async def go() -> None:
        courier = Courier(settings(), relay, links.personal(), OpenThrottle())
        await courier.send_due()
        await courier.close()

    asyncio.run(go())
    (envelope,) = relay.sent
    assert envelope.recipient == CONTACT
    found = email.message_from_bytes(envelope.message, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def test_a_reply_reaches_the_media_contact_who_answers_the_journalist(office: str) -> None:
    delivery = answered()
    assert (events_of(delivery), [mail.address for mail in mails()]) == (["reply"], [CONTACT])
    assert [verdict for *_, verdict in received()] == [f"reply: noted, {replies.SENT_ON}"]
    mail = sent_on()
    assert mail["From"] == "Cleo Reader – Steppe Rivers Commission <press@rivers.example>"
    assert (mail["Reply-To"], mail["To"]) == ("cleo@daily.example", CONTACT)
    assert mail["Subject"] == "Re: River levels fall"
    assert mail["Auto-Submitted"] == "auto-generated"
    body = mail.get_body(("plain",))
    assert body is not None
    assert "Can you call me? Спасибо." in body.get_content()
    assert "River levels fall" in body.get_content()
    [original] = [part for part in mail.iter_attachments() if part.get_content_type() == "message/rfc822"]
    assert original.get_filename() == "reply.eml"
    inner = original.get_content()
    assert [part.get_filename() for part in inner.iter_attachments()] == ["questions.pdf"]
    assert not mail.defects


def test_over_a_relay_of_seven_bits_the_reply_is_a_file(office: str) -> None:
    answered()
    mail = sent_on(eight_bit=False)
    [original] = [part for part in mail.iter_attachments() if part.get_filename() == "reply.eml"]
    assert original.get_content_type() == "application/octet-stream"
    assert "Спасибо".encode() in original.get_content()
    assert mail.as_bytes().isascii()


@pytest.mark.parametrize("odd", [b"x" * 2000, b"\0", b"bare\rreturn and\nfeed", b"--=_\r\n"])
def test_a_reply_of_odd_bytes_is_sent_on_whole(office: str, odd: bytes) -> None:
    answered(REPLY.replace(b"JVBERi0xLjQK", b"JVBERi0xLjQK\r\n" + odd))
    mail = sent_on()
    assert [part.get_filename() for part in mail.iter_attachments()] == ["reply.eml"]
    assert max(map(len, mail.as_bytes().split(b"\n"))) <= 1000


def test_a_reply_that_is_too_large_is_told_without_its_original(office: str) -> None:
    answered(REPLY + b"x" * 76 + b"\r\n" * 4_000_000)
    mail = sent_on()
    assert not list(mail.iter_attachments())
    body = mail.get_body(("plain",))
    assert body is not None
    assert "Can you call me?" in body.get_content()


def test_words_that_would_be_fields_stay_words(office: str) -> None:
    hostile = REPLY.replace(b"Subject: Re: River levels fall", b"Subject: =?utf-8?q?Hi=0D=0ABcc=3A_evil=40x.example?=")
    answered(hostile.replace(b"Cleo Reader <cleo@daily.example>", b"<cleo@daily.example> <x@y.example>, z@y.example"))
    mail = sent_on()
    assert "Bcc" not in mail
    assert mail["Subject"] == "Hi Bcc: evil@x.example"
    assert len(mail.get_all("From", [])) == 1


def test_without_a_contact_it_goes_to_the_newsroom(office: str) -> None:
    answered(contact="")
    assert [mail.address for mail in mails()] == ["press@rivers.example"]


def test_never_to_an_address_of_this_service(office: str) -> None:
    delivery = sent()
    with db.transaction() as session:
        release = session.get_one(Release, session.get_one(Delivery, delivery).release_id)
        session.get_one(Sender, release.sender_id).reply_to = path(delivery)
    store(path(delivery), REPLY)
    sort.sort_new()
    assert (mails(), events_of(delivery)) == ([], ["reply"])


@pytest.mark.parametrize("header", [b"Auto-Submitted: auto-replied", b"X-Autoreply: yes", b"Subject: Out of office"])
def test_what_a_robot_answers_is_kept_and_not_sent_on(office: str, header: bytes) -> None:
    message = REPLY.replace(b"Subject: Re: River levels fall\r\n", b"") if b"Subject" in header else REPLY
    delivery = answered(header + b"\r\n" + message)
    assert (events_of(delivery), mails()) == (["auto-reply"], [])


@pytest.mark.parametrize(
    "looping",
    [
        f"{replies.MARK}: 1\r\n".encode() + REPLY,
        b"Received: from a by b\r\n" * 31 + REPLY,
        REPLY.replace(b"cleo@daily.example", CONTACT.encode()),
    ],
)
def test_a_loop_ends_here(office: str, looping: bytes) -> None:
    """M9, B7"""
    delivery = answered(looping)
    assert (events_of(delivery), mails()) == (["reply"], [])


def test_what_we_sent_on_and_comes_back_is_sent_on_no_more(office: str) -> None:
    answered()
    sent_away = sent_on().as_bytes()
    delivery = sent()
    store(path(delivery), sent_away)
    sort.sort_new()
    assert len(mails()) == 1


def test_a_bounce_of_what_we_sent_on_is_about_account_mail(office: str) -> None:
    answered()
    back = path(mails()[0].id)
    store(back, returns.bounce(Mail(back, (CONTACT,), REPLY), CONTACT))
    sort.sort_new()
    assert received()[-1][2] == "bounce: about account mail"
    with db.transaction() as session:
        assert not session.scalar(select(Received.unmatched).order_by(Received.id.desc()).limit(1))


def test_the_same_reply_twice_is_sent_on_once_and_a_flood_is_not(office: str) -> None:
    delivery = sent()
    for _ in range(3):
        store(path(delivery), REPLY)
    sort.sort_new()
    assert len(mails()) == 1
    answered(times=replies.MOST_A_DAY + 5)
    assert len(mails()) == 1 + replies.MOST_A_DAY


def test_a_reply_settles_an_uncertain_mail(office: str) -> None:
    delivery = sent(DeliveryState.UNCERTAIN)
    store(path(delivery), REPLY)
    sort.sort_new()
    assert state_of(delivery) is DeliveryState.ACCEPTED
    assert len(mails()) == 1


def test_who_is_erased_before_it_leaves_is_not_sent_on(office: str) -> None:
    delivery = answered()
    with db.transaction() as session:
        person = session.get_one(Journalist, session.get_one(Delivery, delivery).journalist_id)
        journalists.erase(session, person)
    relay = MemoryRelay()

    async def go() -> None:
        courier = Courier(settings(), relay, links.personal(), OpenThrottle())
        await courier.send_due()
        await courier.close()

    asyncio.run(go())
    assert relay.sent == []
    assert [mail.state for mail in mails()] == [AccountMailState.FAILED]
