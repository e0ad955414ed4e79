"""Attachments: the exception, since a release links to its press kit; encoded once for all who get the edition."""

import re
from base64 import encodebytes
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from service.errors import Refused
from service.mail import mime

MOST = 10_000_000
"""Octets of all attachments of a mail together; base64 makes them a third larger on the way."""
LONGEST_NAME = 200
UNKNOWN = "application/octet-stream"
_OFFICE = "application/vnd.openxmlformats-officedocument"
# What a reader may open as what it says. Nothing that runs in a reader (HTML, SVG, scripts), nothing that is a mail or
# a multipart itself, and no text, which readers and filters take for a part of the letter.
SAFE = frozenset(
    (
        *("application/pdf", "application/rtf", "application/zip", "application/epub+zip"),
        *("application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint"),
        *(f"{_OFFICE}.{kind}" for kind in ("wordprocessingml.document", "spreadsheetml.sheet")),
        f"{_OFFICE}.presentationml.presentation",
        *(f"application/vnd.oasis.opendocument.{kind}" for kind in ("text", "spreadsheet", "presentation")),
        *("image/jpeg", "image/png", "image/gif", "image/webp", "image/tiff", "image/heic"),
        *("audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav", "video/mp4", "video/webm", "video/quicktime"),
    )
)

# What separates folders somewhere, what ends a line or shows nothing, and what turns the direction of writing, so that
# "fdp.exe" is read as "exe.pdf".
_SEPARATORS = re.compile(r"[/\\:\u2044\u2215\u29f8\uff0f\uff3c\uff1a]")
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")
_LINE = 76


class TooLarge(Refused):
    """Link to large files instead of attaching them."""

    def __init__(self, size: int) -> None:
        super().__init__(
            f"The attachments are {size / 1e6:.1f} MB together; {MOST // 1_000_000} MB can be sent. "
            "Put them into the press kit and link to it."
        )


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes along; `type` is its media type, such as "application/pdf"."""

    name: str
    type: str
    content: bytes


def parts(attachments: Sequence[Attachment], boundary: str) -> bytes:
    """The parts of a multipart/mixed after its first, as they leave. Raises TooLarge."""
    size = sum(len(attachment.content) for attachment in attachments)
    if size > MOST:
        raise TooLarge(size)
    return b"".join(mime.delimiter(boundary) + _part(attachment) for attachment in attachments)


def safe_name(name: str) -> str:
    """A file's name without a path, without what cannot be seen, and not hidden; "attachment" when none is left."""
    words = " ".join(_UNSEEN.sub(" ", name).split())
    plain = _SEPARATORS.sub("-", words).strip(" .-")
    return _shortened(plain) or "attachment"


def safe_type(named: str) -> str:
    """The media type, when it is one that may be opened as such; else that of octets nobody knows."""
    essence = named.partition(";")[0].strip().lower()
    return essence if essence in SAFE else UNKNOWN


def _part(attachment: Attachment) -> bytes:
    header = (
        f"Content-Type: {safe_type(attachment.type)}\r\n"
        "Content-Transfer-Encoding: base64\r\n"
        f"Content-Disposition: attachment;{_file_name(safe_name(attachment.name))}\r\n\r\n"
    )
    # The line end before the next delimiter belongs to the delimiter (RFC 2046, 5.1.1).
    return header.encode() + encodebytes(attachment.content).replace(b"\n", b"\r\n").removesuffix(b"\r\n")


def _file_name(name: str) -> str:
    """The parameter on lines of its own: quoted when it is short and ASCII, else by RFC 2231, 3 and 4."""
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    # What looks like an encoded word is never shown to a reader who would decode it (RFC 2047, 5 forbids it here).
    if name.isascii() and "=?" not in name and len(quoted) <= _LINE - len(' filename=""'):
        return f'\r\n filename="{quoted}"'
    pieces = list(_extended(name))
    if len(pieces) == 1:
        return f"\r\n filename*=utf-8''{pieces[0]}"
    first, *rest = pieces
    lines = [f" filename*0*=utf-8''{first}", *(f" filename*{number}*={piece}" for number, piece in enumerate(rest, 1))]
    return "\r\n" + ";\r\n".join(lines)


def _extended(name: str) -> Iterable[str]:
    """The name percent-encoded, in pieces of at most 50 characters that split none of its own."""
    piece = ""
    for character in name:
        encoded = quote(character, safe="")
        if len(piece) + len(encoded) > 50:
            yield piece
            piece = ""
        piece += encoded
    yield piece


def _shortened(name: str) -> str:
    """The name cut in the middle, so that its ending stays."""
    if len(name) <= LONGEST_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:
        return name[:LONGEST_NAME].rstrip(" .")
    return stem[: LONGEST_NAME - len(ending) - 1].rstrip(" .") + dot + ending
