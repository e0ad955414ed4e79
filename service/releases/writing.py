"""Writing a release: from a manuscript, or by changing an edition. An edit voids what was approved."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from service import accounts, audiences, audit, senders
from service.audiences import Audience
from service.errors import NotFound, Refused
from service.manuscripts import Manuscript, headline
from service.models import (
    Account,
    Approval,
    Decision,
    Edition,
    Lane,
    MediaContact,
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
from service.releases import holders

VOID = "The text was edited after it was approved."
EDITABLE = (ReleaseState.DRAFT, ReleaseState.APPROVED, ReleaseState.SCHEDULED)


class NotEditable(Refused):
    """The release has begun to leave; what is out is corrected by a notice."""

    def __init__(self, release: Release) -> None:
        super().__init__(
            f"This release is {release.state.value}: it can no longer be edited. Send a correction instead."
        )


class NoTopic(Refused):
    """Name one."""

    def __init__(self) -> None:
        super().__init__("Name at least one topic: a release goes to the subscribers of its topics.")


class NoSuchEdition(NotFound):
    """The release is not in that language."""

    def __init__(self, language: str) -> None:
        super().__init__("This release has no edition in “%(language)s”.", language=language)


class ChangedMeanwhile(Refused):
    """Look at what somebody else has written, then save again."""

    def __init__(self, edition: Edition) -> None:
        super().__init__(
            "Somebody has changed this text since you opened it. Nothing of yours is lost: compare the two below, then "
            "save again."
        )
        self.edition = edition


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
    accounts.require_anywhere_in(by, sender.id, Role.WRITE)
    languages = [manuscript.language for manuscript in manuscripts]
    if len(set(languages)) < len(languages):
        raise Refused("Two of these texts are in the same language; a release has one edition for each.")
    if not topics:
        raise NoTopic
    _may_write_about(by, sender.id, topics)
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


def edit(
    session: Session,
    release: Release,
    language: str,
    *,
    by: Account,
    seen: int | None = None,
    **fields: str | date | None,
) -> Edition:
    """Change words of one edition; an approval and a schedule there were are void.

    `seen` is the version they were changed from. Raises accounts.NotAllowed, NotEditable, NoSuchEdition,
    ChangedMeanwhile, BadHeadline.
    """
    _open(session, release, by)
    edition = edition_in(release, language)
    if seen is not None and seen != edition.version:
        raise ChangedMeanwhile(edition)
    changed = {name: words for name, words in fields.items() if getattr(edition, name) != words}
    if not changed:
        return edition
    for name, words in changed.items():
        setattr(edition, name, headline.check(str(words)) if name == "headline" else words)
    edition.version += 1
    _was_edited(session, release, by)
    audit.write(session, "release edited", account=by, release=release, language=language, fields=sorted(changed))
    return edition


def add_edition(session: Session, release: Release, manuscript: Manuscript, *, by: Account) -> Edition:
    """The release in one more language. Raises accounts.NotAllowed, NotEditable, Refused when it is in it already."""
    _open(session, release, by)
    if any(edition.language == manuscript.language for edition in release.editions):
        raise Refused("This release is in that language already.")
    edition = _edition(manuscript, max(edition.position for edition in release.editions) + 1)
    release.editions.append(edition)
    _was_edited(session, release, by)
    audit.write(session, "edition added", account=by, release=release, language=manuscript.language)
    return edition


def drop_edition(session: Session, release: Release, language: str, *, by: Account) -> None:
    """Leave one language out; its readers get the first edition.

    Raises accounts.NotAllowed, NotEditable, NoSuchEdition, Refused for the last one.
    """
    _open(session, release, by)
    edition = edition_in(release, language)
    if len(release.editions) == 1:
        raise Refused("This is the only edition. Stop the release instead.")
    release.editions.remove(edition)
    _was_edited(session, release, by)
    audit.write(session, "edition dropped", account=by, release=release, language=language)


def arrange(
    session: Session,
    release: Release,
    *,
    by: Account,
    topics: Sequence[Topic],
    contacts: Sequence[MediaContact],
    embargo: datetime | None,
    zone: str,
) -> None:
    """Say whom it is for, whom to call, and until when it is secret; any change voids an approval.

    Whoever holds it early is told of an embargo that ends later now.

    Raises accounts.NotAllowed, NotEditable, Refused without a topic.
    """
    _open(session, release, by)
    if not topics:
        raise NoTopic
    _may_write_about(by, release.sender_id, topics)
    until = release.embargo
    if _arrangement(release) == ({topic.id for topic in topics}, [one.id for one in contacts], embargo, zone):
        return
    # First, or an embargo that ends after the planned time would not go with it.
    _void_approval(session, release, by)
    release.topics = [ReleaseTopic(topic_id=topic.id) for topic in topics]
    release.contacts = [ReleaseContact(contact_id=one.id, position=place) for place, one in enumerate(contacts)]
    release.embargo, release.zone = embargo, zone
    _was_edited(session, release, by)
    holders.tell_of_moving(session, release, until)
    audit.write(session, "release arranged", account=by, release=release, topics=[topic.slug for topic in topics])


def readdress(session: Session, release: Release, *, by: Account, topics: Sequence[Topic], audience: Audience) -> None:
    """Say whom it is for: subscribers of these topics, narrowed down so; any change voids an approval.

    Raises accounts.NotAllowed, NotEditable, NoTopic, audiences.BadStages, NotFound for what is not the newsroom's.
    """
    _open(session, release, by)
    if not topics:
        raise NoTopic
    _may_write_about(by, release.sender_id, topics)
    audiences.check(session, release.sender_id, audience)
    before = {topic.topic_id for topic in release.topics}, release.audience
    after = {topic.id for topic in topics}, audiences.plain(audience)
    if after == before:
        return
    release.topics = [ReleaseTopic(topic_id=topic.id) for topic in topics]
    release.audience = after[1]
    _was_edited(session, release, by)
    audit.write(session, "release readdressed", account=by, release=release, topics=[topic.slug for topic in topics])


@contextmanager
def changing(session: Session, release: Release, *, by: Account) -> Iterator[None]:
    """Change what is kept beside its words and approved with them: an approval there was is void afterwards.

    Raises accounts.NotAllowed, NotEditable.
    """
    _open(session, release, by)
    yield
    _was_edited(session, release, by)


def _arrangement(release: Release) -> tuple[object, ...]:
    topics = {topic.topic_id for topic in release.topics}
    return topics, [named.contact_id for named in release.contacts], release.embargo, release.zone


def edition_in(release: Release, language: str) -> Edition:
    """Its edition in this language. Raises NoSuchEdition."""
    found = next((edition for edition in release.editions if edition.language == language), None)
    if found is None:
        raise NoSuchEdition(language)
    return found


def _may_write_about(by: Account, sender_id: UUID, topics: Sequence[Topic]) -> None:
    for topic in topics:
        accounts.require(by, sender_id, Role.WRITE, topic.id)


def _open(session: Session, release: Release, by: Account) -> None:
    accounts.require_on(by, release, Role.WRITE)
    session.refresh(release, with_for_update=True)
    if release.state not in EDITABLE:
        raise NotEditable(release)


def _was_edited(session: Session, release: Release, by: Account) -> None:
    release.written_by = by.id
    session.flush()  # a later refresh of the release would expire its editions, and what was not written with them
    _void_approval(session, release, by)


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
            note=VOID,
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
