"""When bounces make an address one that must not be mailed: the part of standards.md 10 that needs no person.

A verdict counts once for each day (UTC), by all mails of this sender to the person, and only since the last sign of
life. Only bounces with a valid tag get here. What is said about us, the text or its size never counts.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from service import suppressions
from service.feedback import Kind, Verdict
from service.models import Journalist, SuppressionReason


@dataclass(frozen=True, slots=True)
class Rule:
    """Suppress when these verdicts fell on `days` different days within `within`, the first and last `apart`."""

    verdicts: frozenset[Verdict]
    days: int
    apart: timedelta
    within: timedelta


RULES = (
    Rule(frozenset({Verdict.HARD, Verdict.DEAD_DOMAIN}), 2, timedelta(days=1), timedelta(days=365)),
    Rule(frozenset({Verdict.DISABLED}), 2, timedelta(days=3), timedelta(days=365)),
    Rule(frozenset({Verdict.FULL}), 5, timedelta(days=4), timedelta(days=30)),
)
DAYS = text(f"""
    WITH theirs AS (
        SELECT e.at, e.kind, e.verdict FROM delivery d JOIN event e ON e.delivery_id = d.id
        WHERE d.journalist_id = :journalist AND e.at >= :since
    ), alive AS (SELECT max(at) AS at FROM theirs WHERE kind IN ('{Kind.REPLY}', '{Kind.DELIVERED}'))
    SELECT DISTINCT (t.at AT TIME ZONE 'UTC')::date AS day FROM theirs t, alive
    WHERE t.kind = '{Kind.BOUNCE}' AND t.verdict = ANY(:verdicts) AND t.at >= coalesce(alive.at, t.at) ORDER BY day
""")  # noqa: S608 - put together from constants


def suppress_if_dead(session: Session, journalist: Journalist, verdict: Verdict | None, now: datetime) -> bool:
    """Suppress the person's address for this sender if its verdicts up to now suffice; whether they did."""
    rule = next((rule for rule in RULES if verdict in rule.verdicts), None)
    if rule is None or journalist.erased_at is not None:
        return False
    days = _days(session, journalist, rule, now)
    if len(days) < rule.days or days[-1] - days[0] < rule.apart:
        return False
    evidence = f"{'/'.join(sorted(rule.verdicts))} on {', '.join(str(day) for day in days[-rule.days :])}"
    reason = SuppressionReason.BOUNCE
    suppressions.add(session, journalist.fingerprint, reason, sender=journalist.sender_id, evidence=evidence)
    return True


def _days(session: Session, journalist: Journalist, rule: Rule, now: datetime) -> list[date]:
    """The days such a verdict fell on, in order."""
    values = {"journalist": journalist.id, "verdicts": sorted(rule.verdicts), "since": now - rule.within}
    return list(session.scalars(DAYS, values))
