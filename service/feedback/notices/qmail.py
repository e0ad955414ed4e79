"""qmail, netqmail, vpopmail and what speaks like them: qmail-send.c, qmail-remote.c; Yahoo, Sina, UOL, Prima."""

from service.feedback.notices.dialect import Dialect

_QUEUED = (
    r"qmail-send program|(?:muy )?lamento|was(?: not|n't) able to deliver your message|unable to deliver your message"
)

DIALECTS = (
    # X2: Yahoo's old portals and those who ran them; "This user doesn't have an account" is said for filters too.
    Dialect(
        "Yahoo's portals",
        lists=(r"unable to deliver message to the following address(?:\(es\)|es)?\.",),
        signs=r"message from \s*[\w.-]{1,100}\. unable to deliver",
        doubtful=True,
    ),
    Dialect(
        "qmail",
        signs=rf"{_QUEUED}|failure notice|delivery (?:failure|failed)|could not be delivered|sina\.com|mailer-daemon",
        lists=(
            r"(?:to|for) the following address(?:\(es\)|es)?(?: could not be delivered)?[.:]",
            r"i've given up\. sorry it didn't work out\.",
            r"this is a permanent error[;,.][^<]{0,300}(?=<)",
            r"message could not be delivered\.",
            r"was not able to deliver your message[^<]{0,200}(?=<)",
            # Sina and other Chinese servers of its kind
            r"(?:无法投递|投递失败|無法投遞|退信|无法送达|不能投递)[^<]{0,400}(?=<)",
        ),
        delayed=r"i'll keep trying|will keep trying|this is not a permanent error|message is still in the queue",
    ),
)
