"""A newsroom with a release in each state, for browsers to look at; who is in it and by which tokens they come."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from service import accounts, approvals, audiences, imports, journalists, notices, pitches, releases, suppressions
from service.audiences import Conditions
from service.imports import files
from service.models import DeliveryState, NoticeKind, Publication, ReleaseState, Role, Suppression, SuppressionReason
from service.notices import Words
from service.signing import Purpose, sign
from tests.factories import Newsroom, make_journalist, make_newsroom, make_release, now
from tests.ledgers import Ledger, make_ledger

S = DeliveryState
ON_THEIR_WAY = (S.ACCEPTED,) * 6 + (S.QUEUED,) * 5 + (S.DEFERRED,) * 2 + (S.FAILED, S.FAILED, S.UNCERTAIN, S.BOUNCED)


@dataclass(frozen=True, slots=True)
class Office:
    """What the browsers of the tests know of it."""

    sending: UUID
    sent: UUID
    draft: UUID
    asked: UUID
    approved: UUID
    topic: UUID
    notice: UUID
    public: UUID
    story: str
    newsroom: str
    delivery: UUID
    suppression: UUID
    journalist: UUID
    namesake: UUID
    imported: UUID
    press_list: UUID
    segment: UUID
    colleague: UUID
    leave: str
    preferences: str
    links: dict[str, str]


def furnish(session: Session) -> Office:
    """Ada writes, sends and administers here, Ben approves; each has a one-time link to come in by."""
    newsroom = make_newsroom(session)
    accounts.grant(session, newsroom.ada, newsroom.sender, [Role.JOURNALISTS, Role.REPORTS, Role.ADMINISTER])
    sending = _ledger(session, newsroom, "Ishim at its lowest level since records began")
    sent = _ledger(session, newsroom, "Commission opens its water data")
    sent.release.state = ReleaseState.SENT
    sent.release.finished_at = now()
    draft = make_release(session, newsroom, headline="Spring flood expected a week early")
    approved = make_release(session, newsroom, headline="Ministers meet on the river")
    approvals.approve(session, approved, by=newsroom.ben)
    embargoed = make_release(session, newsroom, headline="New gauge at Petropavl", embargo=now() + timedelta(days=1))
    approvals.approve(session, embargoed, by=newsroom.ben)
    releases.schedule(session, embargoed, now() + timedelta(days=1), by=newsroom.ada)
    public = make_release(session, newsroom, headline="The Ishim opens to ships")
    approvals.approve(session, public, by=newsroom.ben)
    releases.schedule(session, public, now(), by=newsroom.ada)
    releases.freeze(session, draft, by=newsroom.ada)
    asked = make_release(session, newsroom, headline="Water tariffs stay as they are")
    releases.edit(session, asked, "en", by=newsroom.ada, body="See http://staging.rivers.example/tariffs")
    approvals.approve(session, asked, by=newsroom.ben)
    releases.edit(session, asked, "en", by=newsroom.ada, lead="Tariffs stay until April.")
    approvals.request(session, asked, by=newsroom.ada, note="The minister speaks at nine.")
    pitches.say(session, draft, "For your readers along the river.", by=newsroom.ada, topic=newsroom.topic)
    said = [Words("en", "UPDATE: Commission opens its water data", "The data of 2025 have been added.", "")]
    notice = notices.begin(session, sent.release, NoticeKind.UPDATE, said, by=newsroom.ada)
    suppressions.add(session, "gone@daily.example", SuppressionReason.BY_HAND, sender=newsroom.sender)
    cleo, namesake = (make_journalist(session, newsroom, "Cleo Lindqvist") for _ in range(2))
    journalists.notes.write(session, cleo, "Prefers the morning", by=newsroom.ada)
    chosen = audiences.lists.make(session, newsroom.sender, "Rivers, exclusive", by=newsroom.ada)
    people = [make_journalist(session, newsroom, f"Reader {number}").id for number in range(3)]
    audiences.lists.put(session, chosen, people, by=newsroom.ada)
    conditions = Conditions(languages=("en",), countries=("KZ",))
    segment = audiences.segments.make(session, newsroom.sender, "Kazakhstan in English", conditions, by=newsroom.ada)
    session.flush()
    return Office(
        sending=sending.release.id,
        sent=sent.release.id,
        draft=draft.id,
        asked=asked.id,
        approved=approved.id,
        topic=newsroom.topic.id,
        notice=notice.id,
        public=public.id,
        story=session.get_one(Publication, public.id).slug,
        newsroom=newsroom.sender.slug,
        delivery=sent.deliveries[0].id,
        colleague=newsroom.ben.id,
        suppression=session.scalars(select(Suppression.id)).one(),
        journalist=cleo.id,
        namesake=namesake.id,
        imported=_import(session, newsroom),
        press_list=chosen.id,
        segment=segment.id,
        leave=sign(Purpose.LEAVE, sent.deliveries[0].id),
        preferences=sign(Purpose.PREFERENCES, sent.deliveries[0].id),
        links={
            "ada": accounts.sign_in_link(session, newsroom.ada),
            "ben": accounts.sign_in_link(session, newsroom.ben),
        },
    )


def _import(session: Session, newsroom: Newsroom) -> UUID:
    """A file that was imported, with a row that could not be."""
    data = b"email,name\nnew@herald.example,Dana New\nno address,Eli\n"
    file = files.give(session, newsroom.sender, "spring.csv", data, by=newsroom.ada)
    files.choose(session, file, dict(file.mapping), legal_basis="Consent at our briefing", topics=[newsroom.topic])
    while imports.step(session, file.id):
        pass
    files.begin(session, file, by=newsroom.ada)
    while imports.step(session, file.id):
        pass
    return file.id


def _ledger(session: Session, newsroom: Newsroom, headline: str) -> Ledger:
    made = make_ledger(session, newsroom, [(make_journalist(session, newsroom), state) for state in ON_THEIR_WAY])
    made.release.editions[0].headline = headline
    for delivery in made.deliveries:
        if delivery.state in (S.DEFERRED, S.UNCERTAIN):
            delivery.reason = (
                "They ask to be tried later" if delivery.state is S.DEFERRED else "The connection was lost"
            )
    session.flush()
    return made
