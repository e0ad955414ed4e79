"""Pictures as they are kept: bounded, upright, and without what a camera wrote about who took them where."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from service.errors import Refused

MOST_PIXELS = 80_000_000
"""More would take gigabytes to open: a file of some kilobytes can say it has them."""
PREVIEW = (720, 720)
QUALITY = 95
"""Of a JPEG that has to be turned; others keep the very tables they came with."""
KINDS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
ORIENTATION = 0x0112


class BadPicture(Refused):
    """A file that is no picture we can keep; the message says why."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A small WebP."""

    width: int
    height: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture without its metadata, its media type, and a preview of it."""

    type: str
    content: bytes
    preview: Preview


def clean(content: bytes) -> Picture:
    """The picture as it is kept. Raises BadPicture."""
    try:
        with Image.open(BytesIO(content), formats=tuple(KINDS)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise BadPicture(f"The picture has {picture.width} × {picture.height} pixels; 80 million are the most.")
            if getattr(picture, "n_frames", 1) > 1:
                raise BadPicture("The picture moves. Take one that stands still.")
            kept = _without_metadata(picture)
        return Picture(KINDS[picture.format or ""], kept, _preview(kept))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as fault:
        raise BadPicture("This is no JPEG, PNG or WebP picture, or it is damaged.") from fault


def _without_metadata(picture: Image.Image) -> bytes:
    """Upright pixels and their colour profile; no place, no name, no thumbnail of what was cut away."""
    kind, profile = picture.format or "", picture.info.get("icc_profile")
    turned = picture.getexif().get(ORIENTATION, 1) != 1
    upright = ImageOps.exif_transpose(picture) if turned else picture
    upright.load()
    for name in ("exif", "xmp", "XML:com.adobe.xmp", "comment", "photoshop", "Raw profile type exif"):
        upright.info.pop(name, None)
    packed = BytesIO()
    how: dict[str, object] = {"exif": b"", "icc_profile": profile}
    if kind == "JPEG":
        how |= {"quality": QUALITY} if turned else {"quality": "keep"}
    if kind == "WEBP":
        how |= {"quality": QUALITY}
    upright.save(packed, kind, **how)
    return packed.getvalue()


def _preview(content: bytes) -> Preview:
    with Image.open(BytesIO(content), formats=tuple(KINDS)) as picture:
        picture.draft("RGB", PREVIEW)
        small = picture.convert("RGB")
    small.thumbnail(PREVIEW)
    packed = BytesIO()
    small.save(packed, "WEBP", quality=72, method=4)
    return Preview(small.width, small.height, packed.getvalue())
