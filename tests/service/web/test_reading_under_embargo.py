"""A journalist who was granted a release: accepts, reads, is on record; and her link ends when the newsroom says so."""

import email
import email.policy
import re
from collections.abc import Callable
from email.message import EmailMessage

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from service import account_mails, journalists, releases, suppressions
from service.errors import NotFound, Refused
from service.models import (
    Account,
    AccountMail,
    AccountMailKind,
    AccountMailState,
    NoticeKind,
    Publication,
    Reading,
    Release,
    SuppressionReason,
)
from service.newsroom import embargo, publishing
from service.signing import Purpose, sign
from tests.factories import Newsroom, make_journalist, make_newsroom
from tests.service.newsroom import stories
from tests.service.newsroom.stories import address
from tests.service.web.conftest import Browser, csrf
from workers.sending import account_letters

SECRET = "River levels fall"


@pytest.fixture
def publication(session: Session, newsroom: Newsroom) -> Publication:
    until, others = stories.in_an_hour(), [("ru", "Уровень реки падает")]
    release = stories.write(session, newsroom, SECRET, embargo=until, others=others)
    stories.attach(session, newsroom, release)
    return stories.approve(session, newsroom, release, until)


@pytest.fixture
def release(session: Session, publication: Publication) -> Release:
    return session.get_one(Release, publication.release_id)


@pytest.fixture
def link(session: Session, newsroom: Newsroom, release: Release) -> str:
    """Cleo's link."""
    cleo = make_journalist(session, newsroom, "Cleo Reader", address="cleo@daily.example")
    return "/embargo/" + embargo.link_token(embargo.accredit(session, release, cleo, by=newsroom.ada))


def read(client: FlaskClient, link: str, **more: str) -> str:
    answer = client.post(link, data={"embargo": "accept", **more})
    assert answer.status_code == 200
    return answer.text


