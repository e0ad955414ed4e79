"""Invented return paths are refused, counted by day for all listeners, and told to administrators when many."""

import smtplib
from uuid import uuid4

import pytest
from sqlalchemy import select

from service import accounts, db, received
from service.models import AccountMail, Role
from service.settings import adopt
from tests.factories import make_newsroom
from tests.workers.inbound.post import path, post, store
from tests.workers.inbound.test_listener import DOMAIN, REPORT, listening
from workers.inbound import sort


def counted() -> list[int]:
    with db.transaction() as session:
        return [one.number for one in received.forged(session, days=2)]


def test_the_listener_counts_what_it_refuses(office: str) -> None:
    with listening() as where:
        for local in (f"b.{'0' * 52}", f"R.{'f' * 52}", "nobody"):
            with pytest.raises(smtplib.SMTPRecipientsRefused):
                post(where, f"{local}@{DOMAIN}", REPORT)
        post(where, path(uuid4()), REPORT)
    assert counted() == [2]


def test_what_a_mailbox_brings_is_counted_too(office: str) -> None:
    store(f"b.{'0' * 52}@{DOMAIN}", REPORT)
    store(path(uuid4()), REPORT)
    sort.sort_new()
    assert counted() == [1]


def test_administrators_are_told_once_a_day(office: str) -> None:
    adopt(forged_tags_alarm=10)
    try:
        with db.transaction() as session:
            room = make_newsroom(session)
            accounts.grant(session, room.ada, room.sender, [Role.ADMINISTER])
        for number in (4, 5, 3, 20):
            with db.transaction() as session:
                received.count_forged(session, number)
    finally:
        adopt(forged_tags_alarm=1000)
    with db.transaction() as session:
        told = [mail.values["reason"] for mail in session.scalars(select(AccountMail))]
    assert [reason.partition(" ")[0] for reason in told] == ["12"]
    assert counted() == [32]
