"""A newsroom with a release in each state, for browsers to look at; who is in it and by which tokens they come."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from service import accounts, approvals, notices, pitches, releases, suppressions
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
    notice: UUID
    public: UUID
    story: str
    newsroom: str
    delivery: UUID
    suppression: UUID
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
    pitches.say(session, draft, "For your readers along the river.", by=newsroom.ada, topic=newsroom.topic)
    said = [Words("en", "UPDATE: Commission opens its water data", "The data of 2025 have been added.", "")]
    notice = notices.begin(session, sent.release, NoticeKind.UPDATE, said, by=newsroom.ada)
    suppressions.add(session, "gone@daily.example", SuppressionReason.BY_HAND, sender=newsroom.sender)
    session.flush()
    return Office(
        sending=sending.release.id,
        sent=sent.release.id,
        draft=draft.id,
        notice=notice.id,
        public=public.id,
        story=session.get_one(Publication, public.id).slug,
        newsroom=newsroom.sender.slug,
        delivery=sent.deliveries[0].id,
        suppression=session.scalars(select(Suppression.id)).one(),
        leave=sign(Purpose.LEAVE, sent.deliveries[0].id),
        preferences=sign(Purpose.PREFERENCES, sent.deliveries[0].id),
        links={
            "ada": accounts.sign_in_link(session, newsroom.ada),
            "ben": accounts.sign_in_link(session, newsroom.ben),
        },
    )


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
