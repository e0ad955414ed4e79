"""The guard against a provider that calls the living dead: Gmail did so for 6 h 41 min in December 2020.

So many "dead" addresses of one provider in an hour are proof of nothing. Their evidence is held: they rest, nobody is
suppressed by it, and a person says whether it is true.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import Row, func, select, text
from sqlalchemy.orm import Session

from service import account_mails, accounts, audit
from service.errors import NotFound, Refused
from service.models import Account, AccountMailKind, Burst, BurstState, Evidence, Role
from service.providers import DOMAIN
from service.standings import policy
from service.standings.evidence import Named
from service.standings.judging import judge, soften, take_back

log = structlog.get_logger(__name__)

LEAST = 20
SHARE = 0.2
HOUR = timedelta(hours=1)
LOCK = 7_248
"""The first half of our advisory locks' keys; the second comes from a provider."""
DEAD = "e.verdict IN ('hard', 'dead-domain') AND e.proven"
# Of all hours that end with one of the mails called dead lately, the one with most of them.
WORST = text(f"""
    SELECT count(*) OVER (ORDER BY e.at RANGE BETWEEN '1 hour' PRECEDING AND CURRENT ROW) AS dead, e.at
    FROM evidence e WHERE e.provider = :provider AND e.at > now() - interval '3 days' AND {DEAD} AND e.burst_id IS NULL
    ORDER BY dead DESC, e.at DESC LIMIT 1
""")  # noqa: S608 - put together from constants
# Looked for only until there are enough, so that a big release costs no more than a small one.
TRIED = text(f"""
    SELECT count(*) FROM (
        SELECT FROM attempt a JOIN delivery d ON d.id = a.delivery_id JOIN journalist j ON j.id = d.journalist_id
        LEFT JOIN mail_domain m ON m.name = {DOMAIN}
        WHERE a.ended_at > :first AND a.ended_at <= :last AND a.outcome <> 'deferred'
          AND coalesce(m.provider, {DOMAIN}) = :provider LIMIT :enough) found
""")  # noqa: S608 - put together from constants
JOIN = text(f"""
    UPDATE evidence e SET burst_id = :burst
    WHERE e.provider = :provider AND {DEAD} AND e.burst_id IS NULL AND e.at >= :first AND e.at <= :last
    RETURNING e.fingerprint, e.sender_id, e.at
""")  # noqa: S608 - put together from constants


class NotHeld(Refused):
    """A person has judged this burst already."""

    def __init__(self, burst: Burst) -> None:
        super().__init__(f"These verdicts have been {burst.state.value} already; nothing is left to decide.")


@dataclass(frozen=True, slots=True)
class Told:
    """A burst, how many addresses are in it, and what the provider said of one of them."""

    burst: Burst
    addresses: int
    example: str


def guard(session: Session, providers: Collection[str]) -> None:
    """Hold the verdicts of providers that call too many dead: called when some of theirs have been noted."""
    for provider in sorted(providers):
        _join(session, provider)
        if _worst(session, provider) is None:
            continue
        # Whoever counts the same provider at this moment waits, and then sees the burst that we hold.
        session.execute(select(func.pg_advisory_xact_lock(LOCK, func.hashtext(provider))))
        worst = _worst(session, provider)
        if worst is None:
            continue
        enough = int(worst.dead / SHARE) + 1
        window = {"first": worst.at - HOUR, "last": worst.at + timedelta(minutes=1)}
        tried = session.scalar(TRIED, {"provider": provider, "enough": enough, **window}) or 0
        if tried < enough:
            _hold(session, provider, worst.at, worst.dead, max(tried, worst.dead))


def _worst(session: Session, provider: str) -> Row[int, datetime] | None:
    """How many were called dead in the worst hour and when that ended; None when they are too few to look closer."""
    found = session.execute(WORST, {"provider": provider}).one_or_none()
    return found if found and found.dead >= LEAST else None


