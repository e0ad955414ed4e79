"""Warming up a domain: so many mails on its first day, more each day, until receivers know it. Days are UTC."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal, InvalidOperation

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service import addresses, audit
from service.errors import Refused
from service.models import Account, Warmup

START = 200
GROWTH = Decimal("1.5")
UNTIL = 20_000
LARGEST_GROWTH = Decimal(10)
LARGEST = 10_000_000  # mails a day
LONGEST = 3650  # days; the slowest plan ends before


class BadPlan(Refused):
    """Choose other numbers; the message says which."""


def plan(
    session: Session,
    domain: str,
    *,
    today: date,
    start: int = START,
    growth: Decimal | str = GROWTH,
    until: int = UNTIL,
    by: Account | None = None,
) -> Warmup:
    """Begin a plan today; one that was there begins anew. Raises addresses.BadDomain, BadPlan."""
    domain = addresses.domain(domain)
    values = _checked(start, growth, until) | {"began_on": today, "made_by": by.id if by else None}
    statement = insert(Warmup).values(domain=domain, **values)
    statement = statement.on_conflict_do_update(index_elements=[Warmup.domain], set_=values)
    found = session.scalars(statement.returning(Warmup), execution_options={"populate_existing": True}).one()
    audit.write(
        session, "warm-up planned", account=by, domain=domain, start=start, growth=str(found.growth), until=until
    )
    return found


def _checked(start: int, growth: Decimal | str, until: int) -> dict[str, object]:
    try:
        factor = Decimal(growth).quantize(Decimal("0.01"))
        well = 1 < factor <= LARGEST_GROWTH  # inside: a NaN cannot be compared
    except InvalidOperation:
        raise BadPlan("The growth is not a number such as 1.5.") from None
    if not well:
        raise BadPlan(f"The growth must be above 1, by a hundredth at least, and at most {LARGEST_GROWTH}.")
    if not 1 <= start <= until:
        raise BadPlan("A plan starts with one mail a day or more, and ends with no fewer than it starts with.")
    if until > LARGEST:
        raise BadPlan(f"A plan ends at {LARGEST:,} mails a day at most; nobody needs one beyond.")
    return {"start": start, "growth": factor, "until": until}


def get(session: Session, domain: str) -> Warmup | None:
    """The plan of a domain, grown up or not. Raises addresses.BadDomain."""
    return session.get(Warmup, addresses.domain(domain))


def end(session: Session, domain: str, *, by: Account | None = None) -> bool:
    """Let the domain send as much as it likes; whether there was a plan. Raises addresses.BadDomain."""
    found = get(session, domain)
    if found is None:
        return False
    session.delete(found)
    session.flush()
    audit.write(session, "warm-up ended", account=by, domain=found.domain)
    return True


def allowed(session: Session, domain: str, day: date) -> int | None:
    """How many mails From this domain may leave on that day; None without a plan or when it has grown up.

    One primary-key read; the domain is in small letters, as addresses.domain gives it.
    """
    found = session.get(Warmup, domain)
    return number(found, day) if found else None


def number(warmup: Warmup, day: date) -> int | None:
    """What the plan allows on that day; None from the day on at which it reaches its end."""
    days = min(max((day - warmup.began_on).days, 0), LONGEST)
    mails = (warmup.start * warmup.growth**days).to_integral_value(ROUND_FLOOR)
    return int(mails) if mails < warmup.until else None


def days(warmup: Warmup, since: date) -> Iterator[tuple[date, int]]:
    """Each day of the plan from then on, and what it allows; it ends with the plan."""
    day = max(since, warmup.began_on)
    while (mails := number(warmup, day)) is not None:
        yield day, mails
        day += timedelta(days=1)
