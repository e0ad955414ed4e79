"""Asking somebody else to approve a release."""

from sqlalchemy.orm import Session

from service import accounts, audit, checks
from service.approvals.deciding import Blocked, NotForApproval, frozen, tell
from service.approvals.standing import standing, who_worked
from service.models import Account, AccountMailKind, Approval, Decision, Release, ReleaseState, Role


def request(session: Session, release: Release, *, by: Account, note: str = "") -> None:
    """Ask for approval of the release as it now stands; whoever may approve it gets a mail.

    Asking again for the same changes nothing. An edit meanwhile lets the request stand: who approves sees the text of
    that moment. Raises accounts.NotAllowed, NotForApproval, Blocked.
    """
    accounts.require_on(by, release, Role.WRITE)
    session.refresh(release, with_for_update=True)
    if release.state is not ReleaseState.DRAFT:
        raise NotForApproval(release)
    if found := checks.blocking(session, release):
        raise Blocked(found)
    revision = frozen(session, release)
    last = standing(session, release)
    if last and last.decision is Decision.REQUESTED and last.digest == revision.digest:
        return
    session.add(
        Approval(
            revision_id=revision.id,
            written_by=revision.written_by,
            decided_by=by.id,
            decision=Decision.REQUESTED,
            note=note.strip(),
        )
    )
    audit.write(session, "approval requested", account=by, release=release, revision=revision.digest.hex())
    tell(session, release, AccountMailKind.TO_APPROVE, by=by, to=_who_may(session, release))
    session.flush()


def _who_may(session: Session, release: Release) -> list[Account]:
    worked = who_worked(session, release)
    those = accounts.who_may(session, release.sender_id, Role.APPROVE)
    return [one for one in those if accounts.may_on(one, release, Role.APPROVE) and one.id not in worked]
