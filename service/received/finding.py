"""The delivery that a provider's webhook is about: by our own tag, our Message-ID, or its id that we kept."""

from uuid import UUID

from sqlalchemy import ColumnElement, func, literal_column, select
from sqlalchemy.orm import Session

from service import links
from service.feedback import relay_log
from service.feedback.event import plain
from service.feedback.webhooks import Told
from service.models import Attempt, Delivery, Revision, Wave
from service.signing import Forged

# As workers/relays/verdicts.py writes down what an HTTP API called the mail it took.
KEPT = ("HTTP 200: ", "HTTP 202: ")
OF_AN_API: ColumnElement[bool] = literal_column("attempt.reply LIKE 'HTTP 20_: %'")
"""In the words of the index, or PostgreSQL does not use it."""
VERSION = 8
"""Hexadecimal digits of the revision's digest in a Message-ID (service/mail/compose.py)."""


def delivery(session: Session, told: Told) -> UUID | None:
    """The delivery, None when none of the three names one. The provider has vouched for what it tells.

    A tag need not be of a delivery there is: account mail has one too, and so has what an older backup does not know.
    """
    return _by_tag(told.tag) or _by_message_id(session, told.message_id) or _by_provider_id(session, told.provider_id)


def _by_tag(tag: str) -> UUID | None:
    try:
        return links.bounced_delivery(f"{tag}@")
    except Forged:
        return None


def _by_message_id(session: Session, message_id: str) -> UUID | None:
    """Delivery and version must belong together, so that one cannot be put beside the other."""
    found = relay_log.OURS.search(message_id)
    if found is None:
        return None
    digest = func.left(func.encode(Revision.digest, "hex"), VERSION)
    query = (
        select(Delivery.id)
        .join(Wave, Wave.id == Delivery.wave_id)
        .join(Revision, Revision.id == Wave.revision_id)
        .where(Delivery.id == UUID(hex=found[1]), digest == found[2].lower())
    )
    return session.scalar(query)


def _by_provider_id(session: Session, provider_id: str) -> UUID | None:
    wanted = plain(provider_id, 200)
    if not wanted:
        return None
    replies = [beginning + wanted for beginning in KEPT]
    return session.scalar(select(Attempt.delivery_id).where(Attempt.reply.in_(replies), OF_AN_API).limit(1))
