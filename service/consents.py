"""Consent to be counted: given and taken back by the reader alone, on their preferences page; every proof is kept."""

from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service import audit
from service.models import Delivery, Journalist, TrackingConsent, Visit


def choose(session: Session, journalist: Journalist, *, agrees: bool, proof: dict[str, Any]) -> None:
    """Keep what was chosen; choosing the same again keeps the first proof."""
    if journalist.erased_at or agrees == journalist.tracking_agreed:
        return
    journalist.tracking_agreed = agrees
    if agrees:
        fresh = insert(TrackingConsent).values(journalist_id=journalist.id, proof=proof)
        session.execute(fresh.on_conflict_do_nothing())
    else:
        _withdraw(session, journalist)
    audit.write(session, "tracking agreed" if agrees else "tracking refused", journalist=str(journalist.id))
    session.flush()


def of(session: Session, journalist: Journalist) -> list[TrackingConsent]:
    """Every consent of the person, as the database has it now, the last one last."""
    query = select(TrackingConsent).where(TrackingConsent.journalist_id == journalist.id)
    query = query.order_by(TrackingConsent.id).execution_options(populate_existing=True)
    return list(session.scalars(query))


def visits(session: Session, journalist: Journalist) -> list[Visit]:
    """What was noted while they agreed."""
    query = select(Visit).join(Delivery, Delivery.id == Visit.delivery_id)
    return list(session.scalars(query.where(Delivery.journalist_id == journalist.id).order_by(Visit.first_at)))


def forget(session: Session, journalist: Journalist) -> None:
    """Delete all of it, as for one who is erased."""
    theirs = select(Delivery.id).where(Delivery.journalist_id == journalist.id)
    for statement in (
        delete(Visit).where(Visit.delivery_id.in_(theirs)),
        delete(TrackingConsent).where(TrackingConsent.journalist_id == journalist.id),
    ):
        session.execute(statement.execution_options(synchronize_session=False))
    journalist.tracking_agreed = False


def _withdraw(session: Session, journalist: Journalist) -> None:
    session.execute(
        update(TrackingConsent)
        .where(TrackingConsent.journalist_id == journalist.id, TrackingConsent.withdrawn_at.is_(None))
        .values(withdrawn_at=func.now())
        .execution_options(synchronize_session=False)
    )
