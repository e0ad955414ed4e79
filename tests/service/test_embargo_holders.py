"""An embargo is moved or lifted: whoever accepted it is told, at once if it ends later, else once it is approved."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from service import approvals, releases
from service.models import AccountMail, AccountMailKind, Release
from service.newsroom import embargo
from tests.factories import Newsroom, make_journalist, make_newsroom, make_release, now
from workers.sending.account_letters import letter

DAY = timedelta(days=1)


@pytest.fixture
def room(session: Session) -> Newsroom:
    return make_newsroom(session)


@pytest.fixture
def release(session: Session, room: Newsroom) -> Release:
    """Under embargo for two days, held by Cleo, who accepted, and by Dana, who has not."""
    release = make_release(session, room, embargo=now() + 2 * DAY)
    approvals.approve(session, release, by=room.ben)
    for name in ("Cleo Reader", "Dana Reader"):
        granted = embargo.accredit(session, release, make_journalist(session, room, name), by=room.ada)
        if name == "Cleo Reader":
            embargo.accept(session, embargo.visit(session, embargo.link_token(granted)))
    return release


def told(session: Session) -> list[tuple[AccountMailKind, str]]:
    kinds = (AccountMailKind.EMBARGO_MOVED, AccountMailKind.EMBARGO_LIFTED)
    query = select(AccountMail).where(AccountMail.kind.in_(kinds)).order_by(AccountMail.id)
    return [(mail.kind, mail.address.partition("-")[0]) for mail in session.scalars(query)]


def move(session: Session, room: Newsroom, release: Release, until: datetime | None) -> None:
    releases.arrange(session, release, by=room.ada, topics=[room.topic], contacts=[], embargo=until, zone="Asia/Almaty")


def test_a_later_end_is_told_at_once_to_whoever_accepted(session: Session, room: Newsroom, release: Release) -> None:
    releases.schedule(session, release, now() + 2 * DAY, by=room.ada)
    move(session, room, release, now() + 3 * DAY)
    assert told(session) == [(AccountMailKind.EMBARGO_MOVED, "cleo")]
    approvals.approve(session, release, by=room.ben)
    assert len(told(session)) == 1


def test_an_earlier_end_and_none_are_told_when_they_are_approved(
    session: Session, room: Newsroom, release: Release
) -> None:
    move(session, room, release, now() + DAY)
    assert told(session) == []
    approvals.approve(session, release, by=room.ben)
    assert told(session) == [(AccountMailKind.EMBARGO_MOVED, "cleo")]
    move(session, room, release, None)
    approvals.approve(session, release, by=room.ben)
    assert told(session)[1:] == [(AccountMailKind.EMBARGO_LIFTED, "cleo")]


def test_an_edit_that_leaves_the_embargo_alone_tells_nobody(session: Session, room: Newsroom, release: Release) -> None:
    releases.edit(session, release, "en", by=room.ada, lead="Levels rose.")
    approvals.approve(session, release, by=room.ben)
    assert told(session) == []


def test_the_mail_has_her_own_link_both_times_and_no_word_of_the_release(
    session: Session, room: Newsroom, release: Release
) -> None:
    move(session, room, release, datetime.fromisoformat("2030-03-01T09:00+05:00"))
    mail = session.scalars(select(AccountMail).where(AccountMail.kind == AccountMailKind.EMBARGO_MOVED)).one()
    mail.attempted_at = now()
    said = letter(session, mail, signed=False).decode().replace("=\r\n", "")
    assert "2030-03-01 09:00 Asia/Almaty (2030-03-01 04:00 UTC)" in said
    assert "/embargo/" in said
    assert "River levels fall" not in said
