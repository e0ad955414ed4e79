"""Reports of delivery (RFC 3464), as mail systems write them."""

from base64 import b64encode

import pytest

from service.feedback import Event, Kind, Verdict, read


def report(*groups: str, encoding: str = "7bit", kind: str = "message/delivery-status") -> bytes:
    fields = "\n\n".join(("Reporting-MTA: dns; mx.example.org", *groups)) + "\n"
    body = b64encode(fields.encode()).decode() if encoding == "base64" else fields
    return f"""Return-Path: <>
From: MAILER-DAEMON@mx.example.org (Mail Delivery System)
To: b+token@bounces.dateline.test
Auto-Submitted: auto-replied
Subject: Undelivered Mail
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="=_cut/mx.example.org"

--=_cut/mx.example.org
Content-Type: text/plain; charset=x-nobody-knows

This is the mail system.
--=_cut/mx.example.org
Content-Type: {kind}
Content-Transfer-Encoding: {encoding}

{body}
--=_cut/mx.example.org
Content-Type: text/rfc822-headers

From: newsroom@dateline.test
--=_cut/mx.example.org--
""".replace("\n", "\r\n").encode()


def group(action: str = "failed", status: str = "5.1.1", said: str = "", who: str = "ben@example.org") -> str:
    lines = [f"Final-Recipient: rfc822; {who}", f"Action: {action}", f"Status: {status}"]
    return "\n".join([*lines, f"Diagnostic-Code: smtp; {said}"] if said else lines)


UNKNOWN_USER = group(said="550 5.1.1 <ben@example.org>... User unknown (in reply to RCPT TO command)")


def only(message: bytes) -> Event:
    events = read(message)
    assert len(events) == 1
    return events[0]


def test_a_dead_address_is_reported() -> None:
    event = only(report(UNKNOWN_USER))
    assert (event.kind, event.verdict, event.permanent) == (Kind.BOUNCE, Verdict.HARD, True)
    assert (event.recipient, event.status) == ("ben@example.org", "5.1.1")
    assert event.reply == "550 5.1.1 <ben@example.org>... User unknown (in reply to RCPT TO command)"
    assert event.reason == "The address does not exist"


def test_each_recipient_of_one_report_has_its_own_event() -> None:
    full = group(status="5.2.2", said="552 5.2.2 Mailbox full", who="cleo@example.org")
    events = read(report(UNKNOWN_USER, full))
    assert [(event.recipient, event.verdict) for event in events] == [
        ("ben@example.org", Verdict.HARD),
        ("cleo@example.org", Verdict.FULL),
    ]


def test_recipients_that_no_empty_line_parts_are_still_two() -> None:
    events = read(report(UNKNOWN_USER + "\n" + group(status="5.2.2", who="cleo@example.org")))
    assert [event.recipient for event in events] == ["ben@example.org", "cleo@example.org"]


def test_the_address_we_wrote_to_is_named_before_the_one_it_became() -> None:
    event = only(report("Original-Recipient: rfc822;ada@example.org\n" + UNKNOWN_USER))
    assert event.recipient == "ada@example.org"


def test_a_pipe_is_no_address() -> None:
    assert only(report(group(who="|/bin/filter ben@example.org"))).recipient == ""


def test_failed_is_final_even_with_a_temporary_code() -> None:
    event = only(report(group(status="4.4.1", said="421 4.4.1 No answer")))
    assert (event.kind, event.verdict, event.permanent) == (Kind.BOUNCE, Verdict.SOFT, False)


def test_delayed_is_never_final_whatever_its_code() -> None:
    event = only(report(group(action="delayed", said="550 5.1.1 User unknown")))
    assert (event.kind, event.verdict, event.permanent) == (Kind.DELAY, Verdict.SOFT, False)


@pytest.mark.parametrize(
    ("action", "status", "kind"),
    [
        ("delivered", "2.0.0", Kind.DELIVERED),
        ("relayed", "2.0.0", Kind.UNKNOWN),
        ("expanded", "2.0.0", Kind.UNKNOWN),
        ("Failed (expired)", "4.4.7", Kind.BOUNCE),
        ("failure", "5.0.0", Kind.BOUNCE),
        ("expired", "", Kind.BOUNCE),
        ("", "5.1.1", Kind.BOUNCE),
        ("", "4.1.1", Kind.DELAY),
        ("", "", Kind.UNKNOWN),
    ],
)
def test_the_action_says_what_it_is(action: str, status: str, kind: Kind) -> None:
    event = only(report(group(action=action, status=status)))
    assert event.kind is kind
    assert event.verdict is None or kind in {Kind.BOUNCE, Kind.DELAY}


