"""A press picture goes out with its pixels as they came, its byline and its way up; not with where it was taken."""

import struct
from contextlib import suppress
from io import BytesIO

import pytest
from PIL import Image

from service.newsroom.metadata import IPTC, IRB, without_place

GPS, ORIENTATION, ARTIST, SERIAL, MAKER = 0x8825, 0x0112, 0x013B, 0xA431, 0x010F
KINDS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><exif:GPSLatitude>51,10N</exif:GPSLatitude></x:xmpmeta>'


def resource(number: int, said: bytes) -> bytes:
    return b"8BIM" + struct.pack(">HHI", number, 0, len(said)) + said + b"\0" * (len(said) % 2)


def taken(kind: str, **more: object) -> bytes:
    """As a camera would write it: upside down, with its place, its serial number and its owner's byline."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[ARTIST], exif[MAKER] = 6, "Ada Lovelace", "Kamera"
    exif.get_ifd(GPS)[2] = (51.0, 10.0, 0.0)
    exif.get_ifd(0x8769)[SERIAL] = "SN-4711-SECRET"
    picture = Image.radial_gradient("L").convert("RGB")
    packed = BytesIO()
    picture.save(packed, KINDS[kind], exif=exif, xmp=XMP, **more)
    return packed.getvalue()


def pixels(content: bytes) -> bytes:
    with Image.open(BytesIO(content)) as picture:
        return picture.convert("RGB").tobytes()


@pytest.mark.parametrize("kind", list(KINDS))
def test_the_place_goes_and_the_byline_stays(kind: str) -> None:
    before = taken(kind)
    assert b"SN-4711-SECRET" in before
    after = without_place(before, kind)
    with Image.open(BytesIO(after)) as picture:
        exif = picture.getexif()
        assert (exif[ORIENTATION], exif[ARTIST]) == (6, "Ada Lovelace")
        assert (GPS in exif, MAKER in exif) == (False, False)
    assert not [secret for secret in (b"SN-4711-SECRET", b"GPSLatitude", b"Kamera") if secret in after]
    assert pixels(after) == pixels(before)
    assert without_place(after, kind) == after


@pytest.mark.parametrize("progressive", [False, True])
def test_of_a_jpeg_the_iptc_fields_and_the_profile_stay(progressive: bool) -> None:
    fields = resource(0x040C, b"thumbnail-uncropped") + resource(IPTC, b"\x1c\x02\x50\x00\x03Ada")
    plain = taken("image/jpeg", progressive=progressive, icc_profile=b"a profile" * 9, comment=b"home of Ada")
    said = b"\xff\xed" + struct.pack(">H", len(IRB + fields) + 2) + IRB + fields
    film = b"\xff\xd8 a film behind the picture"
    after = without_place(plain[:2] + said + plain[2:] + film, "image/jpeg")
    assert not [gone for gone in (b"thumbnail", b"home of Ada", b"film") if gone in after]
    assert b"\x1c\x02\x50\x00\x03Ada" in after
    with Image.open(BytesIO(after)) as picture:
        assert picture.info["icc_profile"] == b"a profile" * 9
    assert pixels(after) == pixels(plain)


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize("cut", [3, 40, 200])
def test_what_is_cut_off_is_refused_or_kept_and_nothing_worse(kind: str, cut: int) -> None:
    with suppress(ValueError):
        assert without_place(taken(kind)[:cut], kind)


def test_of_several_pictures_in_one_file_the_first_goes_out() -> None:
    """Phones write a second picture, and where it is, behind the first (CIPA DC-007)."""
    packed = BytesIO()
    first, second = Image.new("RGB", (40, 30), "teal"), Image.new("RGB", (40, 30), "red")
    first.save(packed, "MPO", save_all=True, append_images=[second])
    after = without_place(packed.getvalue(), "image/jpeg")
    assert b"MPF\0" not in after
    with Image.open(BytesIO(after)) as picture:
        assert picture.format == "JPEG"
