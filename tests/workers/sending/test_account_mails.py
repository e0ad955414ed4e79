"""Account mail leaves: with a link nobody else can read, never twice in silence, and none waits for another."""

import asyncio
import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage

import pytest
from sqlalchemy import select, text

from service import account_mails, accounts, db, links
from service.accounts import LinkUsed
from service.models import Account, AccountMail, AccountMailKind, AccountMailState
from service.settings import settings
from tests.committed import committed
from tests.factories import Newsroom, make_newsroom
from workers.relays.memory import MemoryConnection, MemoryRelay
from workers.relays.relay import Answer, Envelope, Outcome, Stage, Unavailable
from workers.sending.account_mails import GO_ON, LIMIT, LOOK, TIMEOUTS, Courier
from workers.sending.throttle import OpenThrottle

S = AccountMailState
LATER = Answer(Outcome.DEFERRED, Stage.RCPT, 450, "4.2.0", "greylisted")
NEVER = Answer(Outcome.REJECTED, Stage.RCPT, 550, "5.1.1", "no such user")
LOST = Answer(Outcome.UNCERTAIN, Stage.DOT, text="connection lost")


@dataclass
class Desk:
    """A newsroom with Ada, and the process that sends account mail."""

    room: Newsroom
    relay: MemoryRelay = field(default_factory=MemoryRelay)

    def work(self, times: int = 1) -> None:
        async def go() -> None:
            courier = Courier(settings(), self.relay, links.personal(), OpenThrottle())
            for _ in range(times):
                await courier.send_due()
            await courier.close()

        asyncio.run(go())

    def invite(self) -> None:
        with db.transaction() as session:
            accounts.invite(session, session.get_one(Account, self.room.ada.id), sender=self.room.sender)

    def write(self, to: str) -> None:
        with db.transaction() as session:
            account_mails.write(session, AccountMailKind.SIGN_IN, to)

    def mails(self) -> list[AccountMail]:
        with db.transaction() as session:
            return list(session.scalars(select(AccountMail).order_by(AccountMail.id)))

    def states(self) -> list[AccountMailState]:
        return [mail.state for mail in self.mails()]

    def now_due(self) -> None:
        with db.transaction() as session:
            session.execute(text("UPDATE account_mail SET due_at = now() WHERE due_at IS NOT NULL"))

    def redeem(self, token: str) -> Account:
        with db.transaction() as session:
            return accounts.redeem(session, token)


@pytest.fixture
def desk(worker_id: str) -> Iterator[Desk]:
    with committed(f"account_mails_{worker_id}"):
        with db.transaction() as session:
            room = make_newsroom(session)
        yield Desk(room)


