"""B4: a mail to the mailto of List-Unsubscribe ends the subscription at once, by its tag alone; robots end nothing."""

import smtplib
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from service import db, links, subscriptions
from service.models import AccountMail, Subscription, SubscriptionState
from tests.workers.inbound.post import events_of, post, received, sent, store
from tests.workers.inbound.test_listener import listening, refusal
from workers.inbound import sort

ENDED, CONFIRMED = SubscriptionState.ENDED, SubscriptionState.CONFIRMED
# As mail programs make it of a mailto without a subject.
MAIL = b"From: Cleo <cleo@daily.example>\r\nTo: u@x.example\r\nSubject: unsubscribe\r\n\r\nunsubscribe\r\n"


def address(delivery: UUID) -> str:
    return links.personal().leave_by_mail(delivery)


def states() -> list[SubscriptionState]:
    with db.transaction() as session:
        return list(session.scalars(select(Subscription.state).order_by(Subscription.journalist_id)))


def answers() -> int:
    with db.transaction() as session:
        return session.scalar(select(func.count()).select_from(AccountMail)) or 0


def test_it_ends_what_its_delivery_came_by_and_nobody_elses(office: str) -> None:
    delivery, _other = sent(), sent()
    with listening() as where:
        post_as_a_person(where, address(delivery).upper(), MAIL)
    sort.sort_new()
    assert states() == [ENDED, CONFIRMED]
    assert events_of(delivery) == ["unsubscribed"]
    assert answers() == 0


def post_as_a_person(where: str, to: str, message: bytes) -> None:
    with smtplib.SMTP("127.0.0.1", int(where.rpartition(":")[2]), timeout=20) as client:
        client.sendmail("cleo@daily.example", [to], message)


def test_the_same_mail_again_does_not_undo_that_they_came_back(office: str) -> None:
    delivery = sent()
    for _ in range(2):
        store(address(delivery), MAIL)
    sort.sort_new()
    with db.transaction() as session:
        subscriptions.rejoin(session, delivery)
    store(address(delivery), MAIL)
    sort.sort_new()
    assert states() == [CONFIRMED]
    store(address(delivery), MAIL.replace(b"unsubscribe\r\n", b"please, unsubscribe me\r\n"))
    sort.sort_new()
    assert states() == [ENDED]


@pytest.mark.parametrize(
    "headers",
    [
        b"Auto-Submitted: auto-replied",
        b"Auto-Submitted: auto-generated",
        b"X-Autoreply: yes",
        b"Precedence: auto_reply",
        b"List-Id: <press.daily.example>",
        b"Return-Path: <>",
        b"X-Failed-Recipients: x@y.example",
        b"Subject: Automatic reply: River levels",
    ],
)
def test_a_robot_ends_nothing_and_is_not_answered(office: str, headers: bytes) -> None:
    """B4, B7: absence notices go to every address in a mail."""
    delivery = sent()
    lines = MAIL.replace(b"Subject: unsubscribe\r\n", b"") if headers.startswith(b"Subject") else MAIL
    store(address(delivery), headers + b"\r\n" + lines)
    sort.sort_new()
    assert (states(), events_of(delivery), answers()) == ([CONFIRMED], [], 0)
    assert [verdict for *_, verdict in received()] == ["a robot wrote to the address for leaving: ignored"]


def test_mail_with_the_null_return_path_ends_nothing(office: str) -> None:
    delivery = sent()
    with listening() as where:
        post(where, address(delivery), MAIL)
    sort.sort_new()
    assert states() == [CONFIRMED]


def test_a_tag_that_is_forged_or_for_something_else_is_refused(office: str) -> None:
    """B14"""
    delivery = sent()
    real = address(delivery)
    forged = real[:10] + ("a" if real[10] != "a" else "b") + real[11:]
    wrong = links.personal().return_path(delivery).replace("b.", "u.", 1)
    with listening() as where:
        for to in (forged, wrong, real.replace("u.", "b.", 1), f"u.{uuid4().hex}@bounces.dateline.example"):
            assert refusal(where, to, MAIL) == 550
    assert (states(), received()) == ([CONFIRMED], [])
