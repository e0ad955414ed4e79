"""From the bytes of a spreadsheet's export to text, whatever it was saved in."""

import codecs
import re

from service.errors import Refused
from service.manuscripts import Unreadable
from service.manuscripts import encoding as manuscripts

LARGEST = 20_000_000
_SAVE_AS = "Save it from the spreadsheet as “CSV UTF-8” and give that file."
_SAMPLE = 200_000  # bytes of lines with letters outside ASCII: enough to tell one Windows page from another
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


ENCODINGS = ("utf-8", "utf-16", "cp1251", "cp1252", "koi8-r", "cp1254", "cp1256")
"""Those an officer can name when the one that was found is not it."""


class UnreadableFile(Refused):
    """Save the file again, as the message says."""


def decode(data: bytes) -> str:
    """The text of a file of at most 20 MB in UTF-8, UTF-16 or a Windows page. Raises UnreadableFile."""
    return told(data)[0]


def told(data: bytes, encoding: str = "") -> tuple[str, str]:
    """The text, and the encoding it was told to be in, or the one given. Raises UnreadableFile."""
    check_size(data)
    if encoding and encoding not in ENCODINGS:
        raise UnreadableFile("Choose one of the encodings offered.")
    found = encoding or _encoding(data)
    try:
        return data.decode(found), found
    except UnicodeDecodeError as fault:
        line = fault.object.count(b"\n", 0, fault.start) + 1
        raise UnreadableFile(f"The file looks like {found}, but is damaged in line {line}. {_SAVE_AS}") from None


def check_size(data: bytes) -> None:
    """Raises UnreadableFile for more than 20 MB."""
    if len(data) > LARGEST:
        raise UnreadableFile(f"The file has {len(data):,} bytes; {LARGEST:,} is the most. Split it.")


def _encoding(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    # Without a mark: every other byte of “email” or “почта” in UTF-16 is 0 or 4, as no text begins in another encoding.
    head = data[:10]
    if max(head[1::2], default=9) <= 4:
        return "utf-16-le"
    if max(head[0::2], default=9) <= 4:
        return "utf-16-be"
    return "utf-8" if _is_utf8(data) else _windows_page(data)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _windows_page(data: bytes) -> str:
    telling = b"\n".join(re.findall(rb"[^\n]{0,500}[\x80-\xff][^\n]{0,500}", data)).replace(b"\x00", b"")
    try:
        return manuscripts.decode(telling[:_SAMPLE]).encoding
    except Unreadable:
        raise UnreadableFile(f"The encoding of the file cannot be told. {_SAVE_AS}") from None
