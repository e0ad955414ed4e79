"""Writing a notice: a release of its own, about the one that was wrong, which stands still from that moment."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from service import accounts, audit, releases
from service.errors import Refused
from service.manuscripts import headline as headlines
from service.models import (
    Account,
    Edition,
    FollowUp,
    Kind,
    Lane,
    Notice,
    NoticeKind,
    Release,
    ReleaseContact,
    ReleaseState,
    ReleaseTopic,
    Revision,
    Role,
)
from service.notices import words
from service.notices.holding import held_by
from service.releases.revisions import FrozenEdition, content_of

MOVING = (ReleaseState.SCHEDULED, ReleaseState.SENDING, ReleaseState.PAUSED)
STANDS_STILL = {NoticeKind.CORRECTION, NoticeKind.HOLD}
"""Kinds that say the text is wrong, or may be: nothing more of it leaves until somebody decides."""


class Nobody(Refused):
    """There is nobody to tell: change it, or stop it."""

    def __init__(self) -> None:
        super().__init__("Nobody has this release yet, so there is nobody to tell. Change it, or stop it.")


class NotApproved(Refused):
    """What was never approved never left."""

    def __init__(self) -> None:
        super().__init__("This release was never approved, so nobody has it. Change it instead.")


@dataclass(frozen=True, slots=True)
class Words:
    """What a notice says in one language. Markdown in body."""

    language: str
    headline: str
    lead: str
    body: str


def propose(session: Session, about: Release, kind: NoticeKind) -> tuple[Words, ...]:
    """What to begin with: the text as it was sent, to be put right, or what a hold or a kill asks for.

    Raises NotApproved, revisions.Tampered.
    """
    return tuple(_proposed(edition, kind) for edition in sent(session, about))


def sent(session: Session, about: Release) -> tuple[FrozenEdition, ...]:
    """The editions as they were approved. Raises NotApproved, revisions.Tampered."""
    if about.revision_id is None:
        raise NotApproved
    return content_of(session.get_one(Revision, about.revision_id)).editions


def _proposed(edition: FrozenEdition, kind: NoticeKind) -> Words:
    said = words.lead(kind, edition.language)
    lead, body = (edition.lead, edition.body) if said is None else (said, "")
    return Words(edition.language, words.headline(kind, edition.language, edition.headline), lead, body)


def about(session: Session, release: Release) -> list[tuple[NoticeKind, Release]]:
    """What was said about a release since, drafts among it, in that order."""
    query = select(Notice.kind, Release).join(Release, Release.id == Notice.release_id)
    found = session.execute(query.where(Notice.about_id == release.id).order_by(Release.id))
    return [(kind, notice) for kind, notice in found]


def stops(about: Release, kind: NoticeKind) -> bool:
    """Whether beginning such a notice stops the earlier release for good, for it is on its way."""
    return kind is NoticeKind.KILL and about.state in MOVING


def begin(session: Session, about: Release, kind: NoticeKind, said: Sequence[Words], *, by: Account) -> Release:
    """A draft that is about an earlier release, for exactly those who hold it when it leaves.

    What has not left of the earlier one stays where it is from now on: a kill stops it, a hold and a correction pause
    it. Raises accounts.NotAllowed, Nobody, NotApproved, BadHeadline.
    """
    accounts.require(by, about.sender_id, Role.WRITE)
    session.refresh(about, with_for_update=True)
    earlier = sent(session, about)
    _stand_still(session, about, kind, by=by)
    if not held_by(session, about) and about.state is not ReleaseState.SENDING:
        raise Nobody
    notice = _draft(about, said, {edition.language: edition for edition in earlier}, by=by)
    session.add(notice)
    session.flush()
    session.add(Notice(release_id=notice.id, about_id=about.id, kind=kind))
    audit.write(session, "notice written", account=by, release=notice, about=str(about.id), kind=kind.value)
    session.flush()
    return notice


def _stand_still(session: Session, about: Release, kind: NoticeKind, *, by: Account) -> None:
    asking = select(FollowUp.release_id).where(FollowUp.about_id == about.id)
    for one in (about, *session.scalars(select(Release).where(Release.id.in_(asking)))):
        if stops(one, kind):
            releases.cancel(session, one, by=by, reason="A notice withdraws it")
        elif kind in STANDS_STILL and one.state is ReleaseState.SENDING:
            releases.pause(session, one, by=by, reason="A notice about it is being written")


def _draft(about: Release, said: Sequence[Words], earlier: dict[str, FrozenEdition], *, by: Account) -> Release:
    release = Release(sender_id=about.sender_id, written_by=by.id, kind=Kind.NOTICE, lane=Lane.NOTICE, zone=about.zone)
    release.editions = [
        Edition(
            position=place,
            language=one.language,
            headline=headlines.check(one.headline),
            lead=one.lead,
            body=one.body,
            place=earlier[one.language].place if one.language in earlier else "",
            boilerplate=earlier[one.language].boilerplate if one.language in earlier else "",
        )
        for place, one in enumerate(said)
    ]
    release.topics = [ReleaseTopic(topic_id=topic.topic_id) for topic in about.topics]
    release.contacts = [ReleaseContact(contact_id=one.contact_id, position=one.position) for one in about.contacts]
    return release
