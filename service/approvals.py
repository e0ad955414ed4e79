"""Approval by a second person, bound to the hash of what they saw."""

from sqlalchemy.orm import Session

from service import accounts, audit, newsroom, releases
from service.errors import Refused
from service.models import Account, Approval, Decision, Release, ReleaseState, Role


class NotForApproval(Refused):
    """Only a draft is approved or sent back."""

    def __init__(self, release: Release) -> None:
        super().__init__("This release is %(state)s; only a draft can be approved.", state=release.state)


class OwnWork(Refused):
    """Nobody approves their own."""

    def __init__(self) -> None:
        super().__init__("You wrote or edited this release, so somebody else has to approve it.")


def approve(session: Session, release: Release, *, by: Account, note: str = "") -> Approval:
    """Approve the release exactly as it now stands. Raises accounts.NotAllowed, NotForApproval, OwnWork."""
    session.refresh(release, with_for_update=True)
    accounts.require_on(by, release, Role.APPROVE)
    if release.state is not ReleaseState.DRAFT:
        raise NotForApproval(release)
    if by.id == release.written_by:
        raise OwnWork
    author = session.get_one(Account, release.written_by)
    revision = releases.freeze(session, release, by=author)
    if revision.written_by == by.id:
        raise OwnWork
    approval = Approval(
        revision_id=revision.id,
        written_by=revision.written_by,
        decided_by=by.id,
        decision=Decision.APPROVED,
        note=note,
    )
    session.add(approval)
    release.revision_id = revision.id
    release.state = ReleaseState.APPROVED
    newsroom.prepare(session, release, revision)
    audit.write(session, "release approved", account=by, release=release, revision=revision.digest.hex())
    session.flush()
    return approval
