"""What an SMTP reply says, and about whom: one table, read from the top, for answers in session and for reports.

"5xx is a dead address" is wrong more often than right: most refusals speak of us, of the text or of the day. So the
words are read before the numbers, and an address is called dead only where the words or the code can mean nothing else.
"""

import re
from dataclasses import dataclass

from service.feedback import mailbox_words, nobody_words
from service.feedback import smtp_words as words
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
NOT_MAIL = frozenset({"", "rcpt", "data", "dot"})
NOT_RCPT = frozenset({"", "data", "dot"})
AFTER_RCPT = frozenset({"data", "dot"})
NOT_4XX = r"5\d\d|"
"""The reply is not temporary, or there is no code: what is temporary never speaks of a dead address."""

_LOST = r"^(connection lost: \w+|(connection )?closed by the relay|timed out|out of step)$"

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
    Rule(V.OURS, "Our limit at the relay is reached", words=words.OUR_LIMIT),
    # Exchange's limit of what comes to one mailbox in an hour, which exceeds no quota.
    Rule(V.HOST, "The mailbox gets too much mail at once", enhanced=r"[45]\.2\.12\d", answer=LATER),
    Rule(V.HOST, "The mailbox gets too much mail at once", words=words.RECEIVING_LIMIT, answer=LATER),
    Rule(V.FULL, "The mailbox is full", enhanced=r"[45]\.2\.2"),
    Rule(V.FULL, "The mailbox is full", words=mailbox_words.FULL),
    Rule(V.SOFT, "The mailbox's own program failed", words=mailbox_words.DELIVERY_AGENT),
    # What DNS has no answer for now is not what it says is not there.
    Rule(V.HOST, "The way to their server is broken", words=r"\bnot found, try again\b", answer=LATER),
    # 534 "SIZE=Message too big" exists: so size stands before the login codes; and before MAIL FROM, which says SIZE=.
    Rule(V.SIZE, "The message is too big for them", enhanced=r"[45]\.(3\.4|2\.3)", answer=FOR_GOOD),
    Rule(V.SIZE, "The message is too big for them", words=words.SIZE, answer=FOR_GOOD),
    # Greylisting, said at RCPT or already at MAIL FROM.
    Rule(V.GREYLISTED, "They ask us to come back later", code=r"4\d\d", words=r"\bgr[ae]y-?list", answer=LATER),
    # RFC 7372, and Google's and Microsoft's own 5.7.30 and 5.7.515. 5.7.28 (mail flood) and 5.7.29 (ARC) are not ours.
    Rule(V.OURS, "Our SPF, DKIM, DMARC or reverse DNS does not satisfy them", enhanced=r"[45]\.7\.(2[0-7]|30|515)"),
    # Microsoft's, of whoever sends by it (5.7.700 to 5.7.750).
    Rule(V.OURS, "Our account at the relay is limited", enhanced=r"5\.7\.7\d\d"),
    # 5.1.7 and 5.1.8 speak of the sender's address, though x.1.x is about addresses (RFC 3463 3.2).
    Rule(V.OURS, "They do not take our sender address", enhanced=r"[45]\.1\.[78]"),
    # "5.1.1" beside "SPF fail" is in the corpus, from a forwarder: the text wins over the code.
    Rule(V.OURS, "Our SPF, DKIM, DMARC or reverse DNS does not satisfy them", words=words.OUR_RECORDS),
    Rule(V.OURS, "They do not take our sender address", words=words.OUR_SENDER),
    # Microsoft's "no such recipient" reads "Access denied", which means policy everywhere else.
    Rule(
        V.HARD, "The address does not exist", code=NOT_4XX, enhanced=r"5\.4\.1", words=r"\brecipient address rejected\b"
    ),
    Rule(V.POLICY, "They refuse us or this text", words=words.SPAM),
    # A server that calls a mailbox invalid for being switched off knows it; what has a code for "nobody" means it.
    Rule(
        V.DISABLED,
        "The mailbox is switched off",
        code=NOT_4XX,
        enhanced=r"|5\.[02-7]\.\d+",
        words=mailbox_words.SWITCHED_OFF,
    ),
    # Whose code and words agree that there is nobody may well speak of rules besides.
    Rule(
        V.HARD,
        "The address does not exist",
        code=NOT_4XX,
        enhanced=r"5\.1\.(1|6|10)",
        words=nobody_words.NOBODY,
        stages=NOT_MAIL,
    ),
    Rule(V.POLICY, "They refuse us or this text", words=words.POLICY),
    # No recipient was named yet: nothing here is about one. 4.3.x and 4.4.x speak of the server all the same.
    Rule(V.HOST, "The server is not able to take mail now", enhanced=r"4\.[34]\.\d+", stages=MAIL, answer=LATER),
    Rule(V.OURS, "They do not take mail from our sender", stages=MAIL),
    Rule(V.OURS, "The relay wants another login", code=r"53[0458]", enhanced=r"|[45]\.7\.\d+"),
    # RFC 7504: 521 and 556 say that a host or domain takes no mail; RFC 7505: so does a null MX.
    Rule(V.DEAD_DOMAIN, "The domain takes no mail", code="556"),
    Rule(V.DEAD_DOMAIN, "The domain takes no mail", code="521", enhanced=r"|5\.[013]\.\d+"),
    Rule(V.DEAD_DOMAIN, "The domain does not exist or takes no mail", code=NOT_4XX, enhanced=r"5\.1\.2"),
    Rule(
        V.DEAD_DOMAIN,
        "The domain does not exist or takes no mail",
        code=NOT_4XX,
        enhanced=r"|5\..*",
        words=mailbox_words.NO_DOMAIN,
    ),
    # 5.2.0 and 5.3.0 claim trouble with a mailbox or a system that is there: filters that say "unknown" of living ones.
    Rule(V.DISABLED, "The mailbox takes no mail", code=NOT_4XX, enhanced=r"5\.2\.0", words=nobody_words.NOBODY),
    # Yahoo looks for the account after the text; it knows.
    Rule(
        V.HARD,
        "The address does not exist",
        code=NOT_4XX,
        words=r"\bdelivery error: dd this user (does not|doesn't) have",
    ),
    # So is 5.2.1, and "unknown" after the text was sent, when the server had taken the address: only RCPT vouches.
    Rule(
        V.DISABLED,
        "The mailbox takes no mail",
        code=NOT_4XX,
        enhanced=r"5\.(2\.1|3\.0)",
        words=nobody_words.NOBODY,
        stages=NOT_RCPT,
    ),
    Rule(
        V.DISABLED,
        "The mailbox takes no mail",
        code=NOT_4XX,
        enhanced=r"|5\.[02-7]\.\d+",
        words=nobody_words.NOBODY,
        stages=AFTER_RCPT,
    ),
    # Only a link beside a code that says "dead": where it leads says more than the code.
    Rule(V.POLICY, "They refuse us or this text", words=words.LISTED),
    # Only a code says "dead" here, and the words that it is there.
    Rule(V.DISABLED, "The mailbox is switched off", code=NOT_4XX, words=mailbox_words.SWITCHED_OFF),
    # Google says 5.1.1 of no living account but in the night of 2020-12-14, hence the burst guard of who counts these.
    Rule(V.HARD, "The address does not exist", code=NOT_4XX, enhanced=r"5\.1\.([136]|10)"),
    Rule(V.HARD, "The address does not exist", code=NOT_4XX, enhanced=r"|5\..*", words=nobody_words.NOBODY),
    # MessageLabs' own, for a recipient its customer does not have.
    Rule(V.HARD, "The address does not exist", code="542", words=r"\brejected\W*\Z"),
    # Google says 4.2.1 and 5.2.1 of a mailbox that gets too much mail at once as well.
    Rule(
        V.HOST,
        "The mailbox gets too much mail at once",
        enhanced=r"[45]\.2\.1",
        words=r"\brate\b|\btoo (quickly|fast)\b",
        answer=LATER,
    ),
    Rule(V.DISABLED, "The mailbox is switched off", enhanced=r"5\.2\.1|5\.7\.13"),
    Rule(V.DISABLED, "The mailbox is switched off", code=NOT_4XX, enhanced=r"|5\..*", words=mailbox_words.DISABLED),
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
    Rule(V.SOFT, "It could not be handed over in time", words=words.EXPIRED, answer=LATER),
    # 5.4.4 is a routing failure, usually DNS: try later, whatever its class says.
    Rule(V.HOST, "The way to their server is broken", enhanced=r"[45]\.4\.\d+", answer=LATER),
    Rule(V.HOST, "The way to their server is broken", words=words.BROKEN_WAY, answer=LATER),
    Rule(V.HOST, "Their server is not able to take mail now", enhanced=r"4\.3\.\d+|5\.3\.2", answer=LATER),
    Rule(V.HOST, "Their server is not able to take mail now", words=words.BUSY, answer=LATER),
    # x.1.x and x.2.x speak of the address or its mailbox, not of the host.
    Rule(V.SOFT, "The mailbox cannot take mail now", enhanced=r"4\.[12]\.\d+", answer=LATER),
    Rule(V.HOST, "Their server asks us to try later", code=r"4\d\d", answer=LATER),
    Rule(V.HOST, "Their server asks us to try later", code="", enhanced=r"4\..*", answer=LATER),
    Rule(V.SOFT, "They refused it without a clear reason", code=r"5\d\d", answer=FOR_GOOD),
    Rule(V.SOFT, "They refused it without a clear reason", enhanced=r"5\..*", answer=FOR_GOOD),
)
