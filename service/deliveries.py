"""Deliveries: what one person got, what came of it, and what a person decides about it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from email import message_from_bytes, policy
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, select, update
from sqlalchemy.orm import Session

from service import addresses, audit, db, dkim_keys, jobs
from service.errors import NotFound, Refused
from service.mail.compose import Person
from service.mail.dkim import Key
from service.models import (
    Account,
    Attempt,
    Chunk,
    Delivery,
    DeliveryState,
    Event,
    Journalist,
    Outlet,
    Release,
    ReleaseState,
    Revision,
    Sender,
    Topic,
    Wave,
)
from service.releases.letters import letters

RETRIED_IN = (ReleaseState.SENDING, ReleaseState.PAUSED, ReleaseState.SENT)


class NothingLeft(Refused):
    """No mail was ever begun for this person, so there is none to show."""

    def __init__(self, delivery: Delivery) -> None:
        super().__init__(f"Nothing was sent to this person: the delivery is {delivery.state.value}.")


class NotUncertain(Refused):
    """Only a delivery whose fate nobody knows is settled by a person."""

    def __init__(self, delivery: Delivery) -> None:
        super().__init__(f"This delivery is {delivery.state.value}; there is nothing to settle.")


class NotOnItsWay(Refused):
    """A release that was cancelled, or has not begun to leave, sends nothing again."""

    def __init__(self, release: Release) -> None:
        super().__init__(f"This release is {release.state.value}; nothing of it can be sent again.")


def of(session: Session, release_id: UUID, address: str) -> Delivery:
    """The delivery of a release to an address, however it is spelt. Raises NotFound, addresses.BadAddress."""
    query = (
        select(Delivery)
        .join(Journalist, Journalist.id == Delivery.journalist_id)
        .where(Delivery.release_id == release_id, Journalist.address_canonical == addresses.canonical(address))
    )
    delivery = session.scalar(query)
    if delivery is None:
        raise NotFound("This release has no delivery to that address.")
    return delivery


def attempts(session: Session, delivery: Delivery) -> list[Attempt]:
    """Every try that has ended, in order."""
    return list(session.scalars(select(Attempt).where(Attempt.delivery_id == delivery.id).order_by(Attempt.number)))


def events(session: Session, delivery: Delivery) -> list[Event]:
    """All that came back about it, in order."""
    return list(session.scalars(select(Event).where(Event.delivery_id == delivery.id).order_by(Event.at, Event.id)))


def message(
    session: Session, delivery: Delivery, *, eight_bit: bool = True, keys: Sequence[Key] | None = None
) -> bytes:
    """What this person got at the last attempt, CRLF line ends, rendered again from the approved revision.

    Byte for byte the same as long as the person's name, address and outlet and the topic's name, which are as now
    known, are what they were. `eight_bit`: whether the relay offered 8BITMIME, as nearly all do. `keys`: those it was
    signed with; if not given, those that signed then and still do: a retired key has no private half, and its
    signature is left out. Raises NothingLeft, sealing.CannotOpen, and ValueError when the revision is not what was
    approved.
    """
    if delivery.attempted_at is None:
        raise NothingLeft(delivery)
    wave = session.get_one(Wave, delivery.wave_id)
    if keys is None:
        keys = _keys(session, delivery, delivery.attempted_at)
    letter = letters(session.get_one(Revision, wave.revision_id), keys=keys)[delivery.language]
    person = _person(session, delivery)
    return letter.message(person, delivery.id, delivery.attempted_at.astimezone(UTC), eight_bit=eight_bit)


def _keys(session: Session, delivery: Delivery, at: datetime) -> list[Key]:
    query = (
        select(Sender.address).join(Release, Release.sender_id == Sender.id).where(Release.id == delivery.release_id)
    )
    return dkim_keys.keys_at(session, session.scalars(query).one().rpartition("@")[2], at)


def _person(session: Session, delivery: Delivery) -> Person:
    query = (
        select(Journalist.address, Journalist.name, func.coalesce(Outlet.name, ""), func.coalesce(Topic.name, ""))
        .outerjoin(Outlet, Outlet.id == Journalist.outlet_id)
        .outerjoin(Topic, Topic.id == delivery.topic_id)
        .where(Journalist.id == delivery.journalist_id)
    )
    return Person(*session.execute(query).one())


def as_html(session: Session, delivery: Delivery) -> str:
    """The HTML part of what this person got; show it in a sandboxed frame only. Raises what `message` raises."""
    part = message_from_bytes(message(session, delivery), policy=policy.default).get_body(("html",))
    return str(part.get_content()) if part else ""


def settle(session: Session, delivery: Delivery, *, accepted: bool, by: Account) -> DeliveryState:
    """A person decides what became of an uncertain mail; the state it has now.

    Accepted, or sent once more with the same Message-ID. What was sent once more and is uncertain again has failed.
    Raises NotUncertain, NotOnItsWay.
    """
    release = _locked(session, delivery.release_id)
    session.refresh(delivery, with_for_update=True)
    if delivery.state is not DeliveryState.UNCERTAIN:
        raise NotUncertain(delivery)
    if accepted:
        _move(delivery, DeliveryState.ACCEPTED, f"{by.name} knows that it arrived")
    elif delivery.maybe_twice:
        _move(delivery, DeliveryState.FAILED, f"{by.name} knows that it did not arrive, tried twice")
    else:
        _send_once_more(session, release, delivery)
    session.flush()
    audit.write(session, "delivery settled", account=by, release=release, delivery=str(delivery.id), accepted=accepted)
    return delivery.state


def _send_once_more(session: Session, release: Release, delivery: Delivery) -> None:
    _open_again(release)
    _move(delivery, DeliveryState.QUEUED, None)
    delivery.maybe_twice = True
    _wake(session, Chunk.wave_id == delivery.wave_id, Chunk.first_id <= delivery.id, Chunk.last_id >= delivery.id)


def _move(delivery: Delivery, state: DeliveryState, reason: str | None) -> None:
    delivery.state = state
    delivery.reason = reason
    delivery.due_at = None


def retry_failed(session: Session, release: Release, *, by: Account) -> int:
    """Queue again whoever's mail failed; how many they are. Raises NotOnItsWay."""
    release = _locked(session, release.id)
    failed = and_(Delivery.release_id == release.id, Delivery.state == DeliveryState.FAILED)
    number = session.scalar(select(func.count()).where(failed)) or 0
    if not number:
        return 0
    _open_again(release)
    in_chunk = and_(failed, Delivery.wave_id == Chunk.wave_id, Delivery.id.between(Chunk.first_id, Chunk.last_id))
    _wake(session, Chunk.wave_id.in_(select(Wave.id).where(Wave.release_id == release.id)), exists().where(in_chunk))
    session.execute(
        update(Delivery).where(failed).values(state=DeliveryState.QUEUED, reason=None, due_at=None),
        execution_options={"synchronize_session": "fetch"},
    )
    audit.write(session, "failed deliveries queued again", account=by, release=release, number=number)
    return number


def _locked(session: Session, release_id: UUID) -> Release:
    return session.get_one(Release, release_id, with_for_update=True, populate_existing=True)


def _open_again(release: Release) -> None:
    if release.state not in RETRIED_IN:
        raise NotOnItsWay(release)
    if release.state is ReleaseState.SENT:
        release.state = ReleaseState.SENDING
        release.finished_at = None


def _wake(session: Session, *chunks: ColumnElement[bool]) -> None:
    """Let these chunks be due now, whoever rang for them or works on them.

    A new epoch, so that a worker giving one back at this moment does not write down that nothing is left in it.
    """
    session.execute(
        update(Chunk).where(*chunks).values(due_at=func.now(), rung_at=None, epoch=Chunk.epoch + 1),
        execution_options={"synchronize_session": False},
    )
    db.after_commit(session, lambda: jobs.ring(jobs.Job.TICK))
