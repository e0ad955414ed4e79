"""Gateways, filters and small servers: each in its own words."""

import pytest

from service.feedback import Kind, Verdict
from tests.service.feedback.notes import RETURNED, notice, said

B, V = Kind.BOUNCE, Verdict

NOTICES = {
    "MDaemon": (
        (
            "The attached message had PERMANENT fatal delivery errors!\n\nThe following addresses did NOT receive a"
            " copy of"
            " your message:\n\n> ben@rivers.example\n\n--- Session Transcript ---\n RCPT To:<ben@rivers.example>\n"
            " 550 <ben@rivers.example>, Recipient unknown\n QUIT\n--- End Transcript ---\n"
        ),
        V.HARD,
    ),
    "MDaemon, over quota": (
        (
            "The attached message had PERMANENT fatal delivery errors!\n\nThe following addresses did NOT receive a"
            " copy of"
            " your message:\n\n> ben@rivers.example\n\n--- Session Transcript ---\n RCPT To:<ben@rivers.example>\n"
            " 552 Message for <ben@rivers.example> would exceed mailbox quota\n--- End Transcript ---\n"
        ),
        V.FULL,
    ),
    "IMail": (
        "User mailbox exceeds allowed size: ben@rivers.example\n\n\nOriginal message follows.\n\n" + RETURNED,
        V.FULL,
    ),
    "IMail, nobody": ("Unknown user: ben@rivers.example\n\n\nOriginal message follows.\n\n" + RETURNED, V.HARD),
    "IMail, userid": ("Invalid final delivery userid: ben@rivers.example\n\n\nOriginal message follows.\n", V.HARD),
    "IMail, waited": ("Delivery failed 20 attempts: ben@rivers.example\n\n\nOriginal message follows.\n", V.SOFT),
    "IMail, answered": (
        "undeliverable to ben@rivers.example\n\nBody of message generated response:\n550-REJECTED - Blacklisted URL\n",
        V.POLICY,
    ),
    "InterMail": (
        (
            "This Message was undeliverable due to the following reason:\n\nEach of the following recipients was"
            " rejected by a"
            " remote mail server.\nThe reasons given by the server are included to help you determine why\neach"
            " recipient was"
            " rejected.\n\n    Recipient: <ben@rivers.example>\n    Reason:    5.1.1 <ben@rivers.example> is not a"
            " known user\n"
            "\n\nPlease reply to <postmaster@rivers.example>\nif you feel this message to be in error.\n"
        ),
        V.HARD,
    ),
    "InterMail, slow": (
        (
            "This Message was undeliverable due to the following reason:\n\nYour message was not delivered because the"
            " destination computer was\nnot reachable within the allowed queue period.\n\nYour message was not"
            " delivered within"
            " 2 days.\nHost rivers.example is not responding.\n\nThe following recipients did not receive your"
            " message:\n\n"
            "     <ben@rivers.example>\n\nPlease reply to Postmaster@office.example\nif you feel this message to be in"
            " error.\n"
        ),
        V.SOFT,
    ),
    "MailFoundry": (
        (
            "Unable to deliver message to: <ben@rivers.example>\nDelivery failed for the following reason:\n"
            "mx.rivers.example[192.0.2.1] responded with failure: 552 sorry, that mailbox is over quota (#5.1.1)\n\n"
            "This has been a permanent failure.\n"
        ),
        V.FULL,
    ),
    "InterScan": (
        (
            "Message from InterScan Messaging Security Suite\n\nUnable to deliver message to <ben@rivers.example>"
            " (and other recipients in the same domain). Please check if address is correct.\n"
        ),
        V.HARD,
    ),
    "Mimecast": (
        (
            "An email that you attempted to send to the following address could not be delivered:\n--"
            " ben@rivers.example\n\n"
            "The problem appears to be :\n-- Recipient email address is possibly incorrect\n\nAdditional information"
            " follows :\n"
            "-- 5.4.1 Recipient address rejected: Access denied\n"
        ),
        V.HARD,
    ),
    "MailMarshal": (
        (
            "Your message:\n   From:    newsroom@dateline.test\n   Subject: The river is back\n\nCould not be"
            " delivered because of\n\n"
            "550 5.1.1 User unknown\n\nThe following recipients were affected:\n    ben@rivers.example\n\nAdditional"
            " Information\n"
        ),
        V.HARD,
    ),
    "Messaging Server": (
        (
            "This report relates to a message you sent with the following header fields:\n\n  Message-id:"
            " <1@dateline.test>\n"
            "  From: newsroom@dateline.test\n  To: ben@rivers.example\n\nYour message cannot be delivered to the"
            " following"
            " recipients:\n\n  Recipient address: ben@rivers.example\n  Reason: Remote SMTP server has rejected"
            " address\n"
            "  Diagnostic code: smtp;550 5.1.1 <ben@rivers.example>... User Unknown\n"
        ),
        V.HARD,
    ),
    "SurfControl": (
        (
            "Your message could not be sent.\nA transcript of the attempts to send the message follows.\nThe number of"
            " attempts"
            " made: 1\nAddressed To: ben@rivers.example\n\nThu 29 Apr 2010 23:34:45 +0900\nFailed to send to"
            " identified host,\n"
            "rivers.example: [192.0.2.1], 550 5.1.1 <ben@rivers.example>... User Unknown\n"
        ),
        V.HARD,
    ),
    "Smail": (
        (
            "|------------------------- Message log follows: -------------------------"
            "|\n no valid recipients were found\n"
            "|------------------------- Failed addresses follow: ---------------------"
            "|\n ben@rivers.example ... unknown host\n"
            "|------------------------- Message text follows: ------------------------|\n"
        )
        + RETURNED,
        V.DEAD_DOMAIN,
    ),
    "CommuniGate": (
        (
            "Failed to deliver to 'ben@rivers.example'\nSMTP module(domain rivers.example) reports:\n host"
            " mx.rivers.example"
            " says:\n 550 5.1.1 unknown user\n"
        ),
        V.HARD,
    ),
    "hMailServer": (
        (
            "Your message did not reach some or all of the intended recipients.\n\n   Subject: news\n\nThe following"
            " recipient(s)"
            " could not be reached:\n\nben@rivers.example\n   Error Type: SMTP\n   Remote server (192.0.2.1) issued an"
            " error.\n"
            "   hMailServer sent: RCPT TO:<ben@rivers.example>\n   Remote server replied: 550 5.1.1 unknown user\n"
        ),
        V.HARD,
    ),
    "SmarterMail": (
        (
            "Could not deliver message to the following recipient(s):\n\nFailed Recipient: ben@rivers.example\nReason:"
            " Remote"
            " host said: 550 unknown user\n\n   -- The header and top 20 lines of the message follows --\n\n"
        )
        + RETURNED,
        V.HARD,
    ),
    "A list of failed recipients": (
        (
            "------ Failed Recipients ------\n\n<ben@rivers.example>: Quota exceeded. [SMTP Error Code 552]\n"
            "-------- Returned Mail --------\n\n"
        )
        + RETURNED,
        V.FULL,
    ),
    "X3": (
        (
            "      This is an automatically generated Delivery Status Notification.\n\nDelivery to the following"
            " recipients failed"
            " permanently:\n\n   * ben@rivers.example\n\n=====\n                   Technical details:\n\n"
            "SMTP:RCPT host 192.0.2.8: 553 5.3.0 <ben@rivers.example>... No such user here\n"
        ),
        V.HARD,
    ),
    "MMDF": (
        "Your message was not delivered to 'ben@rivers.example'\nfor the following reason:\n\n 'unknown user'\n",
        V.HARD,
    ),
    "McAfee": (
        (
            "--- The following addresses had delivery problems ---\n\n<ben@rivers.example>   (User unknown"
            " ben@rivers.example)\n"
        ),
        V.HARD,
    ),
    "activehunter": (
        (
            "  ----- The following addresses had permanent fatal errors -----\n\n>>> ben@rivers.example"
            " <ben@rivers.example>\n\n"
            "550 sorry, no mailbox here by that name (#5.1.1)\n"
        ),
        V.HARD,
    ),
    "BIGLOBE": (
        (
            "   ----- The following addresses had delivery problems -----\nben@rivers.example\n\n   -----"
            " Non-delivered information"
            " -----\nThe number of messages in recipient's mailbox exceeded the local limit.\n"
        ),
        V.FULL,
    ),
    "X6": (
        (
            "We had trouble delivering your message. Full details follow:\n\nSubject: 'news'\nDate: 'Thu, 29 Apr"
            " 2010'\n\n1 error(s):\n\n"
            "SMTP Server <mx.rivers.example> rejected recipient <ben@rivers.example>\n  (Error following RCPT"
            " command). It responded"
            " as follows: [550 5.1.1 User unknown]\n"
        ),
        V.HARD,
    ),
    "Barracuda": (
        (
            "This is the mail gateway at mx.office.example.\n\nYour message could not be delivered to"
            " <ben@rivers.example>:"
            " 550 mailbox full\n"
        ),
        V.FULL,
    ),
}


