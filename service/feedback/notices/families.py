"""All dialects in the order in which they are tried: those that cannot be mistaken before those that nearly can."""

from service.feedback.notices import (
    domino,
    exim,
    gateways,
    google,
    japan,
    microsoft,
    postfix,
    prose,
    qmail,
    sendmail,
)
from service.feedback.notices.dialect import Dialect

KNOWN: tuple[Dialect, ...] = (
    *google.DIALECTS,
    *japan.DIALECTS,
    *postfix.DIALECTS,
    *microsoft.DIALECTS,
    *sendmail.DIALECTS,
    *exim.DIALECTS,
    *domino.DIALECTS,
    *qmail.DIALECTS,
    *gateways.DIALECTS,
)
DIALECTS = (*KNOWN, *prose.DIALECTS)
