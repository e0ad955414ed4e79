"""The frequency cap: nobody gets more of a newsroom's releases than it says, notices and digests apart."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from service import accounts, approvals, audiences, releases
from service.models import Delivery, DeliveryState, Exclusion, Lane, Release, Role
from tests.factories import Newsroom, make_journalist, make_newsroom, make_release, now
from workers.sending import plan

S = DeliveryState


def send(session: Session, room: Newsroom, *, lane: Lane = Lane.RELEASE, state: DeliveryState = S.QUEUED) -> int:
    """One more release to everybody; how many are to get it. Its rows then stand at `state`."""
    release = make_release(session, room)
    release.lane = lane
    session.flush()
    approvals.approve(session, release, by=room.ben)
    releases.schedule(session, release, now(), by=room.ada)
    [stands] = releases.waves_of(session, release)
    releases.start_due(session)
    counted = releases.reach(session, release)
    queued = plan.write(session, stands.wave)
    assert counted.total == queued
    _stands(session, release, state)
    return queued


def _stands(session: Session, release: Release, state: DeliveryState) -> None:
    steps = {S.QUEUED: (), S.CANCELLED: (S.CANCELLED,), S.FAILED: (S.FAILED,), S.ACCEPTED: (S.ATTEMPTING, S.ACCEPTED)}
    for step in steps[state]:
        rows = update(Delivery).where(Delivery.release_id == release.id, Delivery.state != S.EXCLUDED)
        session.execute(rows.values(state=step, attempted_at=now()))


@pytest.fixture
def room(session: Session) -> Newsroom:
    room = make_newsroom(session)
    make_journalist(session, room)
    room.sender.cap_mails, room.sender.cap_days = 2, 7
    session.flush()
    return room


@pytest.mark.parametrize("state", [S.QUEUED, S.ACCEPTED])
def test_the_third_within_a_week_is_held_back(session: Session, room: Newsroom, state: DeliveryState) -> None:
    assert [send(session, room, state=state) for _ in range(3)] == [1, 1, 0]


@pytest.mark.parametrize("state", [S.CANCELLED, S.FAILED])
def test_what_nobody_got_does_not_count(session: Session, room: Newsroom, state: DeliveryState) -> None:
    assert [send(session, room, state=state) for _ in range(3)] == [1, 1, 1]


def test_what_is_longer_ago_does_not_count(session: Session, room: Newsroom) -> None:
    assert [send(session, room, state=S.ACCEPTED) for _ in range(3)] == [1, 1, 0]
    session.execute(update(Delivery).values(attempted_at=now() - timedelta(days=8)))
    assert send(session, room) == 1


def test_a_notice_is_neither_held_back_nor_counted(session: Session, room: Newsroom) -> None:
    assert send(session, room, lane=Lane.NOTICE) == 1
    assert [send(session, room) for _ in range(3)] == [1, 1, 0]
    assert send(session, room, lane=Lane.NOTICE) == 1


def test_who_is_held_back_is_told_why(session: Session, room: Newsroom) -> None:
    cleo = make_journalist(session, room)
    for _ in range(2):
        send(session, room)
    draft = make_release(session, room)
    assert releases.why(session, draft, cleo).reason is Exclusion.FREQUENCY_CAP
    assert releases.reach(session, draft).left_out == (releases.LeftOut(Exclusion.FREQUENCY_CAP, 2),)


def test_another_newsrooms_releases_do_not_count(session: Session, room: Newsroom) -> None:
    other = make_newsroom(session)
    make_journalist(session, other)
    assert [send(session, other) for _ in range(3)] == [1, 1, 1]


def test_the_cap_is_set_by_who_administers(session: Session, room: Newsroom) -> None:
    with pytest.raises(accounts.NotAllowed):
        audiences.cap(session, room.sender, 1, 1, by=room.ada)
    accounts.grant(session, room.ada, room.sender, [Role.ADMINISTER])
    audiences.cap(session, room.sender, 3, 14, by=room.ada)
    assert (room.sender.cap_mails, room.sender.cap_days) == (3, 14)
    for mails, days in ((0, 7), (3, 0), (3, 91), (101, 7)):
        with pytest.raises(audiences.BadCap):
            audiences.cap(session, room.sender, mails, days, by=room.ada)
    audiences.cap(session, room.sender, None, None, by=room.ada)
    assert room.sender.cap_mails is None