def read(envelope: Envelope) -> EmailMessage:
    found = email.message_from_bytes(envelope.message, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def token(envelope: Envelope) -> str:
    """The token of the link, the same in both parts."""
    parts = [read(envelope).get_body((kind,)) for kind in ("plain", "html")]
    (found,) = {one for part in parts if part for one in re.findall(r"/sign-in/([\w-]{43})", part.get_content())}
    return str(found)


def test_an_invitation_signs_in_by_a_link_that_is_nowhere_but_in_the_mail(desk: Desk) -> None:
    desk.invite()
    desk.work()
    (envelope,) = desk.relay.sent
    secret = token(envelope)
    with db.transaction() as session:
        tables = session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
        kept = [row for table in tables for row in session.scalars(text(f'SELECT t::text FROM "{table}" t'))]
    assert kept
    assert not [row for row in kept if secret in row]
    assert envelope.recipient == desk.room.ada.email
    assert desk.redeem(secret).id == desk.room.ada.id
    assert desk.states() == [S.ACCEPTED]


def test_no_sender_that_is_taken_for_lost_can_still_be_in_talks() -> None:
    # Greeting, EHLO, STARTTLS, EHLO and two steps of a login; MAIL, RCPT and DATA; the final dot.
    slowest = TIMEOUTS.connect + 6 * TIMEOUTS.reply + 3 * TIMEOUTS.reply + TIMEOUTS.dot
    assert GO_ON + slowest < LIMIT
    assert account_mails.LOST_AFTER.total_seconds() > LIMIT + 60


def test_bounces_of_it_would_come_to_a_return_path_of_ours(desk: Desk) -> None:
    desk.invite()
    desk.work()
    assert links.bounced_delivery(desk.relay.sent[0].return_path) == desk.mails()[0].id


def test_working_again_sends_nothing_again(desk: Desk) -> None:
    desk.invite()
    desk.work(times=3)
    desk.work()
    assert len(desk.relay.sent) == 1


def test_the_attempt_is_on_disk_before_the_mail_leaves(desk: Desk) -> None:
    seen: list[AccountMailState] = []

    class Looking(MemoryRelay):
        def receive(self, envelope: Envelope) -> Answer:
            seen.extend(desk.states())
            return super().receive(envelope)

    desk.relay = Looking()
    desk.invite()
    desk.work()
    assert seen == [S.ATTEMPTING]


def test_one_refused_for_now_goes_again_with_a_new_link(desk: Desk) -> None:
    desk.relay.tell(LATER)
    desk.invite()
    desk.work()
    assert desk.states() == [S.DEFERRED]
    desk.now_due()
    desk.work()
    assert desk.states() == [S.ACCEPTED]
    refused, accepted = map(token, desk.relay.tried)
    with pytest.raises(LinkUsed):
        desk.redeem(refused)
    assert desk.redeem(accepted).id == desk.room.ada.id


def test_one_refused_for_good_has_failed(desk: Desk) -> None:
    desk.relay.tell(NEVER)
    desk.invite()
    desk.work()
    (mail,) = desk.mails()
    assert (mail.state, mail.code, mail.reply) == (S.FAILED, 550, "no such user")
    assert mail.reason


def test_one_whose_answer_was_lost_is_never_sent_again_by_itself(desk: Desk) -> None:
    desk.relay.tell(LOST)
    desk.invite()
    desk.work()
    with db.transaction() as session:
        account_mails.tidy(session)
    desk.now_due()
    desk.work()
    assert desk.states() == [S.UNCERTAIN]
    assert len(desk.relay.tried) == 1


def test_a_relay_that_is_away_uses_up_no_attempt(desk: Desk) -> None:
    desk.relay.unavailable = Unavailable("no connection")
    desk.invite()
    desk.work()
    assert [(mail.state, mail.attempts) for mail in desk.mails()] == [(S.QUEUED, 0)]
    desk.relay.unavailable = None
    desk.work()
    assert desk.states() == [S.QUEUED], "it rests first"
    desk.now_due()
    desk.work()
    assert desk.states() == [S.ACCEPTED]


def test_nothing_leaves_to_who_has_no_account_or_a_closed_one(desk: Desk) -> None:
    with db.transaction() as session:
        session.get_one(Account, desk.room.ada.id).active = False
    for address in ("nobody@rivers.example", desk.room.ada.email):
        desk.write(address)
    desk.work()
    assert desk.relay.tried == []
    assert [(mail.state, mail.attempts, mail.reason) for mail in desk.mails()] == [
        (S.FAILED, 0, account_mails.NOBODY),
        (S.FAILED, 0, account_mails.NOBODY),
    ]


def test_one_that_cannot_be_written_holds_up_no_other(desk: Desk) -> None:
    with db.transaction() as session:
        account_mails.write(session, AccountMailKind.INVITATION, desk.room.ada.email)  # no newsroom is named
    desk.write(desk.room.ben.email)
    desk.work()
    assert desk.states() == [S.FAILED, S.ACCEPTED]
    with db.transaction() as session:
        assert session.get_one(Account, desk.room.ada.id).sign_in_seal is None


def test_a_slow_talk_holds_up_no_other_mail_even_one_written_later(desk: Desk) -> None:
    ada, ben = desk.room.ada.email, desk.room.ben.email

    class Slow(MemoryRelay):
        async def connect(self) -> MemoryConnection:
            self.connections.append(SlowConnection(self))
            return self.connections[-1]

    class SlowConnection(MemoryConnection):
        async def send(self, envelope: Envelope) -> Answer:
            if envelope.recipient == ada:
                desk.write(ben)
                await asyncio.sleep(20 * LOOK)
            return await super().send(envelope)

    desk.relay = Slow()
    desk.write(ada)
    desk.work()
    assert [envelope.recipient for envelope in desk.relay.sent] == [ben, ada]
    assert desk.states() == [S.ACCEPTED, S.ACCEPTED]
