"""What mail servers say of us, of a text and of themselves, by meaning and language.

These patterns and those of mailbox_words.py meet the text `smtp_reply.bare` makes of a reply: in lower case, on one
line, Latin letters without accents, without addresses, host names and codes.
"""


def any_of(*patterns: str) -> str:
    """One pattern that finds what any of these finds."""
    return "|".join(patterns)


OUR_LIMIT = r"\b(?:sending|daily|hourly) (?:\w+ )?(?:quota|limit)\b|throttl"
"""A quota that is nobody's mailbox: ours at the relay."""

RECEIVING_LIMIT = r"\breceive ?limit\b|\bmessages (?:they|it|he|she) can receive\b"
"""What may come to one mailbox in a time."""

SIZE = any_of(
    (
        r"\b(?:message|mail|e-?mail|size|content|attachment|body)(?: is| was| size)?(?: too (?:big|large|long)"
        r"| size\b[^;]{0,60}\b(?:exceed|limit|maximum))"
    ),
    (
        r"\bexceed\w* [^.;]{0,60}\b(?:message size|size limit|maximum (?:message|allowed|size)|administrative limit"
        r"|maximum size)"
    ),
    (
        r"\bmessage (?:length|size|file)\b[^.;]{0,40}\bexceed|\btoo (?:big|large) (?:for|a message|message)"
        r"|\blarger than\b[^.;]{0,40}\b(?:limit|allowed|maximum)"
        r"|\bmessage size limit|\bmax(?:imum)? message size|\baccept (?:messages|mails?|e-?mails?) (?:larger|bigger)\b"
    ),
    (
        r"\bnachricht\b[^.;]{0,40}\bzu (?:gross|lang)|\bmessage\b[^.;]{0,30}\btrop (?:gros|volumineux|grand)"
        r"|\bdemasiado grande|\btroppo grande|\bmuito grande"
        r"|(?:сообщени\w*|письм\w*)[^.;]{0,40}(?:слишком велик\w*|большо\w*|превыша\w*)|サイズ[^。]{0,20}(?:超|大き)"
        r"|邮件(?:太大"
        r"|过大)"
    ),
)
"""This message is too big."""

LISTED = (
    r"\b(?:spamhaus|spamcop|barracudacentral|sorbs|uceprotect|invaluement|abuseat|mailspike|spamrats|surbl|uribl|dnsbl"
    r"|senderbase|senderscore"
    r"|cloudmark|trendmicro|proofpoint|sophos|blocklist|blacklist|ipremoval|delist)\b"
)
"""Where refusals send one that is on a list: looked for where nothing but a link is said."""

SPAM = any_of(
    (
        r"\bspam|\bvirus|\bmalware|\bphish|\bblock(?:ed|list|ing)?\b|\bblack ?list|\bbanned\b|\bdnsbl|\b[us]?rbl\b"
        r"|\buribl\b|\binfected\b"
        r"|\breputation\b|\bunsolicited\b|\bsuspicious\b|\bjunk\b|\b[psxc]bl\b|\bprofile the internet\b"
        r"|\bbounce attacks?\b|\bclient (?:host|address|ip)\b"
        r"|\byour ip\b|\bip (?:address )?(?:is |was |has |frequency |not |block)"
    ),
    r"спам|(?:迷惑|スパム)|垃圾|스팸|차단",
)
"""They refuse us, or this text, whatever code they give."""

