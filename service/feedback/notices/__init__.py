"""Bounces without a report for machines: notices of mail servers in words of their own, read by one table.

A new server is one `Dialect` in the file of its family, and a test in that server's manner.
"""

import re

from service.feedback.event import Event, Kind
from service.feedback.failing import failing
from service.feedback.letter import Letter, open_letter, unquoted
from service.feedback.mime import Part
from service.feedback.notices import families, guard, ses, strangers
from service.feedback.notices.dialect import LONGEST_NOTICE, Dialect, Failure, addresses
from service.feedback.report import recipients

# A report for machines that no part announces: under the text, or in a message whose boundaries are wrong.
_INLINE = re.compile(r"^[ \t]*(?:Original|Final)-Recipient:", re.IGNORECASE | re.MULTILINE)
_WORD = re.compile(r"\w")
_LEADING = re.compile(r"^[ \t]+(?=[A-Z][A-Za-z-]{3,30}:)", re.MULTILINE)


def read(parts: tuple[Part, ...]) -> tuple[Event, ...]:
    """One event for each recipient the notice names, or one without a recipient; none when it is no notice."""
    letter = open_letter(parts)
    if documented := ses.read(letter):
        return documented
    if guard.is_forwarded(letter):
        letter = unquoted(letter)
        return _inline(letter) or _worded(letter)
    if not guard.may_be_notice(letter):
        return ()
    return _inline(letter) or _worded(letter) or strangers.read(letter) or _single(letter) or _nameless(letter)


def failures(letter: Letter, dialects: tuple[Dialect, ...] = families.KNOWN) -> dict[str, Failure]:
    """What the letter says of each recipient it names, by address in lower case; in the first dialect that fits it."""
    if "@" not in letter.text:
        return {}
    for dialect in dialects:
        found = dialect.read(letter)
        if found:
            return {failure.address.lower(): failure for failure in found}
    return {}


def _worded(letter: Letter) -> tuple[Event, ...]:
    # Plain words mean something only where a failure is spoken of.
    dialects = families.DIALECTS if guard.says_failure(letter) else families.KNOWN
    found = failures(letter, dialects).values()
    besides = letter.text if len(found) == 1 else ""
    return tuple(_event(failure, letter, besides=besides) for failure in found)


def _inline(letter: Letter) -> tuple[Event, ...]:
    if not _INLINE.search(letter.whole):
        return ()
    found = recipients(_LEADING.sub("", letter.whole).encode())
    return tuple(
        told.event(transcript=letter.text) for told in found if told.recipient and told.kind is not Kind.UNKNOWN
    )


def _single(letter: Letter) -> tuple[Event, ...]:
    """A mail system's failure in words that nobody here knows, which names one address besides its reader."""
    if not (guard.from_system(letter) and guard.is_failure(letter)):
        return ()
    aside = {letter.author.lower(), *(one.lower() for one in addresses(letter.headers.first("to")))}
    named = {one.lower(): one for one in addresses(letter.text[:LONGEST_NOTICE]) if not guard.is_role(one)}
    others = [address for key, address in named.items() if key not in aside]
    return (_event(Failure(others[0], letter.text, doubtful=True), letter),) if len(others) == 1 else ()


def _nameless(letter: Letter) -> tuple[Event, ...]:
    """A mail system's failure that names nobody: the mail it gives back may, if it went to one address alone."""
    if not guard.is_failure(letter):
        return ()
    written_to = tuple(dict.fromkeys(addresses(letter.returned.first("to"))))
    # A list's own address is no recipient; that of a refusal has its domain in the notice.
    reported = letter.headers.first("content-type").lower().startswith("multipart/report")
    spoken_of = len(written_to) == 1 and (reported or written_to[0].rpartition("@")[2].lower() in letter.text.lower())
    return (_event(Failure(written_to[0] if spoken_of else "", letter.text, doubtful=True), letter),)


def _event(failure: Failure, letter: Letter, *, besides: str = "") -> Event:
    kind = Kind.DELAY if failure.delayed else Kind.BOUNCE
    said = failure.reason if _WORD.search(failure.reason) else letter.text
    transcript = said if ">>>" in said else letter.text
    return failing(kind, failure.address, said, besides=besides, transcript=transcript, doubtful=failure.doubtful)


__all__ = ["failures", "read"]
