"""Writing a release: from a manuscript, or by changing an edition. An edit voids what was approved."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from service import accounts, audit, senders
from service.errors import Refused
from service.manuscripts import Manuscript, headline
from service.models import (
    Account,
    Approval,
    Decision,
    Edition,
    Lane,
    Release,
    ReleaseContact,
    ReleaseState,
    ReleaseTopic,
    Revision,
    Role,
    Sender,
    Topic,
    Wave,
)

EDITABLE = (ReleaseState.DRAFT, ReleaseState.APPROVED, ReleaseState.SCHEDULED)


class NotEditable(Refused):
    """The release has begun to leave; what is out is corrected by a notice."""

    def __init__(self, release: Release) -> None:
        super().__init__(
            f"This release is {release.state.value}: it can no longer be edited. Send a correction instead."
        )


def write(
    session: Session,
    sender: Sender,
    manuscripts: Sequence[Manuscript],
    *,
    by: Account,
    topics: Sequence[Topic],
    embargo: datetime | None = None,
    lane: Lane = Lane.RELEASE,
) -> Release:
    """A new draft, one edition for each manuscript, the first the one for readers of other languages.

    In the lane of notices it will overtake releases that are on their way.

    Raises accounts.NotAllowed, manuscripts.BadHeadline, or Refused when two manuscripts are in one language or there is
    no topic.
    """
    accounts.require(by, sender.id, Role.WRITE)
    languages = [manuscript.language for manuscript in manuscripts]
    if len(set(languages)) < len(languages):
        raise Refused("Two of these texts are in the same language; a release has one edition for each.")
    if not topics:
        raise Refused("Name at least one topic: a release goes to the subscribers of its topics.")
    release = Release(
        sender_id=sender.id,
        written_by=by.id,
        lane=lane,
        embargo=embargo or next((m.embargo for m in manuscripts if m.embargo), None),
    )
    release.editions = [_edition(manuscript, position) for position, manuscript in enumerate(manuscripts)]
    release.topics = [ReleaseTopic(topic_id=topic.id) for topic in topics]
    release.contacts = _contacts(session, sender, manuscripts)
    session.add(release)
    session.flush()
    audit.write(session, "release written", account=by, release=release, languages=languages)
    return release


def edit(session: Session, release: Release, language: str, *, by: Account, **fields: str) -> Edition:
    """Change words of one edition; an approval and a schedule there were are void.

    Raises accounts.NotAllowed, NotEditable, BadHeadline.
    """
    accounts.require(by, release.sender_id, Role.WRITE)
    session.refresh(release, with_for_update=True)
    if release.state not in EDITABLE:
        raise NotEditable(release)
    edition = next((edition for edition in release.editions if edition.language == language), None)
    if edition is None:
        raise Refused(f"This release has no edition in {language!a}.")
    for name, words in fields.items():
        setattr(edition, name, headline.check(words) if name == "headline" else words)
    release.written_by = by.id
    _void_approval(session, release, by)
    audit.write(session, "release edited", account=by, release=release, language=language, fields=sorted(fields))
    return edition


def _void_approval(session: Session, release: Release, by: Account) -> None:
    if release.state is ReleaseState.DRAFT:
        return
    revision = session.get_one(Revision, release.revision_id)
    session.add(
        Approval(
            revision_id=revision.id,
            written_by=revision.written_by,
            decided_by=by.id,
            decision=Decision.VOIDED,
            note="The text was edited after it was approved.",
        )
    )
    release.state = ReleaseState.DRAFT
    release.revision_id = None
    release.send_at = None
    session.execute(delete(Wave).where(Wave.release_id == release.id))
    session.flush()


def _edition(manuscript: Manuscript, position: int) -> Edition:
    return Edition(
        position=position,
        language=manuscript.language,
        headline=headline.check(manuscript.headline),
        subhead=manuscript.subhead,
        place=manuscript.dateline.place if manuscript.dateline else "",
        dated=manuscript.dateline.date if manuscript.dateline else None,
        dateline=manuscript.dateline.raw if manuscript.dateline else "",
        lead=manuscript.lead,
        body=manuscript.body,
        boilerplate=manuscript.boilerplate,
        notes=manuscript.notes,
    )


def _contacts(session: Session, sender: Sender, manuscripts: Sequence[Manuscript]) -> list[ReleaseContact]:
    named = [contact for manuscript in manuscripts for contact in manuscript.contacts]
    people = [
        senders.contact(
            session,
            sender,
            contact.name,
            role=contact.role,
            organisation=contact.organisation,
            phone=contact.phone,
            email=contact.email,
        )
        for contact in named
    ]
    unique = {person.id: person for person in people}
    return [ReleaseContact(contact_id=id_, position=position) for position, id_ in enumerate(unique)]
