"""Into the newsroom and out of it: a publication is made with the approval, opens by itself, and can be withdrawn."""

from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from service import accounts, audit, db, jobs
from service.errors import Refused
from service.mail import body
from service.models import (
    Account,
    Kind,
    Notice,
    NoticeKind,
    Publication,
    PublishedEdition,
    Release,
    ReleaseState,
    Revision,
    Role,
)
from service.newsroom import slugs
from service.newsroom.visible import opened
from service.releases.revisions import Frozen, FrozenEdition, content_of

LONGEST_SUMMARY = 400
SEARCHED = 200_000
"""Characters of an edition that can be found by; PostgreSQL's search documents end at 1 MiB."""
OPENING = (ReleaseState.SCHEDULED, ReleaseState.SENDING, ReleaseState.SENT)


class NotInTheNewsroom(Refused):
    """It has no place in the newsroom: approve it first, or publish what was approved before there was one."""

    def __init__(self) -> None:
        super().__init__("This release has no place in the newsroom. It gets one when it is approved.")


class AlreadyPublic(Refused):
    """It can be read already: withdraw it instead."""

    def __init__(self) -> None:
        super().__init__("This release is public already. To take it back, withdraw it.")


class NotADraft(Refused):
    """What a release is about, and its press kit, are approved with it: only a draft's can be changed."""

    def __init__(self, release: Release) -> None:
        super().__init__(
            "This release is %(state)s; this belongs to what is approved. Change a draft.", state=release.state
        )


def prepare(session: Session, release: Release, revision: Revision) -> Publication:
    """Give an approved release its place: a slug, its words for search. Its time opens it."""
    frozen = content_of(revision)
    publication = session.get(Publication, release.id, with_for_update=True, populate_existing=True)
    if publication is None:
        publication = Publication(release_id=release.id, sender_id=release.sender_id, withdrawn_reason="")
        publication.shown = _is_for_everybody(session, release)
        publication.slug = slugs.make(frozen.editions[0].headline)
        session.add(publication)
    elif not slugs.of_same(publication.slug, frozen.editions[0].headline):
        publication.slug = slugs.make(frozen.editions[0].headline)
    publication.revision_id = revision.id
    publication.topic_ids = list(frozen.topics)
    publication.languages = [edition.language for edition in frozen.editions]
    session.flush()
    _write_editions(session, release.id, frozen)
    return publication


def _is_for_everybody(session: Session, release: Release) -> bool:
    """A follow-up is for those it goes to; a notice is seen where what it is about is seen."""
    if release.kind is Kind.FOLLOW_UP:
        return False
    notice = session.get(Notice, release.id) if release.kind is Kind.NOTICE else None
    about = session.get(Publication, notice.about_id) if notice else None
    return notice is None or (about is not None and about.shown)


def publish(session: Session, release: Release, *, by: Account) -> Publication:
    """Put what was approved before there was a newsroom into it. Raises accounts.NotAllowed, NotInTheNewsroom."""
    accounts.require_on(by, release, Role.SEND)
    session.refresh(release, with_for_update=True)
    if release.revision_id is None or release.state is ReleaseState.CANCELLED:
        raise NotInTheNewsroom
    publication = session.get(Publication, release.id)
    if publication is None:
        publication = prepare(session, release, session.get_one(Revision, release.revision_id))
        publication.opens_at = release.send_at if release.state in OPENING else None
        audit.write(session, "release published", account=by, release=release)
        session.flush()
    return publication


def show(session: Session, release: Release, *, by: Account, shown: bool) -> None:
    """Let it appear in the newsroom, or only go by mail.

    Raises accounts.NotAllowed, NotInTheNewsroom, AlreadyPublic.
    """
    accounts.require_on(by, release, Role.SEND)
    publication = get(session, release)
    if publication.shown == shown:
        return
    if not shown and is_open(session, release.id):
        raise AlreadyPublic
    publication.shown = shown
    audit.write(session, "newsroom chosen", account=by, release=release, shown=shown)
    session.flush()


def withdraw(session: Session, release: Release, *, by: Account, reason: str = "") -> None:
    """Take it out of the newsroom at once and for good; whoever was granted it early is locked out too.

    Its page says so and why. What was mailed cannot be recalled: send a kill for that. Again changes nothing.
    Raises accounts.NotAllowed, NotInTheNewsroom.
    """
    accounts.require_on(by, release, Role.SEND)
    publication = get(session, release)
    if publication.withdrawn_at is not None:
        return
    publication.withdrawn_at = func.clock_timestamp()
    publication.withdrawn_reason = reason
    audit.write(session, "release withdrawn", account=by, release=release, reason=reason)
    db.after_commit(session, lambda: jobs.ring(jobs.Job.TICK))  # digests that hold it are recalled
    session.flush()
    session.refresh(publication)


def is_about(session: Session, notice: Release, about: Release, kind: NoticeKind, *, by: Account) -> Notice:
    """Say that this draft corrects, updates, holds or kills an earlier release of the same newsroom.

    From the moment the notice opens, the page, the feeds and the wire of the earlier one say so.
    Raises accounts.NotAllowed, NotADraft, Refused.
    """
    accounts.require_on(by, notice, Role.WRITE)
    session.refresh(notice, with_for_update=True)
    if notice.state is not ReleaseState.DRAFT:
        raise NotADraft(notice)
    if about.sender_id != notice.sender_id or about.id == notice.id:
        raise Refused("A notice is about another release of the same newsroom.")
    session.execute(delete(Notice).where(Notice.release_id == notice.id))
    found = Notice(release_id=notice.id, about_id=about.id, kind=kind)
    session.add(found)
    audit.write(session, "notice written", account=by, release=notice, about=str(about.id), kind=kind.value)
    session.flush()
    return found


def get(session: Session, release: Release) -> Publication:
    """The release's place in the newsroom, locked for a change. Raises NotInTheNewsroom."""
    found = session.get(Publication, release.id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotInTheNewsroom
    return found


def is_open(session: Session, release_id: UUID) -> bool:
    """Whether its instant has come."""
    return session.scalar(select(opened()).where(Publication.release_id == release_id)) or False


def _write_editions(session: Session, release_id: UUID, frozen: Frozen) -> None:
    session.execute(delete(PublishedEdition).where(PublishedEdition.release_id == release_id))
    rows = [
        {
            "release_id": release_id,
            "language": edition.language,
            "position": position,
            "headline": edition.headline,
            "summary": _shortened(edition.subhead or edition.lead),
            "words": _words(edition),
        }
        for position, edition in enumerate(frozen.editions)
    ]
    session.execute(insert(PublishedEdition), rows)


def _words(edition: FrozenEdition) -> str:
    written = (edition.subhead, edition.dateline, edition.lead, body.as_text(edition.body), body.as_text(edition.notes))
    return "\n".join(filter(None, written)).replace("\x00", "")[:SEARCHED]


def _shortened(words: str) -> str:
    if len(words) <= LONGEST_SUMMARY:
        return words
    return words[:LONGEST_SUMMARY].rpartition(" ")[0].rstrip(" ,;:–-") + " …"
