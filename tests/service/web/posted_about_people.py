"""What is posted about those who read and those who work here: rows that each route can change, and forms that do."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from service import accounts, audiences, bounces, imports, journalists, suppressions
from service.audiences import Conditions
from service.feedback import Event, Kind, Verdict
from service.imports import files
from service.models import (
    Burst,
    BurstState,
    Evidence,
    ImportFile,
    Received,
    Role,
    Suppression,
    SuppressionReason,
    Topic,
    Way,
)
from service.models import Event as EventRow
from tests.factories import Newsroom, make_account, make_journalist, now
from tests.service.standings.town import Person, ago
from tests.service.web.posted_about import Subject, Subjects

FILE = b"email,name\nnew@herald.example,Dana New\nno address,Eli\n"
SETTINGS = {
    "name": "Steppe Rivers Authority",
    "address": "press@rivers.example",
    "reply_to": "desk@rivers.example",
    "postal_address": "2 Embankment, Astana",
    "answers": "newsroom",
}
BASIS = "Consent at our briefing"


def people_of_the_press(session: Session, room: Newsroom) -> Subjects:
    """Journalists, some of them twice, lists and segments of them, and topics."""
    cleo, twin, other, gone = (make_journalist(session, room, "Cleo Lindqvist") for _ in range(4))
    merged = journalists.merge(session, cleo, gone, by=room.ada)
    listed = audiences.lists.make(session, room.sender, "Rivers, exclusive", by=room.ada)
    audiences.lists.put(session, listed, [cleo.id], by=room.ada)
    conditions = Conditions(languages=("en",))
    segment = audiences.segments.make(session, room.sender, "In English", conditions, by=room.ada)
    closed = Topic(sender_id=room.sender.id, slug="old", name="Old", closed_at=now())
    session.add(closed)
    session.flush()
    listing = {"name": "A1", "addresses": twin.address}
    here, ticked = {"newsroom": room.sender.slug}, {"newsroom": room.sender.slug, "who": str(cleo.id)}
    added = {"address": "new@daily.example", "name": "Dana New", "language": "en", "zone": "UTC", "legal_basis": BASIS}
    kept = {"name": "Cleo L.", "language": "en", "zone": "UTC"}
    return {
        "journalists.add": Subject({}, here | added),
        "journalists.chosen": Subject({}, ticked),
        "journalists.put_on_list": Subject({}, {**here, "who": str(twin.id), "list": str(listed.id)}),
        "journalists.subscribe": Subject({}, {**here, "who": str(other.id), "topic": "water", "legal_basis": BASIS}),
        "journalists.download": Subject({"kind": "csv"}, here),
        "journalist": Subject({"id_": cleo.id}, kept | {"words": "Rings at nine", "why": "Asked us to"}),
        "journalist.part": Subject({"id_": cleo.id}, {"merge": str(merged.id)}),
        "duplicates.merge": Subject({"id_": twin.id, "other": other.id}, {"kept": str(twin.id)}),
        "duplicates.find": Subject({"id_": twin.id}, {"address": other.address}),
        "press_lists": Subject({"id_": listed.id, "reader": cleo.id}, here | listing),
        "segments": Subject({"id_": segment.id}, {**here, "name": "A1", "languages": "en"}),
        "topics": Subject({"id_": room.topic.id}, {**here, "name": "Rivers"}),
        "topics.reopen": Subject({"id_": closed.id}),
    }


def imports_of_them(session: Session, room: Newsroom) -> Subjects:
    """A file that was read, one that was checked, one that was imported."""
    read, checked, done = (files.give(session, room.sender, "spring.csv", FILE, by=room.ada) for _ in range(3))
    for file in (checked, done):
        files.choose(session, file, dict(file.mapping), legal_basis=BASIS, topics=[room.topic])
        _run(session, file)
    files.begin(session, done, by=room.ada)
    _run(session, done)
    mapping = {"email": "0", "name": "1", "subscribe_to": "water", "legal_basis": BASIS}
    return {
        "imports.give": Subject({}, {"newsroom": room.sender.slug, "file": FILE}),
        "imports.read_again": Subject({"id_": read.id}, {"encoding": "cp1251", "delimiter": ","}),
        "imports.check": Subject({"id_": read.id}, mapping),
        "imports.begin": Subject({"id_": checked.id}),
        "imports.drop": Subject({"id_": checked.id}),
        "imports.download": Subject({"id_": done.id, "kind": "csv"}),
        "imports.undo": Subject({"id_": done.id}),
    }


def _run(session: Session, file: ImportFile) -> None:
    while imports.step(session, file.id):
        pass


def what_came_back(session: Session, room: Newsroom) -> Subjects:
    """A bounce with its message, a message about nobody, a burst that waits for a word, an address not mailed."""
    person = Person(session, room)
    delivery = person.mailed(1)
    message, unmatched = (_received(session, unmatched=unmatched) for unmatched in (False, True))
    burst = Burst(provider="google", state=BurstState.HELD, first_at=ago(0.1), last_at=ago(0.05))
    session.add(burst)
    session.flush()
    Person(session, room).bounced(0.07)
    session.execute(update(Evidence).values(burst_id=burst.id))
    hard = Event(Kind.BOUNCE, Verdict.HARD, reply="550 no such user", reason="There is no such mailbox")
    bounces.apply(session, delivery.id, hard, "smtp", "1", received_id=message)
    event = session.scalars(select(EventRow.id).where(EventRow.delivery_id == delivery.id)).one()
    suppressions.add(session, "gone@daily.example", SuppressionReason.BY_HAND, sender=room.sender)
    gone = session.scalars(select(Suppression.id).where(Suppression.sender_id == room.sender.id)).first()
    off = {"sender": str(room.sender.id), "note": "she rang up"}
    about = {"release": str(delivery.release_id), "address": person.journalist.address}
    return {
        "stories": Subject({"id_": event}),
        "feedback": Subject({"id_": burst.id}, {"decision": "release"}),
        "unmatched": Subject({"id_": unmatched}, about),
        "suppressions.add": Subject({}, off | {"address": "off@daily.example"}),
        "suppressions.import_": Subject({}, off | {"addresses": "off@daily.example\nout@daily.example"}),
        "suppressions.lift": Subject({"id_": gone}, off | {"their_word": "yes"}),
    }


def _received(session: Session, *, unmatched: bool) -> UUID:
    recipient = "postmaster@bounces.dateline.example"
    row = Received(way=Way.SMTP, recipient=recipient, message=b"Subject: x\r\n\r\ny", unmatched=unmatched)
    row.sorted_at, row.verdict = now(), "bounce"
    session.add(row)
    session.flush()
    return row.id


def people_of_the_newsroom(session: Session, room: Newsroom) -> Subjects:
    """A colleague, and one whose account is closed."""
    fay, gil = make_account("Fay Keeper"), make_account("Gil Gone")
    session.add_all([fay, gil])
    session.flush()
    for account in (fay, gil):
        accounts.grant(session, account, room.sender, [Role.REPORTS])
    gil.active = False
    session.flush()
    form = {"sender": room.sender.slug, "email": "new@rivers.example", "name": "Hal New", "roles": "approve"}
    return {
        "people": Subject({"id_": fay.id, "slug": room.sender.slug}, form),
        "identity": Subject({"slug": room.sender.slug}, SETTINGS),
        "people.reopen": Subject({"id_": gil.id}),
    }
