"""What left in the last hour or day, counted in the ledger: for a throttle that has lost its own count."""

import asyncio
from collections.abc import Mapping

from sqlalchemy import text

from service import db, providers
from workers.sending.throttle import Bucket, Kind

SPANS = {"hour": "1 hour", "day": "1 day"}
DELIVERY = "JOIN delivery d ON d.id = a.delivery_id"
SENDER = f"{DELIVERY} JOIN release r ON r.id = d.release_id JOIN sender s ON s.id = r.sender_id"
PROVIDER = (
    f"{DELIVERY} JOIN journalist j ON j.id = d.journalist_id LEFT JOIN mail_domain m ON m.name = {providers.DOMAIN}"
)
WHICH: Mapping[Kind, tuple[str, str]] = {
    Kind.RELAY: ("", "a.relay = :name"),
    Kind.RELEASE: (DELIVERY, "d.release_id = CAST(:name AS uuid)"),
    Kind.SENDER: (SENDER, "split_part(s.address, '@', 2) = :name"),
    Kind.PROVIDER: (PROVIDER, f"coalesce(m.provider, {providers.DOMAIN}) = :name"),
}


async def spent(bucket: Bucket, span: str) -> int:
    """Mails of this bucket that were tried within the last "hour" or "day"."""
    return await asyncio.to_thread(count, bucket, span)


def count(bucket: Bucket, span: str) -> int:
    """The same, waiting for it."""
    join, which = WHICH[bucket.kind]
    lately = "a.ended_at > now() - CAST(:span AS interval)"
    query = text(f"SELECT count(*) FROM attempt a {join} WHERE {lately} AND {which}")  # noqa: S608 - from constants
    with db.transaction() as session:
        number: int = session.execute(query, {"span": SPANS[span], "name": bucket.name}).scalar_one()
        return number
