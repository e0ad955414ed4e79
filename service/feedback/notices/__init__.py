"""Bounces without a report for machines: notices of mail servers in words of their own, read by one table each.

A new server is one `Dialect` in the file of its family, and a test in that server's manner.
"""

import re

from service.feedback.event import Event, Kind
from service.feedback.failing import failing
from service.feedback.letter import Letter, open_letter
from service.feedback.mime import Part
from service.feedback.notices import families, guard
from service.feedback.notices.dialect import Dialect, Failure, addresses


def read(parts: tuple[Part, ...]) -> tuple[Event, ...]:
    """One event for each recipient the notice names, or one without a recipient; none when it is no notice."""
    letter = open_letter(parts)
    if not guard.may_be_notice(letter):
        return ()
    for dialect in families.DIALECTS:
        failures = dialect.read(letter)
        if failures:
            return tuple(_event(failure, letter, dialect) for failure in failures)
    return ()


def _event(failure: Failure, letter: Letter, dialect: Dialect) -> Event:
    kind = Kind.DELAY if failure.delayed else Kind.BOUNCE
    said = failure.reason if failure.reason.strip() else letter.text
    return failing(kind, failure.address, said, transcript=letter.text, doubtful=dialect.doubtful)
