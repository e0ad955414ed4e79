"""Gateways, filters and smaller servers, each in its own words."""

from service.feedback.notices.dialect import Dialect

DIALECTS = (
    Dialect(
        "MDaemon",
        lists=(
            r"the following address(?:\(es\)|es)? did not receive (?:a copy of )?your message:",
            r"failed (?:address|recipient)(?:\(es\)|es|s)?:",
        ),
        reason=r"--- ?(?:begin )?(?:session )?transcript[^\n]{0,40}\n",
        signs=r"mdaemon|permanent fatal (?:delivery )?errors|session transcript",
        delayed=r"delivery (?:is |has been )?delayed|will (?:be retried|continue to try)|temporary",
    ),
    # IMail's SMTP32: the reason and the address on one line, or below what the far end said.
    Dialect(
        "IMail",
        sentences=(
            r"(?:user )?mail ?box (?:exceeds|over|full)[^\n:]{0,40}: {address}",
            r"(?:unknown|invalid|no such) (?:user|local user|host|recipient|address)[^\n:]{0,20}: {address}",
            r"delivery failed \d{1,4} attempts: {address}",
            r"undeliverable to {address}",
            r"invalid final delivery userid: {address}",
        ),
        signs=r"smtp32|undeliverable mail",
    ),
    Dialect(
        "InterMail",
        lists=(r"the following recipients did not receive (?:your|this) message:",),
        reason=r"(?:undeliverable|not delivered) due to the following reasons?:",
        signs=r"due to the following reason|please reply to ",
    ),
    Dialect(
        "MailFoundry",
        sentences=(r"unable to deliver (?:a )?message to: {address}>?",),
        reason=r"delivery failed for the following reason:",
    ),
    Dialect(
        "InterScan",
        sentences=(
            r"unable to deliver message to {address}>?[^\n]{0,200}",
            r"recipient(?:s)?(?: address)?: {address}[^\n]{0,100}",
            r"message to {address}>? (?:could|can)(?:not| not) be delivered[^\n]{0,200}",
        ),
        signs=r"interscan|trend ?micro|imss",
    ),
    Dialect(
        "Symantec",
        lists=(r"could not be delivered to the following recipients?:",),
        delayed=r"delivery attempts will continue",
    ),
    Dialect(
        "Mimecast",
        lists=(r"to the following address(?:es)? (?:could not be|was not|were not|has not been) delivered:",),
        reason=r"the problem appears to be :?",
        delayed=r"will continue to (?:try|attempt)|has been deferred",
    ),
    Dialect(
        "MailMarshal",
        lists=(r"the following recipients? (?:were|was) affected:", r"could not be delivered to:"),
        reason=r"could not be delivered because of|because of:?",
        signs=r"mailmarshal|recipients? (?:were|was) affected",
    ),
    Dialect(
        "Messaging Server and PMDF",
        lists=(r"your message cannot be delivered to the following recipients?:",),
        sentences=(r"recipient address: {address}",),
        delayed=r"is being retried|has been enqueued|delivery attempts? history|will continue to",
    ),
    Dialect(
        "Messaging Server's entries",
        sentences=(r"recipient address: {address}", r"original address: {address}"),
        signs=r"this report relates to a message you sent|recipient address:",
        delayed=r"is being retried|message has been enqueued",
    ),
    Dialect(
        "SurfControl",
        lists=(r"addressed to:",),
        signs=r"your message could not be sent|number of attempts",
        reason=r"number of attempts made: \d+|transcript of the attempts[^\n]{0,80}",
    ),
    Dialect(
        "Smail and its heirs",
        lists=(r"\|?-{6,} failed addresses follow: -{4,}\|?",),
        reason="",
    ),
    Dialect(
        "MMDF",
        sentences=(
            r"(?:your message )?(?:was not|could not be) delivered to ['\"]?{address}['\"]?",
            r"was not delivered to {address}['\"]? for the following reason",
        ),
        signs=r"mmdf|failed mail|for the following reason",
    ),
    Dialect(
        "CommuniGate",
        sentences=(r"failed to deliver to ['\"]?{address}['\"]?",),
    ),
    Dialect(
        "hMailServer",
        lists=(r"the following recipient(?:\(s\)|s)? could not be reached:",),
        reason=r"remote server replied:",
    ),
    Dialect(
        "SmarterMail",
        sentences=(r"failed recipient: {address}",),
        reason=r"reason:",
    ),
    Dialect(
        "X6",
        lists=(r"we had trouble delivering your message\. [^:]{0,200}recipient:? ",),
        sentences=(r"rejected recipient {address}>?[^\n]*", r"recipient: {address}"),
        signs=r"we had trouble delivering",
    ),
    Dialect(
        "Verizon and text messages",
        sentences=(
            r"message could not be delivered to (?:the )?mobile[^@]{0,300}?{address}",
            r"rcpt to: {address}",
            r"no valid recipients from {address}",
        ),
        signs=r"vtext|mobile|error: no valid recipients",
        doubtful=True,
    ),
    Dialect(
        "Failed Recipients",
        lists=(r"-{2,} ?(?:failed|undeliverable|bad|invalid) (?:recipient|address)(?:\(s\)|\(es\)|es|s)? ?-{2,}",),
    ),
    Dialect(
        "fml",
        sentences=(r"(?:duplicated message-id|loop back warning|looped mail)[^\n@]{0,40} {address}",),
        signs=r"loop (?:alert|back)|fml",
    ),
    Dialect(
        "SpamLion",
        sentences=(r"did not reach the following recipients?: ?{address}",),
    ),
    Dialect(
        "Local users",
        sentences=(
            r"\(?originally addressed to {address}",
            r"intended recipients?: {address}",
            r"delivery of (?:this |your )?(?:e-?mail|message|mail) to (?:this )?address \"?{address}[^.]{0,200}",
        ),
        delayed=r"has been postponed|will continue to try|advisory-only",
    ),
)
