"""Delivery status notifications: RFC 3464, in the multipart/report of RFC 6522, with the addresses of RFC 6533.

Their second part speaks to machines, and is believed; what it leaves out, the words of a refusal or the address behind
a pipe, the part for people may tell.
"""

from dataclasses import replace

from service.feedback import notices
from service.feedback.event import Event
from service.feedback.letter import Letter, open_letter
from service.feedback.mime import Part
from service.feedback.notices.dialect import addresses
from service.feedback.people import by_mail_system
from service.feedback.report import Told, recipients

_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status"})


def read(parts: tuple[Part, ...]) -> tuple[Event, ...]:
    """One event for each recipient of the report; none when there is no report, or it names none."""
    report = _report(parts)
    told = recipients(report.body) if report else ()
    if not told:
        return ()
    letter = open_letter(parts)
    besides = notices.reasons(letter)
    return tuple(_event(one, letter, besides, alone=len(told) == 1) for one in told)


def _report(parts: tuple[Part, ...]) -> Part | None:
    """The report this message makes; one in an attached message only when a mail system passes it on."""
    reports = [part for part in parts if part.type in _TYPES]
    if not reports or (reports[0].attached and not by_mail_system(parts[0].headers)):
        return None
    return min(reports, key=lambda part: part.attached)


def _event(told: Told, letter: Letter, besides: dict[str, str], *, alone: bool) -> Event:
    if not told.recipient and alone:
        told = replace(told, recipient=_told_to_people(letter, besides))
    about = next(iter(besides.values()), "") if alone else besides.get(told.recipient.lower(), "")
    return told.event(besides=about, transcript=letter.text)


def _told_to_people(letter: Letter, besides: dict[str, str]) -> str:
    """The address in place of a pipe or a host."""
    named = (*addresses(letter.headers.first("x-failed-recipients")), *besides, *addresses(letter.returned.first("to")))
    return next(iter(named), "")
