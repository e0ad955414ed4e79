"""What waits on an officer's desk: releases that need her, those that leave next, and those that leave now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, selectinload

from service import accounts
from service.models import Account, Approval, Decision, DeliveryState, Release, ReleaseState, Revision, Role
from service.releases.overview import Glance, glances

MOST = 60
LATELY = timedelta(days=7)
TOO_MANY_FAILED = 0.03
"""Of all people of a release: beyond it somebody should look."""
R = ReleaseState


class Need(StrEnum):
    """Why a release needs somebody."""

    SENT_BACK = "sent-back"
    PAUSED = "paused"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    TO_APPROVE = "to-approve"
    TO_SCHEDULE = "to-schedule"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Task:
    """One release that needs her, why, and how many people it concerns; `note` is what was written to her about it."""

    need: Need
    release: Glance
    people: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """What is on it, each in the order in which it should be looked at."""

    needs: Sequence[Task]
    next: Sequence[Glance]
    sending: Sequence[Glance]


def desk(session: Session, account: Account) -> Desk:
    """What waits for this account, by the rights it has for each sender."""
    senders = [sender.id for sender in accounts.senders_of(session, account)]
    opened = _open(session, senders)
    found = glances(session, opened)
    may = {release.id: {role for role in Role if accounts.may_on(account, release, role)} for release in opened}
    words = _last_words(session, [glance.id for glance in found if glance.state is R.DRAFT])
    tasks = [task for glance in found for task in _tasks(account, glance, words.get(glance.id), may[glance.id])]
    return Desk(
        needs=sorted(tasks, key=lambda task: list(Need).index(task.need)),
        next=sorted(_in(found, R.SCHEDULED), key=lambda glance: glance.send_at or glance.created_at),
        sending=_in(found, R.SENDING),
    )


def _in(found: Sequence[Glance], state: ReleaseState) -> list[Glance]:
    return [glance for glance in found if glance.state is state]


def _open(session: Session, senders: Sequence[UUID]) -> list[Release]:
    """The newest releases that are not over, or have been for a few days only."""
    over = Release.state.in_((R.SENT, R.CANCELLED))
    query = (
        select(Release)
        .where(Release.sender_id.in_(senders), or_(~over, Release.finished_at > func.now() - LATELY))
        .options(selectinload(Release.editions), selectinload(Release.topics))
        .order_by(Release.id.desc())
        .limit(MOST)
    )
    return list(session.scalars(query))


def _last_words(session: Session, drafts: Sequence[UUID]) -> dict[UUID, Approval]:
    """What was said last about each of these drafts: that it is to be approved, that it goes back, that it is void."""
    last = (
        select(Revision.release_id, Approval)
        .join(Revision, Revision.id == Approval.revision_id)
        .where(Revision.release_id.in_(drafts))
        .ext(distinct_on(Revision.release_id))
        .order_by(Revision.release_id, Approval.id.desc())
    )
    return {row.release_id: row.Approval for row in session.execute(last)}


def _tasks(account: Account, glance: Glance, word: Approval | None, may: set[Role]) -> list[Task]:
    return [*_of_writing(account, glance, word, may), *_of_sending(glance, may)]


def _of_writing(account: Account, glance: Glance, word: Approval | None, may: set[Role]) -> list[Task]:
    if glance.state is not R.DRAFT or word is None:
        return []
    if word.decision is Decision.SENT_BACK and Role.WRITE in may:
        return [Task(Need.SENT_BACK, glance, note=word.note)]
    if word.decision is not Decision.REQUESTED:
        return []
    theirs = Role.APPROVE in may and account.id not in (glance.written_by, word.written_by)
    if theirs:
        return [Task(Need.TO_APPROVE, glance, note=word.note)]
    return [Task(Need.WAITING, glance, note=word.note)] if Role.WRITE in may else []


def _of_sending(glance: Glance, may: set[Role]) -> list[Task]:
    if Role.SEND not in may:
        return []
    found = []
    if glance.state is R.PAUSED:
        found.append(Task(Need.PAUSED, glance))
    if glance.state is R.APPROVED:
        found.append(Task(Need.TO_SCHEDULE, glance))
    if uncertain := glance.states.get(DeliveryState.UNCERTAIN, 0):
        found.append(Task(Need.UNCERTAIN, glance, people=uncertain))
    if glance.state is R.SENT and glance.failed > TOO_MANY_FAILED * glance.people:
        found.append(Task(Need.FAILED, glance, people=glance.failed))
    return found
