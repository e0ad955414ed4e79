"""A schedule is taken back, or another time put in its place, until the release begins to leave."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service import approvals, releases
from service.models import Publication, Release, ReleaseState, Wave
from service.releases import NotScheduled, Pace
from tests.factories import Newsroom, make_newsroom, make_release, now

LATER = now() + timedelta(days=1)


@pytest.fixture
def room(session: Session) -> Newsroom:
    return make_newsroom(session)


@pytest.fixture
def release(session: Session, room: Newsroom) -> Release:
    release = make_release(session, room)
    approvals.approve(session, release, by=room.ben)
    return release


def waves(session: Session, release: Release) -> int:
    return session.scalars(select(func.count()).select_from(Wave).where(Wave.release_id == release.id)).one()


def test_undone_it_is_approved_and_has_no_time_and_no_page_opens(
    session: Session, room: Newsroom, release: Release
) -> None:
    releases.schedule(session, release, LATER, by=room.ada, pace=Pace(30, 12, 60))
    releases.unschedule(session, release, by=room.ada)
    releases.unschedule(session, release, by=room.ada)
    assert (release.state, release.send_at, release.deadline_hours) == (ReleaseState.APPROVED, None, None)
    assert waves(session, release) == 0
    session.expire_all()
    assert session.get_one(Publication, release.id).opens_at is None
    releases.schedule(session, release, LATER, by=room.ada)
    assert waves(session, release) == 1


def test_another_time_takes_its_place(session: Session, room: Newsroom, release: Release) -> None:
    releases.schedule(session, release, LATER, by=room.ada)
    assert releases.reschedule(session, release, LATER + timedelta(hours=2), by=room.ada, pace=Pace(10)) > LATER
    assert waves(session, release) == 1
    assert releases.pace_of(session, release) == Pace(10)


def test_what_has_begun_to_leave_is_not_taken_back(session: Session, room: Newsroom, release: Release) -> None:
    releases.schedule(session, release, now(), by=room.ada)
    releases.start_due(session)
    for act in (releases.unschedule, releases.pause, releases.unschedule):
        if act is releases.pause:
            releases.pause(session, release, by=room.ada)
            continue
        with pytest.raises(NotScheduled):
            act(session, release, by=room.ada)
    assert waves(session, release) == 1
