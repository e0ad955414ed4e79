"""Who may do what with a release: Ada writes and sends, Ben approves, and neither does the other's part."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from service import accounts, approvals, releases
from service.accounts import NotAllowed
from service.models import Account, Release, ReleaseState, Role
from tests.factories import Newsroom, make_newsroom, make_release, now

Act = Callable[[Session, Release, Account], object]
ACTS: dict[str, Act] = {
    "edit": lambda session, release, by: releases.edit(session, release, "en", by=by, lead="Levels rose."),
    "schedule": lambda session, release, by: releases.schedule(session, release, now(), by=by),
    "pause": lambda session, release, by: releases.pause(session, release, by=by),
    "resume": lambda session, release, by: releases.resume(session, release, by=by),
    "extend": lambda session, release, by: releases.extend(session, release, by=by),
    "cancel": lambda session, release, by: releases.cancel(session, release, by=by),
}


@pytest.fixture
def room(session: Session) -> Newsroom:
    return make_newsroom(session)


@pytest.mark.parametrize("act", ACTS)
def test_who_only_approves_neither_writes_nor_sends(session: Session, room: Newsroom, act: str) -> None:
    release = make_release(session, room)
    approvals.approve(session, release, by=room.ben)

    with pytest.raises(NotAllowed):
        ACTS[act](session, release, room.ben)
    assert release.state is ReleaseState.APPROVED


@pytest.mark.parametrize("act", ACTS)
def test_a_stranger_of_another_newsroom_does_nothing_here(session: Session, room: Newsroom, act: str) -> None:
    release, stranger = make_release(session, room), make_newsroom(session).ada

    with pytest.raises(NotAllowed):
        ACTS[act](session, release, stranger)


def test_who_only_writes_does_not_approve(session: Session, room: Newsroom) -> None:
    with pytest.raises(NotAllowed):
        approvals.approve(session, make_release(session, room), by=room.ada)


def test_the_same_person_with_both_roles_still_does_not_approve_her_own(session: Session, room: Newsroom) -> None:
    accounts.grant(session, room.ada, room.sender, [Role.APPROVE])

    with pytest.raises(approvals.OwnWork):
        approvals.approve(session, make_release(session, room), by=room.ada)
