"""The press kit of a release: pictures and documents, each at an address nobody guesses, closed until it opens."""

import secrets
from dataclasses import dataclass
from io import BytesIO
from uuid import UUID
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from PIL import Image, ImageOps, UnidentifiedImageError
from sqlalchemy import Date, Select, cast, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, undefer

from service import accounts, audit
from service.errors import Refused
from service.mail.attachments import UNKNOWN, safe_name, safe_type
from service.manuscripts.characters import clean_line
from service.models import Account, Attachment, Download, Publication, Release, ReleaseState, Role, Sender
from service.newsroom import pictures
from service.newsroom.publishing import NotADraft
from service.newsroom.reading import Missing
from service.newsroom.visible import current, mailed

LARGEST = 25_000_000
LARGEST_KIT = 50_000_000
MOST_PIXELS = 80_000_000
PREVIEW = (720, 720)
KIT = "kit"
# MPO is what Pillow calls a JPEG with further pictures behind it, as phones write them.
PICTURES = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
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
    """What is said of a file: `alt` is what the picture shows, for who cannot see it."""

    caption: str = ""
    credit: str = ""
    alt: str = ""


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

    Raises accounts.NotAllowed, NotADraft, BadFile.
    """
    accounts.require_on(by, release, Role.WRITE)
    session.refresh(release, with_for_update=True)
    if release.state is not ReleaseState.DRAFT:
        raise NotADraft(release)
    _check_size(session, release, len(content))
    preview = _preview(content) if type_.startswith("image/") else None
    content = _published(content, preview.type) if preview else content
    found = Attachment(
        release_id=release.id,
        key=secrets.token_hex(16),
        name=safe_name(name),
        type=preview.type if preview else _honest(type_, content),
        size=len(content),
        caption=clean_line(said.caption),
        credit=clean_line(said.credit),
        alt=clean_line(said.alt),
        width=preview.width if preview else None,
        height=preview.height if preview else None,
        content=content,
        preview=preview.content if preview else None,
    )
    session.add(found)
    session.flush()
    audit.write(session, "file attached", account=by, release=release, file=str(found.id))
    return found


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
            said.append("\n".join(filter(None, [name, one.caption, one.credit and f"© {one.credit}"])))
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


@dataclass(frozen=True, slots=True)
class _Preview:
    type: str
    width: int
    height: int
    content: bytes


def _preview(content: bytes) -> _Preview:
    """A small WebP without the metadata of the original. Raises BadFile."""
    try:
        with Image.open(BytesIO(content), formats=tuple(PICTURES)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise BadFile(f"The picture has {picture.width} × {picture.height} pixels; 80 million are the most.")
            picture.draft("RGB", PREVIEW)
            kind = PICTURES[picture.format or ""]
            small = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as fault:
        raise BadFile("This is no JPEG, PNG or WebP picture, or it is damaged.") from fault
    small.thumbnail(PREVIEW)
    packed = BytesIO()
    small.save(packed, "WEBP", quality=72, method=4)
    return _Preview(kind, small.width, small.height, packed.getvalue())


def _published(content: bytes, kind: str) -> bytes:
    """The picture without what its maker did not mean to publish. Raises BadFile."""
    try:
        return pictures.without_place(content, kind)
    except ValueError as fault:
        raise BadFile("This picture is damaged: save it anew and attach that.") from fault


def _honest(type_: str, content: bytes) -> str:
    """The media type, if the bytes begin as that type does; else that of octets nobody knows."""
    named = safe_type(type_)
    if named.startswith(ZIPPED):
        return named if content.startswith(b"PK") else UNKNOWN
    begins = BEGINNINGS.get(named)
    return named if begins and content.startswith(begins) else UNKNOWN


def _check_size(session: Session, release: Release, size: int) -> None:
    if not 0 < size <= LARGEST:
        raise BadFile(
            f"The file has {size / 1e6:.1f} MB; {LARGEST // 1_000_000} MB are the most, and it must hold something."
        )
    there = session.scalar(select(func.sum(Attachment.size)).where(Attachment.release_id == release.id)) or 0
    if there + size > LARGEST_KIT:
        raise BadFile(f"The press kit would have {(there + size) / 1e6:.0f} MB; 50 MB are the most.")


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
