"""What each row of a file is: somebody new, known or suppressed, a repetition, or a fault; nothing is changed by it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import ARRAY, LargeBinary, Text, cast, func, or_, select
from sqlalchemy.orm import Session

from service import topics
from service.imports.people import PARTICULARS, Fault, Person, person
from service.imports.table import Row
from service.models import (
    Journalist,
    Outlet,
    Sender,
    Subscription,
    SubscriptionState,
    Suppression,
    SuppressionReason,
    Verdict,
)

SAID = {
    Verdict.AWAY: "Left, or asked not to be contacted; stays so.",
    Verdict.SUPPRESSED: "This address must not be mailed.",
    Verdict.REPEATED: "This address stands further up.",
}
"""Why a row that is sound is left out, for the file with the remarks."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one row; `subscriptions` is how many begin by it."""

    row: int
    verdict: Verdict
    canonical: str | None = None
    subscriptions: int = 0
    column: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Sorting:
    """The people to add, those whose particulars change, the subscriptions to begin, and what each row is."""

    new: list[Person]
    changed: list[Person]
    pairs: list[tuple[str, UUID]]
    outcomes: list[Outcome]
    faults: list[Fault]


@dataclass(frozen=True, slots=True)
class _Standing:
    """What the database knows of the people of a file, by canonical address; the suppressed by fingerprint."""

    suppressed: set[bytes]
    closed: dict[str, bool]
    particulars: dict[str, dict[str, object]]
    states: dict[tuple[str, UUID], SubscriptionState]

    def stays_away(self, person: Person) -> bool:
        address = person.box.canonical
        left = (self.states.get((address, topic)) is SubscriptionState.ENDED for topic in person.topics)
        return self.closed.get(address, False) or any(left)

    def begins(self, person: Person) -> list[tuple[str, UUID]]:
        address = person.box.canonical
        if self.closed.get(address, False):
            return []
        return [(address, topic) for topic in person.topics if (address, topic) not in self.states]

    def differs(self, person: Person) -> bool:
        known = self.particulars.get(person.box.canonical)
        said = [name for name in PARTICULARS if name not in person.blank]
        return known is not None and any(known[name] != getattr(person, name) for name in said)


def sort(
    session: Session, sender: Sender, rows: Sequence[Row], *, updates: bool = False, default: tuple[UUID, ...] = ()
) -> Sorting:
    """Sort the rows. With `updates` a known person's particulars become what the file says where it says anything."""
    known_topics = _topics(session, sender)
    read = [person(row, known_topics, default) for row in rows]
    valid = [each for each in read if isinstance(each, Person)]
    faults = [each for each in read if isinstance(each, Fault)]
    people = _merged(valid)
    standing = _standing(session, sender, people)
    wanted = [each for each in people if each.box.fingerprint not in standing.suppressed]
    changed = [each for each in wanted if updates and standing.differs(each)]
    altered = {each.row for each in changed}
    outcomes = {each.row: _outcome(each, standing, changes=each.row in altered) for each in people}
    return Sorting(
        new=[each for each in wanted if each.box.canonical not in standing.closed],
        changed=changed,
        pairs=[pair for each in wanted for pair in standing.begins(each)],
        outcomes=[
            *(outcomes.get(each.row) or _repeated(each) for each in valid),
            *(Outcome(each.row, Verdict.INVALID, column=each.column, remark=each.reason) for each in faults),
        ],
        faults=faults,
    )


def _repeated(person: Person) -> Outcome:
    address = person.box.canonical
    return Outcome(person.row, Verdict.REPEATED, address, column="email", remark=SAID[Verdict.REPEATED])


def _outcome(person: Person, standing: _Standing, *, changes: bool) -> Outcome:
    address, begun = person.box.canonical, len(standing.begins(person))
    if person.box.fingerprint in standing.suppressed:
        return Outcome(person.row, Verdict.SUPPRESSED, address, column="email", remark=SAID[Verdict.SUPPRESSED])
    if address not in standing.closed:
        return Outcome(person.row, Verdict.NEW, address, begun)
    if standing.stays_away(person):
        return Outcome(person.row, Verdict.AWAY, address, begun, remark=SAID[Verdict.AWAY])
    return Outcome(person.row, Verdict.CHANGED if changes or begun else Verdict.KNOWN, address, begun)


def _topics(session: Session, sender: Sender) -> dict[str, UUID]:
    known = topics.all(session, sender)
    names = {name.casefold(): topic.id for topic in known for name in (topic.name, *topic.names.values())}
    return names | {topic.slug: topic.id for topic in known}


def _merged(people: Iterable[Person]) -> list[Person]:
    """One person for each address: the first row's, with the topics of all of them."""
    merged: dict[str, Person] = {}
    for each in people:
        first = merged.setdefault(each.box.canonical, each)
        if first is not each:
            both = tuple(dict.fromkeys(first.topics + each.topics))
            merged[each.box.canonical] = replace(first, topics=both)
    return list(merged.values())


def _standing(session: Session, sender: Sender, people: Sequence[Person]) -> _Standing:
    canonical = func.any(cast([each.box.canonical for each in people], ARRAY(Text)))
    fingerprint = func.any(cast([each.box.fingerprint for each in people], ARRAY(LargeBinary)))
    here = (Journalist.sender_id == sender.id, Journalist.address_canonical == canonical)
    suppressed = select(Suppression.fingerprint).where(
        Suppression.fingerprint == fingerprint,
        or_(Suppression.sender_id == sender.id, Suppression.sender_id.is_(None)),
        # Who rests is asked again some day, and then has to be there.
        Suppression.reason != SuppressionReason.RESTING,
    )
    columns = [getattr(Journalist, name) for name in PARTICULARS if name != "outlet"]
    # An entry that was merged is nobody to write to: its person is, at another address.
    is_closed = Journalist.do_not_contact | Journalist.merged_into.is_not(None)
    outlet = func.coalesce(Outlet.name, "").label("outlet")
    query = select(Journalist.address_canonical, is_closed.label("closed"), outlet, *columns)
    known = session.execute(query.outerjoin(Outlet, Outlet.id == Journalist.outlet_id).where(*here)).mappings().all()
    asked = (
        select(Journalist.address_canonical, Subscription.topic_id, Subscription.state).join(Journalist).where(*here)
    )
    return _Standing(
        suppressed=set(session.scalars(suppressed)),
        closed={row["address_canonical"]: row["closed"] for row in known},
        particulars={row["address_canonical"]: dict(row) for row in known},
        states={(address, topic): state for address, topic, state in session.execute(asked)},
    )
