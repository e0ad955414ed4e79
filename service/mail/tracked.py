"""A letter for those who agreed to be counted: its web links lead through us, and it ends with a picture of one dot.

Whoever did not agree gets `Letter` itself: not a byte of theirs comes from here.
"""

import re
from hashlib import blake2b
from html import escape, unescape
from uuid import UUID

from service.links import KEY_BYTES
from service.mail.compose import Letter

# A web link of what all get. Those of a person (leaving, preferences) stand in islands, and are never touched.
_LINK = re.compile(r'(?<=\shref=")https?://[^"]+(?=")')
_END = "</body>"
_PICTURE = '<img src="{}" width="1" height="1" alt="" style="width:1px;height:1px;border:0">'

Slot = int | bytes | None
"""What fills a gap: the island of that number, the link of that key, the picture."""


class TrackedLetter(Letter):
    """One edition, ready for those who agreed."""

    _slots: list[Slot]
    _targets: dict[bytes, str]

    @property
    def targets(self) -> dict[bytes, str]:
        """Where its links lead, by their keys: to be kept before the first mail leaves."""
        return dict(self._targets)

    def _cut(self, pieces: list[str]) -> list[str]:
        self._slots, self._targets = [], {}
        found: list[str] = []
        for number, piece in enumerate(pieces):
            is_last = number == len(pieces) - 1
            found += self._cut_at_links(*self._ended(piece) if is_last else (piece,))
            if not is_last:
                self._slots.append(number)
        return found

    def _ended(self, piece: str) -> tuple[str, ...]:
        """The last piece, as what stands before the picture and what stands after it."""
        before, end, after = piece.rpartition(_END)
        return (before, end + after) if end else (piece, "")

    def _cut_at_links(self, piece: str, *after_the_picture: str) -> list[str]:
        found, at = [], 0
        for link in _LINK.finditer(piece):
            found.append(piece[at : link.start()])
            self._slots.append(self._key(unescape(link[0])))
            at = link.end()
        found.append(piece[at:])
        for rest in after_the_picture:
            self._slots.append(None)
            found.append(rest)
        return found

    def _key(self, target: str) -> bytes:
        key = blake2b(target.encode(), digest_size=KEY_BYTES).digest()
        self._targets[key] = target
        return key

    def _filled(self, islands: list[str], delivery: UUID) -> list[str]:
        return [self._in(slot, islands, delivery) for slot in self._slots]

    def _in(self, slot: Slot, islands: list[str], delivery: UUID) -> str:
        if isinstance(slot, int):
            return islands[slot]
        if slot is None:
            return _PICTURE.format(escape(self._links.picture(delivery)))
        return escape(self._links.followed(delivery, slot))