def test_a_refusal_of_policy_says_nothing_of_the_address() -> None:
    event = only(report(group(status="5.7.1", said="550 5.7.1 Message refused")))
    assert event.verdict is Verdict.POLICY


def test_the_server_s_own_code_stands_before_the_reporter_s() -> None:
    event = only(report(group(status="5.1.1", said="550 5.7.1 listed")))
    assert (event.status, event.verdict) == ("5.7.1", Verdict.POLICY)


def test_a_code_that_says_nothing_gives_way() -> None:
    assert only(report(group(status="5.2.2", said="550 5.0.0 sorry"))).verdict is Verdict.FULL


def test_digits_that_are_no_reply_are_not_read_as_one() -> None:
    event = only(report(group(status="5.0.0", said="host mx[203.0.113.5] port 551 said: 550 listed in a blocklist")))
    assert event.verdict is Verdict.POLICY


def test_what_was_refused_at_mail_from_is_about_us() -> None:
    event = only(report(group(status="5.0.0", said="host mx said: 550 User unknown (in reply to MAIL FROM command)")))
    assert event.verdict is Verdict.OURS


def people(message: bytes, text: str) -> bytes:
    """The report, its part for people saying this."""
    return message.replace(b"This is the mail system.", text.replace("\n", "\r\n").encode())


def test_what_the_report_leaves_out_its_text_for_people_tells() -> None:
    text = "The following address(es) failed:\n\n  ben@example.org\n    Domain does not exist\n"
    assert only(people(report(group(status="5.0.0")), text)).verdict is Verdict.DEAD_DOMAIN


def test_the_text_for_people_tells_what_was_refused() -> None:
    text = "\tThe mail system\n\n<ben@example.org>: host mx said: 550 5.2.1 User unknown (in reply to {})\n"
    refused = report(group(status="5.2.1", said="550 5.2.1 User unknown"))
    assert only(people(refused, text.format("RCPT TO command"))).verdict is Verdict.HARD
    assert only(people(refused, text.format("end of DATA command"))).verdict is Verdict.DISABLED


def test_a_full_mailbox_in_the_text_for_people_outweighs_the_code() -> None:
    text = "Your message to <ben> was automatically rejected:\nNot enough disk space\n"
    assert only(people(report(UNKNOWN_USER), text)).verdict is Verdict.FULL


def test_the_address_behind_a_pipe_is_found() -> None:
    piped = people(report(group(who="|/bin/filter ben@example.org")), "generated by ben@example.org\n")
    assert only(piped).recipient == "ben@example.org"


def test_words_beside_the_status_count() -> None:
    assert only(report(group(status="5.0.0 (recipient reached disk quota)"))).verdict is Verdict.FULL


def test_a_base64_report_is_read() -> None:
    assert only(report(UNKNOWN_USER, encoding="base64")).verdict is Verdict.HARD


def test_an_internationalised_report_is_read() -> None:
    said = "Final-Recipient: utf-8; \\x{451}lka@пример.example\nAction: failed\nStatus: 5.1.1"
    event = only(report(said, kind="message/global-delivery-status"))
    assert event.recipient == "ёlka@пример.example"


def test_a_report_that_a_mail_system_passes_on_is_read() -> None:
    assert only(forwarded(report(UNKNOWN_USER), by="Postmaster <postmaster@gate.example>")).verdict is Verdict.HARD


def test_a_bounce_that_a_person_sends_us_is_her_answer() -> None:
    assert only(forwarded(report(UNKNOWN_USER), by="Ada <ada@example.org>")).kind is Kind.REPLY


def forwarded(message: bytes, by: str) -> bytes:
    head = f"From: {by}\nIn-Reply-To: <1@dateline.test>\nContent-Type: multipart/mixed; boundary=outer\n\n--outer\n"
    return head.encode() + b"\nlook\n--outer\nContent-Type: message/rfc822\n\n" + message + b"\n--outer--\n"


def test_their_words_reach_us_on_one_line_and_bounded() -> None:
    event = only(report(group(said="550 5.1.1 \x1b[31mred\x07 ‮right to left " + "x" * 5000)))
    assert event.reply.isprintable()
    assert len(event.reply) == 1000
    assert event.verdict is Verdict.HARD
