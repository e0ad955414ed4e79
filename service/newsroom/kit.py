"""The press kit of a release: pictures and documents, each at an address nobody guesses, closed until it opens."""

import secrets
from dataclasses import dataclass
from io import BytesIO
from uuid import UUID
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from sqlalchemy import Date, Select, cast, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, undefer

from service import accounts, audit, scanning
from service.errors import Refused
from service.mail.attachments import UNKNOWN, safe_name, safe_type
from service.manuscripts.characters import clean_line
from service.models import Account, Attachment, Download, Publication, Release, ReleaseState, Role, Sender
from service.newsroom import pictures
from service.newsroom.publishing import NotADraft
from service.newsroom.reading import Missing
from service.newsroom.visible import current, mailed
from service.settings import settings

LARGEST = 25_000_000
LARGEST_KIT = 50_000_000
LONGEST_WORDS = 500
KIT = "kit"
# What a file must begin with to be served as what it says it is; of pictures Pillow is asked.
BEGINNINGS = {"application/pdf": b"%PDF-", "application/rtf": b"{\\rtf", "image/gif": b"GIF8"}
ZIPPED = ("application/zip", "application/epub+zip", "application/vnd.o")


class BadFile(Refused):
    """A file that cannot be in a press kit; the message says why."""


@dataclass(frozen=True, slots=True)
class Content:
    """A file as it is sent."""

    name: str
    type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Caption:
    """What is said of a file: `alt` is what the picture shows, for who cannot see it, `rights` how it may be used."""

    caption: str = ""
    credit: str = ""
    alt: str = ""
    rights: str = ""


NO_CAPTION = Caption()


def attach(
    session: Session,
    release: Release,
    name: str,
    type_: str,
    content: bytes,
    *,
    by: Account,
    said: Caption = NO_CAPTION,
) -> Attachment:
    """Put a file into the press kit of a draft: it is approved with the text, a picture without where it was taken.

    Raises accounts.NotAllowed, NotADraft, BadFile, pictures.BadPicture, scanning.Infected, scanning.ScannerAway.
    """
    accounts.require_on(by, release, Role.WRITE)
    _check_one(len(content))
    scanning.check(content, settings().clamav)
    picture = pictures.clean(content) if type_.startswith("image/") else None
    kept = picture.content if picture else content
    _to_change(session, release, len(kept))
    found = Attachment(
        release_id=release.id,
        key=secrets.token_hex(16),
        name=safe_name(name),
        type=picture.type if picture else _honest(type_, content),
        size=len(kept),
        width=picture.preview.width if picture else None,
        height=picture.preview.height if picture else None,
        content=kept,
        preview=picture.preview.content if picture else None,
    )
    _say(found, said)
    session.add(found)
    session.flush()
    audit.write(session, "file attached", account=by, release=release, file=str(found.id))
    return found


def describe(session: Session, release: Release, key: str, said: Caption, *, by: Account) -> None:
    """Say something else of a file. Raises accounts.NotAllowed, NotADraft, Missing."""
    accounts.require_on(by, release, Role.WRITE)
    _to_change(session, release, 0)
    _say(_one(session, release, key), said)
    session.flush()
    audit.write(session, "file described", account=by, release=release)


def reuse(session: Session, release: Release, id_: UUID, *, by: Account) -> Attachment:
    """Put a file that another release of this newsroom has into this draft's kit, with all that is said of it.

    At an address of its own: what is taken out of one release stays in the other. Raises accounts.NotAllowed,
    NotADraft, Missing, BadFile.
    """
    accounts.require_on(by, release, Role.WRITE)
    query = select(Attachment).join(Release, Release.id == Attachment.release_id)
    query = query.where(Attachment.id == id_, Release.sender_id == release.sender_id)
    other = session.scalar(query.options(undefer(Attachment.content), undefer(Attachment.preview)))
    if other is None:
        raise Missing
    _to_change(session, release, other.size)
    same = {column.key: getattr(other, column.key) for column in Attachment.__table__.columns}
    found = Attachment(**same | {"id": None, "release_id": release.id, "key": secrets.token_hex(16)})
    session.add(found)
    session.flush()
    audit.write(session, "file attached", account=by, release=release, file=str(found.id), again=str(other.id))
    return found


def of(session: Session, release: Release) -> list[Attachment]:
    """The files of a release's kit, in the order in which they came."""
    query = select(Attachment).where(Attachment.release_id == release.id).order_by(Attachment.id)
    return list(session.scalars(query))


def library(session: Session, release: Release, *, words: str = "", limit: int = 30) -> list[Attachment]:
    """What other releases of the newsroom have that this one has not, the newest first; by name or what is said."""
    mine = select(Attachment.name).where(Attachment.release_id == release.id)
    query = (
        select(Attachment)
        .join(Release, Release.id == Attachment.release_id)
        .where(Release.sender_id == release.sender_id, Release.id != release.id, Attachment.name.not_in(mine))
        .order_by(Attachment.id.desc())
    )
    if words:
        columns = (Attachment.name, Attachment.caption, Attachment.credit, Attachment.alt)
        query = query.where(or_(*(column.icontains(words, autoescape=True) for column in columns)))
    return list(session.scalars(query.limit(limit)))


