"""What a reply says, and about whom: standards.md section 9, one line a case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.feedback import Verdict
from service.feedback.smtp_reply import Reading, classify
from service.feedback.smtp_rules import RULES

V = Verdict
DEAD = {V.HARD, V.DEAD_DOMAIN}
LATER, FOR_GOOD = False, True


@pytest.mark.parametrize(
    ("code", "enhanced", "text", "stage", "verdict", "permanent"),
    [
        (None, "", "connection closed by the relay", "dot", V.HOST, LATER),
        (None, "", "connection lost: ConnectionResetError", "dot", V.HOST, LATER),
        (None, "", "timed out", "data", V.HOST, LATER),
        (554, "", "No SMTP service here", "connect", V.HOST, LATER),
        (550, "5.1.1", "User unknown", "connect", V.HOST, LATER),
        (421, "4.7.0", "Closing connection", "rcpt", V.HOST, LATER),
        (550, "", "<newsroom@dateline.test>: rejected", "mail", V.OURS, FOR_GOOD),
        (451, "", "try again", "mail", V.OURS, LATER),
        (451, "4.3.0", "queue file write error", "mail", V.HOST, LATER),
        (530, "5.7.0", "Must issue a STARTTLS command first", "rcpt", V.OURS, FOR_GOOD),
        (535, "5.7.8", "Bad credentials", "", V.OURS, FOR_GOOD),
        (450, "4.7.1", "<cleo@example.org>: Recipient address rejected: Greylisted", "rcpt", V.GREYLISTED, LATER),
        (450, "4.2.0", "", "rcpt", V.GREYLISTED, LATER),
        (452, "4.5.3", "", "rcpt", V.HOST, LATER),
        (552, "", "Too many recipients", "rcpt", V.HOST, LATER),
        (552, "5.5.3", "", "rcpt", V.HOST, LATER),
        (552, "5.3.1", "", "rcpt", V.HOST, LATER),
        (552, "", "Insufficient system storage", "rcpt", V.HOST, LATER),
        (431, "", "", "mail", V.HOST, LATER),
        (454, "", "Throttling failure: daily sending quota exceeded", "dot", V.OURS, LATER),
        (451, "", "Greylisting in action", "mail", V.GREYLISTED, LATER),
        (501, "5.1.8", "", "rcpt", V.OURS, FOR_GOOD),
        (550, "5.2.0", "User unknown", "rcpt", V.DISABLED, FOR_GOOD),
        (452, "4.2.2", "Mailbox full", "rcpt", V.FULL, LATER),
        (552, "5.2.2", "", "dot", V.FULL, FOR_GOOD),
        (550, "", "Quota exceeded (mailbox for user is full)", "rcpt", V.FULL, FOR_GOOD),
        (452, "4.3.1", "Insufficient system storage", "mail", V.HOST, LATER),
        (431, "", "", "rcpt", V.HOST, LATER),
        (550, "5.1.1", "", "rcpt", V.HARD, FOR_GOOD),
        (550, "5.1.0", "User unknown", "rcpt", V.HARD, FOR_GOOD),
        (550, "5.1.10", "RESOLVER.ADR.RecipientNotFound", "rcpt", V.HARD, FOR_GOOD),
        (551, "", "not our customer", "rcpt", V.HARD, FOR_GOOD),
        (550, "", "<ben@example.org>... User unknown", "rcpt", V.HARD, FOR_GOOD),
        (550, "5.4.1", "[ben@example.org]: Recipient address rejected: Access denied", "rcpt", V.HARD, FOR_GOOD),
        (550, "5.1.2", "", "rcpt", V.DEAD_DOMAIN, FOR_GOOD),
        (556, "", "", "rcpt", V.DEAD_DOMAIN, FOR_GOOD),
        (521, "", "", "rcpt", V.DEAD_DOMAIN, FOR_GOOD),
        (None, "", "Host unknown", "", V.DEAD_DOMAIN, LATER),
        (550, "5.4.4", "Malformed name server reply", "", V.HOST, LATER),
        (550, "5.2.1", "", "rcpt", V.DISABLED, FOR_GOOD),
        (550, "", "This account has been disabled or discontinued", "rcpt", V.DISABLED, FOR_GOOD),
        (450, "4.2.1", "The user is receiving mail at a rate that", "rcpt", V.HOST, LATER),
        (550, "5.7.1", "", "rcpt", V.POLICY, FOR_GOOD),
        (554, "", "Your message looks like spam", "dot", V.POLICY, FOR_GOOD),
        (421, "", "blocked", "rcpt", V.HOST, LATER),
        (451, "4.7.650", "temporarily blocked", "rcpt", V.POLICY, LATER),
        (550, "5.7.26", "", "dot", V.OURS, FOR_GOOD),
        (550, "5.7.515", "", "dot", V.OURS, FOR_GOOD),
        (550, "5.1.1", "SPF check failed", "rcpt", V.OURS, FOR_GOOD),
        (501, "5.1.8", "Sender address rejected", "rcpt", V.OURS, FOR_GOOD),
        (552, "5.3.4", "", "mail", V.SIZE, FOR_GOOD),
        (552, "", "Message size limit exceeded", "dot", V.SIZE, FOR_GOOD),
        (534, "", "SIZE=Message too big", "mail", V.SIZE, FOR_GOOD),
        (552, "", "", "dot", V.SIZE, FOR_GOOD),
        (554, "5.6.1", "", "dot", V.CONTENT, FOR_GOOD),
        (553, "5.6.7", "", "rcpt", V.CONTENT, FOR_GOOD),
        (None, "4.4.7", "", "", V.SOFT, LATER),
        (451, "", "", "rcpt", V.HOST, LATER),
        (550, "", "Rejected", "rcpt", V.SOFT, FOR_GOOD),
        (550, "5.9.99", "", "rcpt", V.SOFT, FOR_GOOD),
        (554, "", "Format conversion failed", "dot", V.CONTENT, FOR_GOOD),
        (554, "", "Message expired", "", V.SOFT, LATER),
        (550, "", "Name service error for name=x type=MX", "", V.HOST, LATER),
        (554, "", "Service currently unavailable", "dot", V.HOST, LATER),
        (550, "5.3.2", "", "dot", V.HOST, LATER),
        (450, "4.1.0", "", "rcpt", V.SOFT, LATER),
        (None, "5.9.99", "", "", V.SOFT, FOR_GOOD),
        (None, "", "", "", V.HOST, LATER),
        (550, "5.1.1", "mailbox is over quota", "rcpt", V.FULL, FOR_GOOD),
        (552, "5.1.1", "Boîte aux lettres pleine", "", V.FULL, FOR_GOOD),
        (550, "", "Das Postfach ist voll", "rcpt", V.FULL, FOR_GOOD),
        (550, "5.2.1", "User unknown", "rcpt", V.HARD, FOR_GOOD),
        (550, "5.2.1", "User unknown", "", V.DISABLED, FOR_GOOD),
        (550, "", "User unknown", "dot", V.DISABLED, FOR_GOOD),
        (550, "5.1.1", "User unknown", "dot", V.HARD, FOR_GOOD),
        (550, "5.3.0", "No such user here", "rcpt", V.HARD, FOR_GOOD),
        (554, "", "delivery error: dd This user doesn't have a yahoo.com account", "dot", V.HARD, FOR_GOOD),
        (550, "", "Неизвестный пользователь", "rcpt", V.HARD, FOR_GOOD),
        (550, "5.1.1", "用户不存在", "rcpt", V.HARD, FOR_GOOD),
        (553, "5.1.3", "http://www.spamhaus.org/query/bl?ip=192.0.2.222", "", V.POLICY, FOR_GOOD),
        (550, "5.4.4", "Host or domain name not found, try again", "", V.HOST, LATER),
        (550, "5.4.4", "Host or domain name not found", "", V.DEAD_DOMAIN, FOR_GOOD),
        (550, "5.1.1", "procmail: Couldn't create /var/mail/ben: No such user", "", V.SOFT, FOR_GOOD),
        (525, "5.7.13", "Disabled recipient address", "rcpt", V.DISABLED, FOR_GOOD),
        (542, "", "<ben@example.org> Rejected", "", V.HARD, FOR_GOOD),
    ],
)
def test_a_reply_is_read(
    code: int | None, enhanced: str, text: str, stage: str, verdict: Verdict, permanent: bool
) -> None:
    reading = classify(code, enhanced, text, stage)
    assert (reading.verdict, reading.permanent) == (verdict, permanent)


@pytest.mark.parametrize("words", ["User unknown", "No such user here", "Mailbox not found", "Host unknown"])
def test_what_is_temporary_never_calls_an_address_dead(words: str) -> None:
    assert classify(450, "4.1.1", words, "rcpt").verdict not in DEAD
    assert classify(450, "", words, "rcpt").verdict not in DEAD
    assert classify(450, "5.1.1", words, "rcpt").verdict not in DEAD


def test_later_is_told_from_silence() -> None:
    for code, enhanced in ((451, ""), (None, "4.9.9")):
        assert classify(code, enhanced, "", "rcpt").reason == "Their server asks us to try later"
    assert classify(None, "", "", "dot").reason == "No answer that could be read"


def test_a_blocklist_in_a_name_is_no_reason() -> None:
    text = "<spam@blocked.example>: user unknown, see https://policy.example/spam or mx.antispam.example"
    assert classify(550, "5.1.1", text, "rcpt").verdict is V.HARD


def test_what_our_address_lacks_is_not_said_of_the_recipient() -> None:
    assert classify(550, "", "Your IP address is unknown here", "rcpt").verdict is V.POLICY
    assert classify(550, "", "sender address does not exist", "rcpt").verdict is V.OURS


def test_words_across_the_lines_of_one_reply_are_read_together() -> None:
    text = "550-5.1.0 The address you\n550-5.1.0 wrote to: user\n550 5.1.0 unknown"
    assert classify(550, "5.1.0", text, "rcpt").verdict is V.HARD


def test_every_rule_has_a_condition_and_words_for_people() -> None:
    for rule in RULES:
        assert rule.code or rule.enhanced or rule.words or rule.stages
        assert rule.reason


@given(
    st.none() | st.integers(-1, 9999),
    st.text(max_size=12) | st.from_regex(r"[245]\.\d{1,3}\.\d{1,3}", fullmatch=True),
    st.text(max_size=3000),
    st.sampled_from(["", "connect", "mail", "rcpt", "data", "dot", "else"]),
)
def test_any_reply_has_a_reading(code: int | None, enhanced: str, text: str, stage: str) -> None:
    reading = classify(code, enhanced, text, stage)
    assert isinstance(reading, Reading)
    assert reading.reason
    if stage in {"connect", "mail"}:
        assert reading.verdict not in DEAD
