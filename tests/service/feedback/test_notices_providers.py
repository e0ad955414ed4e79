"""Google, Yahoo, Mail.Ru, GMX, SES and the Japanese carriers."""

import json

import pytest

from service.feedback import Kind, Verdict
from tests.service.feedback.notes import RETURNED, notice, said

B, V = Kind.BOUNCE, Verdict
GOOGLE = "Mail Delivery Subsystem <mailer-daemon@googlemail.com>"


def test_gmail_before_2016() -> None:
    text = f"""Delivery to the following recipient failed permanently:

     ben@rivers.example

Technical details of permanent failure:
Google tried to deliver your message, but it was rejected by the server for the recipient domain rivers.example.

The error that the other server returned was:
550 5.1.1 <ben@rivers.example>... User Unknown

----- Original message -----

{RETURNED}
"""
    assert said(notice(text, sender=GOOGLE)) == [(B, "ben@rivers.example", V.HARD)]
    delayed = text.replace("failed permanently", "has been delayed")
    assert said(notice(delayed, sender=GOOGLE)) == [(Kind.DELAY, "ben@rivers.example", V.SOFT)]


def test_gmail_since_2016() -> None:
    text = """** Address not found **

Your message wasn't delivered to ben@rivers.example because the address couldn't be found, or is unable to receive mail.

The response from the remote server was:
550 5.1.1 no such user
"""
    assert said(notice(text, sender=GOOGLE)) == [(B, "ben@rivers.example", V.HARD)]
    full = text.replace("Address not found", "Recipient inbox full").replace("5.1.1 no such user", "5.2.2 over quota")
    assert said(notice(full, sender=GOOGLE)) == [(B, "ben@rivers.example", V.FULL)]


def test_a_group_that_may_exist_is_not_called_dead() -> None:
    text = (
        "We're writing to let you know that the group you tried to contact (rivers) may not exist, or you may not have"
    )
    text += " permission to post messages to the group.\n\nGoogle Groups\n"
    message = notice(text, "X-Failed-Recipients: rivers@googlegroups.com", "In-Reply-To: <1@x>", sender=GOOGLE)
    ((kind, recipient, verdict),) = said(message)
    assert (kind, recipient) == (B, "rivers@googlegroups.com")
    assert verdict not in {V.HARD, V.DEAD_DOMAIN}


@pytest.mark.parametrize(
    ("words", "verdict"),
    [
        ("Remote host said: 550 5.1.1 <ben@rivers.example>... User Unknown [RCPT_TO]", V.HARD),
        ("Remote host said:\n552 5.2.2 Mailbox Full\n[RCPT_TO]", V.FULL),
        ("554: 5.7.1 rejected due to spam content", V.POLICY),
        ("501: 5.1.8 Sender address rejected", V.OURS),
        ("Unable to deliver message after multiple retries, giving up.", V.SOFT),
        ("No MX or A records for rivers.example", V.DEAD_DOMAIN),
    ],
)
def test_yahoo(words: str, verdict: Verdict) -> None:
    text = "Sorry, we were unable to deliver your message to the following address.\n\n"
    text += f"<ben@rivers.example>:\n{words}\n\n--- Below this line is a copy of the message.\n\n{RETURNED}\n"
    assert said(notice(text, subject="Failure Notice")) == [(B, "ben@rivers.example", verdict)]


def test_yahoo_s_portals_name_several_and_are_doubted() -> None:
    text = f"""Message from rivers.example.
Unable to deliver message to the following address(es).

<ben@rivers.example>:
This user doesn't have a rivers.example account (ben@rivers.example) [-9]

<cleo@rivers.example>:
Sorry, your message to cleo@rivers.example cannot be delivered. This account is over quota.

--- Original message follows.

{RETURNED}
"""
    assert said(notice(text)) == [(B, "ben@rivers.example", V.DISABLED), (B, "cleo@rivers.example", V.FULL)]


