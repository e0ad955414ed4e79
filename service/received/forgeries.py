"""Addresses that somebody made up in the form of ours: counted by day, and told once a day when there are many."""

from datetime import date, timedelta

import structlog
from sqlalchemy import Date, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service import account_mails, accounts
from service.models import AccountMailKind, Forgery
from service.settings import settings

log = structlog.get_logger(__name__)

TODAY = func.timezone("UTC", func.now()).cast(Date)


def count_forged(session: Session, number: int) -> None:
    """Count so many more today; administrators are told when the day's number passes FORGED_TAGS_ALARM."""
    statement = insert(Forgery).values(day=TODAY, number=number)
    statement = statement.on_conflict_do_update(
        index_elements=[Forgery.day], set_={"number": Forgery.number + statement.excluded.number}
    )
    row = session.execute(statement.returning(Forgery.day, Forgery.number)).one()
    log.info("forged tags", day=str(row.day), number=row.number)
    if row.number - number < settings().forged_tags_alarm <= row.number:
        _tell(session, row.day, row.number)


def forged(session: Session, *, days: int) -> list[Forgery]:
    """The last days on which there were any, newest first."""
    query = select(Forgery).where(Forgery.day > TODAY - timedelta(days=days))
    return list(session.scalars(query.order_by(Forgery.day.desc())))


def _tell(session: Session, day: date, number: int) -> None:
    reason = f"{number:,} invented return paths on {day}: somebody passes off bounces as ours; none of them counts"
    for administrator in accounts.administrators(session):
        values = {"held": f"forged tags {day}", "reason": reason}
        account_mails.write(session, AccountMailKind.FEEDBACK, administrator.email, values=values)
    log.warning("many forged tags", day=str(day), number=number)
