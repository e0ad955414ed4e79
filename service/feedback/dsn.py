"""Delivery status notifications: RFC 3464, in the multipart/report of RFC 6522, with the addresses of RFC 6533.

Their second part speaks to machines, and is believed; what it leaves out, the words of a refusal or the address behind
a pipe, the part for people may tell.
"""

from dataclasses import replace

from service.feedback import notices
from service.feedback.event import Event
from service.feedback.letter import Letter, open_letter
from service.feedback.mime import Part
from service.feedback.notices.dialect import Failure, addresses
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
    failures = notices.failures(letter)
    return tuple(_event(one, letter, failures, alone=len(told) == 1) for one in told)


def _report(parts: tuple[Part, ...]) -> Part | None:
    """The report this message makes; one in an attached message only when a mail system passes it on."""
    reports = [part for part in parts if part.type in _TYPES]
    if not reports or (reports[0].attached and not by_mail_system(parts[0].headers)):
        return None
    return min(reports, key=lambda part: part.attached)


def _event(told: Told, letter: Letter, failures: dict[str, Failure], *, alone: bool) -> Event:
    if not told.recipient and alone:
        told = replace(told, recipient=_told_to_people(letter, failures))
    about = next(iter(failures.values()), None) if alone else failures.get(told.recipient.lower())
    if about is None:
        return told.event(besides=letter.text if alone else "", transcript=letter.text)
    return told.event(besides=about.reason, transcript=letter.text, doubtful=about.doubtful)


def _told_to_people(letter: Letter, failures: dict[str, Failure]) -> str:
    """The address in place of a pipe or a host."""
    listed, returned = (
        addresses(one) for one in (letter.headers.first("x-failed-recipients"), letter.returned.first("to"))
    )
    named = (*listed, *(failure.address for failure in failures.values()), *returned)
    return next(iter(named), "")
