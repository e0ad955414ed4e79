"""Too many complaints of a day's mail: first an alarm, then the From domain stands still until a person lets it go on.

Google asks for less than 0.10 % and never 0.30 % (standards.md 7): the alarm comes before the first, the pause before
the second. A share says nothing of two people, so there is a least number for each.
"""

from datetime import UTC, date, datetime, time

import structlog
from sqlalchemy import Date, cast, func, select
from sqlalchemy.orm import Session

from service import account_mails, accounts, holds
from service.models import AccountMail, AccountMailKind, Delivery, Hold, HoldScope, Release, Sender, Wave
from service.reports.feedback import Rate, rates

log = structlog.get_logger(__name__)

ALARM_AT = 0.0008
PAUSE_AT = 0.0020
LEAST_FOR_ALARM = 3
LEAST_FOR_PAUSE = 5
ENOUGH = 2500
"""Of so many, or of all where there are fewer, the share is taken while a release is still on its way."""
WORDS = "complained about mail of"


def watch_complaints(session: Session, delivery: Delivery) -> None:
    """Tell administrators, or let the domain stand still, if too many complained of the mail of this one's day.

    Once for each domain and day: who lets it go on after a pause has decided.
    """
    domain, day = _domain_and_day(session, delivery)
    rate = next(iter(rates(session, day, day, domain=domain)), None)
    if rate is None:
        return
    share = rate.complained / max(rate.accepted, min(rate.planned, ENOUGH), 1)
    if share >= PAUSE_AT and rate.complained >= LEAST_FOR_PAUSE:
        _pause(session, rate)
    elif share >= ALARM_AT and rate.complained >= LEAST_FOR_ALARM:
        _alarm(session, rate)


def _domain_and_day(session: Session, delivery: Delivery) -> tuple[str, date]:
    day = cast(func.timezone("UTC", Wave.not_before), Date)
    query = select(Sender.address, day).join(Release, Release.sender_id == Sender.id)
    found = session.execute(query.join(Wave, Wave.release_id == Release.id).where(Wave.id == delivery.wave_id)).one()
    return found[0].rpartition("@")[2], found[1]


def _pause(session: Session, rate: Rate) -> None:
    said = _said(rate)
    before = (Hold.scope == HoldScope.SENDER, Hold.key == rate.domain, Hold.reason.contains(f"{WORDS} {rate.day}"))
    if session.scalar(select(Hold.id).where(*before).limit(1)) is None:
        holds.put(session, HoldScope.SENDER, rate.domain, f"{said}; lift it when you know why")


def _alarm(session: Session, rate: Rate) -> None:
    about = f"{rate.domain} {rate.day}"
    told = (AccountMail.kind == AccountMailKind.FEEDBACK, AccountMail.values["held"].astext == about)
    since = datetime.combine(rate.day, time(), UTC)
    if session.scalar(select(AccountMail.id).where(*told, AccountMail.created_at >= since).limit(1)) is not None:
        return
    for administrator in accounts.administrators(session):
        values = {"held": about, "reason": _said(rate)}
        account_mails.write(session, AccountMailKind.FEEDBACK, administrator.email, values=values)
    log.warning("many complaints", domain=rate.domain, day=str(rate.day), complained=rate.complained)


def _said(rate: Rate) -> str:
    people = f"{rate.complained} of {rate.accepted:,}"
    return f"{people} ({100 * rate.complaint_share:.2f} %) {WORDS} {rate.day} from {rate.domain}"
