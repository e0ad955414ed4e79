"""A journalist at the public pages, and the mail that comes of it, read without a relay."""

import random
import re
import time
from collections.abc import Iterator
from uuid import uuid4

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from service import account_mails
from service.models import AccountMail, AccountMailState
from service.web import visitors
from tests.factories import Newsroom
from workers.sending import account_letters

LINK = re.compile(rb"https?://press\.dateline\.example(/(?:confirm|preferences|address)/[0-9a-f]{52})")


def network() -> str:
    """An address in a network that nobody has asked from."""
    return f"10.{random.randrange(250)}.{random.randrange(250)}.7"


def somebody() -> str:
    """An address that nobody has."""
    return f"cleo-{uuid4().hex[:12]}@daily.example"


def form(newsroom: Newsroom, email: str, **more: object) -> dict[str, object]:
    """The form as a person fills it in, having looked at it for a minute."""
    filled = {
        "email": email,
        "name": "Cleo Reader",
        "outlet": "Daily",
        "topics": [newsroom.topic.slug],
        "language": "en",
        "frequency": "at-once",
        "zone": "Asia/Almaty",
        "website": "",
        "stamp": visitors.stamp(time.time() - 60),
        "lang": "en",
    }
    return filled | more


def subscribe(
    client: FlaskClient, newsroom: Newsroom, email: str = "cleo@daily.example", **more: object
) -> TestResponse:
    client.environ_base["REMOTE_ADDR"] = network()
    return client.post(f"/subscribe/{newsroom.sender.slug}", data=form(newsroom, email, **more))


def mails(session: Session) -> list[AccountMail]:
    return list(session.scalars(select(AccountMail).order_by(AccountMail.id)))


def sent(session: Session) -> Iterator[tuple[AccountMail, str]]:
    """Every mail that would leave now, with the path of its link; those to nobody are given up."""
    query = select(AccountMail).where(AccountMail.state == AccountMailState.QUEUED).order_by(AccountMail.id)
    for mail in list(session.scalars(query)):
        try:
            with session.begin_nested():
                account_mails.begin(session, mail)
                found = LINK.search(account_letters.letter(session, mail).replace(b"=\r\n", b""))
        except account_letters.Nobody as fault:
            session.refresh(mail)
            account_mails.give_up(session, mail, str(fault))
            continue
        account_mails.settle(session, mail.id, 1, AccountMailState.ACCEPTED)
        assert found is not None
        session.refresh(mail)
        yield mail, found[1].decode()
