"""A notice leaves at once: approved by a second person, or in an emergency by one who names the second."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service import account_mails, accounts, audit, newsroom, releases
from service.errors import Refused
from service.models import Account, AccountMailKind, Kind, Notice, Release, ReleaseState, Role

LONGEST_REASON = 500


class NotANotice(Refused):
    """Only a notice leaves without a time of its own, and only a notice in an emergency."""

    def __init__(self) -> None:
        super().__init__("This is no notice. Schedule it as any release.")


class NotInAgreement(Refused):
    """Say why it cannot wait, and which other person, who may approve, agreed to it."""

    def __init__(self) -> None:
        super().__init__("Say why it cannot wait, and choose the other person who agreed: somebody who may approve.")


def send(session: Session, notice: Release, *, by: Account) -> datetime:
    """Let an approved notice, or follow-up, leave now. Raises accounts.NotAllowed, NotANotice, releases.NotApproved."""
    if notice.kind not in (Kind.NOTICE, Kind.FOLLOW_UP):
        raise NotANotice
    now: datetime = session.scalars(select(func.clock_timestamp())).one()
    return releases.schedule(session, notice, now, by=by)


def may_agree(session: Session, notice: Release, *, by: Account) -> list[Account]:
    """Who can be named as having agreed to an emergency: whoever may approve here, other than oneself."""
    return [one for one in accounts.who_may(session, notice.sender_id, Role.APPROVE) if one.id != by.id]


def in_emergency(session: Session, notice: Release, *, by: Account, agreed: Account | None, reason: str) -> datetime:
    """Let a notice leave now without an approval in writing; who is named is told by mail, and the log keeps both.

    Raises accounts.NotAllowed, NotANotice, NotInAgreement, releases.NotApproved when it is no draft.
    """
    accounts.require(by, notice.sender_id, Role.WRITE)
    accounts.require(by, notice.sender_id, Role.SEND)
    session.refresh(notice, with_for_update=True)
    if notice.kind is not Kind.NOTICE:
        raise NotANotice
    if notice.state is not ReleaseState.DRAFT:
        raise releases.NotApproved(notice)
    if not reason.strip() or agreed is None or agreed not in may_agree(session, notice, by=by):
        raise NotInAgreement
    revision = releases.freeze(session, notice, by=by)
    notice.revision_id = revision.id
    notice.state = ReleaseState.APPROVED
    newsroom.prepare(session, notice, revision)
    why = reason.strip()[:LONGEST_REASON]
    audit.write(session, "sent in an emergency", account=by, release=notice, agreed=str(agreed.id), reason=why)
    _tell(session, notice, agreed, by=by, reason=why)
    session.flush()
    return send(session, notice, by=by)


def _tell(session: Session, notice: Release, agreed: Account, *, by: Account, reason: str) -> None:
    kind = session.get_one(Notice, notice.id).kind
    values = {"release": str(notice.id), "who": by.name, "kind": kind.value, "reason": reason}
    account_mails.write(session, AccountMailKind.EMERGENCY_NOTICE, agreed.email, values=values)
