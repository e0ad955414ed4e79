"""The words for what comes back and for where addresses stand."""

from flask_babel import lazy_gettext

from service.models import SuppressionReason, Way

VERDICTS = {
    "hard": lazy_gettext("the address is dead"),
    "dead-domain": lazy_gettext("the domain is dead"),
    "full": lazy_gettext("the mailbox is full"),
    "disabled": lazy_gettext("the mailbox is switched off"),
    "soft": lazy_gettext("it could not be handed over"),
    "policy": lazy_gettext("they refuse us or this text"),
    "content": lazy_gettext("they cannot take this kind of text"),
    "size": lazy_gettext("too big for them"),
    "ours": lazy_gettext("our own fault"),
    "greylisted": lazy_gettext("come back later"),
    "host": lazy_gettext("their server, or the way to it"),
}
SUPPRESSIONS = {
    SuppressionReason.RESTING: lazy_gettext("at rest after refusals"),
    SuppressionReason.BOUNCE: lazy_gettext("bounced for good"),
    SuppressionReason.BY_HAND: lazy_gettext("taken off by hand"),
    SuppressionReason.UNSUBSCRIBED: lazy_gettext("left by their own word"),
    SuppressionReason.COMPLAINT: lazy_gettext("called our mail spam"),
    SuppressionReason.ERASED: lazy_gettext("asked to be erased"),
}
BURSTS = {
    "held": lazy_gettext("waits for a person"),
    "released": lazy_gettext("counts"),
    "dismissed": lazy_gettext("dismissed"),
}
KINDS = {
    "bounce": lazy_gettext("bounce"),
    "delay": lazy_gettext("delay"),
    "delivered": lazy_gettext("report of delivery"),
    "complaint": lazy_gettext("complaint"),
    "auto-reply": lazy_gettext("automatic answer"),
    "reply": lazy_gettext("answer"),
    "unsubscribed": lazy_gettext("left by mail"),
    "report": lazy_gettext("report about our mail at large"),
    "unknown": lazy_gettext("something unknown"),
}
WAYS = {
    Way.SMTP: lazy_gettext("by SMTP"),
    Way.LMTP: lazy_gettext("by LMTP"),
    Way.MAILBOX: lazy_gettext("out of the mailbox"),
    Way.PIPE: lazy_gettext("by a mail server's pipe"),
    Way.SES: "Amazon SES",
    Way.POSTMARK: "Postmark",
    Way.MAILGUN: "Mailgun",
    Way.SENDGRID: "SendGrid",
}
"""How something came in."""