def bursts(session: Session, *, limit: int = 50) -> list[Told]:
    """The bursts, those that wait for a person first."""
    held = Burst.state == BurstState.HELD
    query = (
        select(Burst, func.count(Evidence.id), func.coalesce(func.max(Evidence.reason), ""))
        .outerjoin(Evidence, Evidence.burst_id == Burst.id)
        .group_by(Burst.id)
        .order_by(held.desc(), Burst.id.desc())
        .limit(limit)
    )
    return [Told(*row) for row in session.execute(query)]


def burst(session: Session, id_: UUID) -> Burst:
    """This burst. Raises NotFound."""
    found = session.get(Burst, id_)
    if found is None:
        raise NotFound("There is no such burst.")
    return found


def decide(session: Session, id_: UUID, verdict: BurstState, *, by: Account) -> int:
    """Release the verdicts, so that they count, or dismiss them, so that their addresses are mailed again; how many.

    Raises accounts.NotAllowed for who administers nothing, NotFound, NotHeld.
    """
    accounts.require_anywhere(by, Role.ADMINISTER)
    found = burst(session, id_)
    session.refresh(found, with_for_update=True)
    if found.state is not BurstState.HELD or verdict is BurstState.HELD:
        raise NotHeld(found)
    found.state, found.decided_by = verdict, by.id
    found.decided_at = session.scalars(select(func.now())).one()
    session.flush()
    whom = _in(session, found)
    if verdict is BurstState.DISMISSED:
        take_back(session, whom, f"a burst of refusals by {found.provider} was dismissed", by=by)
    else:
        judge(session, whom)
    act = f"burst {verdict.value}"
    audit.write(session, act, account=by, burst=str(found.id), provider=found.provider, addresses=len(whom))
    return len(whom)


def _join(session: Session, provider: str) -> None:
    """What left within an hour of a burst belongs to it, whatever a person has said of it since."""
    joining = (
        select(Evidence.id)
        .where(Evidence.provider == Burst.provider, Evidence.burst_id.is_(None), Evidence.proven)
        .where(Evidence.verdict.in_([verdict.value for verdict in policy.DEAD]))
        .where(Evidence.at >= Burst.first_at, Evidence.at <= Burst.last_at + HOUR)
    )
    query = select(Burst).where(Burst.provider == provider, Burst.last_at > func.now() - timedelta(days=3))
    query = query.where(joining.exists()).order_by(Burst.last_at).with_for_update()
    for found in session.scalars(query.execution_options(populate_existing=True)):
        joined = _gather(session, found, found.last_at + HOUR)
        if joined and found.state is BurstState.HELD:
            soften(session, joined)


def _gather(session: Session, found: Burst, until: datetime) -> Sequence[Named]:
    values = {"burst": found.id, "provider": found.provider, "first": found.first_at, "last": until}
    rows = session.execute(JOIN, values).all()
    found.last_at = max([found.last_at, *(row.at for row in rows)])
    session.flush()
    return [Named(row.fingerprint, row.sender_id) for row in rows]


def _hold(session: Session, provider: str, last: datetime, dead: int, tried: int) -> None:
    found = Burst(provider=provider, first_at=last - HOUR, last_at=last, state=BurstState.HELD)
    session.add(found)
    session.flush()
    soften(session, _gather(session, found, last + HOUR))
    reason = f"{provider} called {dead} of {tried} addresses dead within an hour; its verdicts wait for a person"
    audit.write(session, "burst held", burst=str(found.id), provider=provider, dead=dead, tried=tried)
    for administrator in accounts.administrators(session):
        values = {"held": f"verdicts of {provider}", "reason": reason}
        account_mails.write(session, AccountMailKind.FEEDBACK, administrator.email, values=values)
    log.error("burst held", provider=provider, dead=dead, tried=tried)


def _in(session: Session, found: Burst) -> list[Named]:
    query = select(Evidence.fingerprint, Evidence.sender_id).where(Evidence.burst_id == found.id)
    return [Named(*row) for row in session.execute(query)]
