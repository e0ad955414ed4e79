"""The list of suppressed addresses, each with its proof and who did it; addresses are shown where a journalist has one.

A rest that is over is not in it: the address is mailed again.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.errors import NotFound
from service.models import SuppressionReason
from service.providers import DOMAIN

IN_ONE_GO = 200
FITS = """(p.until IS NULL OR p.until > now())
      AND (p.sender_id = ANY(:senders) OR p.sender_id IS NULL AND :for_all)
      AND (CAST(:id AS uuid) IS NULL OR p.id = :id)
      AND (CAST(:fingerprint AS bytea) IS NULL OR p.fingerprint = :fingerprint)
      AND (CAST(:reason AS text) IS NULL OR p.reason = CAST(:reason AS suppression_reason))
      AND (CAST(:since AS date) IS NULL OR p.created_at >= CAST(:since AS date))
"""
# The proof is the newest verdict that counted, in the words of the server that gave it.
ROWS = f"""
    FROM suppression p
    LEFT JOIN sender s ON s.id = p.sender_id
    LEFT JOIN account a ON a.id = p.account_id
    LEFT JOIN LATERAL (
        SELECT * FROM journalist WHERE fingerprint = p.fingerprint AND sender_id = ANY(:senders)
        AND (p.sender_id IS NULL OR sender_id = p.sender_id) ORDER BY id LIMIT 1) j ON true
    LEFT JOIN mail_domain m ON m.name = {DOMAIN}
    LEFT JOIN LATERAL (
        SELECT e.delivery_id, coalesce(v.reply, t.reply, '') AS reply
        FROM evidence e LEFT JOIN event v ON v.id = e.event_id
        LEFT JOIN attempt t ON t.delivery_id = e.delivery_id AND t.number = e.attempt
        WHERE e.fingerprint = p.fingerprint AND e.sender_id = p.sender_id ORDER BY e.at DESC LIMIT 1
        ) proof ON p.reason IN ('bounce', 'resting')
    WHERE {FITS}
      AND (:domain IN ('', {DOMAIN}, m.provider) OR right({DOMAIN}, length(:domain) + 1) = '.' || :domain)
"""  # noqa: S608 - put together from constants
LIST = text(f"""
    SELECT p.id, p.fingerprint, p.sender_id, p.reason, p.created_at AS since, p.until, p.evidence,
           coalesce(s.name, '') AS sender, coalesce(a.name, '') AS who, coalesce(j.address, '') AS address,
           coalesce(j.name, '') AS name, coalesce(proof.reply, '') AS proof, proof.delivery_id
    {ROWS} ORDER BY p.created_at DESC, p.id DESC LIMIT :limit OFFSET :skip
""")
COUNT = text(f"SELECT count(*) {ROWS}")
# Without a domain to look for, nobody's address need be looked up.
COUNT_ALL = text(f"SELECT count(*) FROM suppression p WHERE {FITS}")  # noqa: S608 - put together from constants


@dataclass(frozen=True, slots=True)
class Which:
    """Which of them: a reason, a mail domain or provider, since a day, one address by its fingerprint."""

    reason: SuppressionReason | None = None
    domain: str = ""
    since: date | None = None
    fingerprint: bytes | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One suppressed address. `address` and `name` are empty where no journalist has it, `who` for the service itself.

    `proof` are a mail server's own words, about the delivery of that id.
    """

    id: UUID
    fingerprint: bytes
    sender_id: UUID | None
    reason: SuppressionReason
    since: datetime
    until: datetime | None
    evidence: str
    sender: str
    who: str
    address: str
    name: str
    proof: str
    delivery_id: UUID | None


def entries(
    session: Session,
    senders: Collection[UUID],
    which: Which = Which(),
    *,
    for_all: bool = False,
    limit: int | None = IN_ONE_GO,
    skip: int = 0,
) -> list[Entry]:
    """Those of these senders, and with `for_all` those of all, the newest first."""
    found = session.execute(LIST, _values(senders, which, for_all) | {"limit": limit, "skip": skip})
    return [Entry(**row | {"reason": SuppressionReason(row["reason"])}) for row in map(dict, found.mappings())]


def count(session: Session, senders: Collection[UUID], which: Which = Which(), *, for_all: bool = False) -> int:
    """How many there are."""
    return session.scalar(COUNT if which.domain else COUNT_ALL, _values(senders, which, for_all)) or 0


def entry(session: Session, id_: UUID, senders: Collection[UUID], *, for_all: bool = False) -> Entry:
    """This one, if it is one of theirs. Raises NotFound."""
    values = _values(senders, Which(), for_all) | {"id": id_, "limit": 1, "skip": 0}
    row = session.execute(LIST, values).mappings().one_or_none()
    if row is None:
        raise NotFound("There is no such suppression.")
    return Entry(**dict(row) | {"reason": SuppressionReason(row["reason"])})


def _values(senders: Collection[UUID], which: Which, for_all: bool) -> dict[str, object]:
    return {
        "senders": list(senders),
        "for_all": for_all,
        "id": None,
        "fingerprint": which.fingerprint,
        "reason": which.reason.value if which.reason else None,
        "since": which.since,
        "domain": which.domain.strip().lower(),
    }
