"""What an HTTP API says, in SMTP's words: its numbers mean other things there, and the ledger knows only SMTP's.

4xx is temporary in SMTP and permanent in HTTP. So each answer gets the code that a mail server would have said, and
keeps the provider's own number and words in its text.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from workers.relays.relay import Answer, Outcome, Stage
from workers.relays.replies import LONGEST_TEXT, LONGEST_WAIT

LOGIN = 535
THROTTLED = 451


def accepted(status: int, id_: str) -> Answer:
    """Taken; the provider's own id of it is kept, for its webhooks speak of that."""
    return Answer(Outcome.ACCEPTED, Stage.DOT, 250, "2.0.0", _text(status, id_))


def uncertain(status: int, words: str) -> Answer:
    """It may have been taken."""
    return Answer(Outcome.UNCERTAIN, Stage.DOT, text=_text(status, words))


def deferred(status: int, words: str) -> Answer:
    """Not taken, now; says nothing about this person."""
    return Answer(Outcome.DEFERRED, Stage.MAIL, 450, "4.3.0", _text(status, words))


def throttled(status: int, words: str, headers: Mapping[str, str]) -> Answer:
    """Too much at once, or for today."""
    text = _text(status, f"throttled: {words}")
    return Answer(Outcome.DEFERRED, Stage.MAIL, THROTTLED, "4.7.0", text, retry_after(headers))


def refused(status: int, words: str) -> Answer:
    """Our key or our account: the connection is of no use any more, and nobody's mail is at fault."""
    return Answer(Outcome.DEFERRED, Stage.CONNECT, LOGIN, "5.7.8", _text(status, words))


def sender_refused(status: int, words: str) -> Answer:
    """Our sender, or something in the request that is the same for everybody."""
    return Answer(Outcome.REJECTED, Stage.MAIL, 550, "5.7.1", _text(status, words))


def recipient_refused(status: int, words: str, *, enhanced: str = "5.1.3") -> Answer:
    """This address: not one, or (5.2.1) one that the provider will not write to any more."""
    return Answer(Outcome.REJECTED, Stage.RCPT, 550, enhanced, _text(status, words))


def content_refused(status: int, words: str) -> Answer:
    """This message."""
    return Answer(Outcome.REJECTED, Stage.DATA, 554, "5.6.0", _text(status, words))


def too_big(status: int, words: str) -> Answer:
    """This message is longer than the provider takes."""
    return Answer(Outcome.REJECTED, Stage.MAIL, 552, "5.3.4", _text(status, words))


def answer_to(status: int, headers: Mapping[str, str], words: str) -> Answer:
    """What a status means at every provider that has no word of its own for it."""
    if status in {401, 403, 404}:
        return refused(status, words)
    if status == 413:
        return too_big(status, words)
    if status == 429:
        return throttled(status, words, headers)
    if 400 <= status < 500:
        return sender_refused(status, words)
    if 300 <= status < 400:
        return deferred(status, "it sends us elsewhere")
    # 5xx, or a success without the id that proves it: an answer of something between us and them, perhaps.
    return uncertain(status, words)


def retry_after(headers: Mapping[str, str]) -> int | None:
    """Seconds asked for by Retry-After, as a number or a date (RFC 9110 10.2.3), at most a day."""
    asked = headers.get("retry-after", "").strip()
    if asked.isascii() and asked.isdecimal():
        return min(int(asked[:9]), LONGEST_WAIT)
    try:
        at = parsedate_to_datetime(asked)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max(0, round((at - datetime.now(UTC)).total_seconds())), LONGEST_WAIT)


def _text(status: int, words: str) -> str:
    told = " ".join("".join(letter if letter.isprintable() else " " for letter in words[:LONGEST_TEXT]).split())
    return f"HTTP {status}: {told}"[:LONGEST_TEXT]
