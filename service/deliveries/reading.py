"""One delivery: what the person got, every try, and what came back."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from email import message_from_bytes, policy
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service import addresses, dkim_keys
from service.errors import NotFound, Refused
from service.mail.compose import Letter, Person
from service.mail.dkim import Key
from service.models import Attempt, Delivery, Event, Journalist, Outlet, Release, Revision, Sender, Topic, Wave
from service.releases import singular
from service.releases.letters import letters, tracked_letters
from service.releases.revisions import content_of


class NothingLeft(Refused):
    """No mail was ever begun for this person, so there is none to show."""

    def __init__(self, delivery: Delivery) -> None:
        super().__init__(f"Nothing was sent to this person: the delivery is {delivery.state.value}.")


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


def get(session: Session, release_id: UUID, id_: UUID) -> Delivery:
    """This delivery of this release. Raises NotFound."""
    delivery = session.scalar(select(Delivery).where(Delivery.release_id == release_id, Delivery.id == id_))
    if delivery is None:
        raise NotFound("This release has no such delivery.")
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
    of_its_kind = tracked_letters if delivery.tracked else letters
    return _rendered(session, delivery, of_its_kind, eight_bit=eight_bit, keys=keys)


def _rendered(
    session: Session,
    delivery: Delivery,
    made_by: Callable[..., Mapping[str, Letter]],
    *,
    eight_bit: bool = True,
    keys: Sequence[Key] | None = None,
) -> bytes:
    if delivery.attempted_at is None:
        raise NothingLeft(delivery)
    wave = session.get_one(Wave, delivery.wave_id)
    if keys is None:
        keys = _keys(session, delivery, delivery.attempted_at)
    revision = session.get_one(Revision, wave.revision_id)
    letter = made_by(revision, keys=keys)[delivery.language]
    alone = singular.of(session, delivery, content_of(revision).pitches)
    person = _person(session, delivery)._replace(note=alone.notes.get(delivery.id, ""))
    thread = alone.threads.get(delivery.id, ())
    return letter.message(
        person, delivery.id, delivery.attempted_at.astimezone(UTC), eight_bit=eight_bit, thread=thread
    )


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
    """The HTML part of what this person got; show it in a sandboxed frame only. Raises what `message` raises.

    Nothing in it counts who looks: a colleague who does is not its reader.
    """
    part = message_from_bytes(_rendered(session, delivery, letters), policy=policy.default).get_body(("html",))
    return str(part.get_content()) if part else ""
