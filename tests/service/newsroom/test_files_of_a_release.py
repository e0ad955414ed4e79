"""Files of a release: clean, described, reused, each at an address of its own."""

from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy.orm import Session

from service import approvals
from service.models import Attachment, Release
from service.newsroom import kit, pictures, publishing
from service.newsroom.kit import Caption
from service.newsroom.reading import Missing
from service.scanning import ScannerAway
from service.settings import adopt, settings
from tests.factories import Newsroom, make_newsroom, make_release

PLACE, MAKE, TURN = 0x8825, 0x010F, 0x0112
SAID = Caption("The gauge at Petropavl", "Ada Officer", "A gauge in a river", "Free for editorial use")


@pytest.fixture
def room(session: Session) -> Newsroom:
    return make_newsroom(session)


@pytest.fixture
def release(session: Session, room: Newsroom) -> Release:
    return make_release(session, room)


def photograph(kind: str = "JPEG", *, turn: int = 1) -> bytes:
    """A picture that says where it was taken, and by which camera."""
    picture = Image.new("RGB", (60, 40), "navy")
    told = picture.getexif()
    told[MAKE], told[TURN] = "Secret Camera Works", turn
    told.get_ifd(PLACE)[1] = "N"
    packed = BytesIO()
    picture.save(packed, kind, exif=told)
    return packed.getvalue()


def add(session: Session, release: Release, room: Newsroom, content: bytes, name: str = "river.jpg") -> Attachment:
    return kit.attach(session, release, name, "image/jpeg", content, by=room.ada, said=SAID)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_no_place_and_no_camera_is_left_in_a_picture(
    session: Session, room: Newsroom, release: Release, kind: str
) -> None:
    assert b"Secret Camera Works" in photograph(kind)
    kept = add(session, release, room, photograph(kind)).content
    assert b"Secret Camera" not in kept
    with Image.open(BytesIO(kept)) as picture:
        assert dict(picture.getexif()) in ({}, {TURN: 1})
        assert (picture.format, picture.size) == (kind, (60, 40))


def test_a_picture_keeps_its_pixels_and_its_way_up_and_its_preview_stands_upright(
    session: Session, room: Newsroom, release: Release
) -> None:
    file = add(session, release, room, photograph(turn=6))
    with Image.open(BytesIO(file.content)) as picture:
        assert (picture.size, picture.getexif()[TURN]) == ((60, 40), 6)
    assert (file.width, file.height) == (40, 60)


def test_a_bomb_is_refused_before_it_is_opened(session: Session, room: Newsroom, release: Release) -> None:
    packed = BytesIO()
    Image.new("1", (20_000, 5_000)).save(packed, "PNG")
    assert len(packed.getvalue()) < 100_000
    with pytest.raises(pictures.BadPicture, match="pixels"):
        add(session, release, room, packed.getvalue())


@pytest.mark.parametrize("content", [b"<svg onload=alert(1)>", b"GIF89a;", photograph()[:200]])
def test_what_is_no_picture_is_refused(session: Session, room: Newsroom, release: Release, content: bytes) -> None:
    with pytest.raises(pictures.BadPicture):
        add(session, release, room, content)


def test_while_the_scanner_is_away_no_file_is_taken(session: Session, room: Newsroom, release: Release) -> None:
    before = settings().clamav
    adopt(clamav="127.0.0.1:1")
    try:
        with pytest.raises(ScannerAway):
            add(session, release, room, photograph())
    finally:
        adopt(clamav=before)
    assert kit.of(session, release) == []


def test_a_file_is_used_again_with_all_that_is_said_of_it_at_an_address_of_its_own(
    session: Session, room: Newsroom, release: Release
) -> None:
    first = add(session, release, room, photograph())
    other = make_release(session, room)

    assert kit.library(session, other, words="gauge") == [first]
    assert kit.library(session, other, words="glacier") == []
    again = kit.reuse(session, other, first.id, by=room.ada)
    kit.detach(session, release, first.key, by=room.ada)

    assert again.key != first.key
    assert (again.caption, again.credit, again.alt, again.rights) == tuple(
        getattr(SAID, name) for name in ("caption", "credit", "alt", "rights")
    )
    assert kit.file(session, other.id, again.key).content == again.content


def test_another_newsrooms_file_is_not_there(session: Session, room: Newsroom, release: Release) -> None:
    stranger = make_newsroom(session)
    theirs = make_release(session, stranger)
    file = kit.attach(session, theirs, "a.jpg", "image/jpeg", photograph(), by=stranger.ada)
    assert kit.library(session, release) == []
    with pytest.raises(Missing):
        kit.reuse(session, release, file.id, by=room.ada)


def test_files_are_approved_with_the_text(session: Session, room: Newsroom, release: Release) -> None:
    file = add(session, release, room, photograph())
    kit.describe(session, release, file.key, Caption(alt="A gauge"), by=room.ada)
    assert (file.alt, file.caption) == ("A gauge", "")
    approvals.approve(session, release, by=room.ben)
    for act in (
        lambda: kit.describe(session, release, file.key, SAID, by=room.ada),
        lambda: kit.reuse(session, release, file.id, by=room.ada),
        lambda: kit.detach(session, release, file.key, by=room.ada),
    ):
        with pytest.raises(publishing.NotADraft):
            act()
