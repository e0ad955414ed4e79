"""Pictures of a press kit as the world gets them: their pixels untouched, and nothing of where or by whom they were
taken but what their makers wrote for the press.

Cameras write places, serial numbers and an uncropped thumbnail into a picture. Of its metadata stay the IPTC fields
(byline, credit, caption), author, copyright, description and the way up; all else is left out, not a pixel is encoded
anew.
"""

import re
import struct
from collections.abc import Callable, Iterator
from zlib import crc32

from PIL import Image

EXIF = b"Exif\x00\x00"
IRB = b"Photoshop 3.0\x00"
IPTC = 0x0404
"""The one Photoshop resource that is written for the press; among the others are thumbnails and EXIF once more."""
SAID = (0x0112, 0x010E, 0x013B, 0x8298)
"""EXIF: orientation, description, artist, copyright."""
JPEG_KEPT = {0xE0: b"", 0xE2: b"ICC_PROFILE\x00", 0xEE: b"Adobe"}
"""Application segments that say how the pixels are meant, and how they begin."""
PNG_KEPT = frozenset(
    {
        *(b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"cICP", b"mDCV", b"cLLI", b"bKGD", b"pHYs"),
        *(b"acTL", b"fcTL", b"fdAT"),
    }
)
WEBP_KEPT = frozenset({b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
VP8X_EXIF, VP8X_XMP = 0x08, 0x04
SCAN_ENDS = re.compile(rb"\xff(?=[^\x00\xd0-\xd7\xff])")
"""What ends a scan: in its data, 0xFF is followed by a zero or by a restart marker."""


def without_place(content: bytes, kind: str) -> bytes:
    """The picture (image/jpeg, image/png or image/webp) without what nobody meant to publish.

    Raises ValueError when it is not built as its kind is.
    """
    try:
        return KINDS[kind](content)
    except (struct.error, IndexError) as fault:
        raise ValueError("The picture ends too soon.") from fault


def _jpeg(content: bytes) -> bytes:
    kept = [content[:2]]
    for marker, segment in _segments(content):
        if marker == 0xE1 and segment[4:].startswith(EXIF):
            exif = _said(segment[4 + len(EXIF) :])
            kept.append(_segment(0xE1, EXIF + exif) if exif else b"")
        elif marker == 0xED and segment[4:].startswith(IRB):
            resources = b"".join(_press_fields(segment[4 + len(IRB) :]))
            kept.append(_segment(0xED, IRB + resources) if resources else b"")
        elif not _is_metadata(marker, segment[4:]):
            kept.append(segment)
    # What stands behind the end are other pictures: whole uncropped ones, or films.
    return b"".join(kept) + b"\xff\xd9"


def _is_metadata(marker: int, said: bytes) -> bool:
    if marker in JPEG_KEPT:
        return not said.startswith(JPEG_KEPT[marker])
    return 0xE0 <= marker <= 0xEF or marker == 0xFE


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Every segment up to the end of the picture by its marker; a scan has its data with it."""
    at = 2
    while True:
        if content[at] != 0xFF:
            raise ValueError("The picture is no JPEG.")
        while content[at + 1] == 0xFF:  # ITU T.81, B.1.1.2: any number of fill bytes
            at += 1
        marker = content[at + 1]
        if marker == 0xD9:
            return
        end = at + 2 + struct.unpack_from(">H", content, at + 2)[0]
        if marker == 0xDA:
            found = SCAN_ENDS.search(content, end)
            if found is None:
                yield marker, content[at:]
                return
            end = found.start()
        yield marker, content[at:end]
        at = end


def _segment(marker: int, said: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(said) + 2) + said


def _press_fields(resources: bytes) -> Iterator[bytes]:
    at = 0
    while resources.startswith(b"8BIM", at):
        number, name = struct.unpack_from(">HB", resources, at + 4)
        size_at = at + 6 + (name + 2) // 2 * 2
        size = struct.unpack_from(">I", resources, size_at)[0]
        end = size_at + 4 + (size + 1) // 2 * 2
        if number == IPTC:
            yield resources[at:end]
        at = end


def _png(content: bytes) -> bytes:
    kept, at = [content[:8]], 8
    while at < len(content):
        size, name = struct.unpack_from(">I4s", content, at)
        chunk = content[at : at + 12 + size]
        if name == b"eXIf":
            kept.append(_png_exif(chunk[8:-4]))
        # An upper-case letter first: without it there is no picture (PNG, 5.4).
        elif name[:1].isupper() or name in PNG_KEPT:
            kept.append(chunk)
        if name == b"IEND":
            break
        at += len(chunk)
    return b"".join(kept)


def _png_exif(tiff: bytes) -> bytes:
    said = b"eXIf" + _said(tiff)
    return struct.pack(">I", len(said) - 4) + said + struct.pack(">I", crc32(said)) if len(said) > 4 else b""


def _webp(content: bytes) -> bytes:
    kept: dict[int, bytes] = {}
    at, flags, end = 12, 0, 8 + struct.unpack_from("<I", content, 4)[0]
    while at < end:
        name, size = struct.unpack_from("<4sI", content, at)
        chunk = content[at : at + 8 + size + size % 2]
        exif = _said(chunk[8 : 8 + size].removeprefix(EXIF)) if name == b"EXIF" else b""
        if exif:
            flags = VP8X_EXIF
            chunk = struct.pack("<4sI", name, len(exif)) + exif + b"\0" * (len(exif) % 2)
        if exif or name in WEBP_KEPT:
            kept[at] = chunk
        at += 8 + size + size % 2
    if kept.get(12, b"").startswith(b"VP8X"):
        first = kept[12]
        kept[12] = first[:8] + bytes([first[8] & ~(VP8X_EXIF | VP8X_XMP) | flags]) + first[9:]
    body = b"WEBP" + b"".join(kept.values())
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _said(tiff: bytes) -> bytes:
    """The EXIF that may stay; empty when nothing is left or it cannot be read."""
    found, kept = Image.Exif(), Image.Exif()
    try:
        found.load(EXIF + tiff)
        for tag in SAID:
            if tag in found:
                kept[tag] = found[tag]
        return kept.tobytes().removeprefix(EXIF) if len(kept) else b""
    except (ValueError, SyntaxError, OSError, struct.error, TypeError, KeyError):
        return b""


KINDS: dict[str, Callable[[bytes], bytes]] = {"image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp}
