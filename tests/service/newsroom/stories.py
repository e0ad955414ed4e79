"""Releases for the newsroom: public since a moment, under embargo for an hour, in several languages."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from io import BytesIO

from PIL import Image
from sqlalchemy.orm import Session

from service import approvals, releases
from service.models import Attachment, Edition, Publication, Release
from service.newsroom import kit
from service.newsroom.kit import Caption
from tests.factories import Newsroom, make_release, now

BODY = "The commission **measured** it.\n\n- one\n- two\n\nSee [the data](https://rivers.example/data?a=1&b=2)."


def write(
    session: Session,
    room: Newsroom,
    headline: str = "River levels fall",
    *,
    embargo: datetime | None = None,
    body: str = BODY,
    others: Sequence[tuple[str, str]] = (),
) -> Release:
    """A draft, with editions in other languages as pairs of language and headline."""
    release = make_release(session, room, headline=headline, embargo=embargo)
    release.editions[0].body = body
    for position, (language, words) in enumerate(others, start=1):
        edition = Edition(language=language, headline=words, lead=words, body=body, position=position)
        release.editions.append(edition)
    session.flush()
    return release


def approve(session: Session, room: Newsroom, release: Release, at: datetime | None = None) -> Publication:
    """Have it approved and scheduled: at once, or for a time."""
    approvals.approve(session, release, by=room.ben)
    releases.schedule(session, release, at or now(), by=room.ada)
    session.expire_all()
    return session.get_one(Publication, release.id)


def publish(session: Session, room: Newsroom, headline: str = "River levels fall", **kwargs: object) -> Publication:
    """A release that is public."""
    return approve(session, room, write(session, room, headline, **kwargs))  # type: ignore[arg-type]


def embargo(session: Session, room: Newsroom, headline: str = "River levels fall", **kwargs: object) -> Publication:
    """A release that is approved and waits for its hour."""
    until = now() + timedelta(hours=1)
    return approve(session, room, write(session, room, headline, embargo=until, **kwargs), until)  # type: ignore[arg-type]


def attach(session: Session, room: Newsroom, release: Release, name: str = "river.jpg") -> Attachment:
    """A picture in its press kit."""
    said = Caption("The Ishim at Astana", "Rivers Commission", "A wide river between low banks")
    return kit.attach(session, release, name, "image/jpeg", picture(), by=room.ada, said=said)


def picture(size: tuple[int, int] = (1200, 800)) -> bytes:
    packed = BytesIO()
    Image.new("RGB", size, (40, 90, 140)).save(packed, "JPEG")
    return packed.getvalue()


def address(room: Newsroom, publication: Publication, rest: str = "") -> str:
    """Where it is."""
    return f"/newsroom/{room.sender.slug}/releases/{publication.slug}{rest}"


def in_an_hour() -> datetime:
    return now() + timedelta(hours=1)