POLICY = any_of(
    r"\b(?:ip|source|remote|server) address\b[^.;]{0,40}\b(?:invalid|not|unknown|reject\w*|refused|listed)\b",
    (
        r"\bpolic(?:y|ies)\b|\bdenied\b|\bnot allowed\b|\bprohibited\b|\bforbidden\b|\bnot (?:authori[sz]ed|permitted"
        r"|accepted from)\b"
    ),
    (
        r"\bcontent[ -](?:reject|filter|not|block)|\bmessage content rejected\b|\bcontent of (?:this|your) (?:message"
        r"|mail)\b|\brelay(?:ing)?\b(?! (?:at|on|server)|=)"
    ),
    (
        r"\bunauthenticated\b|\binsecure\b|\bpoor\b[^.;]{0,10}\bkarma\b|\babus(?:e|ive)\b"
        r"|\blisted\b(?! (?:in (?:the )?(?:domino|public|address)|as a best))"
    ),
    (
        r"\bauthentication (?:is )?required\b|\bauthrequired\b|\bpreferences\b|\bfrequency\b|\brate[ -]limit"
        r"|\bmismatch|\bnot (?:on|in) (?:the |my |our )?(?:list of |white|allowed|rcpthosts)"
    ),
    (
        r"\bbulk mail\b|\bunwanted\b|\brefused by\b|\bviolat\w+\b|\brcpthosts\b|\bimproper use\b"
        r"|\bdoes not accept mail from\b|\bmay not be mail exchanger\b"
    ),
    (
        r"\btoo many (?:connections|sessions|invalid|bad|emails|messages from)\b|\bdynamic\b[^.;]{0,20}\b(?:ip|pool"
        r"|address)|\bhelo\b[^.;]{0,30}\b(?:reject|invalid|refused|denied)|\bbad helo\b"
    ),
    (
        r"\bpermission to (?:send|post|submit)\b|\bonly members (?:may|can)\b|\badministrative(?:ly)? prohibit"
        r"|\bask your postmaster\b|\bmembers?[ -]only\b|\brestricted\b|\bmoderat|\bnot your isp\b"
        r"|\bsmtp server of your isp\b|\bmust (?:authenticate|be authenticated)\b"
    ),
    (
        r"\brejected (?:by|due to|because|for) (?:the |our |a )?(?:polic|content|security|filter|administrat|system"
        r"|rule)|\bprivate\b[^.;]{0,20}\bmailing list\b"
    ),
    (
        r"\b(?:abgelehnt|gesperrt|verweigert)\b|\b(?:mail rejete|message rejete|bloque)\w*\b|\b(?:bloquead"
        r"|rechazado por|rejeitad|recusad)[oa]?s?\b|\b(?:rifiutat|bloccat|respint)[oa]\b"
        r"|заблокирован|отклонен|запрещен|拒否|拒绝|拒絕|被拒|거부"
    ),
)
"""They refuse us, or this text."""

OUR_RECORDS = (
    r"\bspf\b|\bdkim\b(?!-signature)|\bdmarc\b|\bauthentication information\b|\breverse dns\b|\bptr\b"
    r"|\bpurported responsible\b"
    r"|\brdns\b|\breverse (?:lookup|hostname|dns)|\bfcrdns\b|\bcannot find your (?:hostname|reverse)"
)

OUR_SENDER = (
    r"\b(?:from|reply-to|return)[- ](?:header|address|field)\b[^.;]{0,40}\b(?:invalid|not|unknown|reject\w*|does)\b|"
    r"\bsender(?:'s)?(?: e-?mail)?(?: address)?:? ?(?:is |was |has been |could not be )?(?:not )?(?:rejected|verif"
    r"|unknown|invalid|does not exist|denied|not allowed|refused|unverified|blocked)"
    r"|\b(?:domain of sender|sender domain|sender'?s domain|unroutea?ble sender|bad sender|invalid sender|mailfrom"
    r"|mail from domain|return path|envelope sender|sender address)\b"
)

EXPIRED = (
    r"\bexpired\b|\btimed? ?out\b|\bgiving up\b|\btimeout\b|\bin the queue too long\b|\bdelivery failed after\b"
    r"|\bfailed \d+ attempts\b|\bcould not be delivered (?:with)?in\b"
    r"|\bnot (?:going to )?try again\b|\bmaximum (?:number of )?(?:attempts|retries|delivery)\b|\bretry (?:limit"
    r"|time)\b|\bnot reachable within\b|\bcould not (?:send|be delivered) for\b"
    r"|\bfor the last \d+ seconds\b|\bhave been failing for a long time\b|\b(?:zeit|frist)\w* (?:uberschritten"
    r"|abgelaufen)\b|истекло|превышено время|タイムアウト|超时"
)
"""Nobody took it in time."""

BROKEN_WAY = (
    r"\bname service error\b|\bdns (?:error|query|failure|problem)\b|\bservfail\b|\bhost name lookup failure\b"
    r"|\bname server\b|\bcname lookup failed\b"
    r"|\bconnection (?:refused|reset|timed out|died|dropped|failed|lost)\b|\bno route to host\b|\bnetwork (?:error"
    r"|is unreachable|unreachable)\b|\bcould(?: not|n't) connect\b"
    r"|\bunable to connect\b|\bwasn't able to establish an smtp connection\b|\bnot responding\b|\bunreachable\b"
    r"|\bmail loop\b|\btoo many hops\b|\blooping\b|\blooped\b|\bloops back\b|\bhop count\b"
    r"|\bremote protocol error\b|\btls\b[^.;]{0,30}\b(?:fail|required|error|not)|\bloop (?:alert|back|detected)\b"
)

BUSY = (
    r"\b(?:service|system|server|resources?) [^.;]{0,20}\b(?:unavailable|busy|too busy|overloaded)\b"
    r"|\btry (?:again )?later\b|\btemporar(?:y|ily) (?:failure|unavailable|error|problem|deferred|system)\b"
)