def test_before_she_accepts_her_link_tells_only_until_when(client: FlaskClient, session: Session, link: str) -> None:
    asked = client.get(link)
    assert asked.status_code == 200
    assert "I accept the embargo" in asked.text
    assert SECRET not in asked.text
    assert (asked.headers["Cache-Control"], asked.headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert client.post(link).status_code == 422
    assert client.get(f"{link}/en/release.txt").status_code == 404
    assert client.get(f"{link}/embargo.ics").status_code == 404
    assert session.scalars(select(Reading)).all() == []


def test_she_accepts_and_reads_and_each_opening_is_on_record(
    client: FlaskClient, session: Session, release: Release, link: str
) -> None:
    page = read(client, link)
    for words in (SECRET, "Embargo until", "The Ishim at Astana"):
        assert words in page
    assert "Уровень реки падает" in read(client, link, language="ru")
    reader = embargo.readers(session, release)[0]
    assert (reader.name, reader.openings) == ("Cleo Reader", 2)
    assert reader.accepted_at is not None


def test_what_she_takes_away_names_the_embargo(client: FlaskClient, link: str) -> None:
    page = read(client, link)
    assert "EMBARGOED UNTIL" in client.get(f"{link}/en/release.txt").text
    assert client.get(f"{link}/en/release.pdf").data.startswith(b"%PDF")
    event = Calendar.from_ical(client.get(f"{link}/embargo.ics").data).walk("VEVENT")[0]
    assert event["summary"] == f"Embargo ends: {SECRET}"
    for path in re.findall(r'(?:src|href)="(/embargo/[^"]+/(?:previews|files)/[^"]+)"', page):
        got = client.get(path)
        assert (got.status_code, got.headers["Cache-Control"]) == (200, "no-store")


def test_at_its_instant_her_link_leads_to_the_public_page(
    client: FlaskClient, session: Session, newsroom: Newsroom, publication: Publication, link: str
) -> None:
    session.execute(text("UPDATE publication SET opens_at = clock_timestamp()"))
    session.expire_all()
    answer = client.get(link)
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(address(newsroom, publication))


def revoke(session: Session, room: Newsroom, release: Release) -> None:
    embargo.revoke(session, release, embargo.readers(session, release)[0].id, by=room.ada)


def withdraw(session: Session, room: Newsroom, release: Release) -> None:
    publishing.withdraw(session, release, by=room.ada)


def cancel(session: Session, room: Newsroom, release: Release) -> None:
    releases.cancel(session, release, by=room.ada)


def edit(session: Session, room: Newsroom, release: Release) -> None:
    releases.edit(session, release, "en", by=room.ada, lead="Levels rose.")


def erase(session: Session, room: Newsroom, release: Release) -> None:
    journalists.erase(session, journalists.by_address(session, room.sender, "cleo@daily.example"))


def kill(session: Session, room: Newsroom, release: Release) -> None:
    draft = stories.write(session, room, "KILL")
    publishing.is_about(session, draft, release, NoticeKind.KILL, by=room.ada)
    stories.approve(session, room, draft)


@pytest.mark.parametrize("end", [revoke, withdraw, cancel, edit, erase, kill])
def test_a_link_that_ended_is_answered_like_one_we_never_made(
    client: FlaskClient,
    session: Session,
    newsroom: Newsroom,
    release: Release,
    link: str,
    end: Callable[[Session, Newsroom, Release], None],
) -> None:
    read(client, link)
    end(session, newsroom, release)
    session.expire_all()
    never = client.get("/embargo/" + sign(Purpose.EMBARGO, release.id))
    opened = client.post(link, data={"embargo": "accept"})
    for answer in (client.get(link), opened, client.get(f"{link}/en/release.txt")):
        assert (answer.status_code, answer.data) == (404, never.data)


def test_a_link_for_another_purpose_opens_nothing(client: FlaskClient, session: Session, link: str) -> None:
    other = sign(Purpose.LEAVE, session.execute(text("SELECT id FROM accreditation")).scalar_one())
    assert client.get(f"/embargo/{other}").status_code == 404
    assert client.get(link[:-1] + ("0" if link[-1] != "0" else "1")).status_code == 404


def test_only_what_is_not_public_is_granted_and_only_to_her_newsrooms_journalists(
    session: Session, newsroom: Newsroom, release: Release
) -> None:
    cleo = make_journalist(session, newsroom)
    public = session.get_one(Release, stories.publish(session, newsroom).release_id)
    with pytest.raises(embargo.NothingToAccredit):
        embargo.accredit(session, public, cleo, by=newsroom.ada)
    with pytest.raises(NotFound):
        embargo.accredit(session, release, make_journalist(session, make_newsroom(session)), by=newsroom.ada)
    with pytest.raises(Refused):
        embargo.accredit(session, release, cleo, by=newsroom.ben)


def test_officers_grant_see_and_revoke_on_a_page(
    signed_in: Browser, session: Session, newsroom: Newsroom, release: Release
) -> None:
    make_journalist(session, newsroom, "Dana", address="dana@radio.example")
    ada, page = signed_in(newsroom.ada), f"/releases/{release.id}/newsroom"
    token = csrf(ada, page)
    assert ada.post(f"{page}/readers", data=token | {"address": "nobody@x.example"}).status_code == 422
    assert ada.post(f"{page}/readers", data=token | {"address": "Dana@radio.example"}).status_code == 302
    shown = ada.get(page).text
    link = re.search(r"http://[^<]*(/embargo/[0-9a-f]{52})", shown)
    assert link is not None
    assert read(ada, link[1])
    assert "1 time" in ada.get(page).text
    reader = embargo.readers(session, release)[0].id
    assert ada.post(f"{page}/readers/{reader}/revoke", data=token).status_code == 302
    assert "revoked" in ada.get(page).text
    assert ada.get(link[1]).status_code == 404


@pytest.fixture
def granted(session: Session, newsroom: Newsroom, release: Release) -> embargo.Reader:
    """Dana, who reads Kazakh, was granted it."""
    dana = make_journalist(session, newsroom, "Dana", address="dana@radio.example", language="kk")
    embargo.accredit(session, release, dana, by=newsroom.ada)
    return embargo.readers(session, release)[0]


def letters_to(session: Session) -> list[AccountMail]:
    return list(session.scalars(select(AccountMail).filter_by(kind=AccountMailKind.EMBARGO).order_by(AccountMail.id)))


def leaving(session: Session, mail: AccountMail) -> EmailMessage:
    """What would leave now. Raises Nobody."""
    account_mails.begin(session, mail)
    found = email.message_from_bytes(account_letters.letter(session, mail), policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def test_the_link_is_mailed_from_the_newsroom_without_a_word_of_the_release(
    client: FlaskClient, session: Session, newsroom: Newsroom, release: Release, granted: embargo.Reader
) -> None:
    embargo.mail(session, release, granted.id, by=newsroom.ada)
    embargo.mail(session, release, granted.id, by=newsroom.ada)
    [mail] = letters_to(session)
    letter = leaving(session, mail)
    assert (letter["From"].addresses[0].addr_spec, letter["To"]) == (newsroom.sender.address, "dana@radio.example")
    assert "эмбаргодағы хабарлама" in letter["Subject"]
    for part in letter.iter_parts():
        text_of = part.get_content()
        assert SECRET not in text_of
        link = re.search(r"(/embargo/[0-9a-f]{52})", text_of)
        assert link is not None
        assert "Эмбарго шартын" in client.get(f"{link[1]}?lang=kk").text
    assert embargo.readers(session, release)[0].letter is AccountMailState.ATTEMPTING
    account_mails.settle(session, mail.id, 1, AccountMailState.ACCEPTED)
    embargo.mail(session, release, granted.id, by=newsroom.ada)
    assert len(letters_to(session)) == 2


def test_a_mail_that_has_not_left_when_the_link_is_revoked_never_does(
    session: Session, newsroom: Newsroom, release: Release, granted: embargo.Reader
) -> None:
    embargo.mail(session, release, granted.id, by=newsroom.ada)
    embargo.revoke(session, release, granted.id, by=newsroom.ada)
    with pytest.raises(account_letters.Nobody):
        leaving(session, letters_to(session)[0])
    with pytest.raises(NotFound):
        embargo.mail(session, release, granted.id, by=newsroom.ada)


def test_who_asked_not_to_be_written_to_gets_no_link_by_mail(
    signed_in: Browser, session: Session, newsroom: Newsroom, release: Release
) -> None:
    dana = make_journalist(session, newsroom, "Dana", address="dana@radio.example")
    dana.do_not_contact = True
    ada, page = signed_in(newsroom.ada), f"/releases/{release.id}/newsroom"
    assert ada.post(f"{page}/readers", data=csrf(ada, page) | {"address": dana.address}).status_code == 302
    assert "Nothing may be mailed to this journalist" in ada.get(page).text
    assert letters_to(session) == []
    reader = embargo.readers(session, release)[0]
    dana.do_not_contact = False
    embargo.mail(session, release, reader.id, by=newsroom.ada)
    suppressions.add(session, dana.address, SuppressionReason.COMPLAINT, sender=newsroom.sender, evidence="said so")
    with pytest.raises(account_letters.Nobody):
        leaving(session, letters_to(session)[0])


def test_officers_withdraw_on_a_page_that_names_the_effect(
    signed_in: Browser, client: FlaskClient, session: Session, newsroom: Newsroom
) -> None:
    publication = stories.publish(session, newsroom)
    ada, page = signed_in(newsroom.ada), f"/releases/{publication.release_id}/newsroom"
    assert "cannot be undone" in ada.get(f"{page}/withdraw").text
    done = ada.post(f"{page}/withdraw", data=csrf(ada, page) | {"reason": "Wrong figures."})
    assert done.status_code == 302
    assert client.get(address(newsroom, publication)).status_code == 410
    assert "Withdrawn on" in ada.get(page).text


def test_who_may_not_send_sees_nothing_of_it(
    signed_in: Browser, session: Session, newsroom: Newsroom, release: Release
) -> None:
    def asked(account: Account) -> int:
        return signed_in(account).get(f"/releases/{release.id}/newsroom").status_code

    assert (asked(newsroom.ben), asked(make_newsroom(session).ada)) == (403, 404)
