"""The installation's row: made while nothing can leave yet, asked whether anything is held."""

import structlog
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service import account_mails, accounts, audit
from service.installation.fingerprint import fingerprint
from service.models import AccountMailKind, Installation, Release, ReleaseState

log = structlog.get_logger(__name__)

LEAVING = (ReleaseState.SCHEDULED, ReleaseState.SENDING, ReleaseState.PAUSED)
"""States of a release that leaves, or would at one word."""
UNKNOWN = (
    "Releases are on their way in this database though it was never run: it is an old backup, or an older version's."
)
LONGEST = 500
"""Characters of reasons: a clock that jumps to and fro must not fill the page."""


def begin(session: Session) -> None:
    """Take a new database for ours. One in which releases are on their way is not new: that is for `check` to say."""
    if session.scalar(select(Installation.id)) is None and not _anything_leaves(session):
        _make(session)


def known(session: Session) -> Installation:
    """The row, locked for a change; made when it is missing, and then held if releases are on their way already."""
    query = select(Installation).with_for_update().execution_options(populate_existing=True)
    if (found := session.scalar(query)) is not None:
        return found
    made = _make(session)
    found = session.scalars(query).one()
    if made and _anything_leaves(session):
        hold(session, found, UNKNOWN)
    return found


def hold(session: Session, installation: Installation, reason: str) -> None:
    """Let nothing leave until a person has confirmed, and sound the alarm once for each thing that went wrong."""
    if reason in installation.held_reason or len(installation.held_reason) > LONGEST:
        return
    installation.held_at = installation.held_at or session.scalars(select(func.clock_timestamp())).one()
    installation.held_reason = f"{installation.held_reason} {reason}".strip()
    audit.write(session, "installation held", reason=reason)
    for administrator in accounts.administrators(session):
        values = {"held": "everything", "reason": reason}
        account_mails.write(session, AccountMailKind.HELD, administrator.email, values=values)
    session.flush()
    log.critical("installation held: nothing leaves until a person confirms", reason=reason)


def hold_of(session: Session) -> str:
    """Why nothing leaves now, in words; empty when nothing is held."""
    return session.scalar(select(Installation.held_reason)) or ""


def _make(session: Session) -> bool:
    """Whether it was made now, and by us."""
    new = insert(Installation).values(fingerprint=fingerprint(session)).on_conflict_do_nothing()
    return session.scalar(new.returning(Installation.id)) is not None


def _anything_leaves(session: Session) -> bool:
    return session.scalar(select(Release.id).where(Release.state.in_(LEAVING)).limit(1)) is not None
