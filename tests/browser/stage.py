"""What the pictures show: the demonstration's newsroom with releases in each state, lists, notices and an import."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from service import (
    accounts,
    approvals,
    audiences,
    demo,
    imports,
    installation,
    manuscripts,
    notices,
    releases,
    suppressions,
)
from service.audiences import Audience, Conditions
from service.imports import files
from service.manuscripts import Manuscript
from service.models import DeliveryState, Journalist, NoticeKind, Release, ReleaseState, Role, SuppressionReason
from service.notices import Words
from service.signing import Purpose, sign
from tests.browser.server import ROOT
from tests.factories import Newsroom, make_journalist, now
from tests.ledgers import make_ledger

S = DeliveryState
PEOPLE = 1200
TEXTS = tuple(ROOT / "config" / "demo" / name for name in ("release.txt", "release.ru.txt"))
UNGOVERNED = "SET LOCAL session_replication_role = replica"
"""What was written is not changed, says the database; here nothing has happened, it is only made up."""
EARLIER = """
    WITH moved AS (UPDATE release SET send_at = send_at - interval '20 hours' WHERE id = :release RETURNING send_at),
         numbered AS (SELECT a.delivery_id, a.number, row_number() OVER (ORDER BY a.delivery_id) AS n
                      FROM attempt a JOIN delivery d ON d.id = a.delivery_id WHERE d.release_id = :release)
    UPDATE attempt a
    SET began_at = moved.send_at + n * interval '50 ms', ended_at = moved.send_at + n * interval '51 ms'
    FROM numbered, moved WHERE a.delivery_id = numbered.delivery_id AND a.number = numbered.number
"""
LATELY = """
    UPDATE delivery SET attempted_at = clock_timestamp() - random() * interval '30 seconds'
    WHERE release_id = :release AND state = 'accepted'
"""
SENDING_MIX = (
    (S.ACCEPTED, 690),
    (S.QUEUED, 240),
    (S.DEFERRED, 34),
    (S.FAILED, 9),
    (S.ATTEMPTING, 16),
    (S.EXCLUDED, 28),
)
SENT_MIX = ((S.ACCEPTED, 1100), (S.FAILED, 17), (S.BOUNCED, 9), (S.COMPLAINED, 2), (S.EXCLUDED, 28))


@dataclass(frozen=True, slots=True)
class Stage:
    """The releases to be seen and the link Ada comes in by."""

    sending: UUID
    sent: UUID
    asked: UUID
    approved: UUID
    water: UUID
    waves: UUID
    notice: UUID
    person: UUID
    press_list: UUID
    segment: UUID
    topic: UUID
    checked: UUID
    imported: UUID
    colleague: UUID
    twin: UUID
    link: str
    leave: str


def furnish(session: Session) -> Stage:
    """Releases in each state, with the demonstration's people."""
    installation.begin(session)
    office = demo.open_office(session)
    accounts.grant(session, office.ada, office.sender, [Role.JOURNALISTS, Role.APPROVE, Role.ADMINISTER])
    accounts.grant(session, office.ben, office.sender, [Role.WRITE])
    demo.fill(session, office, PEOPLE)
    newsroom = Newsroom(office.sender, office.ada, office.ben, office.topics[0])
    people = list(session.scalars(select(Journalist).order_by(Journalist.id)))
    sent = _ledger(session, newsroom, people, SENT_MIX, "Commission and riverside towns agree on common flood warnings")
    sent.state, sent.finished_at = ReleaseState.SENT, now() - timedelta(hours=20) + timedelta(minutes=1)
    sending = _ledger(session, newsroom, people, SENDING_MIX, "Ishim at its lowest level since measurements began")
    texts = [manuscripts.read(path.read_bytes()) for path in TEXTS]
    water = releases.write(session, office.sender, texts, by=office.ada, topics=office.topics[:2])
    approvals.approve(session, water, by=office.ben)
    releases.schedule(session, water, now() + timedelta(days=1, hours=2), by=office.ada)
    draft = releases.write(session, office.sender, texts[:1], by=office.ben, topics=office.topics[2:4])
    draft.editions[0].headline = "Three countries to share one forecast for the spring flood"
    approved = releases.write(session, office.sender, texts[:1], by=office.ada, topics=office.topics[4:])
    approved.editions[0].headline = "School competition: draw the river of your town"
    session.flush()
    approvals.request(session, draft, by=office.ben, note="The ministers sign on Thursday at ten.")
    approvals.approve(session, approved, by=office.ben)
    session.flush()
    session.execute(text("UPDATE release SET zone = 'Asia/Almaty'"))
    session.execute(text(UNGOVERNED))
    session.execute(text(EARLIER), {"release": sent.id})
    said = [Words("en", f"UPDATE: {sent.editions[0].headline}", "The river towns of 2026 have been added.", "")]
    notice = notices.begin(session, sent, NoticeKind.UPDATE, said, by=office.ada)
    chosen, segment, waves = _address(session, newsroom, people, texts[:1])
    twins = [make_journalist(session, newsroom, "Aigerim Sadykova") for _ in range(2)]
    for journalist in people[-3:]:
        suppressions.add(session, journalist.address, SuppressionReason.BY_HAND, sender=office.sender)
    session.flush()
    return Stage(
        sending=sending.id,
        sent=sent.id,
        asked=draft.id,
        approved=approved.id,
        water=water.id,
        waves=waves.id,
        notice=notice.id,
        person=people[0].id,
        press_list=chosen,
        segment=segment,
        topic=office.topics[0].id,
        checked=_import(session, newsroom, "spring.csv", finish=False),
        imported=_import(session, newsroom, "winter.csv", finish=True),
        colleague=office.ben.id,
        twin=twins[0].id,
        link=accounts.sign_in_link(session, office.ada),
        leave=sign(Purpose.LEAVE, sent.id),
    )


