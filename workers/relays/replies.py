"""SMTP replies (RFC 5321 4.2) from bytes, whatever the server sends and however it is cut, in bounded memory."""

from __future__ import annotations

import re
from typing import NamedTuple

# RFC 5321 4.5.3.1.5 allows 512 octets a line; real servers write longer ones, a garbage server never stops.
LONGEST_LINE = 4096
LARGEST_REPLY = 65536
LINE_OVERHEAD = 64  # what Python keeps beside the text: ten thousand empty lines are heavy too
LONGEST_TEXT = 1000
LONGEST_WAIT = 86400

# Nearly every reply is one line: a look-up is five times as fast as the expression for all of them.
_LAST = {b"%d " % code: code for code in range(200, 600)}
_LINE = re.compile(rb"([2-5][0-9]{2})(?:([ -])(.*))?\Z", re.DOTALL)
_ENHANCED = re.compile(r"^([245])\.[0-9]{1,3}\.[0-9]{1,3}(?![0-9.])", re.MULTILINE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_WAIT = re.compile(
    r"\b(?:again|retry|wait|after|for|in)\b[^0-9\n]{0,40}?([0-9]{1,6})\s*(s|sec\w*|m|min\w*|h|hours?)\b", re.I
)
_SECONDS = {"s": 1, "m": 60, "h": 3600}


class Garbage(Exception):
    """What came is not SMTP: drop the connection, treat it as temporary. `before` came whole and still counts."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.before: list[Reply] = []


class Reply(NamedTuple):
    """One whole reply; a NamedTuple because four of them are made per message."""

    code: int
    raw: bytes

    @property
    def text(self) -> str:
        """The server's own words, control characters escaped: no table takes them all."""
        text = self.raw.decode("utf-8", "backslashreplace")[:LONGEST_TEXT]
        if text.isprintable():
            return text
        return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)[:LONGEST_TEXT]


def enhanced(code: int, text: str) -> str:
    """The RFC 3463 code in a reply's text, or "" when there is none or, against RFC 2034 4, its class is another."""
    found = _ENHANCED.search(text)
    if found is None or int(found[1]) != code // 100:
        return ""
    return found[0]


def retry_after(text: str) -> int | None:
    """Seconds asked for by "try again in 5 minutes" and its like, at most a day; None when nothing is asked."""
    found = _WAIT.search(text)
    if found is None:
        return None
    return min(int(found[1]) * _SECONDS[found[2][0].lower()], LONGEST_WAIT)


class ReplyReader:
    """Collects whole replies. A bare LF ends a line too: some small servers write it, and a client loses nothing."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget everything half read."""
        self._rest = b""
        self._lines: list[bytes] = []
        self._held = 0

    def feed(self, data: bytes) -> list[Reply]:
        """Take what arrived and return the replies it completed, in order. Raises Garbage."""
        *lines, rest = (self._rest + data).split(b"\n")
        replies: list[Reply] = []
        try:
            for line in lines:
                reply = self._line(line)
                if reply is not None:
                    replies.append(reply)
            self._keep(rest)
        except Garbage as garbage:
            garbage.before = replies
            raise
        return replies

    def _keep(self, rest: bytes) -> None:
        if len(rest) > LONGEST_LINE:
            raise Garbage("a line without end")
        self._rest = rest

    def _line(self, line: bytes) -> Reply | None:
        code = _LAST.get(line[:4])
        if code is None or self._lines or len(line) > LONGEST_LINE:
            return self._odd(line)
        return Reply(code, line[4:].rstrip(b"\r"))

    def _odd(self, line: bytes) -> Reply | None:
        found = _LINE.match(line[:-1] if line.endswith(b"\r") else line)
        if found is None or len(line) > LONGEST_LINE:
            raise Garbage("a line that is no SMTP reply")
        code, more, text = found.groups(b"")
        if more == b"-":
            self._continue(text)
            return None
        if not self._lines:
            return Reply(int(code), text)
        whole = b"\n".join((*self._lines, text))
        self._lines, self._held = [], 0
        return Reply(int(code), whole)

    def _continue(self, text: bytes) -> None:
        self._held += len(text) + LINE_OVERHEAD
        if self._held > LARGEST_REPLY:
            raise Garbage("a reply without end")
        self._lines.append(text)
