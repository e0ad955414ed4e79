"""Complaints: feedback reports (RFC 5965, RFC 6650) and the older form of Hotmail's programme."""

from service.feedback.event import Event, Kind
from service.feedback.mime import Fields, Part, fields

MOST_RECIPIENTS = 100

# Feedback type -> what happened. `virus`, `auth-failure` (RFC 6591) and types to come are nobody's wish.
_COMPLAINTS = {
    "abuse": "Called it spam",
    "fraud": "Called it fraud",
    "opt-out": "Asked to be taken off",
    "opt-out-list": "Asked to be taken off",
    "other": "Complained about it",
}
_OTHERS = {
    "not-spam": "Says that it is not spam",
    "auth-failure": "A report about our signatures or SPF, not a complaint",
}
_HOTMAIL = "x-hmxmroriginalrecipient"


def read(parts: tuple[Part, ...]) -> tuple[Event, ...]:
    """One event for each complaining recipient; one with an unknown recipient when the report hides the address."""
    report = next((part for part in parts if part.type == "message/feedback-report" and not part.attached), None)
    if report is None:
        return _hotmail(parts)
    said = fields(report.body.lstrip())[0]
    kind = said.first("feedback-type").lower()
    reason = _COMPLAINTS.get(kind)
    if reason is None:
        return (_event(Kind.UNKNOWN, said, "", _OTHERS.get(kind, "A report that is no complaint")),)
    named = said.all("original-rcpt-to") or said.all("removal-recipient") or ("",)
    return tuple(_event(Kind.COMPLAINT, said, name, reason) for name in dict.fromkeys(named[:MOST_RECIPIENTS]))


def _event(kind: Kind, said: Fields, recipient: str, reason: str) -> Event:
    return Event(
        kind,
        recipient=_bare(recipient),
        reply=said.first("feedback-type"),
        reason=reason,
        return_path=_bare(said.first("original-mail-from")),
    )


def _hotmail(parts: tuple[Part, ...]) -> tuple[Event, ...]:
    """JMRP sends the original alone, marked in its first header; an answer that quotes such a mail is not one."""
    if "in-reply-to" in parts[0].headers or "references" in parts[0].headers:
        return ()
    marked = next((part for part in parts if part.attached == 1 and _HOTMAIL in part.headers), None)
    if marked is None:
        return ()
    recipient, path = marked.headers.first(_HOTMAIL), marked.headers.first("return-path")
    reason = _COMPLAINTS["abuse"]
    return (Event(Kind.COMPLAINT, recipient=_bare(recipient), reason=reason, return_path=_bare(path)),)


def _bare(address: str) -> str:
    return address.partition(";")[2].strip(" <>") if address.lower().startswith("rfc822;") else address.strip(" <>")
