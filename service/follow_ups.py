"""Follow-ups: one question more, in the same thread, to those who have a release and did not answer it. Once."""

from collections.abc import Mapping

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from service import accounts, audit
from service.errors import Refused
from service.models import (
    Account,
    Edition,
    FollowUp,
    Kind,
    Notice,
    NoticeKind,
    Release,
    ReleaseContact,
    ReleaseState,
    ReleaseTopic,
    Revision,
    Role,
)
from service.releases.holding import UNANSWERED
from service.releases.revisions import content_of

LONGEST_HEADLINE = 255
WAITING = text(f"SELECT count(*) FROM delivery h WHERE h.release_id = :about AND {UNANSWERED}")  # noqa: S608


class NotToFollowUp(Refused):
    """Only what was sent, and still stands, is asked after."""


class AlreadyFollowedUp(Refused):
    """Once is asked after a release, not twice."""

    def __init__(self) -> None:
        super().__init__("This release has a follow-up already. Who did not answer twice is not asked again.")


class NothingSaid(Refused):
    """Write it in each language."""

    def __init__(self) -> None:
        super().__init__("Write what you want to say, in each language of the release.")


def waiting(session: Session, release: Release) -> int:
    """How many got the release and sent no answer; an out-of-office note is none."""
    return session.scalar(WAITING, {"about": release.id}) or 0


def of(session: Session, release: Release) -> FollowUp | None:
    """The follow-up of a release, if there is one."""
    return session.scalar(select(FollowUp).where(FollowUp.about_id == release.id))


def begin(session: Session, about: Release, said: Mapping[str, str], *, by: Account) -> Release:
    """A draft that asks those without an answer; `said` by language, for each edition of the release.

    It is approved as any release, and leaves by `notices.send`. Raises accounts.NotAllowed, NotToFollowUp,
    AlreadyFollowedUp, NothingSaid.
    """
    accounts.require(by, about.sender_id, Role.WRITE)
    session.refresh(about, with_for_update=True)
    _check(session, about)
    editions = content_of(session.get_one(Revision, about.revision_id)).editions
    if any(not said.get(edition.language, "").strip() for edition in editions):
        raise NothingSaid
    release = Release(sender_id=about.sender_id, written_by=by.id, kind=Kind.FOLLOW_UP, zone=about.zone)
    release.editions = [
        Edition(
            position=place,
            language=edition.language,
            # Mail programs keep an answer in its thread by its subject too.
            headline=f"Re: {edition.headline}"[:LONGEST_HEADLINE],
            lead=said[edition.language].strip(),
        )
        for place, edition in enumerate(editions)
    ]
    release.topics = [ReleaseTopic(topic_id=topic.topic_id) for topic in about.topics]
    release.contacts = [ReleaseContact(contact_id=one.contact_id, position=one.position) for one in about.contacts]
    session.add(release)
    session.flush()
    session.add(FollowUp(release_id=release.id, about_id=about.id))
    audit.write(session, "follow-up written", account=by, release=release, about=str(about.id))
    session.flush()
    return release


def _check(session: Session, about: Release) -> None:
    if about.kind is not Kind.RELEASE or about.state is not ReleaseState.SENT:
        raise NotToFollowUp("Only a release that was sent can be followed up.")
    if of(session, about) is not None:
        raise AlreadyFollowedUp
    taken_back = (NoticeKind.HOLD, NoticeKind.KILL)
    doubted = select(Notice.release_id).where(Notice.about_id == about.id, Notice.kind.in_(taken_back))
    if session.scalar(doubted.limit(1)) is not None:
        raise NotToFollowUp("A notice holds this release back, or withdraws it: nobody is asked to use it.")
    if not waiting(session, about):
        raise NotToFollowUp("Everybody who has this release answered it.")
