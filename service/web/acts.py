"""What the audit log says of a release, in the words of the pages."""

from flask_babel import lazy_gettext

from service.models import AuditEntry, Decision
from service.web import words

DECISIONS = {
    Decision.REQUESTED: lazy_gettext("Approval asked for"),
    Decision.APPROVED: lazy_gettext("Approved"),
    Decision.SENT_BACK: lazy_gettext("Sent back"),
    Decision.VOIDED: lazy_gettext("Approval void"),
}
ACTS = {
    "release written": lazy_gettext("Written"),
    "release edited": lazy_gettext("Edited"),
    "edition added": lazy_gettext("A language added"),
    "edition dropped": lazy_gettext("A language left out"),
    "release arranged": lazy_gettext("Audience, contacts or embargo changed"),
    "release readdressed": lazy_gettext("Audience changed"),
    "approval requested": lazy_gettext("Approval asked for"),
    "release approved": lazy_gettext("Approved"),
    "release approved in an emergency": lazy_gettext("Approved in an emergency"),
    "release sent back": lazy_gettext("Sent back"),
    "release scheduled": lazy_gettext("Scheduled"),
    "release unscheduled": lazy_gettext("Schedule taken back"),
    "release started": lazy_gettext("Began to leave"),
    "release paused": lazy_gettext("Paused"),
    "release resumed": lazy_gettext("Resumed"),
    "release cancelled": lazy_gettext("Stopped"),
    "release sent": lazy_gettext("All of it sent"),
    "release extended": lazy_gettext("Sent to those who subscribed later"),
    "release published": lazy_gettext("Put into the newsroom"),
    "release withdrawn": lazy_gettext("Withdrawn from the newsroom"),
    "newsroom chosen": lazy_gettext("Shown or not shown in the newsroom"),
    "notice written": lazy_gettext("Written about an earlier release"),
    "embargo granted": lazy_gettext("Granted to a journalist under embargo"),
    "embargo grant revoked": lazy_gettext("Grant under embargo revoked"),
    "embargo told": lazy_gettext("Holders told of the new embargo"),
    "links tried": lazy_gettext("Links tried"),
}
FIELDS = ("language", "reason", "fields", "number", "people")
"""What of an entry's detail is worth reading."""


def said(act: str) -> str:
    """What was done; in the log's own words where there are no others."""
    return str(ACTS.get(act, words.sentence(act)))


def detail(entry: AuditEntry) -> str:
    """What more is known of it, in short."""
    return "; ".join(_plain(name, entry.detail[name]) for name in FIELDS if entry.detail.get(name))


def _plain(name: str, value: object) -> str:
    if name == "language":
        return words.language(str(value))
    if isinstance(value, list):
        return ", ".join(str(words.FIELDS.get(one, one)) for one in value)
    return str(value)
