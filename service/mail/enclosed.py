"""Somebody else's message inside one of ours (RFC 2046, 5.2.1), whatever its bytes are."""

import re
from base64 import encodebytes

from service.mail import mime

LARGEST = 7_000_000
"""Octets of a message that is enclosed; base64 makes it a third longer."""
NAME = 'Content-Disposition: attachment; filename="reply.eml"\r\n'
_LINE_END = re.compile(rb"\r\n|\r|\n")


def part(message: bytes, *, eight_bit: bool) -> bytes | None:
    """The part: as message/rfc822 where its bytes can travel so, else as a file; None when it is too large."""
    if len(message) > LARGEST:
        return None
    lines = _LINE_END.sub(b"\r\n", message)
    encoding = "7bit" if lines.isascii() else "8bit"
    if (encoding == "7bit" or eight_bit) and _travels(lines):
        head = f"Content-Type: message/rfc822\r\n{NAME}Content-Transfer-Encoding: {encoding}\r\n\r\n"
        return head.encode() + lines
    # RFC 2046 allows message/rfc822 no base64, and mail programs open it in no other way then.
    head = f"Content-Type: application/octet-stream\r\n{NAME}Content-Transfer-Encoding: base64\r\n\r\n"
    return head.encode() + encodebytes(message).replace(b"\n", b"\r\n")


def _travels(lines: bytes) -> bool:
    longest = max(map(len, lines.split(b"\r\n")))
    return longest <= mime.LONGEST_LINE and b"\0" not in lines
