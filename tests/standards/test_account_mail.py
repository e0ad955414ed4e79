"""B6, S2, S10, S11: mails our service writes by itself, to single people, are marked as such and as strictly made."""

import asyncio
import re
from itertools import product
from uuid import UUID

import pytest

from service import accounts, db, links
from service.mail import notices
from service.mail.notice_words import LANGUAGES
from service.mail.notices import Notice
from service.models import Account, AccountMailKind
from service.settings import settings
from tests.committed import committed
from tests.standards import reading
from tests.standards.office import opened
from tests.standards.test_header_injection import PIECES, bare
from tests.standards.test_smuggling import attacks
from tests.standards.typed import AT, Post
from workers.relays.relay import Envelope, Outcome
from workers.relays.smtp import SmtpRelay
from workers.sending.account_mails import Courier
from workers.sending.throttle import OpenThrottle

ID = UUID("0199c0de-0000-7000-8000-000000000007")
ADA = "ada@rivers.example"
LINK = "https://press.rivers.example/sign-in/" + "x" * 43
# A test of a release is made as the release is, and said to be one elsewhere.
KINDS = [kind for kind in AccountMailKind if kind is not AccountMailKind.PROOF]
EXPECTED = sorted(
    [
        *("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"),
        *("Auto-Submitted", "X-Auto-Response-Suppress"),
    ]
)


def read(
    post: Post, kind: AccountMailKind, language: str = "en", words: str = "Rivers", name: str = ""
) -> reading.Entity:
    """An account mail with these words in all of its values, over the wire and back."""
    values = {"link": LINK, "newsroom": words, "reason": words, "held": words}
    values |= dict.fromkeys(("author", "headline", "journalist", "outlet", "text", "who", "by", "until"), words)
    notice = Notice(kind, language, ADA, name or "Dateline", "dateline@rivers.example", values)
    answer = post.deliver(Envelope("b.7@rivers.example", ADA, notices.compose(notice, ID, AT)))
    assert answer.outcome is Outcome.ACCEPTED, answer
    [taken] = post.sink.taken
    post.sink.taken.clear()
    assert len(taken.commands) == 3
    return reading.message(taken.wire)


@pytest.mark.parametrize(("kind", "language"), list(product(KINDS, LANGUAGES)))
def test_each_kind_says_that_no_person_wrote_it(modern: Post, kind: AccountMailKind, language: str) -> None:
    """B6"""
    message = read(modern, kind, language)

    assert message.one("Auto-Submitted").value == "auto-generated"
    assert sorted(message.names) == EXPECTED
    assert [part.one("Content-Type").value for part in message.parts] == [
        'text/plain; charset="utf-8"',
        'text/html; charset="utf-8"',
    ]
    for part in message.parts:
        assert LINK in part.text
        assert max(map(len, part.content.split(b"\r\n"))) <= 76


@pytest.mark.parametrize("words", [*attacks(), *PIECES], ids=ascii)
def test_no_value_of_one_makes_a_header_or_a_second_message(modern: Post, words: str) -> None:
    """S2, S3, S10"""
    message = read(modern, AccountMailKind.ALARM, words=words, name=words)

    assert sorted(message.names) == EXPECTED
    assert bare(reading.mailbox(message.one("From").value)[0]) in (bare(words), "Dateline")


def test_answers_go_where_nobody_answers(worker_id: str) -> None:
    """B6: to the signed return path of this one mail, which takes reports and answers none."""
    with committed(f"account_{worker_id}"), opened() as office:
        with db.transaction() as session:
            ada = session.get_one(Account, office.newsroom.ada.id)
            accounts.invite(session, ada, sender=office.newsroom.sender)

        async def work() -> None:
            courier = Courier(settings(), SmtpRelay.from_url(office.sink.url), links.personal(), OpenThrottle())
            await courier.send_due()
            await courier.close()

        asyncio.run(work())
        [taken] = office.sink.taken
        return_path, recipients = taken.envelope
        message = reading.message(taken.wire)

    assert recipients == (ada.email,)
    assert re.match(r"<[0-9a-f]{32}@", message.one("Message-ID").value)
    assert links.bounced_delivery(return_path).hex in message.one("Message-ID").value
    assert message.one("Auto-Submitted").value == "auto-generated"