@pytest.mark.parametrize("name", NOTICES)
def test_a_gateway_s_notice_is_read(name: str) -> None:
    text, verdict = NOTICES[name]
    message = notice(text, sender="postmaster@office.example", subject="Undeliverable Mail")
    assert said(message) == [(B, "ben@rivers.example", verdict)]


def test_what_is_still_tried_is_a_delay() -> None:
    text = (
        "Your message with Subject: news\ncould not be delivered to the following recipients:\n\nben@rivers.example\n\n"
    )
    text += "Please do not resend your original message.\n\nDelivery attempts will continue to be made for 5 day(s).\n"
    assert said(notice(text, subject="Delivery failure notification"))[0][:2] == (Kind.DELAY, "ben@rivers.example")


def test_a_report_that_names_its_type_twice_is_read() -> None:
    text = "Your message has encountered a delivery problem.\n\nFinal-Recipient: rfc822; rfc822;ben@rivers.example\n"
    text += "Action: failed\nStatus: 5.9.8\nDiagnostic-Code: X-Filter; 5.9.8 Spam\n"
    assert said(notice(text)) == [(B, "ben@rivers.example", V.POLICY)]


def test_a_postponed_mail_is_a_delay_too() -> None:
    text = 'This is an advisory-only email.\n\nDelivery of email to this address\n\n"ben@rivers.example"\n\n'
    text += "has been postponed due to a full mailbox.\n"
    assert said(notice(text)) == [(Kind.DELAY, "ben@rivers.example", V.FULL)]
