"""What an approver decides: to approve exactly what she saw, or to send it back and say why."""

from sqlalchemy.orm import Session

from service import account_mails, accounts, audit, checks, newsroom, releases
from service.approvals.standing import last_approved, standing, who_worked
from service.checks import Check
from service.errors import Refused
from service.models import (
    Account,
    AccountMailKind,
    Approval,
    Decision,
    Release,
    ReleaseState,
    Revision,
    Role,
    Sender,
)
from service.releases import holders


class NotForApproval(Refused):
    """Only a draft is approved or sent back."""

    def __init__(self, release: Release) -> None:
        super().__init__("This release is %(state)s; only a draft can be approved.", state=release.state)


class OwnWork(Refused):
    """Nobody approves their own."""

    def __init__(self) -> None:
        super().__init__("You wrote or edited this release, so somebody else has to approve it.")


class Blocked(Refused):
    """Mend what blocks it; `found` names each thing and its place."""

    def __init__(self, found: tuple[Check, ...]) -> None:
        super().__init__("The checks found %(number)s things that have to be put right first.", number=len(found))
        self.found = found


class ChangedSinceSeen(Refused):
    """Read it again: it is no longer what was shown."""

    def __init__(self) -> None:
        super().__init__(
            "Somebody has changed the release since you opened this page. Nothing was approved: read what changed, "
            "then decide."
        )


class NotRequested(Refused):
    """Wait until somebody asks for approval."""

    def __init__(self) -> None:
        super().__init__("Nobody has asked for this release to be approved, so there is nothing to decide.")


class SayWhy(Refused):
    """Write a sentence that somebody can act on."""

    def __init__(self) -> None:
        super().__init__("Write what is to be changed, so that the writer knows what to do.")


def approve(
    session: Session, release: Release, *, by: Account, note: str = "", digest: bytes | None = None
) -> Approval:
    """Approve the release exactly as it now stands; with a `digest`, only if it is still what that was taken of.

    Raises accounts.NotAllowed, NotForApproval, OwnWork, Blocked, ChangedSinceSeen.
    """
    session.refresh(release, with_for_update=True)
    accounts.require_on(by, release, Role.APPROVE)
    approval = decide(session, release, by=by, note=note, digest=digest)
    audit.write(session, "release approved", account=by, release=release, revision=_digest(session, approval))
    session.flush()
    return approval


def decide(
    session: Session, release: Release, *, by: Account, note: str, digest: bytes | None, emergency: bool = False
) -> Approval:
    """Bind the locked release to what it now is. Raises NotForApproval, OwnWork, Blocked, ChangedSinceSeen."""
    _open(session, release, by)
    if found := checks.blocking(session, release):
        raise Blocked(found)
    before = last_approved(session, release)
    revision = frozen(session, release)
    if digest is not None and digest != revision.digest:
        raise ChangedSinceSeen
    concerned = _concerned(session, release, revision)
    approval = Approval(
        revision_id=revision.id,
        written_by=revision.written_by,
        decided_by=by.id,
        decision=Decision.APPROVED,
        note=note,
        emergency=emergency,
    )
    session.add(approval)
    release.revision_id = revision.id
    release.state = ReleaseState.APPROVED
    newsroom.prepare(session, release, revision)
    tell(session, release, AccountMailKind.APPROVED, by=by, to=concerned)
    if before is not None:
        holders.tell_of_lifting(session, release, before.embargo)
    return approval


def send_back(session: Session, release: Release, *, by: Account, comments: str) -> Approval:
    """Give it back to its writer, who reads why. Raises accounts.NotAllowed, NotForApproval, NotRequested, OwnWork,
    SayWhy.
    """
    session.refresh(release, with_for_update=True)
    accounts.require_on(by, release, Role.APPROVE)
    _open(session, release, by)
    last = standing(session, release)
    if last is None or last.decision is not Decision.REQUESTED:
        raise NotRequested
    if not comments.strip():
        raise SayWhy
    revision = frozen(session, release)
    concerned = _concerned(session, release, revision)
    approval = Approval(
        revision_id=revision.id,
        written_by=revision.written_by,
        decided_by=by.id,
        decision=Decision.SENT_BACK,
        note=comments.strip(),
    )
    session.add(approval)
    audit.write(session, "release sent back", account=by, release=release, revision=revision.digest.hex())
    tell(session, release, AccountMailKind.SENT_BACK, by=by, to=concerned)
    session.flush()
    return approval


def frozen(session: Session, release: Release) -> Revision:
    """The revision of what it now is, under the name of who wrote it last."""
    return releases.freeze(session, release, by=session.get_one(Account, release.written_by))


def tell(session: Session, release: Release, kind: AccountMailKind, *, by: Account, to: list[Account]) -> None:
    """Mail them. No word of the release itself: its embargo binds the mail of officers too."""
    values = {
        "release": str(release.id),
        "newsroom": session.get_one(Sender, release.sender_id).name,
        "by": by.name,
    }
    for person in to:
        account_mails.write(session, kind, person.email, values=values)


def _open(session: Session, release: Release, by: Account) -> None:
    if release.state is not ReleaseState.DRAFT:
        raise NotForApproval(release)
    if by.id in who_worked(session, release):
        raise OwnWork


def _concerned(session: Session, release: Release, revision: Revision) -> list[Account]:
    """Who asked for it and who wrote it: they wait for an answer. Nobody does when nobody has asked."""
    last = standing(session, release)
    if last is None or last.decision is not Decision.REQUESTED:
        return []
    ids = {release.written_by, revision.written_by, last.by_id} - {None}
    found = [session.get_one(Account, id_) for id_ in sorted(id_ for id_ in ids if id_)]
    return [one for one in found if one.active]


def _digest(session: Session, approval: Approval) -> str:
    return session.get_one(Revision, approval.revision_id).digest.hex()