def detach(session: Session, release: Release, key: str, *, by: Account) -> None:
    """Take a file out of a draft's press kit. Raises accounts.NotAllowed, NotADraft, Missing."""
    accounts.require_on(by, release, Role.WRITE)
    session.refresh(release, with_for_update=True)
    if release.state is not ReleaseState.DRAFT:
        raise NotADraft(release)
    found = session.scalar(select(Attachment).where(Attachment.release_id == release.id, Attachment.key == key))
    if found is None:
        raise Missing
    session.delete(found)
    session.flush()
    audit.write(session, "file detached", account=by, release=release, file=str(found.id))


def public_file(session: Session, newsroom: str, slug: str, key: str, *, preview: bool = False) -> Content:
    """A file of a public release, or its preview. Raises Missing."""
    query = (
        _bytes(preview=preview)
        .join(Publication, Publication.release_id == Attachment.release_id)
        .join(Sender, Sender.id == Publication.sender_id)
        .where(Sender.slug == newsroom, Publication.slug == slug, Attachment.key == key, current())
    )
    return _content(session.scalar(query), preview=preview)


def mailed_file(session: Session, newsroom: str, key: str) -> Content:
    """A file by the key that stands in the mail, also of a release that went by mail only. Raises Missing."""
    query = (
        _bytes(preview=False)
        .join(Publication, Publication.release_id == Attachment.release_id)
        .join(Sender, Sender.id == Publication.sender_id)
        .where(Sender.slug == newsroom, Attachment.key == key, mailed())
    )
    return _content(session.scalar(query), preview=False)


def file(session: Session, release_id: UUID, key: str, *, preview: bool = False) -> Content:
    """A file of a release whoever asks may read; ask before. Raises Missing."""
    query = _bytes(preview=preview).where(Attachment.release_id == release_id, Attachment.key == key)
    return _content(session.scalar(query), preview=preview)


def zipped(session: Session, release_id: UUID, text: str) -> bytes:
    """The whole press kit in one file, with what is said of each picture and the release as plain text."""
    query = select(Attachment).options(undefer(Attachment.content)).where(Attachment.release_id == release_id)
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_STORED) as archive:
        archive.writestr(_named("release.txt"), text)
        said = []
        for number, one in enumerate(session.scalars(query.order_by(Attachment.id)), start=1):
            name = f"{number:02} {one.name}"
            archive.writestr(_named(name), one.content)
            said.append("\n".join(filter(None, [name, one.caption, one.credit and f"© {one.credit}", one.rights])))
        if said:
            archive.writestr(_named("credits.txt"), "\n\n".join(said) + "\n")
    return packed.getvalue()


def _named(name: str) -> ZipInfo:
    # The earliest moment a zip file can hold: the same kit is the same bytes.
    return ZipInfo(name, (1980, 1, 1, 0, 0, 0))


def count(session: Session, release_id: UUID, what: str) -> None:
    """One more download of `what` today: KIT, or a file's key. Nothing of who it was is known or kept."""
    today = cast(func.timezone("UTC", func.statement_timestamp()), Date)
    statement = insert(Download).values(release_id=release_id, what=what, day=today, times=1)
    again = {"times": Download.times + 1}
    session.execute(statement.on_conflict_do_update(index_elements=["release_id", "what", "day"], set_=again))


def downloads(session: Session, release_id: UUID) -> dict[str, int]:
    """How often the kit and each file of it were taken, by file name; `KIT` for the whole."""
    name = func.coalesce(Attachment.name, Download.what)
    query = (
        select(name, func.sum(Download.times))
        .outerjoin(Attachment, Attachment.key == Download.what)
        .where(Download.release_id == release_id)
        .group_by(name)
        .order_by(name)
    )
    return {what: int(times) for what, times in session.execute(query)}


def _one(session: Session, release: Release, key: str) -> Attachment:
    found = session.scalar(select(Attachment).where(Attachment.release_id == release.id, Attachment.key == key))
    if found is None:
        raise Missing
    return found


def _say(found: Attachment, said: Caption) -> None:
    for name in Caption.__dataclass_fields__:
        setattr(found, name, clean_line(getattr(said, name))[:LONGEST_WORDS])


def _to_change(session: Session, release: Release, more: int) -> None:
    """Lock the draft, and see that its kit has room. Raises NotADraft, BadFile."""
    session.refresh(release, with_for_update=True)
    if release.state is not ReleaseState.DRAFT:
        raise NotADraft(release)
    there = session.scalar(select(func.sum(Attachment.size)).where(Attachment.release_id == release.id)) or 0
    if more and there + more > LARGEST_KIT:
        raise BadFile(f"The press kit would have {(there + more) / 1e6:.0f} MB; 50 MB are the most.")


def _honest(type_: str, content: bytes) -> str:
    """The media type, if the bytes begin as that type does; else that of octets nobody knows."""
    named = safe_type(type_)
    if named.startswith(ZIPPED):
        return named if content.startswith(b"PK") else UNKNOWN
    begins = BEGINNINGS.get(named)
    return named if begins and content.startswith(begins) else UNKNOWN


def _check_one(size: int) -> None:
    if not 0 < size <= LARGEST:
        raise BadFile(
            f"The file has {size / 1e6:.1f} MB; {LARGEST // 1_000_000} MB are the most, and it must hold something."
        )


def _bytes(*, preview: bool) -> Select[Attachment]:
    wanted = Attachment.preview if preview else Attachment.content
    return select(Attachment).options(undefer(wanted))


def _content(found: Attachment | None, *, preview: bool) -> Content:
    if found is None:
        raise Missing
    if not preview:
        return Content(found.name, found.type, found.content)
    if found.preview is None:
        raise Missing
    return Content(f"{found.key}.webp", "image/webp", found.preview)
