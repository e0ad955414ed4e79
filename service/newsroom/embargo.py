"""Reading under embargo: a person is granted a release, accepts its embargo, and each opening is on record."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Text, cast, func, select
from sqlalchemy.orm import Session

from service import account_mails, accounts, audit, suppressions
from service.errors import NotFound, Refused
from service.models import (
    Account,
    AccountMail,
    AccountMailKind,
    AccountMailState,
    Accreditation,
    Journalist,
    Outlet,
    Publication,
    Reading,
    Release,
    ReleaseState,
    Revision,
    Role,
    Sender,
)
from service.newsroom.publishing import NotInTheNewsroom
from service.newsroom.reading import Missing, compose
from service.newsroom.story import Story
from service.newsroom.visible import killed, opened
from service.signing import Purpose, sign, verify

UNDERWAY = (AccountMailState.QUEUED, AccountMailState.ATTEMPTING, AccountMailState.DEFERRED)
READABLE = (
    *(ReleaseState.APPROVED, ReleaseState.SCHEDULED, ReleaseState.PAUSED, ReleaseState.SENDING, ReleaseState.SENT),
)


class NoLongerOpen(Missing):
    """The link is dead: revoked, withdrawn, or the text is being changed. It answers like one we never made."""


class NothingToAccredit(Refused):
    """Only an approved release under embargo, or before its time, is granted to anybody early."""

    def __init__(self) -> None:
        super().__init__("Only an approved release that is not public yet can be granted to somebody early.")


class NotToBeMailed(Refused):
    """Hand her the link in another way: nothing is mailed to this address, or it was said to leave it alone."""

    def __init__(self) -> None:
        super().__init__("Nothing may be mailed to this journalist. Pass the link on yourself, or lift what stops it.")


@dataclass(frozen=True, slots=True)
class Visit:
    """What a link opens: an accreditation and the story it is for; `is_public` once everybody may read it."""

    accreditation_id: UUID
    release_id: UUID
    revision_id: UUID
    zone: str
    until: datetime | None
    is_public: bool
    has_accepted: bool
    story: Story


@dataclass(frozen=True, slots=True)
class Reader:
    """An accredited person as officers see her: what she did with it, and how far the mail with her link is.

    `letter` is None when none was written these 30 days.
    """

    id: UUID
    name: str
    address: str
    outlet: str
    granted_at: datetime
    accepted_at: datetime | None
    revoked_at: datetime | None
    openings: int
    last_opened_at: datetime | None
    token: str
    letter: AccountMailState | None


def accredit(session: Session, release: Release, journalist: Journalist, *, by: Account) -> Accreditation:
    """Grant the release to a journalist of its newsroom; again revives a link that was revoked.

    Raises accounts.NotAllowed, NotInTheNewsroom, NothingToAccredit, NotFound.
    """
    accounts.require_on(by, release, Role.SEND)
    if journalist.sender_id != release.sender_id or journalist.erased_at:
        raise NotFound("There is no such journalist.")
    if session.get(Publication, release.id) is None:
        raise NotInTheNewsroom
    if release.state not in READABLE or session.scalar(select(opened()).where(Publication.release_id == release.id)):
        raise NothingToAccredit
    query = select(Accreditation).filter_by(release_id=release.id, journalist_id=journalist.id).with_for_update()
    found = session.scalar(query)
    if found is None:
        found = Accreditation(release_id=release.id, journalist_id=journalist.id, granted_by=by.id)
        session.add(found)
    found.revoked_at = None
    session.flush()
    audit.write(session, "embargo granted", account=by, release=release, accreditation=str(found.id))
    return found


def revoke(session: Session, release: Release, accreditation_id: UUID, *, by: Account) -> None:
    """Let the link open nothing any more. Again changes nothing. Raises accounts.NotAllowed, NotFound."""
    accounts.require_on(by, release, Role.SEND)
    query = select(Accreditation).filter_by(id=accreditation_id, release_id=release.id).with_for_update()
    found = session.scalar(query)
    if found is None:
        raise NotFound("There is no such accreditation.")
    if found.revoked_at is None:
        found.revoked_at = func.clock_timestamp()
        audit.write(session, "embargo grant revoked", account=by, release=release, accreditation=str(found.id))
        session.flush()


def mail(session: Session, release: Release, accreditation_id: UUID, *, by: Account) -> None:
    """Mail her the link: it opens nothing before she accepts. While one is on its way, no other is written.

    Raises accounts.NotAllowed, NotFound, NotToBeMailed.
    """
    accounts.require_on(by, release, Role.SEND)
    found = session.scalar(
        select(Accreditation)
        .filter_by(id=accreditation_id, release_id=release.id, revoked_at=None)
        .with_for_update(key_share=True)
    )
    if found is None:
        raise NotFound("There is no such accreditation.")
    journalist = session.get_one(Journalist, found.journalist_id)
    if not _may_be_mailed(session, journalist):
        raise NotToBeMailed
    if session.scalar(_letters(found.id).where(AccountMail.state.in_(UNDERWAY)).limit(1)):
        return
    account_mails.write(
        session,
        AccountMailKind.EMBARGO,
        journalist.address,
        values={"accreditation": str(found.id)},
        language=journalist.language,
        sender_id=release.sender_id,
    )
    audit.write(session, "embargo link mailed", account=by, release=release, accreditation=str(found.id))


def letter_token(session: Session, accreditation_id: UUID) -> str:
    """What stands in the link of a mail that leaves now. Raises NotFound when it is not to leave any more."""
    found = session.get(Accreditation, accreditation_id)
    if found is None or found.revoked_at is not None:
        raise NotFound("There is no such accreditation.")
    if not _may_be_mailed(session, session.get_one(Journalist, found.journalist_id)):
        raise NotFound("There is nobody to mail.")
    return link_token(found)


def of(session: Session, release: Release, journalist: Journalist) -> Accreditation:
    """The accreditation of a journalist for a release. Raises NotFound."""
    found = session.scalar(select(Accreditation).filter_by(release_id=release.id, journalist_id=journalist.id))
    if found is None:
        raise NotFound("This journalist was not granted this release.")
    return found


def link_token(accreditation: Accreditation) -> str:
    """What stands in her link."""
    return sign(Purpose.EMBARGO, accreditation.id)


def visit(session: Session, token: str, language: str = "") -> Visit:
    """What this link opens now. Raises signing.Forged, NoLongerOpen."""
    id_ = verify(Purpose.EMBARGO, token)
    query = (
        select(Accreditation, Release, Publication, Revision, Journalist, Sender.slug, opened().label("is_public"))
        .join(Release, Release.id == Accreditation.release_id)
        .join(Publication, Publication.release_id == Release.id)
        .join(Revision, Revision.id == Release.revision_id)
        .join(Journalist, Journalist.id == Accreditation.journalist_id)
        .join(Sender, Sender.id == Release.sender_id)
        .where(
            Accreditation.id == id_,
            Accreditation.revoked_at.is_(None),
            Journalist.erased_at.is_(None),
            Release.state.in_(READABLE),
            Publication.withdrawn_at.is_(None),
            ~killed(),
        )
    )
    row = session.execute(query).one_or_none()
    if row is None:
        raise NoLongerOpen
    chosen = language or _language(row.Publication, row.Journalist)
    return Visit(
        accreditation_id=id_,
        release_id=row.Release.id,
        revision_id=row.Revision.id,
        zone=row.Release.zone,
        until=row.Release.embargo or row.Publication.opens_at,
        is_public=bool(row.is_public),
        has_accepted=row.Accreditation.accepted_at is not None,
        story=compose(session, row.Publication, row.Revision, row.slug, language=chosen),
    )


def accept(session: Session, seen: Visit) -> None:
    """She has said that she keeps the embargo, and reads it now: both are on record."""
    found = session.get_one(Accreditation, seen.accreditation_id, with_for_update=True)
    if found.accepted_at is None:
        found.accepted_at = func.clock_timestamp()
    session.add(Reading(accreditation_id=found.id, revision_id=seen.revision_id))
    session.flush()


def readers(session: Session, release: Release) -> list[Reader]:
    """Who may read it early, who accepted, and who opened it how often, in the order they were granted it."""
    opened_by = (
        select(Reading.accreditation_id, func.count().label("openings"), func.max(Reading.at).label("last"))
        .group_by(Reading.accreditation_id)
        .subquery()
    )
    letter = _letters(Accreditation.id).order_by(AccountMail.id.desc()).limit(1).scalar_subquery()
    query = (
        select(Accreditation, Journalist, Outlet.name.label("outlet"), opened_by.c.openings, opened_by.c.last)
        .add_columns(letter.label("letter"))
        .join(Journalist, Journalist.id == Accreditation.journalist_id)
        .outerjoin(Outlet, Outlet.id == Journalist.outlet_id)
        .outerjoin(opened_by, opened_by.c.accreditation_id == Accreditation.id)
        .where(Accreditation.release_id == release.id)
        .order_by(Accreditation.id)
    )
    return [
        Reader(
            id=row.Accreditation.id,
            name=row.Journalist.name,
            address=row.Journalist.address,
            outlet=row.outlet or "",
            granted_at=row.Accreditation.granted_at,
            accepted_at=row.Accreditation.accepted_at,
            revoked_at=row.Accreditation.revoked_at,
            openings=row.openings or 0,
            last_opened_at=row.last,
            token=link_token(row.Accreditation),
            letter=row.letter,
        )
        for row in session.execute(query)
    ]


def _may_be_mailed(session: Session, journalist: Journalist) -> bool:
    wanted = not journalist.do_not_contact and journalist.erased_at is None
    return wanted and not suppressions.holds(session, journalist.fingerprint, journalist.sender_id)


def _letters(accreditation: Any) -> Select[AccountMailState]:
    """The states of the mails with this link."""
    named = AccountMail.values["accreditation"].astext == cast(accreditation, Text)
    return select(AccountMail.state).where(AccountMail.kind == AccountMailKind.EMBARGO, named)


def _language(publication: Publication, journalist: Journalist) -> str:
    return journalist.language if journalist.language in publication.languages else publication.languages[0]
