"""Those who hold a release before its embargo ends: they are told when that is moved, and when it is lifted.

A later end is told at once, for whoever keeps to the earlier one breaks it. An earlier one, or none, is told when it
has been approved: until then the promise stands as it was given.
"""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service import account_mails, audit
from service.models import AccountMailKind, Accreditation, Journalist, Release


def tell_of_moving(session: Session, release: Release, before: datetime | None) -> int:
    """Tell them that the embargo now ends later than it did; how many were told."""
    if before is None or release.embargo is None or release.embargo <= before:
        return 0
    return _tell(session, release, AccountMailKind.EMBARGO_MOVED)


def tell_of_lifting(session: Session, release: Release, before: datetime | None) -> int:
    """Tell them of an earlier end or of none, against what was approved before; how many were told."""
    if before is None or (release.embargo is not None and release.embargo >= before):
        return 0
    if before <= session.scalars(select(func.clock_timestamp())).one():
        return 0
    kind = AccountMailKind.EMBARGO_MOVED if release.embargo else AccountMailKind.EMBARGO_LIFTED
    return _tell(session, release, kind)


def _tell(session: Session, release: Release, kind: AccountMailKind) -> int:
    query = (
        select(Accreditation.id, Journalist.address, Journalist.language)
        .join(Journalist, Journalist.id == Accreditation.journalist_id)
        .where(
            Accreditation.release_id == release.id,
            Accreditation.accepted_at.is_not(None),
            Accreditation.revoked_at.is_(None),
            Journalist.erased_at.is_(None),
        )
        .order_by(Accreditation.id)
    )
    until = release.embargo.isoformat() if release.embargo else ""
    found = session.execute(query).all()
    for accreditation, address, language in found:
        values = {"accreditation": str(accreditation), "until": until, "zone": release.zone}
        account_mails.write(session, kind, address, values=values, language=language, sender_id=release.sender_id)
    if found:
        audit.write(session, "embargo told", release=release, people=len(found), until=until)
    return len(found)
