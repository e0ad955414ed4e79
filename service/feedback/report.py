"""The fields of a delivery report (RFC 3464 2), wherever they stand: what they say of each recipient."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from service.feedback.event import LONGEST_REPLY, Event, Kind
from service.feedback.failing import failing
from service.feedback.mime import Fields, fields
from service.feedback.quoted import STATUS, enhanced

MOST_RECIPIENTS = 200
LONGEST_DIAGNOSIS = 4 * LONGEST_REPLY

_NAMES = ("original-recipient", "final-recipient", "x-actual-recipient")
# The beginning of the word: "Failure", "failed (expired)" and "deliverable" are all in use.
_ACTIONS = {
    "fail": Kind.BOUNCE,
    "expire": Kind.BOUNCE,
    "delay": Kind.DELAY,
    "deliver": Kind.DELIVERED,
}
_GAP = re.compile(rb"\n[ \t]*(?=\n)")
# Pipes ("|/bin/filter ada@example.org") and bare hosts ("@example.org") are reported as recipients too.
_MAILBOX = re.compile(r'(?:"[^"]{1,200}"|[^\s@|"]{1,200})@[^\s@]{1,255}')
_HEX = re.compile(r"\\x\{([0-9A-Fa-f]{1,6})\}")


@dataclass(frozen=True, slots=True)
class Told:
    """One recipient's group: `recipient` "" when it is no address, `said` the remote server's words."""

    kind: Kind
    recipient: str
    said: str
    status: str

    def event(self, *, besides: str = "", transcript: str = "", doubtful: bool = False) -> Event:
        """`besides`: what the report's text for people says of this recipient."""
        if self.kind is Kind.DELIVERED or self.kind is Kind.UNKNOWN:
            words = f"{self.said} {STATUS.sub('', self.status).strip()}".strip()
            return Event(self.kind, recipient=self.recipient, status=enhanced(self.said, self.status), reply=words)
        said = self.said or besides
        return failing(
            self.kind,
            self.recipient,
            said,
            status=self.status,
            besides=besides,
            transcript=transcript,
            doubtful=doubtful,
        )


def recipients(body: bytes) -> tuple[Told, ...]:
    """What the report says of each recipient, at most MOST_RECIPIENTS."""
    return tuple(_told(group) for group in _groups(body))


def _told(group: Fields) -> Told:
    value = group.first("diagnostic-code")
    said = value[:LONGEST_DIAGNOSIS].partition(";")[2].strip() or value
    status = group.first("status")
    kind = _kind(group.first("action"), (enhanced(said, status) or status)[:1])
    return Told(kind, _recipient(group), said, status)


def _groups(body: bytes) -> list[Fields]:
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


def _kind(action: str, digit: str) -> Kind:
    """`failed` is final even with a 4.x.x, `delayed` never, whatever its class (RFC 3464 2.3.3).

    `relayed` and `expanded` are neither a failure nor proof of anything. Without an action only 5.x.x is final.
    """
    word = action.lower()
    if not word:
        return {"2": Kind.DELIVERED, "4": Kind.DELAY, "5": Kind.BOUNCE}.get(digit, Kind.UNKNOWN)
    return next((kind for beginning, kind in _ACTIONS.items() if word.startswith(beginning)), Kind.UNKNOWN)


def _recipient(group: Fields) -> str:
    """The address we wrote to before the one it became."""
    values = (_address(group.first(name)) for name in _NAMES)
    return next((value for value in values if _MAILBOX.fullmatch(value)), "")


def _address(value: str) -> str:
    """From "rfc822; <ada@example.org>", "utf-8; \\x{451}@example.org" and bare forms."""
    kind, semicolon, address = value.partition(";")
    address = (address if semicolon else kind).strip().removeprefix("rfc822;").strip()
    if "<" in address:
        address = address.partition("<")[2].partition(">")[0]
    if kind.strip().lower() == "utf-8":
        address = _HEX.sub(lambda found: chr(min(int(found[1], 16), 0x10FFFF)), address)
    return address.strip()
