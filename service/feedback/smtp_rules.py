"""What an SMTP reply says, and about whom: one table, read from the top, for answers in session and for reports.

"5xx is a dead address" is wrong more often than right: most refusals speak of us, of the text or of the day. So the
words are read before the numbers, and an address is called dead only where the words or the code can mean nothing else.
"""

import re
from dataclasses import dataclass

from service.feedback.event import Verdict

V = Verdict
LATER = False
FOR_GOOD = True


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: it applies when all its conditions do, a condition left empty always does.

    `code` and `enhanced` must match whole, `words` anywhere in the text, `stages` holds the stage. `answer` is the
    reading's `permanent`, None: as the reply's class says.
    """

    verdict: Verdict
    reason: str
    code: str = ""
    enhanced: str = ""
    words: str = ""
    stages: frozenset[str] = frozenset()
    answer: bool | None = None

    def applies(self, code: str, enhanced: str, text: str, stage: str) -> bool:
        """Patterns are compiled once: the re module keeps them."""
        return (
            (not self.stages or stage in self.stages)
            and (not self.code or re.fullmatch(self.code, code) is not None)
            and (not self.enhanced or re.fullmatch(self.enhanced, enhanced) is not None)
            and (not self.words or re.search(self.words, text) is not None)
        )


CONNECT = frozenset({"connect"})
MAIL = frozenset({"mail"})
NOT_4XX = r"5\d\d|"
"""The reply is not temporary, or there is no code: what is temporary never speaks of a dead address."""

_PERSON = r"(user|recipient|mail ?box|account|address|rcpt|addressee|customer)"
_NOBODY = (
    rf"\b{_PERSON}s?\b[^.;:]{{0,40}}?"
    r"\b(unknown|not? found|(does|do|did)( not|n't) exist|not exist|not (a )?known|invalid)\b"
    rf"|\b(unknown|no such|invalid|not a (known|valid|active)|nonexistent|no) (local |e-?mail )?{_PERSON}\b"
    r"|\bno longer (on|at|exists|valid|available|works)\b|\b(does not|doesn't) have an? [^.;]{0,40}\baccount\b"
    r"|\b(recipient|address) rejected\W*\Z"
)
_LOST = r"^(connection lost: \w+|(connection )?closed by the relay|timed out|out of step)$"
_NO_DOMAIN = (
    r"\b(host|domain)( name)?( is)? (unknown|not found|does not exist)\b|\b(unknown|no such) (host|domain)\b"
    r"|\bdomain\b[^.;]{0,60}\b(does not|doesn't|never) (receive|accept)s? (e-?)?mail\b"
    r"|\bnxdomain\b|\bnull mx\b|\bdomain is not reachable\b"
)
_SPAM = (
    r"\bspam|\bvirus|\bmalware|\bphish|\bblock(ed|list|ing)?\b|\bblack ?list|\bbanned\b|\bdnsbl|\b[us]?rbl\b|\buribl\b"
    r"|\breputation\b|\bunsolicited\b|\bsuspicious\b|\bpolic(y|ies)\b|\bdenied\b|\bnot allowed\b|\bprohibited\b"
    r"|\bcontent (reject|filter)|\brelay(ing)?\b|\bclient (host|address|ip)\b|\bip address\b|\bunauthenticated\b"
    r"|\bauthentication required\b|\bpreferences\b|\bfrequency\b|\brate[ -]limit|\bmismatch"
)

RULES: tuple[Rule, ...] = (
    # Our own words for a connection that ended without an answer (workers/relays/wire.py): nobody refused anything.
    Rule(V.HOST, "The connection was lost before an answer came", words=_LOST, answer=LATER),
    # A 5xx greeting is a server that is not ready, whatever it says; Postfix skips it too. No address was named yet.
    Rule(V.HOST, "The server did not want to talk", stages=CONNECT, answer=LATER),
    # RFC 5321 3.8: the server is closing, it has judged nothing.
    Rule(V.HOST, "The server closed the connection", code="421", answer=LATER),
    # A limit per transaction, not a refusal; old servers say it with 552 (RFC 5321 4.5.3.1.10).
    Rule(V.HOST, "Too many recipients at once", enhanced=r"[45]\.5\.3", answer=LATER),
    Rule(V.HOST, "Too many recipients at once", words=r"\btoo many recipients\b", answer=LATER),
    # 452 is also said of a full mailbox: here it is the server's own disk.
    Rule(V.HOST, "The server's disk is full", enhanced=r"[45]\.3\.1", answer=LATER),
    Rule(V.HOST, "The server's disk is full", code="431", answer=LATER),
    Rule(V.HOST, "The server's disk is full", words=r"\binsufficient (system|disk)\b", answer=LATER),
    # Our own limit at the relay is a quota too, and nobody's mailbox.
    Rule(
        V.OURS,
        "Our limit at the relay is reached",
        words=r"\b(sending|daily|hourly) (\w+ )?(quota|limit)\b|throttl",
    ),
    Rule(V.FULL, "The mailbox is full", enhanced=r"[45]\.2\.2"),
    Rule(
        V.FULL,
        "The mailbox is full",
        words=r"\b(over|exceed\w*) (\w+ ){0,3}quota\b|\bquota (is |has been )?(full|exceeded)\b|\bdisk quota\b"
        r"|\b(mail ?box|inbox)\b[^.;]{0,30}\b(full|size limit|out of storage)"
        r"|\btoo many messages\b|\bstorage allocation\b",
    ),
    # 534 "SIZE=Message too big" exists: so size stands before the login codes; and before MAIL FROM, which says SIZE=.
    Rule(V.SIZE, "The message is too big for them", enhanced=r"[45]\.(3\.4|2\.3)", answer=FOR_GOOD),
    Rule(
        V.SIZE,
        "The message is too big for them",
        words=r"\b(message|mail)( is)?( too (big|large)| size\b[^;]{0,60}\b(exceed|limit))"
        r"|\bexceed\w* [^.;]{0,40}\b(message size|size limit)",
        answer=FOR_GOOD,
    ),
    # Greylisting, said at RCPT or already at MAIL FROM.
    Rule(V.GREYLISTED, "They ask us to come back later", code=r"4\d\d", words=r"\bgr[ae]y-?list", answer=LATER),
    # RFC 7372, and Google's and Microsoft's own 5.7.30 and 5.7.515. 5.7.28 (mail flood) and 5.7.29 (ARC) are not ours.
    Rule(V.OURS, "Our SPF, DKIM, DMARC or reverse DNS does not satisfy them", enhanced=r"[45]\.7\.(2[0-7]|30|515)"),
    # 5.1.7 and 5.1.8 speak of the sender's address, though x.1.x is about addresses (RFC 3463 3.2).
    Rule(V.OURS, "They do not take our sender address", enhanced=r"[45]\.1\.[78]"),
    # "5.1.1" beside "SPF fail" is in the corpus, from a forwarder: the text wins over the code.
    Rule(
        V.OURS,
        "Our SPF, DKIM, DMARC or reverse DNS does not satisfy them",
        words=r"\bspf\b|\bdkim\b(?!-signature)|\bdmarc\b|\bauthentication information\b|\breverse dns\b|\bptr\b"
        r"|\bpurported responsible\b",
    ),
    Rule(
        V.OURS,
        "They do not take our sender address",
        words=r"\bsender( address)?:? (rejected|verif|unknown|invalid|does not exist)"
        r"|\b(domain of sender|sender domain)\b",
    ),
    # Microsoft's "no such recipient" reads "Access denied", which means policy everywhere else.
    Rule(
        V.HARD, "The address does not exist", code=NOT_4XX, enhanced=r"5\.4\.1", words=r"\brecipient address rejected\b"
    ),
    Rule(V.POLICY, "They refuse us or this text", words=_SPAM),
    # No recipient was named yet: nothing here is about one. 4.3.x and 4.4.x speak of the server all the same.
    Rule(V.HOST, "The server is not able to take mail now", enhanced=r"4\.[34]\.\d+", stages=MAIL, answer=LATER),
    Rule(V.OURS, "They do not take mail from our sender", stages=MAIL),
    Rule(V.OURS, "The relay wants another login", code=r"53[0458]", enhanced=r"|[45]\.7\.\d+"),
    # RFC 7504: 521 and 556 say that a host or domain takes no mail; RFC 7505: so does a null MX.
    Rule(V.DEAD_DOMAIN, "The domain takes no mail", code="556"),
    Rule(V.DEAD_DOMAIN, "The domain takes no mail", code="521", enhanced=r"|5\.[013]\.\d+"),
    Rule(V.DEAD_DOMAIN, "The domain does not exist or takes no mail", code=NOT_4XX, enhanced=r"5\.1\.2"),
    Rule(
        V.DEAD_DOMAIN, "The domain does not exist or takes no mail", code=NOT_4XX, enhanced=r"|5\..*", words=_NO_DOMAIN
    ),
    # 5.2.0 and 5.3.0 claim trouble with a mailbox or a system that is there: filters that say "unknown" of living ones.
    Rule(V.DISABLED, "The mailbox takes no mail", code=NOT_4XX, enhanced=r"5\.[23]\.0", words=_NOBODY),
    # Google says 5.1.1 of no living account but in the night of 2020-12-14, hence the burst guard of who counts these.
    Rule(V.HARD, "The address does not exist", code=NOT_4XX, enhanced=r"5\.1\.([136]|10)"),
    Rule(V.HARD, "The address does not exist", code=NOT_4XX, enhanced=r"|5\..*", words=_NOBODY),
    # Google says 4.2.1 and 5.2.1 of a mailbox that gets too much mail at once as well.
    Rule(
        V.HOST,
        "The mailbox gets too much mail at once",
        enhanced=r"[45]\.2\.1",
        words=r"\brate\b|\btoo (quickly|fast)\b",
        answer=LATER,
    ),
    Rule(V.DISABLED, "The mailbox is switched off", enhanced=r"5\.2\.1"),
    Rule(
        V.DISABLED,
        "The mailbox is switched off",
        code=NOT_4XX,
        enhanced=r"|5\..*",
        words=r"\b(disabled|suspended|inactive|deactivated|discontinued|not active)\b",
    ),
    # RFC 5321 3.4: moved, or "not local"; after "deactivated", which some say with it.
    Rule(V.HARD, "The address does not exist here any more", code="551"),
    Rule(V.GREYLISTED, "They ask us to come back later", code=r"4\d\d", enhanced=r"4\.(7\.1|2\.0)", answer=LATER),
    Rule(V.POLICY, "They refuse us or this text", enhanced=r"[45]\.7\.\d+"),
    Rule(V.CONTENT, "They cannot take this kind of message", enhanced=r"[45]\.6\.\d+", answer=FOR_GOOD),
    Rule(
        V.CONTENT,
        "They cannot take this kind of message",
        words=r"\bconversion\b|\bsmtputf8\b|\bduplicate header\b",
        answer=FOR_GOOD,
    ),
    # What is left of 552 is size more often than a mailbox, and guessing size harms nobody.
    Rule(V.SIZE, "The message is too big for them", code="552", answer=FOR_GOOD),
    # The queue that gave up, not the address.
    Rule(V.SOFT, "It could not be handed over in time", enhanced=r"[45]\.4\.7", answer=LATER),
    Rule(V.SOFT, "It could not be handed over in time", words=r"\bexpired\b|\btimed out\b", answer=LATER),
    # 5.4.4 is a routing failure, usually DNS: try later, whatever its class says.
    Rule(V.HOST, "The way to their server is broken", enhanced=r"[45]\.4\.\d+", answer=LATER),
    Rule(
        V.HOST,
        "The way to their server is broken",
        words=r"\bname service error\b|\bdns (error|query)\b|\bservfail\b",
        answer=LATER,
    ),
    Rule(V.HOST, "Their server is not able to take mail now", enhanced=r"4\.3\.\d+|5\.3\.2", answer=LATER),
    Rule(
        V.HOST,
        "Their server is not able to take mail now",
        words=r"\b(service|system) [^.;]{0,20}\bunavailable\b",
        answer=LATER,
    ),
    # x.1.x and x.2.x speak of the address or its mailbox, not of the host.
    Rule(V.SOFT, "The mailbox cannot take mail now", enhanced=r"4\.[12]\.\d+", answer=LATER),
    Rule(V.HOST, "Their server asks us to try later", code=r"4\d\d", answer=LATER),
    Rule(V.HOST, "Their server asks us to try later", code="", enhanced=r"4\..*", answer=LATER),
    Rule(V.SOFT, "They refused it without a clear reason", code=r"5\d\d", answer=FOR_GOOD),
    Rule(V.SOFT, "They refused it without a clear reason", enhanced=r"5\..*", answer=FOR_GOOD),
)
