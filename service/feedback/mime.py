"""A message taken apart, whatever its bytes: in bounded time and memory, never raising.

The standard library's parser follows nesting by recursion and compares each line with each open boundary, so a
megabyte can be made to cost minutes or a RecursionError. Reports need little of MIME; this is the little.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header, make_header
from functools import cached_property

from service.feedback.charsets import decoded

LONGEST_MESSAGE = 1 << 20
LONGEST_TEXT = 1 << 16
MOST_PARTS = 200
DEEPEST = 20
MOST_HEADERS = 2000
MOST_LINES = 4 * MOST_HEADERS
LONGEST_VALUE = 4000
LONGEST_SUBJECT = 1000

_NAME = re.compile(rb"[!-9;-~]{1,200}[ \t]*\Z")
_BOUNDARY = re.compile(r'\bboundary\s*=\s*(?:"([^"]{1,200})"|([^\s;"]{1,200}))', re.IGNORECASE)
_NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))
_WRAPPED = frozenset({"message/rfc822", "message/global"})


@dataclass(frozen=True, slots=True)
class Fields:
    """Header fields in their order: names in lower case, values unfolded, undecoded and at most 4,000 characters."""

    pairs: tuple[tuple[str, str], ...] = ()

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(value for key, value in self.pairs if key == name)

    def first(self, name: str) -> str:
        """The first value of this name, "" when there is none."""
        return next((value for key, value in self.pairs if key == name), "")

    def __contains__(self, name: str) -> bool:
        return any(key == name for key, _ in self.pairs)


@dataclass(frozen=True)
class Part:
    """One body part. `type` in lower case; `raw` as it was sent, with LF line ends.

    `attached`: how many attached messages it lies in; 0 means that the sender of this message says it.
    """

    type: str
    headers: Fields
    raw: bytes
    depth: int
    attached: int

    @property
    def encloses(self) -> bool:
        """Whether its body is other parts."""
        return self.type.startswith("multipart/") or self.type in _WRAPPED

    @cached_property
    def body(self) -> bytes:
        """What was sent: base64 and quoted-printable undone, with LF line ends."""
        # RFC 2045 6.4: a multipart is never encoded; whatever one claims, its boundaries are in clear.
        if self.type.startswith("multipart/"):
            return self.raw
        return _decoded(self.raw, self.headers.first("content-transfer-encoding").lower())

    @cached_property
    def text(self) -> str:
        """The beginning of the body in words, with LF line ends."""
        return decoded(self.body[:LONGEST_TEXT], self.headers.first("content-type"))


def parts(message: bytes) -> tuple[Part, ...]:
    """The message itself and all its parts, outer before inner, in their order: at least one, at most MOST_PARTS."""
    found: list[Part] = []
    waiting = [(_without_envelope_line(message[:LONGEST_MESSAGE].replace(b"\r\n", b"\n")), 0, 0)]
    while waiting and len(found) < MOST_PARTS:
        part = _part(*waiting.pop())
        found.append(part)
        if part.depth < DEEPEST:
            inner = part.attached + (part.type in _WRAPPED)
            waiting.extend((child, part.depth + 1, inner) for child in reversed(_children(part)))
    return tuple(found)


def fields(block: bytes) -> tuple[Fields, bytes]:
    """Header fields from the start of a block with LF line ends, and what follows their empty line.

    A line that is no field ends them too; of more than MOST_HEADERS or MOST_LINES the rest is skipped.
    """
    found: list[tuple[str, list[bytes]]] = []
    folded: list[bytes] = []
    for number, (line, rest) in enumerate(_lines(block)):
        if not line:
            return _fields(found), block[rest:]
        if number == MOST_LINES or len(found) > MOST_HEADERS:
            return _fields(found[:MOST_HEADERS]), block[rest:].partition(b"\n\n")[2]
        if line[:1] in b" \t" and found:
            folded.append(line)
            continue
        name, colon, value = line.partition(b":")
        if not colon or not _NAME.match(name):
            return _fields(found), block[rest - len(line) - 1 :]
        folded = [value]
        found.append((name.decode("ascii").strip().lower(), folded))
    return _fields(found), b""


def words(value: str) -> str:
    """The beginning of a header value, RFC 2047 words decoded; as it stands when they are broken or of no charset."""
    try:
        return str(make_header(decode_header(value[:LONGEST_SUBJECT])))
    except (LookupError, ValueError, MessageError):
        return value[:LONGEST_SUBJECT]


def _without_envelope_line(message: bytes) -> bytes:
    message = message.lstrip(b"\n")
    return message.partition(b"\n")[2] if message.startswith((b"From ", b">From ")) else message


def _lines(block: bytes) -> Iterator[tuple[bytes, int]]:
    """Each line with the place where the next one begins."""
    at = 0
    while at < len(block):
        end = block.find(b"\n", at)
        end = len(block) if end < 0 else end
        yield block[at:end], end + 1
        at = end + 1


def _fields(found: list[tuple[str, list[bytes]]]) -> Fields:
    return Fields(tuple((name, _unfolded(lines)) for name, lines in found))


def _unfolded(lines: list[bytes]) -> str:
    if len(lines) == 1:
        return lines[0][:LONGEST_VALUE].decode("utf-8", "replace").strip()
    joined = b" ".join(line.strip() for line in lines)
    return joined[:LONGEST_VALUE].decode("utf-8", "replace").strip()


def _part(entity: bytes, depth: int, attached: int) -> Part:
    headers, body = fields(entity)
    kind = headers.first("content-type").partition(";")[0].strip().lower() or "text/plain"
    return Part(kind, headers, body, depth, attached)


def _decoded(body: bytes, encoding: str) -> bytes:
    if encoding == "quoted-printable":
        return binascii.a2b_qp(body).replace(b"\r\n", b"\n")
    if encoding == "base64":
        letters = body.translate(None, _NOT_BASE64)
        # One letter left over says nothing; the padding may be missing where a message was cut.
        letters = letters[: len(letters) - (len(letters) % 4 == 1)]
        return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4)).replace(b"\r\n", b"\n")
    return body


def _children(part: Part) -> list[bytes]:
    if part.type in _WRAPPED:
        return [_without_envelope_line(part.body)]
    if not part.type.startswith("multipart/"):
        return []
    found = _BOUNDARY.search(part.headers.first("content-type"))
    return _between(part.body, (found[1] or found[2]).rstrip().encode("utf-8", "replace")) if found else []


def _between(body: bytes, boundary: bytes) -> list[bytes]:
    """What lies between the delimiter lines (RFC 2046 5.1.1); without a closing one, to the end."""
    children: list[bytes] = []
    begin = -1
    for delimiter in re.finditer(rb"^--" + re.escape(boundary) + rb"(--)?[ \t]*$", body, re.MULTILINE):
        if begin >= 0:
            children.append(body[begin : max(begin, delimiter.start() - 1)])
        if delimiter[1] or len(children) == MOST_PARTS:
            return children
        begin = delimiter.end() + 1
    return [*children, body[begin:]] if 0 <= begin < len(body) else children
