"""Delivery status notifications: RFC 3464, in the multipart/report of RFC 6522, with the addresses of RFC 6533."""

import re
from collections.abc import Iterator

from service.feedback.event import LONGEST_REPLY, Event, Kind, Verdict
from service.feedback.mime import Fields, Part, fields
from service.feedback.people import by_mail_system
from service.feedback.smtp_reply import Reading, classify

MOST_RECIPIENTS = 200
LONGEST_DIAGNOSIS = 4 * LONGEST_REPLY

_TYPES = frozenset({"message/delivery-status", "message/global-delivery-status"})
_NAMES = ("original-recipient", "final-recipient", "x-actual-recipient")
# The beginning of the word: "Failure", "failed (expired)" and "deliverable" are all in use.
_ACTIONS = {
    "fail": Kind.BOUNCE,
    "expire": Kind.BOUNCE,
    "delay": Kind.DELAY,
    "deliver": Kind.DELIVERED,
}
_GAP = re.compile(rb"\n[ \t]*(?=\n)")
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
# Three digits are a reply's code at the beginning, after "said:" or before an enhanced code; elsewhere anything.
_CODE = re.compile(r"(?:\A|\bsaid:|\breply:)\s*([2-5]\d\d)(?![\d.])|(?<![\d.])([2-5]\d\d)(?=[ -][^\w\s]?[245]\.\d)")
_STAGE = re.compile(r"\(in reply to (?:end of )?(MAIL|RCPT|DATA)?", re.IGNORECASE)
_STAGES = {"mail": "mail", "rcpt": "rcpt"}
# Pipes ("|/bin/filter ada@example.org") and bare hosts ("@example.org") are reported as recipients too.
_MAILBOX = re.compile(r'(?:"[^"]{1,200}"|[^\s@|"]{1,200})@[^\s@]{1,255}')
_HEX = re.compile(r"\\x\{([0-9A-Fa-f]{1,6})\}")
_DEAD = frozenset({Verdict.HARD, Verdict.DEAD_DOMAIN})
_PASSING = frozenset({Verdict.HOST, Verdict.GREYLISTED})


def read(parts: tuple[Part, ...]) -> tuple[Event, ...]:
    """One event for each recipient of the report, at most MOST_RECIPIENTS; none when there is no report."""
    report = _report(parts)
    return tuple(_event(group) for group in _recipients(report.body)) if report else ()


def _report(parts: tuple[Part, ...]) -> Part | None:
    """The report this message makes; one in an attached message only when a mail system passes it on."""
    reports = [part for part in parts if part.type in _TYPES]
    if not reports or (reports[0].attached and not by_mail_system(parts[0].headers)):
        return None
    return min(reports, key=lambda part: part.attached)


def _recipients(body: bytes) -> list[Fields]:
    """The groups of fields that name a recipient; some reports run all recipients together without an empty line."""
    groups: list[list[tuple[str, str]]] = []
    for block in _GAP.sub(b"\n", body).split(b"\n\n"):
        groups.extend(_runs(fields(block.strip(b"\n"))[0]))
        if len(groups) > 2 * MOST_RECIPIENTS:
            break
    named = (Fields(tuple(group)) for group in groups)
    return [group for group in named if any(name in group for name in _NAMES)][:MOST_RECIPIENTS]


def _runs(block: Fields) -> Iterator[list[tuple[str, str]]]:
    run: list[tuple[str, str]] = []
    for name, value in block.pairs:
        if name in _NAMES and any(name == other for other, _ in run):
            yield run
            run = []
        run.append((name, value))
    yield run


def _event(group: Fields) -> Event:
    said = group.first("diagnostic-code")[:LONGEST_DIAGNOSIS].partition(";")[2].strip() or group.first(
        "diagnostic-code"
    )
    status = group.first("status")
    code, enhanced = _code(said), _enhanced(said, status)
    kind = _kind(group.first("action"), (enhanced or status)[:1])
    # Some write the reason beside the status: "5.0.0 (recipient reached disk quota)".
    words = f"{said} {_STATUS.sub('', status).strip()}".strip()
    if kind is Kind.DELIVERED or kind is Kind.UNKNOWN:
        return Event(kind, recipient=_recipient(group), status=enhanced, reply=words)
    reading = _settled(kind, classify(code or _code(status), enhanced, words, _stage(said)))
    return Event(
        kind,
        verdict=reading.verdict,
        recipient=_recipient(group),
        status=enhanced,
        reply=words,
        reason=reading.reason,
        permanent=reading.permanent,
    )


def _kind(action: str, digit: str) -> Kind:
    """`failed` is final even with a 4.x.x, `delayed` never, whatever its class (RFC 3464 2.3.3).

    `relayed` and `expanded` are neither a failure nor proof of anything. Without an action only 5.x.x is final.
    """
    word = action.lower()
    if not word:
        return {"2": Kind.DELIVERED, "4": Kind.DELAY, "5": Kind.BOUNCE}.get(digit, Kind.UNKNOWN)
    return next((kind for beginning, kind in _ACTIONS.items() if word.startswith(beginning)), Kind.UNKNOWN)


def _settled(kind: Kind, reading: Reading) -> Reading:
    """A delay condemns nobody; and what failed for good is not waited for, so "later" has become "it failed"."""
    if kind is Kind.DELAY:
        return Reading(
            Verdict.SOFT if reading.verdict in _DEAD else reading.verdict, permanent=False, reason=reading.reason
        )
    if reading.verdict in _PASSING:
        return Reading(Verdict.SOFT, reading.permanent, reading.reason)
    return reading


def _code(said: str) -> int | None:
    found = _CODE.search(said)
    return int(found[1] or found[2]) if found else None


def _enhanced(said: str, status: str) -> str:
    """The server's own code before the reporter's, unless it says nothing ("5.0.0") and the reporter's something."""
    found = _CODE.search(said)
    own = _STATUS.search(said, found.end() if found else 0) or _STATUS.search(said)
    theirs = _STATUS.match(status)
    if own is None or (own[1].endswith(".0.0") and theirs):
        return theirs[1] if theirs else own[1] if own else ""
    return own[1]


def _stage(said: str) -> str:
    """Postfix tells what it was that they refused."""
    found = _STAGE.search(said)
    return _STAGES.get((found[1] or "").lower(), "dot") if found else ""


def _recipient(group: Fields) -> str:
    """The address we wrote to before the one it became."""
    values = (_address(group.first(name)) for name in _NAMES)
    return next((value for value in values if _MAILBOX.fullmatch(value)), "")


def _address(value: str) -> str:
    """From "rfc822; <ada@example.org>", "utf-8; \\x{451}@example.org" and bare forms."""
    kind, semicolon, address = value.partition(";")
    address = (address if semicolon else kind).strip()
    if "<" in address:
        address = address.partition("<")[2].partition(">")[0]
    if kind.strip().lower() == "utf-8":
        address = _HEX.sub(lambda found: chr(min(int(found[1], 16), 0x10FFFF)), address)
    return address.strip()
