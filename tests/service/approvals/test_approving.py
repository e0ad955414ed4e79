"""Approval: asked for with a note, bound to what was seen, sent back with comments, and never one's own."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from service import accounts, approvals, audit, releases
from service.manuscripts import Manuscript
from service.models import (
    Account,
    AccountMail,
    AccountMailKind,
    Decision,
    Release,
    ReleaseState,
    Right,
    Role,
)
from service.releases.desk import Need, desk
from tests.factories import Newsroom, make_account, make_newsroom, make_release, now


@pytest.fixture
def room(session: Session) -> Newsroom:
    return make_newsroom(session)


@pytest.fixture
def release(session: Session, room: Newsroom) -> Release:
    return make_release(session, room)


def colleague(session: Session, room: Newsroom, name: str, *roles: Role) -> Account:
    account = make_account(name)
    session.add(account)
    session.flush()
    session.add_all([Right(account_id=account.id, sender_id=room.sender.id, role=role) for role in roles])
    session.flush()
    session.refresh(account)
    return account


def mails(session: Session, kind: AccountMailKind) -> list[str]:
    session.flush()
    return list(session.scalars(select(AccountMail.address).where(AccountMail.kind == kind).order_by(AccountMail.id)))


def digest_of(session: Session, release: Release) -> bytes:
    word = approvals.standing(session, release)
    assert word is not None
    return word.digest


def needs(session: Session, account: Account) -> list[tuple[Need, str]]:
    return [(task.need, task.note) for task in desk(session, account).needs]


def test_a_request_waits_for_those_who_may_approve_and_mails_them(
    session: Session, room: Newsroom, release: Release
) -> None:
    assert needs(session, room.ben) == []
    approvals.request(session, release, by=room.ada, note="For tomorrow, please")

    assert needs(session, room.ben) == [(Need.TO_APPROVE, "For tomorrow, please")]
    assert needs(session, room.ada) == [(Need.WAITING, "For tomorrow, please")]
    assert mails(session, AccountMailKind.TO_APPROVE) == [room.ben.email]
    word = approvals.standing(session, release)
    assert word is not None
    assert (word.decision, word.by, word.note) == (Decision.REQUESTED, "Ada Officer", "For tomorrow, please")


def test_asking_twice_for_the_same_is_asking_once(session: Session, room: Newsroom, release: Release) -> None:
    approvals.request(session, release, by=room.ada)
    approvals.request(session, release, by=room.ada)
    assert len(mails(session, AccountMailKind.TO_APPROVE)) == 1
    releases.edit(session, release, "en", by=room.ada, lead="Levels fell again.")
    approvals.request(session, release, by=room.ada)
    assert len(mails(session, AccountMailKind.TO_APPROVE)) == 2


def test_what_blocks_stops_the_request_and_the_approval(session: Session, room: Newsroom, release: Release) -> None:
    releases.edit(session, release, "en", by=room.ada, body="The level was [TK] metres.")
    with pytest.raises(approvals.Blocked) as asked:
        approvals.request(session, release, by=room.ada)
    with pytest.raises(approvals.Blocked):
        approvals.approve(session, release, by=room.ben)
    assert [check.field for check in asked.value.found] == ["body"]
    assert release.state is ReleaseState.DRAFT


def test_approval_is_of_what_was_seen_and_of_nothing_else(session: Session, room: Newsroom, release: Release) -> None:
    approvals.request(session, release, by=room.ada)
    seen = digest_of(session, release)
    releases.edit(session, release, "en", by=room.ada, lead="Levels rose.")
    with pytest.raises(approvals.ChangedSinceSeen):
        approvals.approve(session, release, by=room.ben, digest=seen)
    assert release.state is ReleaseState.DRAFT

    releases.edit(session, release, "en", by=room.ada, lead="Levels fell.")
    approvals.approve(session, release, by=room.ben, digest=seen)
    assert release.revision_id is not None
    assert mails(session, AccountMailKind.APPROVED) == [room.ada.email]


def test_sent_back_it_waits_for_its_writer_with_the_comments(
    session: Session, room: Newsroom, release: Release
) -> None:
    with pytest.raises(approvals.NotRequested):
        approvals.send_back(session, release, by=room.ben, comments="Too early")
    approvals.request(session, release, by=room.ada)
    with pytest.raises(approvals.SayWhy):
        approvals.send_back(session, release, by=room.ben, comments="  ")
    approvals.send_back(session, release, by=room.ben, comments="Who measured it?")

    assert needs(session, room.ben) == []
    assert needs(session, room.ada) == [(Need.SENT_BACK, "Who measured it?")]
    assert mails(session, AccountMailKind.SENT_BACK) == [room.ada.email]
    assert [entry.act for entry in audit.of(session, release)] == ["approval requested", "release sent back"]


@pytest.mark.parametrize("what", ["edit", "arrange", "add", "drop"])
def test_any_edit_voids_the_approval_and_the_schedule(session: Session, room: Newsroom, what: str) -> None:
    release = make_release(session, room)
    russian = releases.edition_in(release, "en")
    releases.add_edition(session, release, manuscript_like(russian.headline, "ru"), by=room.ada)
    approvals.approve(session, release, by=room.ben)
    releases.schedule(session, release, now() + timedelta(days=1), by=room.ada)
    acts: dict[str, Callable[[], object]] = {
        "edit": lambda: releases.edit(session, release, "en", by=room.ada, notes="A word more"),
        "arrange": lambda: arranged(session, room, release, now() + timedelta(days=3)),
        "add": lambda: releases.add_edition(session, release, manuscript_like("Деңгей", "kk"), by=room.ada),
        "drop": lambda: releases.drop_edition(session, release, "ru", by=room.ada),
    }
    acts[what]()

    assert (release.state, release.revision_id, release.send_at) == (ReleaseState.DRAFT, None, None)
    word = approvals.standing(session, release)
    assert word is not None
    assert word.decision is Decision.VOIDED


def manuscript_like(headline: str, language: str) -> Manuscript:
    return Manuscript(language, "", headline, "", None, None, "Words.", "", "", "", (), (), "utf-8", ())


def arranged(session: Session, room: Newsroom, release: Release, embargo: datetime | None) -> None:
    releases.arrange(
        session, release, by=room.ada, topics=[room.topic], contacts=[], embargo=embargo, zone="Asia/Almaty"
    )


def test_whoever_edited_it_since_does_not_approve_it_though_somebody_else_edited_last(
    session: Session, room: Newsroom, release: Release
) -> None:
    both = colleague(session, room, "Fay Editor", Role.WRITE, Role.APPROVE)
    releases.edit(session, release, "en", by=both, lead="Levels rose.")
    releases.edit(session, release, "en", by=room.ada, lead="Levels fell again.")
    with pytest.raises(approvals.OwnWork):
        approvals.approve(session, release, by=both)
    approvals.approve(session, release, by=room.ben)
    releases.edit(session, release, "en", by=room.ada, lead="Levels rose.")
    approvals.approve(session, release, by=both)  # what Fay wrote was approved by somebody else


def test_who_has_lost_the_right_meanwhile_approves_nothing(session: Session, room: Newsroom, release: Release) -> None:
    approvals.request(session, release, by=room.ada)
    room.ben.active = False
    with pytest.raises(accounts.NotAllowed):
        approvals.approve(session, release, by=room.ben, digest=digest_of(session, release))


def test_in_an_emergency_a_second_name_says_why_and_it_is_on_record_for_ever(
    session: Session, room: Newsroom, release: Release
) -> None:
    dan = colleague(session, room, "Dan Duty", Role.SEND)
    reason = "The dam has failed and nobody who approves answers."
    with pytest.raises(approvals.NotRequested):
        approvals.approve_in_emergency(session, release, by=dan, reason=reason)
    approvals.request(session, release, by=room.ada)
    with pytest.raises(accounts.NotAllowed):
        approvals.approve_in_emergency(session, release, by=room.ada, reason=reason)
    with pytest.raises(accounts.NotAllowed):
        approvals.approve_in_emergency(session, release, by=make_newsroom(session).ada, reason=reason)
    with pytest.raises(approvals.SayWhy):
        approvals.approve_in_emergency(session, release, by=dan, reason="urgent")
    approvals.approve_in_emergency(session, release, by=dan, reason=reason, digest=digest_of(session, release))

    assert release.state is ReleaseState.APPROVED
    word = approvals.history(session, release)[-1]
    assert (word.emergency, word.by, word.author, word.note) == (True, "Dan Duty", "Ada Officer", reason)
    entry = audit.of(session, release)[-1]
    assert (entry.act, entry.account_id) == ("release approved in an emergency", dan.id)
    assert entry.detail["asked_by"] == str(room.ada.id)
    assert entry.detail["reason"] == reason
    assert mails(session, AccountMailKind.EMERGENCY) == [room.ben.email]


def test_what_an_approver_reads_is_what_changed_since_the_last_approval(
    session: Session, room: Newsroom, release: Release
) -> None:
    assert approvals.last_approved(session, release) is None
    approvals.approve(session, release, by=room.ben)
    releases.edit(session, release, "en", by=room.ada, lead="Levels rose.")
    before = approvals.last_approved(session, release)
    assert before is not None
    (change,) = releases.differences(before, releases.frozen_of(session, release))
    assert change.field == "lead"
