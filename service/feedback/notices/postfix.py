"""Postfix (bounce_template.c) in plain text, OpenSMTPD (bounce.c), DragonFly (mail.c), James, Haraka and ZoneMTA."""

from service.feedback.notices.dialect import Dialect

DIALECTS = (
    Dialect(
        "Postfix",
        signs=(
            r"(?:postfix|mail system|mail delivery system|program) at host|sorry to have to inform you"
            r"|could not be delivered"
        ),
        lists=(
            r"[ \t]the (?:mail system|postfix program)\n",
            (
                r"delete your own text from the (?:attached returned message|message returned below"
                r"|returned message)[^\n]*\n"
            ),
            r"could not be delivered to one or more (?:recipients|destinations)[^<]{0,1200}(?=\n<)",
        ),
        delayed=r"this is a warning only|could not be delivered for|will be retried until",
    ),
    Dialect(
        "OpenSMTPD",
        lists=(
            r"(?:deliver a message for|for|delayed for) the following list of recipients:",
            r"following list of recipients:",
        ),
        delayed=r"only a temporary failure report|is delayed for more than",
    ),
    Dialect(
        "DragonFly",
        sentences=(r"there was an error delivering your mail to {address}",),
    ),
    Dialect(
        "James",
        signs=r"message details:|error message below:",
        sentences=(r"rcpt to: {address}", r"failed recipient\(s\): {address}"),
        reason=r"error message below:",
        doubtful=True,
    ),
    Dialect(
        "PowerMTA",
        lists=(
            (
                r"delivery to the following recipients? (?:has )?(?:failed permanently|failed|been delayed"
                r"|was aborted)[^\n]{0,60}[.:]"
            ),
        ),
        reason=r"technical details:",
        delayed=r"recipients? (?:has |have )?been delayed",
        signs=r"delivery status notification|this is the mail server",
    ),
)
