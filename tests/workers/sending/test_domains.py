"""What belongs to the From domain: the keys its mail is signed with, and the plan by which it is warmed up."""

from collections.abc import Iterator
from datetime import UTC, datetime

import dkim
import pytest
from redis.asyncio import Redis
from sqlalchemy import select

from service import account_mails, db, deliveries, dkim_keys, holds, warmups
from service.models import AccountMailKind, Algorithm, Delivery, DeliveryState, DkimKey, HoldScope
from service.settings import settings
from tests.workers.sending.desk import Desk, address, opened
from workers.sending import account_letters
from workers.sending.spent import spent
from workers.sending.throttle import ValkeyThrottle
from workers.sending.throttle.valkey import plain_url

DOMAIN = "rivers.example"
S = DeliveryState


def sign_with(selector: str, algorithm: Algorithm = Algorithm.RSA) -> None:
    with db.transaction() as session:
        key = dkim_keys.make(session, DOMAIN, algorithm=algorithm, selector=selector, now=datetime.now(UTC))
        dkim_keys.activate(session, key, dns=None, now=datetime.now(UTC))


def published(name: bytes, **_: object) -> bytes:
    """What DNS would say, of the keys in the database."""
    selector = name.decode().partition(".")[0]
    with db.transaction() as session:
        found = session.scalar(select(DkimKey).where(DkimKey.selector == selector))
        return "".join(dkim_keys.record(found).strings).encode() if found else b""


def selectors(message: bytes) -> list[str]:
    return [line.split(b"s=")[1].split(b";")[0].decode() for line in message.split(b"\r\n") if b" s=" in line]


def test_a_newsrooms_mail_is_signed_with_its_own_key_and_verifies(desk: Desk) -> None:
    sign_with("r2026")
    desk.work()

    assert len(desk.relay.sent) == 3
    for envelope in desk.relay.sent:
        assert selectors(envelope.message) == ["r2026"]
        assert dkim.verify(envelope.message, dnsfunc=published)


def test_with_a_second_key_a_mail_has_two_signatures_rsa_first(desk: Desk) -> None:
    sign_with("e2026", Algorithm.ED25519)
    sign_with("r2026")
    desk.work()

    assert selectors(desk.relay.sent[0].message) == ["r2026", "e2026"]


def test_a_relay_that_writes_the_message_anew_signs_it_itself(desk: Desk) -> None:
    sign_with("r2026")
    desk.relay.signs_itself = True
    desk.work()

    assert all(b"DKIM-Signature" not in envelope.message for envelope in desk.relay.sent)


def test_what_she_got_is_rendered_again_with_its_signature(desk: Desk) -> None:
    sign_with("r2026")
    desk.work()
    cleo = next(envelope for envelope in desk.relay.sent if envelope.recipient == address("Cleo"))
    with db.transaction() as session:
        delivery = session.get_one(Delivery, desk.of("Cleo").id)
        assert deliveries.message(session, delivery) == cleo.message
        dkim_keys.retire(session, dkim_keys.by_selector(session, DOMAIN, "r2026"), now=datetime.now(UTC))
        unsigned = deliveries.message(session, delivery)

    assert cleo.message.endswith(unsigned)
    assert b"DKIM-Signature" not in unsigned


def test_a_newsroom_without_keys_leaves_signing_to_its_relay(desk: Desk) -> None:
    desk.work()

    assert b"DKIM-Signature" not in desk.relay.sent[0].message


def test_keys_that_no_longer_open_hold_the_domain_and_nothing_leaves_unsigned(desk: Desk) -> None:
    sign_with("r2026")
    desk.execute("UPDATE dkim_key SET private = set_byte(private, 20, get_byte(private, 20) # 1)")
    desk.work()

    assert desk.relay.tried == []
    with db.transaction() as session:
        assert [(hold.scope, hold.key) for hold in holds.in_force(session)] == [(HoldScope.SENDER, DOMAIN)]


def test_account_mail_is_signed_too(desk: Desk) -> None:
    sign_with("r2026")
    with db.transaction() as session:
        account = desk.ada(session)
        mail = account_mails.write(session, AccountMailKind.SIGN_IN, account.email, sender_id=desk.release.sender_id)
        account_mails.begin(session, mail)
        session.refresh(mail)
        message = account_letters.letter(session, mail)

    assert selectors(message) == ["r2026"]
    assert dkim.verify(message, dnsfunc=published)


@pytest.fixture
def crowd(worker_id: str) -> Iterator[Desk]:
    with opened(f"warm_{worker_id}", tuple(f"Reader{number:02}" for number in range(30))) as desk:
        yield desk


def test_of_a_young_domain_no_more_leaves_than_its_plan_and_the_rest_waits(crowd: Desk) -> None:
    with db.transaction() as session:
        warmups.plan(session, DOMAIN, today=datetime.now(UTC).date(), start=20, growth="1.5", until=1000)
    asking = Redis.from_url(plain_url(settings().broker_url))
    crowd.throttle = ValkeyThrottle(asking, spent)
    crowd.work(times=3)

    # A twentieth of the day is kept for notices.
    assert crowd.states() == {S.ACCEPTED: 19, S.QUEUED: 11}
    with db.transaction() as session:
        warmups.end(session, DOMAIN)
    crowd.execute("UPDATE chunk SET due_at = now()")
    crowd.throttle = ValkeyThrottle(Redis.from_url(plain_url(settings().broker_url)), spent)
    crowd.work()
    assert crowd.states() == {S.ACCEPTED: 30}
