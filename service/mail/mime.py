"""Text parts that were encoded once, with slots for what is personal, and the multipart around them."""

import re
from binascii import b2a_qp
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from service.mail.canonical import BodyHash

LONGEST_LINE = 998
"""Octets before CRLF (RFC 5321, 4.5.3.1.6)."""
SOFT_BREAK = b"=\r\n"
BOUNDARY = "=_"
"""What every boundary begins with: quoted-printable and base64 never hold it (RFC 2045, 6.7)."""
PLAIN = 'text/plain; charset="utf-8"; format=flowed'
HTML = 'text/html; charset="utf-8"'

_DELIMITER = f"--{BOUNDARY}".encode()
_QUOTED_LINE = 76
# b2a_qp counts a blank at the end of a line as one octet and then writes three: such a line is too long.
_TOO_LONG = re.compile(rb"^(.{74,75})(=20|=09)$", re.MULTILINE)

# NUL may be in no message (RFC 5322, 4), the other control characters mean nothing, a lone surrogate is no character.
_UNSENDABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def sendable(text: str) -> str:
    """The words with line feeds for all line ends, so that none leaves alone as CR (RFC 5321, 2.3.8)."""
    return _UNSENDABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


@dataclass(frozen=True, slots=True)
class Part:
    """The fixed pieces around the slots, encoded as they leave."""

    pieces: tuple[bytes, ...]
    encoding: str
    room: int
    """Bytes that all slots may take together before a line could grow too long; in quoted-printable none does."""

    def encoded(self, islands: Iterable[str]) -> list[bytes] | None:
        """The islands as they stand between the pieces; None when they cannot travel in this encoding."""
        if self.encoding != "8bit":
            return [SOFT_BREAK + quoted_printable(_checked(island)) + SOFT_BREAK for island in islands]
        encoded = [_checked(island).replace("\n", "\r\n").encode() for island in islands]
        together = b"".join(encoded)
        if len(together) > self.room or _DELIMITER in together:
            return None
        return encoded


class Frame:
    """The multipart around two parts (RFC 2046, 5.1.4: the plainest first), with what stands before and after it."""

    def __init__(self, text: Part, html: Part, boundary: str, before: bytes = b"", after: bytes = b"") -> None:
        self._text, self._html = text, html
        self._after = after
        first, *rest = text.pieces
        self._pieces = _glued(
            (before + _opening(boundary, PLAIN, text.encoding) + first, *rest),
            (_opening(boundary, HTML, html.encoding) + html.pieces[0], *html.pieces[1:]),
            closing(boundary),
        )
        self._dots = any(map(_starts_a_line_with_a_dot, (*self._pieces, after)))

    def encoded(self, text: Iterable[str], html: Iterable[str]) -> list[bytes] | None:
        """The islands of both parts, encoded; None when one cannot travel so."""
        in_text, in_html = self._text.encoded(text), self._html.encoded(html)
        return None if in_text is None or in_html is None else in_text + in_html

    def filled(self, islands: Sequence[bytes]) -> Iterable[bytes]:
        """The body with these islands, piece by piece."""
        return chain.from_iterable(zip(self._pieces, (*islands, self._after), strict=True))

    def may_have_dots(self, islands: Iterable[bytes]) -> bool:
        """Whether a line of this body, with these islands, could begin with a dot."""
        return self._dots or any(map(_starts_a_line_with_a_dot, islands))

    @cached_property
    def hash(self) -> BodyHash:
        """What a signature says of this body; made when it is first asked for, since not all mail is signed."""
        return BodyHash(self._pieces, self._after)


def eight_bit(pieces: Sequence[str]) -> Part | None:
    """The part as it is, where no line of it is too long or a delimiter to travel so (8BITMIME, RFC 6152)."""
    encoded = tuple(piece.replace("\n", "\r\n").encode() for piece in pieces)
    whole = b"".join(encoded)
    longest = max(map(len, whole.split(b"\r\n")))
    if longest > LONGEST_LINE or _DELIMITER in whole:
        return None
    return Part(encoded, "8bit", LONGEST_LINE - longest)


def quoted(pieces: Sequence[str]) -> Part:
    """The part in quoted-printable: any words, any relay (RFC 2045, 6.7)."""
    return Part(tuple(map(quoted_printable, pieces)), "quoted-printable", 0)


def quoted_printable(text: str) -> bytes:
    """Text with line feeds as quoted-printable with CRLF, no line over 76, and room for a soft break at its end."""
    encoded = b2a_qp(text.encode())
    if b"=20\n" in encoded or b"=09\n" in encoded:
        encoded = _TOO_LONG.sub(rb"\1=\n\2", encoded)
    if len(encoded) - encoded.rfind(b"\n") > _QUOTED_LINE:
        encoded = encoded[:-1] + b"=\n" + encoded[-1:]
    return encoded.replace(b"\n", b"\r\n")


def content_type(subtype: str, boundary: str) -> bytes:
    """The field that says that a body, or a part, is a multipart."""
    return f'Content-Type: multipart/{subtype};\r\n boundary="{boundary}"\r\n'.encode()


def delimiter(boundary: str) -> bytes:
    """The line before each part, with the line end that belongs to it."""
    return f"\r\n--{boundary}\r\n".encode()


def closing(boundary: str) -> bytes:
    """The last line of a multipart."""
    return f"\r\n--{boundary}--\r\n".encode()


def _checked(island: str) -> str:
    return sendable(island) if "\r" in island or "\0" in island else island


def _starts_a_line_with_a_dot(octets: bytes) -> bool:
    # Asked of the octets: quoted-printable breaks lines where the words do not, and a piece may follow a soft break.
    return octets.startswith(b".") or b"\n." in octets


def _glued(text: Sequence[bytes], html: Sequence[bytes], end: bytes) -> tuple[bytes, ...]:
    """One row of pieces: the last of the text and the first of the HTML are one, for no island is between them."""
    *before, last = text
    row = [*before, last + html[0], *html[1:]]
    return (*row[:-1], row[-1] + end)


def _opening(boundary: str, kind: str, encoding: str) -> bytes:
    fields = f"Content-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return delimiter(boundary) + fields.encode()
