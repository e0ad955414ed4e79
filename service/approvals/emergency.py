"""When nobody who approves can be reached: a second name takes it upon itself, says why, and it is shown for ever."""

from sqlalchemy.orm import Session

from service import accounts, audit
from service.approvals.deciding import NotRequested, SayWhy, decide, tell
from service.approvals.standing import standing, who_worked
from service.models import Account, AccountMailKind, Approval, Decision, Release, Revision, Role

SHORTEST_REASON = 20
"""Characters: a reason and not a word."""
OTHERS = (Role.SEND, Role.WRITE, Role.ADMINISTER)


def approve_in_emergency(
    session: Session, release: Release, *, by: Account, reason: str, digest: bytes | None = None
) -> Approval:
    """Approve what somebody else has asked for, without the right to approve and for a reason.

    Two names: who asked, and `by`, who has had no part in the text. Whoever may approve is told.
    Raises accounts.NotAllowed, SayWhy, NotRequested, and what approving raises.
    """
    session.refresh(release, with_for_update=True)
    if not may_in_emergency(session, release, by):
        raise accounts.NotAllowed(Role.APPROVE)
    if len(reason.strip()) < SHORTEST_REASON:
        raise SayWhy
    asked = standing(session, release)
    if asked is None or asked.decision is not Decision.REQUESTED or asked.by_id == by.id:
        raise NotRequested
    approval = decide(session, release, by=by, note=reason.strip(), digest=digest, emergency=True)
    revision = session.get_one(Revision, approval.revision_id)
    audit.write(
        session,
        "release approved in an emergency",
        account=by,
        release=release,
        asked_by=str(asked.by_id),
        reason=reason.strip(),
        revision=revision.digest.hex(),
    )
    told = accounts.who_may(session, release.sender_id, Role.APPROVE)
    tell(session, release, AccountMailKind.EMERGENCY, by=by, to=told)
    session.flush()
    return approval


def may_in_emergency(session: Session, release: Release, account: Account) -> bool:
    """Whether this account could be the second name: it works for the newsroom and has had no part in the text."""
    works_here = any(accounts.may_on(account, release, role) for role in OTHERS)
    return works_here and account.id not in who_worked(session, release)
