"""A test of a release goes to colleagues, says that it is one, opens nobody's page, and is in no ledger."""

import email
import email.policy
import re
from email.message import EmailMessage

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from service import account_mails, preferences, proofs
from service.models import AccountMail, Delivery, Release
from service.settings import adopt, settings
from service.signing import Expired, Purpose, verify
from tests.factories import Newsroom, make_account, make_journalist, make_newsroom, make_release
from workers.sending import account_letters

LINK = re.compile(r"https?://\S+/(leave|preferences)/([0-9a-f]{52})")


@pytest.fixture
def room(session: Session) -> Newsroom:
    return make_newsroom(session)


@pytest.fixture
def release(session: Session, room: Newsroom) -> Release:
    return make_release(session, room)


def sent(session: Session) -> list[EmailMessage]:
    found = []
    for mail in session.scalars(select(AccountMail).order_by(AccountMail.id)):
        account_mails.begin(session, mail)
        message = email.message_from_bytes(account_letters.letter(session, mail), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        found.append(message)
    return found


def words_of(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_it_is_marked_in_its_subject_and_above_everything_else(
    session: Session, room: Newsroom, release: Release
) -> None:
    assert proofs.send(session, release, to=[room.ada.email, room.ben.email], languages=["en"], by=room.ada) == 2

    first, second = sent(session)

    assert first["Subject"] == "[Test] River levels fall"
    assert {first["To"].addresses[0].addr_spec, second["To"].addresses[0].addr_spec} == {room.ada.email, room.ben.email}
    assert first["Message-ID"] != second["Message-ID"]
    for kind in ("plain", "html"):
        words = words_of(first, kind)
        assert words.index("TEST. Only you got this") < words.rindex("Levels fell.")


def test_its_links_open_nobodys_page_and_no_ledger_knows_of_it(
    session: Session, room: Newsroom, release: Release
) -> None:
    cleo = make_journalist(session, room)
    proofs.send(session, release, to=[room.ada.email], languages=["en"], by=room.ada, reader=cleo)
    [message] = sent(session)

    found = dict(LINK.findall(words_of(message, "plain")))

    assert session.get(Delivery, verify(Purpose.LEAVE, found["leave"])) is None
    with pytest.raises(Expired):
        preferences.open_(session, found["preferences"])
    assert session.scalars(select(Delivery)).all() == []
    assert "Cleo Reader" in words_of(message, "plain")
    assert cleo.address not in message.as_string()


def test_it_goes_to_colleagues_and_to_domains_that_are_allowed(
    session: Session, room: Newsroom, release: Release
) -> None:
    stranger = make_account("Eve Elsewhere")
    session.add(stranger)
    session.flush()
    for address in (stranger.email, "boss@ministry.example"):
        with pytest.raises(proofs.NotForTests):
            proofs.send(session, release, to=[address], languages=["en"], by=room.ada)
    before = settings().test_domains
    adopt(test_domains="ministry.example, other.example")
    try:
        assert proofs.send(session, release, to=["boss@Ministry.example"], languages=["en"], by=room.ada) == 1
    finally:
        adopt(test_domains=before)


def test_it_is_no_mailing_list(session: Session, room: Newsroom, release: Release) -> None:
    for _ in range(proofs.MOST_AN_HOUR):
        proofs.send(session, release, to=[room.ada.email], languages=["en"], by=room.ada)
    with pytest.raises(proofs.TooMany):
        proofs.send(session, release, to=[room.ada.email], languages=["en"], by=room.ada)
    session.execute(text("UPDATE account_mail SET created_at = created_at - interval '2 hours'"))
    assert proofs.send(session, release, to=[room.ada.email], languages=["en"], by=room.ada) == 1


def test_nobody_and_nothing_chosen_is_said(session: Session, room: Newsroom, release: Release) -> None:
    for to, languages in (([], ["en"]), ([room.ada.email], [])):
        with pytest.raises(proofs.NobodyChosen):
            proofs.send(session, release, to=to, languages=languages, by=room.ada)
