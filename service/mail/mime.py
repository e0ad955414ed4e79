"""A text part that was encoded once, with slots for what is personal."""

import re
from binascii import b2a_qp
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

LONGEST_LINE = 998
"""Octets before CRLF (RFC 5321, 4.5.3.1.6)."""
SOFT_BREAK = b"=\r\n"

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

    def fill(self, islands: Sequence[str]) -> bytes | None:
        """The part with these islands in its slots; None when they are too long for it as it is encoded."""
        if self.encoding == "8bit":
            filled = [island.replace("\n", "\r\n").encode() for island in islands]
            if sum(map(len, filled)) > self.room:
                return None
        else:
            filled = [SOFT_BREAK + quoted_printable(island) + SOFT_BREAK for island in islands]
        return b"".join(chain.from_iterable(zip(self.pieces, (*filled, b""), strict=True)))


def eight_bit(pieces: Sequence[str]) -> Part | None:
    """The part as it is, where no line of it is too long to travel so (8BITMIME, RFC 6152)."""
    encoded = tuple(piece.replace("\n", "\r\n").encode() for piece in pieces)
    longest = max(map(len, b"".join(encoded).split(b"\r\n")))
    if longest > LONGEST_LINE:
        return None
    return Part(encoded, "8bit", LONGEST_LINE - longest)


def quoted(pieces: Sequence[str]) -> Part:
    """The part in quoted-printable: any words, any relay (RFC 2045, 6.7)."""
    return Part(tuple(map(quoted_printable, pieces)), "quoted-printable", 0)


def quoted_printable(text: str) -> bytes:
    """Text with line feeds as quoted-printable with CRLF, no line over 76."""
    return b2a_qp(text.encode()).replace(b"\n", b"\r\n")
