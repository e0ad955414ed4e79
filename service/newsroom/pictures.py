"""Pictures as they are kept: bounded, and without what a camera wrote about who took them where."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from service.errors import Refused
from service.newsroom import metadata

MOST_PIXELS = 80_000_000
"""More would take gigabytes to open: a file of some kilobytes can say it has them."""
PREVIEW = (720, 720)
OPENED = ("JPEG", "PNG", "WEBP")
# MPO is what Pillow calls a JPEG with further pictures behind it, as phones write them.
KINDS = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}


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
        with Image.open(BytesIO(content), formats=OPENED) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise BadPicture(f"The picture has {picture.width} × {picture.height} pixels; 80 million are the most.")
            kind = KINDS[picture.format or ""]
        kept = metadata.without_place(content, kind)
        return Picture(kind, kept, _preview(kept))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as fault:
        raise BadPicture("This is no JPEG, PNG or WebP picture, or it is damaged.") from fault


def _preview(content: bytes) -> Preview:
    with Image.open(BytesIO(content), formats=OPENED) as picture:
        picture.draft("RGB", PREVIEW)
        small = ImageOps.exif_transpose(picture).convert("RGB")
    small.thumbnail(PREVIEW)
    packed = BytesIO()
    small.save(packed, "WEBP", quality=72, method=4)
    return Preview(small.width, small.height, packed.getvalue())
