"""The relaxed forms of RFC 6376, 3.4.2 and 3.4.4, made once of all that many mails have in common."""

import re
from collections.abc import Sequence
from hashlib import sha256

_BLANKS = re.compile(rb"[ \t]+")
_FIELD = re.compile(rb"^([!-9;-~]+):(.*\r\n(?:[ \t].*\r\n)*)", re.MULTILINE)
# Between two bytes of which the first is none of these, no run of blanks and no line end is cut in two.
_UNSAFE = b" \t\r"


def text(body: bytes) -> bytes:
    """A stretch of a body that begins and ends at safe places; empty lines at its end stay."""
    if b"  " not in body and b"\t" not in body and b" \r\n" not in body:
        return body
    return _BLANKS.sub(b" ", body).replace(b" \r\n", b"\r\n")


def value(written: bytes) -> bytes:
    """The value of a header field, without its line end."""
    if b"\r" in written or b"\t" in written or b"  " in written:
        written = _BLANKS.sub(b" ", written.replace(b"\r\n", b""))
    return written.strip(b" ")


def fields(header: bytes) -> dict[str, bytes]:
    """Each field by its name in small letters, with its line end. Raises ValueError where a name comes twice."""
    found: dict[str, bytes] = {}
    for name, written in _FIELD.findall(header):
        small = name.lower().decode("ascii")
        if small in found:
            raise ValueError(f"{small} is in the header twice")
        found[small] = b"%s:%s\r\n" % (name.lower(), value(written))
    return found


class BodyHash:
    """SHA-256 over the relaxed form of a body whose pieces are known before its islands.

    The state at the first island is kept; of what follows only the islands are made canonical for each mail, with as
    much of the pieces beside them as belongs to the same run of blanks.
    """

    def __init__(self, pieces: Sequence[bytes], tail: bytes = b"") -> None:
        """`tail` follows the last piece. Raises ValueError when the body could end in an empty line."""
        if not _ends_in_a_full_line(tail or pieces[-1]) or not pieces[-1].endswith(b"\r\n"):
            raise ValueError("the body must end in a line that is not empty")
        self._tail = text(tail)
        self._stretches: list[tuple[tuple[bytes, ...], bytes]] = []
        safe = len(pieces[0].rstrip(_UNSAFE))
        self._start = sha256(text(pieces[0][:safe]))
        seam = [pieces[0][safe:]]
        for piece in pieces[1:]:
            begin = len(piece) - len(piece.lstrip(_UNSAFE)) + 1
            if begin > len(piece):  # nothing but blanks: one seam with what follows
                seam.append(piece)
                continue
            end = len(piece.rstrip(_UNSAFE))
            self._stretches.append(((*seam, piece[:begin]), text(piece[begin:end])))
            seam = [piece[end:]]

    def of(self, islands: Sequence[bytes]) -> bytes:
        """The hash of the body with these islands between its pieces."""
        hashed = self._start.copy()
        given = iter(islands)
        for (first, *others), canonical in self._stretches:
            seam = [first]
            for other in others:
                seam += (next(given), other)
            hashed.update(text(b"".join(seam)))
            hashed.update(canonical)
        hashed.update(self._tail)
        return hashed.digest()


def _ends_in_a_full_line(body: bytes) -> bool:
    return body.endswith(b"\r\n") and body[-3:-2] not in (b"", b"\n", b" ", b"\t")
