"""Sendmail, from 5 to 8, and what copied its headlines: errbody() in savemail.c; Courier, McAfee, activehunter, X1."""

from service.feedback.notices.dialect import Dialect

_WARNING = (
    r"warning message only|transient non-fatal errors|warning: could not send message|could not send (?:mail"
    r"|message) for"
    r" past|will keep trying until|message still undelivered|delayed mail"
)

DIALECTS = (
    Dialect(
        "X1",
        lists=(r"-{3}the following addresses had delivery errors-{3}",),
        delayed=_WARNING,
        doubtful=True,
    ),
    Dialect(
        "Sendmail",
        lists=(
            (
                r"-{2,} ?the following address(?:es)? (?:had|has) (?:permanent|transient|delivery|fatal|some"
                r"|delivery)[^\n]{0,60}\n"
            ),
            r"-{2,} ?recipients of this delivery ?-{2,}",
        ),
        reason=r"-{2,} ?(?:transcript of (?:the )?session follows|non-delivered information) ?-{2,}",
        delayed=_WARNING,
    ),
    Dialect(
        "Sendmail 5",
        signs=r"-{2,} ?transcript of (?:the )?session follows",
        above=True,
        sentences=(
            r"^[ \t>]*(?:4\d\d|5\d\d)?[ \t]*{address}>?\.{3}[^\n]*",
            r"^>>> RCPT To:\s*{address}>?\n[^\n]*",
        ),
        delayed=_WARNING,
    ),
    Dialect(
        "Courier",
        signs=r"running the courier mail server|undeliverable mail|delayed mail",
        lists=(
            r"your message to the following recipients? (?:cannot be|has been|have been|could not be)[^\n:]{0,40}:",
        ),
        delayed=r"delayed mail|has been delayed|will be reattempted",
    ),
)