def test_mail_ru_tells_it_twice() -> None:
    once = "  ben@rivers.example\n    SMTP error from remote mail server after RCPT TO:<ben@rivers.example>:\n"
    once += "    host mx.rivers.example [192.0.2.1]: 550 5.1.1 User Unknown\n"
    text = "Это письмо создано автоматически сервером Mail.Ru, отвечать на него не нужно.\n\n"
    text += f"К сожалению, Ваше письмо не может быть доставлено одному или нескольким получателям:\n\n{once}\n"
    text += "**********************\n\nA message that you sent could not be delivered to one or more of its\n"
    text += f"recipients. This is a permanent error. The following address(es) failed:\n\n{once}"
    assert said(notice(text, subject="Mail failure.")) == [(B, "ben@rivers.example", V.HARD)]


def test_gmx_and_zoho() -> None:
    gmx = (
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be"
        " delivered"
    )
    gmx += " to one or more of\nits recipients. This is a permanent error. The following address\nfailed:\n\n"
    gmx += '"ben@rivers.example":\nSMTP error from remote server after RCPT command:\nhost: mx.rivers.example\n'
    gmx += "5.2.1 <ben@rivers.example>... User Unknown\n"
    assert said(notice(gmx)) == [(B, "ben@rivers.example", V.HARD)]
    zoho = (
        "This message was created automatically by mail delivery software.\nA message that you sent could not be"
        " delivered"
    )
    zoho += " to one or more of its recipients. This is a permanent error.\n\n"
    zoho += "ben@rivers.example Invalid Address, ERROR_CODE :550, ERROR_CODE :mailbox unavailable\n"
    assert said(notice(zoho, sender="mailer-daemon@mail.zoho.com")) == [(B, "ben@rivers.example", V.DISABLED)]


def test_japanese_carriers() -> None:
    full = "Your mail sent on: Thu, 29 Apr 2013 00:00:00 +0900\n     Could not be delivered to: <ben@rivers.example>\n"
    full += "     As their mailbox is full.\n"
    assert said(notice(full, "Return-Path: <>", sender="no-reply@rivers.example", subject="Mail")) == [
        (B, "ben@rivers.example", V.FULL)
    ]
    refused = "次のあて先へのメッセージはエラーのため送信できませんでした。\n\n"
    refused += "Each of the following recipients was rejected by a remote\nmail server.\n\n"
    refused += "    Recipient: <ben@rivers.example>\n    >>> RCPT TO:<ben@rivers.example>\n    <<< 550 User unknown\n"
    message = notice(refused, sender="Postmaster@ezweb.example", subject="Mail System Error", charset="iso-2022-jp")
    assert said(message) == [(B, "ben@rivers.example", V.HARD)]
    off = "The user(s) account is disabled.\n\n<ben@rivers.example>: 550 user unknown (in reply to RCPT TO command)\n"
    assert said(notice(off, sender="Postmaster@ezweb.example")) == [(B, "ben@rivers.example", V.DISABLED)]


def sns(**told: object) -> bytes:
    return notice(json.dumps(told), sender="no-reply@sns.amazonaws.com", subject="AWS Notification Message")


def test_ses_tells_of_bounces_complaints_and_deliveries() -> None:
    gone = {"emailAddress": "ben@rivers.example", "action": "failed", "status": "5.1.1"}
    gone["diagnosticCode"] = "smtp; 550 5.1.1 user unknown"
    bounce = sns(notificationType="Bounce", bounce={"bouncedRecipients": [gone]})
    assert said(bounce) == [(B, "ben@rivers.example", V.HARD)]
    complaint = {"complainedRecipients": [{"emailAddress": "cleo@rivers.example"}], "complaintFeedbackType": "abuse"}
    assert said(sns(notificationType="Complaint", complaint=complaint)) == [
        (Kind.COMPLAINT, "cleo@rivers.example", None)
    ]
    delivered = {"recipients": ["ada@rivers.example"], "smtpResponse": "250 2.6.0 ok"}
    assert said(sns(eventType="Delivery", delivery=delivered)) == [(Kind.DELIVERED, "ada@rivers.example", None)]


@pytest.mark.parametrize("text", ["{", '{"notificationType": "Bounce", "bounce": [1]}', "[" * 50_000, '{"a":' * 50_000])
def test_a_broken_document_tells_nothing(text: str) -> None:
    message = notice(text, sender="no-reply@sns.amazonaws.com", subject="AWS Notification Message")
    assert [one[0] for one in said(message)] == [Kind.UNKNOWN]
