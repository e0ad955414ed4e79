"""Journalists from a table: the same sorting tells what would happen, and makes it happen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import ARRAY, LargeBinary, Text, cast, func, or_, select
from sqlalchemy.orm import Session

from service import audit, topics
from service.errors import Refused
from service.imports import writing
from service.imports.people import Fault, Person, person
from service.imports.table import Table
from service.manuscripts.characters import clean_line
from service.models import Account, Journalist, Sender, Subscription, SubscriptionState, Suppression, SuppressionReason

FAULTS_TOLD = 100


class NoLegalBasis(Refused):
    """Say on what grounds these people may be written to."""

    def __init__(self) -> None:
        super().__init__("Say on what legal basis these people may be mailed, such as “consent at our briefings”.")


@dataclass(frozen=True, slots=True)
class Report:
    """An import in numbers: rows = new + known + suppressed + repeated + invalid.

    `unsubscribed` are those among the known who left one of the topics or must not be contacted, and stay so;
    `subscriptions` is how many begin; `faults` are the first hundred of the invalid rows.
    """

    rows: int
    new: int
    known: int
    suppressed: int
    repeated: int
    invalid: int
    unsubscribed: int
    subscriptions: int
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class _Sorting:
    new: list[Person]
    pairs: list[tuple[str, UUID]]
    report: Report


@dataclass(frozen=True, slots=True)
class _Standing:
    """What the database knows of the people of a file, by canonical address; the suppressed by fingerprint."""

    suppressed: set[bytes]
    closed: dict[str, bool]
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


def check(session: Session, sender: Sender, table: Table) -> Report:
    """What `apply` would do, in numbers; nothing is changed."""
    return _sort(session, sender, table).report


def apply(session: Session, sender: Sender, table: Table, *, legal_basis: str, by: Account | None = None) -> Report:
    """Import the valid rows, all in this transaction or none, subscribed with the proof {how, legal_basis, file}.

    A known person's entry is left as it is and gains only the topics never asked for before; nobody who left, was
    suppressed or must not be contacted is brought back. Raises NoLegalBasis.
    """
    grounds = clean_line(legal_basis)
    if not grounds:
        raise NoLegalBasis
    sorting = _sort(session, sender, table)
    proof = {"how": "import", "legal_basis": grounds, "file": table.digest}
    writing.journalists(session, sender, sorting.new)
    writing.subscriptions(session, sender, sorting.pairs, proof)
    report = sorting.report
    audit.write(
        session,
        "journalists imported",
        account=by,
        sender=sender.slug,
        legal_basis=grounds,
        file=table.digest,
        new=report.new,
        subscriptions=report.subscriptions,
    )
    return report


def _sort(session: Session, sender: Sender, table: Table) -> _Sorting:
    known_topics = _topics(session, sender)
    read = [person(row, known_topics) for row in table.rows]
    valid = [each for each in read if isinstance(each, Person)]
    faults = [each for each in read if isinstance(each, Fault)]
    people = _merged(valid)
    standing = _standing(session, sender, people)
    wanted = [each for each in people if each.box.fingerprint not in standing.suppressed]
    new = [each for each in wanted if each.box.canonical not in standing.closed]
    pairs = [pair for each in wanted for pair in standing.begins(each)]
    report = Report(
        rows=len(read),
        new=len(new),
        known=len(wanted) - len(new),
        suppressed=len(people) - len(wanted),
        repeated=len(valid) - len(people),
        invalid=len(faults),
        unsubscribed=sum(map(standing.stays_away, wanted)),
        subscriptions=len(pairs),
        faults=tuple(faults[:FAULTS_TOLD]),
    )
    return _Sorting(new, pairs, report)


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
    closed = select(Journalist.address_canonical, Journalist.do_not_contact).where(*here)
    asked = (
        select(Journalist.address_canonical, Subscription.topic_id, Subscription.state).join(Journalist).where(*here)
    )
    return _Standing(
        suppressed=set(session.scalars(suppressed)),
        closed=dict(session.execute(closed).all()),
        states={(address, topic): state for address, topic, state in session.execute(asked)},
    )
