"""What lists and segments share: a name, who may keep them, and which releases need them."""

from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from service import accounts
from service.errors import Refused
from service.manuscripts.characters import clean_line
from service.models import Account, Edition, Release, ReleaseState, Role

LONGEST_NAME = 100
OVER = (ReleaseState.SENT, ReleaseState.CANCELLED)
KEEPERS = (Role.WRITE, Role.JOURNALISTS)


class BadName(Refused):
    """Give it a name of 1 to 100 characters."""

    def __init__(self) -> None:
        super().__init__("Give it a name of 1 to 100 characters.")


def clean(name: str) -> str:
    """The name in one line. Raises BadName."""
    found = clean_line(name)
    if not 1 <= len(found) <= LONGEST_NAME:
        raise BadName
    return found


def rights_to_keep(account: Account, sender_id: UUID) -> None:
    """Whoever writes releases or looks after journalists keeps lists and segments. Raises accounts.NotAllowed."""
    if not any(accounts.may(account, sender_id, role) for role in KEEPERS):
        raise accounts.NotAllowed(Role.JOURNALISTS)


def used_by(session: Session, sender_id: UUID, id_: UUID) -> list[str]:
    """The headlines of the releases that have not left whose audience needs this list or segment."""
    part = [{"id": str(id_)}]
    column = Release.audience
    named = (
        column["lists"].contains(part),
        column["segments"].contains(part),
        column["without"]["lists"].contains([str(id_)]),
        column["stages"].contains([{"conditions": {"lists": [str(id_)]}}]),
    )
    query = (
        select(Edition.headline)
        .join(Release, Release.id == Edition.release_id)
        .where(Release.sender_id == sender_id, Release.state.not_in(OVER), Edition.position == 0, or_(*named))
    )
    return list(session.scalars(query.order_by(Edition.headline)))
