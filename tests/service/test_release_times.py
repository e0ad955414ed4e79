"""When a release goes: spread, deadline and lateness chosen at scheduling, and what happens when all was down."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from service import approvals, audit, releases
from service.models import Release, ReleaseState, Wave
from service.releases import Pace
from tests.factories import Newsroom, make_newsroom, make_release, now

HOURS = timedelta(hours=1)
AT_ONCE = Pace()


@pytest.fixture
def room(session: Session) -> Newsroom:
    return make_newsroom(session)


def approved(session: Session, room: Newsroom, embargo: datetime | None = None) -> Release:
    release = make_release(session, room, embargo=embargo)
    approvals.approve(session, release, by=room.ben)
    return release


def overdue(session: Session, room: Newsroom, by: timedelta, pace: Pace = AT_ONCE) -> Release:
    """A release that was scheduled long before its time, which is now past."""
    release = approved(session, room)
    releases.schedule(session, release, now(), by=room.ada, pace=pace)
    wave_of(session, release).not_before = release.send_at = now() - by
    session.flush()
    return release


def begins(session: Session, release: Release) -> datetime:
    at = wave_of(session, release).not_before
    assert at is not None
    return at


def wave_of(session: Session, release: Release) -> Wave:
    return session.scalars(select(Wave).where(Wave.release_id == release.id).order_by(Wave.number.desc())).all()[0]


def start(session: Session, release: Release) -> ReleaseState:
    """Let the clock look for what is due; where the release stands then."""
    releases.start_due(session)
    session.refresh(release)
    return release.state


def test_a_release_scheduled_for_now_leaves(session: Session, room: Newsroom) -> None:
    release = approved(session, room)
    releases.schedule(session, release, now(), by=room.ada)
    assert start(session, release) is ReleaseState.SENDING


def test_a_release_a_little_late_leaves(session: Session, room: Newsroom) -> None:
    assert start(session, overdue(session, room, timedelta(minutes=29))) is ReleaseState.SENDING


def test_a_release_three_hours_late_waits_for_a_word_and_says_why(session: Session, room: Newsroom) -> None:
    release = overdue(session, room, 3 * HOURS)
    assert start(session, release) is ReleaseState.PAUSED
    assert release.reason == "Its time was 3 hours ago, when the service was down; resume sends it now"
    assert start(session, release) is ReleaseState.PAUSED


def test_resuming_it_is_the_word_and_then_it_leaves_now(session: Session, room: Newsroom) -> None:
    release = overdue(session, room, 3 * HOURS)
    start(session, release)
    releases.resume(session, release, by=room.ada)
    wave = wave_of(session, release)
    assert release.send_at is not None
    assert now() - release.send_at < timedelta(minutes=1)
    assert wave.not_before == release.send_at
    assert start(session, release) is ReleaseState.SENDING


def test_a_release_may_have_a_lateness_of_its_own(session: Session, room: Newsroom) -> None:
    assert start(session, overdue(session, room, 3 * HOURS, Pace(max_late_minutes=240))) is ReleaseState.SENDING
    assert start(session, overdue(session, room, HOURS / 6, Pace(max_late_minutes=5))) is ReleaseState.PAUSED


def test_a_later_wave_that_comes_to_its_turn_too_late_waits_too(session: Session, room: Newsroom) -> None:
    release = overdue(session, room, HOURS / 6)
    start(session, release)
    first = wave_of(session, release)
    first.planned_at = now()
    session.add(
        Wave(
            release_id=release.id,
            number=2,
            name="tier 2",
            revision_id=first.revision_id,
            not_before=now() - 2 * HOURS,
        )
    )
    session.flush()
    assert start(session, release) is ReleaseState.PAUSED
    assert release.reason.startswith("The time of its wave “tier 2” was 2 hours ago")
    releases.resume(session, release, by=room.ada)
    assert now() - begins(session, release) < timedelta(minutes=1)
    assert start(session, release) is ReleaseState.SENDING


def test_resuming_before_its_time_leaves_its_time_alone(session: Session, room: Newsroom) -> None:
    release, at = approved(session, room), now() + HOURS
    releases.schedule(session, release, at, by=room.ada)
    releases.pause(session, release, by=room.ada)
    releases.resume(session, release, by=room.ada)
    assert (release.state, release.send_at, wave_of(session, release).not_before) == (ReleaseState.SCHEDULED, at, at)


def test_resuming_under_an_embargo_waits_for_it(session: Session, room: Newsroom) -> None:
    embargo = now() + HOURS
    release = approved(session, room, embargo)
    releases.schedule(session, release, now(), by=room.ada)
    releases.pause(session, release, by=room.ada)
    releases.resume(session, release, by=room.ada)
    assert release.send_at == wave_of(session, release).not_before == embargo


def test_resuming_past_the_deadline_gives_the_waiting_their_time_anew(session: Session, room: Newsroom) -> None:
    release = overdue(session, room, HOURS / 6)
    start(session, release)
    wave = wave_of(session, release)
    wave.planned_at, wave.not_before = now(), now() - 60 * HOURS
    releases.pause(session, release, by=room.ada)
    releases.resume(session, release, by=room.ada)
    assert now() - begins(session, release) < timedelta(minutes=1)


def test_a_time_that_would_be_too_late_at_once_is_refused_at_the_door(session: Session, room: Newsroom) -> None:
    with pytest.raises(releases.TooLate):
        releases.schedule(session, approved(session, room), now() - timedelta(minutes=40), by=room.ada)


def test_what_was_chosen_is_kept_and_asking_again_for_the_same_changes_nothing(
    session: Session, room: Newsroom
) -> None:
    release, at, pace = approved(session, room), now() + HOURS, Pace(60, 2, 15)
    releases.schedule(session, release, at, by=room.ada, pace=pace)
    assert releases.schedule(session, release, at, by=room.ada, pace=pace) == at
    assert releases.pace_of(session, release) == pace
    with pytest.raises(releases.AlreadyScheduled):
        releases.schedule(session, release, at, by=room.ada)
    scheduled = [entry.detail for entry in audit.of(session, release) if entry.act == "release scheduled"]
    assert [entry["pace"]["spread_minutes"] for entry in scheduled] == [60]


@pytest.mark.parametrize(
    "pace",
    [
        Pace(spread_minutes=-1),
        Pace(spread_minutes=1441),
        Pace(deadline_hours=0),
        Pace(deadline_hours=241),
        Pace(max_late_minutes=0),
        Pace(spread_minutes=120, deadline_hours=2),
    ],
)
def test_a_pace_that_cannot_be_is_refused(session: Session, room: Newsroom, pace: Pace) -> None:
    with pytest.raises(releases.BadPace):
        releases.schedule(session, approved(session, room), now(), by=room.ada, pace=pace)