def _address(
    session: Session, newsroom: Newsroom, people: list[Journalist], texts: list[Manuscript]
) -> tuple[UUID, UUID, Release]:
    """A list, a segment, and a release that goes to the list an hour before everybody else."""
    sender, ada = newsroom.sender, newsroom.ada
    chosen = audiences.lists.make(session, sender, "Rivers, exclusive", by=ada)
    audiences.lists.put(session, chosen, [one.id for one in people[:12]], by=ada)
    conditions = Conditions(languages=("en",), countries=("KZ",))
    segment = audiences.segments.make(session, sender, "Kazakhstan in English", conditions, by=ada)
    session.flush()
    release = releases.write(session, sender, texts, by=ada, topics=[newsroom.topic])
    release.editions[0].headline = "First water runs through the new Irtysh canal"
    stages = (
        audiences.Stage("Rivers, exclusive", Conditions(lists=(chosen.id,))),
        audiences.Stage("everybody else", Conditions(), 60),
    )
    releases.readdress(session, release, by=ada, topics=[newsroom.topic], audience=Audience(stages=stages))
    approvals.approve(session, release, by=newsroom.ben)
    releases.schedule(session, release, now() + timedelta(days=3), by=ada)
    return chosen.id, segment.id, release


def _import(session: Session, newsroom: Newsroom, name: str, *, finish: bool) -> UUID:
    """A file with rows that cannot be imported; looked at, or imported."""
    rows = [f"{name[:6]}{number}@herald.example,Reader {number},The Herald" for number in range(40)]
    data = "\n".join(["email,name,outlet", *rows, "no address,Eli,The Herald", "twice@,Fay,"]).encode()
    file = files.give(session, newsroom.sender, name, data, by=newsroom.ada)
    files.choose(session, file, dict(file.mapping), legal_basis="Consent at our briefing", topics=[newsroom.topic])
    while imports.step(session, file.id):
        pass
    if finish:
        files.begin(session, file, by=newsroom.ada)
        while imports.step(session, file.id):
            pass
    return file.id


def _ledger(
    session: Session,
    newsroom: Newsroom,
    people: list[Journalist],
    mix: tuple[tuple[DeliveryState, int], ...],
    headline: str,
) -> Release:
    states = [state for state, number in mix for _ in range(number)]
    made = make_ledger(session, newsroom, list(zip(people, states, strict=False)))
    made.release.editions[0].headline = headline
    for delivery in made.deliveries:
        if delivery.state is S.DEFERRED:
            delivery.reason = "They ask us to come back later"
    session.flush()
    return made.release
