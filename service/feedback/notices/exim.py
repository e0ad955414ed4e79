"""Exim, and those who took its words over: Mail.Ru, GMX and 1&1, MXLogic, Zoho; moan.c and deliver.c of its source."""

from service.feedback.notices.dialect import Dialect

_WAITS = (
    r"has not yet been delivered|no action is required on your part|delivery attempts will continue to be made"
    r"|message delayed"
)

DIALECTS = (
    # It calls every address invalid that it could not reach.
    Dialect("Zoho", sentences=(r"^{address} invalid address, (?=error_code)",), doubtful=True),
    Dialect(
        "Exim",
        signs=(
            r"automatically by|could not be delivered|has not yet been delivered|mail delivery (software|system)"
            r"|mailer-daemon"
        ),
        lists=(
            r"following address(?:\(es\)|es)? (?:has |have )?(?:failed|had errors?|could not be delivered):?",
            r"has not yet been delivered (?:is|are|to)[^\n]{0,40}:",
            r"following address(?:\(es\)|es)? (?:has|have|is|are)?[^\n:]{0,40}(?:delayed|not yet been delivered):",
            r"its recipients\. this is a permanent error\.",
            r"одному или нескольким получателям:",
            r"incorrectly constructed:",
        ),
        sentences=(
            r"(?:ultimately )?generated (?:by|from) {address}",
            r"(?:local )?mailbox {address} is (?:unavailable|full|over quota|disabled|locked)[^\n]{0,100}",
            r"Sender address or recipient {address}",
        ),
        delayed=_WAITS,
    ),
    Dialect(
        "Exim, refused while it came in",
        signs=(
            r"rejected by the local scanning code|rejected by the system filter|was rejected by (?:a|the) (?:acl"
            r"|filter)"
        ),
        lists=(r"the following error was given:",),
        sentences=(r"(?:mailbox|recipient|user|address) {address}[^\n]{0,100}",),
    ),
)
