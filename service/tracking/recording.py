"""Noting that a mail was opened or a link in it followed, if its reader agrees and the newsroom counts."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service import deliveries
from service.models import Delivery, Journalist, Sender, TrackedLink, Visit, Visitor
from service.tracking import judging
from service.tracking.judging import MANY, TOGETHER, Come

PICTURE = b""
PICTURE_FETCHED = "Its reader's mail program fetched the picture in it, so it arrived"
# A burst over several links is a scanner's, also those of it that were taken for a person's when they came.
BURST = text("""
    WITH burst AS (
        SELECT link FROM visit
        WHERE delivery_id = :delivery AND link <> '' AND last_at > now() - :within * interval '1 second'
    ), taken_back AS (
        DELETE FROM visit WHERE delivery_id = :delivery AND visitor = 'person' AND link <> ''
            AND first_at > now() - :within * interval '1 second'
            AND (SELECT count(DISTINCT link) FROM burst) >= :many
        RETURNING delivery_id, link, times, first_at, last_at
    )
    INSERT INTO visit (delivery_id, link, visitor, times, first_at, last_at)
    SELECT delivery_id, link, 'scanner', times, first_at, last_at FROM taken_back
    ON CONFLICT (delivery_id, link, visitor) DO UPDATE
        SET times = visit.times + excluded.times, last_at = excluded.last_at
""")


def keep(session: Session, release_id: UUID, targets: Mapping[bytes, str]) -> None:
    """Keep where the links of a release lead; again changes nothing."""
    rows = [{"release_id": release_id, "key": key, "url": url} for key, url in targets.items()]
    if rows:
        session.execute(insert(TrackedLink).values(rows).on_conflict_do_nothing())


def seen(session: Session, delivery_id: UUID, come: Come) -> None:
    """The picture of this mail was fetched."""
    since = _counted_since(session, delivery_id)
    if since is None:
        return
    visitor = judging.of_picture(come, since)
    _note(session, delivery_id, PICTURE, visitor)
    if visitor is not Visitor.SCANNER:
        deliveries.prove(session, delivery_id, PICTURE_FETCHED)


def follow(session: Session, delivery_id: UUID, key: bytes, come: Come) -> str | None:
    """Where this link of this mail leads; None when there is no such link in its release.

    It leads there also for who no longer agrees: then nothing is noted.
    """
    query = select(TrackedLink.url).join(Delivery, Delivery.release_id == TrackedLink.release_id)
    url: str | None = session.scalar(query.where(Delivery.id == delivery_id, TrackedLink.key == key))
    since = _counted_since(session, delivery_id) if url else None
    if since is None:
        return url
    visitor = judging.of_link(come, since)
    _note(session, delivery_id, key, visitor)
    if not _was_burst(session, delivery_id) and visitor is Visitor.PERSON:
        deliveries.prove(session, delivery_id, deliveries.LINK_USED)
    return url


def _counted_since(session: Session, delivery_id: UUID) -> timedelta | None:
    """How long ago this mail was handed over; None when it is not to be counted, by its reader's word or ours."""
    query = (
        select(func.clock_timestamp() - Delivery.attempted_at)
        .join(Journalist, Journalist.id == Delivery.journalist_id)
        .join(Sender, Sender.id == Journalist.sender_id)
        .where(Delivery.id == delivery_id, Delivery.tracked, Journalist.tracking_agreed, Sender.tracking)
    )
    return session.scalar(query)


def _note(session: Session, delivery_id: UUID, link: bytes, visitor: Visitor) -> None:
    fresh = insert(Visit).values(delivery_id=delivery_id, link=link, visitor=visitor)
    again = {"times": Visit.times + 1, "last_at": func.now()}
    key = ["delivery_id", "link", "visitor"]
    session.execute(fresh.on_conflict_do_update(index_elements=key, set_=again))


def _was_burst(session: Session, delivery_id: UUID) -> bool:
    within = TOGETHER.total_seconds()
    taken_back = session.execute(BURST, {"delivery": delivery_id, "within": within, "many": MANY})
    return bool(taken_back.rowcount)  # type: ignore[attr-defined]
