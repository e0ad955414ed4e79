"""How many of a newsroom's releases one person gets within so many days."""

from sqlalchemy.orm import Session

from service import accounts, audit
from service.errors import Refused
from service.models import Account, Role, Sender

MOST_MAILS, MOST_DAYS = 100, 90


class BadCap(Refused):
    """Name a number of releases and of days, or neither."""

    def __init__(self) -> None:
        super().__init__("Name 1 to 100 releases within 1 to 90 days, or neither for no limit.")


def cap(session: Session, sender: Sender, mails: int | None, days: int | None, *, by: Account) -> None:
    """Nobody gets more than so many releases within so many days; None and None: no limit.

    Raises accounts.NotAllowed, BadCap.
    """
    accounts.require(by, sender.id, Role.ADMINISTER)
    if (mails is None) != (days is None):
        raise BadCap
    if mails is not None and days is not None and not (1 <= mails <= MOST_MAILS and 1 <= days <= MOST_DAYS):
        raise BadCap
    sender.cap_mails, sender.cap_days = mails, days
    audit.write(session, "frequency capped", account=by, sender=sender.slug, mails=mails, days=days)
    session.flush()
