"""What comes back, in rates: by From domain and day, and within a day by the provider it came from.

The day is the one on which the mail began to leave, whenever its bounce or complaint came: so no share exceeds one, and
a quiet day after a busy one has no false alarm. Mails are counted by chunk, as the chunks last counted themselves.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.providers import DOMAIN

WAVES = """
    SELECT w.id, w.release_id, w.candidates, split_part(s.address, '@', 2) AS domain,
           (w.not_before AT TIME ZONE 'UTC')::date AS day
    FROM wave w JOIN release r ON r.id = w.release_id JOIN sender s ON s.id = r.sender_id
    WHERE w.planned_at IS NOT NULL AND w.not_before >= :first AND w.not_before < :last
      AND (CAST(:senders AS uuid[]) IS NULL OR s.id = ANY(:senders))
      AND (:domain = '' OR split_part(s.address, '@', 2) = :domain)
"""
RATES = text(f"""
    WITH waves AS MATERIALIZED ({WAVES}), sent AS (
        SELECT domain, day, sum(c.answered) AS answered, sum(c.failed) AS failed
        FROM waves JOIN chunk c ON c.wave_id = waves.id GROUP BY 1, 2
    ), planned AS (SELECT domain, day, sum(candidates) AS planned FROM waves GROUP BY 1, 2
    ), came AS (
        SELECT domain, day, count(DISTINCT d.id) FILTER (WHERE e.kind = 'bounce' AND d.state <> 'failed') AS bounced,
               count(DISTINCT d.id) FILTER (WHERE e.kind = 'complaint') AS complained
        FROM event e JOIN delivery d ON d.id = e.delivery_id JOIN waves ON waves.id = d.wave_id
        WHERE e.at >= :first AND e.kind IN ('bounce', 'complaint') GROUP BY 1, 2
    ), gone AS (
        SELECT domain, day, count(DISTINCT d.id) AS unsubscribed
        FROM subscription u JOIN delivery d ON d.id = CAST(u.proof ->> 'left' AS uuid)
        JOIN waves ON waves.id = d.wave_id
        WHERE u.state = 'ended' AND u.ended_at >= :first AND u.proof ->> 'left' IS NOT NULL GROUP BY 1, 2)
    SELECT domain, day, coalesce(answered, 0) AS answered, coalesce(failed, 0) AS failed,
           coalesce(bounced, 0) AS bounced, coalesce(complained, 0) AS complained,
           coalesce(unsubscribed, 0) AS unsubscribed, coalesce(planned, 0) AS planned
    FROM sent JOIN planned USING (domain, day) LEFT JOIN came USING (domain, day) LEFT JOIN gone USING (domain, day)
    ORDER BY day DESC, domain
""")  # noqa: S608 - put together from constants
BY_PROVIDER = text(f"""
    WITH waves AS MATERIALIZED ({WAVES})
    SELECT coalesce(m.provider, {DOMAIN}) AS domain, CAST(:first AS date) AS day, count(*) AS answered,
           count(*) FILTER (WHERE d.state = 'failed') AS failed, count(*) FILTER (WHERE d.state = 'bounced') AS bounced,
           count(*) FILTER (WHERE d.state = 'complained') AS complained, 0 AS unsubscribed, 0 AS planned
    FROM waves JOIN delivery d ON d.release_id = waves.release_id AND d.wave_id = waves.id
    JOIN journalist j ON j.id = d.journalist_id LEFT JOIN mail_domain m ON m.name = {DOMAIN}
    WHERE d.state IN ('failed', 'accepted', 'bounced', 'complained') GROUP BY 1 ORDER BY answered DESC, 1 LIMIT 100
""")  # noqa: S608 - put together from constants


@dataclass(frozen=True, slots=True)
class Rate:
    """What came back of one day's mail from a domain, or to a provider.

    `planned` are all it was for, `answered` have an answer for good; of them `failed` in session, `bounced` later.
    Shares are 0 to 1.
    """

    domain: str
    day: date
    answered: int
    failed: int
    bounced: int
    complained: int
    unsubscribed: int
    planned: int

    @property
    def accepted(self) -> int:
        """How many a server took."""
        return self.answered - self.failed

    @property
    def bounce_share(self) -> float:
        return min(1.0, (self.failed + self.bounced) / self.answered) if self.answered else 0.0

    @property
    def complaint_share(self) -> float:
        return min(1.0, self.complained / self.accepted) if self.accepted else 0.0

    @property
    def unsubscribe_share(self) -> float:
        return min(1.0, self.unsubscribed / self.accepted) if self.accepted else 0.0


def rates(
    session: Session, first: date, last: date, *, senders: Collection[UUID] | None = None, domain: str = ""
) -> list[Rate]:
    """By From domain and day, of mail that began to leave from `first` to `last`; of these senders, if given."""
    return _rates(session, RATES, first, last, senders, domain)


def by_provider(session: Session, day: date, domain: str, *, senders: Collection[UUID]) -> list[Rate]:
    """One day's mail from a domain by the providers it went to, the hundred largest. Looks at each of its mails."""
    return [rate for rate in _rates(session, BY_PROVIDER, day, day, senders, domain) if rate.answered]


def _rates(
    session: Session, statement: object, first: date, last: date, senders: Collection[UUID] | None, domain: str
) -> list[Rate]:
    values = {
        "first": first,
        "last": last + timedelta(days=1),
        "senders": None if senders is None else list(senders),
        "domain": domain,
    }
    return [Rate(**row) for row in session.execute(statement, values).mappings()]  # type: ignore[call-overload]
