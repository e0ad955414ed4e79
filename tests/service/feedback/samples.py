"""One message of each kind that comes back, to be broken: written for these tests, as real systems write them."""

import gzip
from base64 import encodebytes

AGGREGATE = b'<?xml version="1.0"?>\n<feedback><report_metadata><org_name>daily.example</org_name></report_metadata>'

BOUNCE = b"""From MAILER-DAEMON Thu Apr 29 23:34:45 2015
Return-Path: <>
From: "=?iso-2022-jp?B?TWFpbA==?=" <MAILER-DAEMON@example.org>
Subject: =?utf-8?Q?R=C3=BCckl=C3=A4ufer?=
Auto-Submitted: auto-replied
Content-Type: multipart/report; report-type=delivery-status; boundary="b 1"

--b 1
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

Unzustellbar=FC
--b 1
Content-Type: message/delivery-status
Content-Transfer-Encoding: base64

UmVwb3J0aW5nLU1UQTogZG5zOyBteAoKRmluYWwtUmVjaXBpZW50OiByZmM4MjI7IGJlbkBleGFt
cGxlLm9yZwpBY3Rpb246IGZhaWxlZApTdGF0dXM6IDUuMS4xCkRpYWdub3N0aWMtQ29kZTogc210
cDsgNTUwIDUuMS4xIFVzZXIgdW5rbm93bgo=
--b 1
Content-Type: message/rfc822

Received: from a by b
From: newsroom@dateline.test
Content-Type: multipart/mixed; boundary=in

--in

text
--in--
--b 1--
"""
COMPLAINT = b"""From: fbl@example.org
Content-Type: multipart/report; report-type=feedback-report; boundary=c

--c
Content-Type: message/feedback-report

Feedback-Type: abuse
Original-Rcpt-To: <cleo@example.org>
Original-Mail-From: <b.token@dateline.test>
--c
Content-Type: message/rfc822

To: Cleo <cleo@example.org>
List-Unsubscribe: <https://press.dateline.test/leave/0>

text
--c--
"""
ANSWER = b"From: Ben <ben@example.org>\nIn-Reply-To: <1@dateline.test>\nSubject: =?utf-8?B?0JDQstGC0L4=?=\n\nThanks!\n"
AWAY = """From: Ben <ben@example.org>
Date: Mon, 22 Jan 2024 09:00:00 +0500
Subject: Out of office
Auto-Submitted: auto-replied
Content-Type: text/html; charset=utf-8

<html><head><style>p{}</style></head><body><p>Away from 25 January to 5&nbsp;February, вернусь в понедельник,
1月22日至2月5日, July 10-31, 22.01.2024</p><br>Ada wrote:<blockquote>text</blockquote></body></html>
""".encode()
CHALLENGE = b"""From: ben@example.org
Subject: Re: news
In-Reply-To: <1@dateline.test>

Your message has been held until you confirm it. Please click to be added to the recipient's allowed list:
http://gate.example/1
"""
RECEIPT = b"""From: ben@example.org
Content-Type: multipart/report; report-type=disposition-notification; boundary=r

--r
Content-Type: message/disposition-notification

Final-Recipient: rfc822;ben@example.org
Disposition: automatic-action/MDN-sent-automatically; failed/error
Error: no room
--r--
"""
JMRP = b"""From: staff@hotmail.com
Subject: complaint about message from 192.0.2.1
Content-Type: multipart/mixed; boundary=j

--j
Content-Type: message/rfc822

X-HmXmrOriginalRecipient: cleo@example.org
Return-Path: <b.token@dateline.test>

text
--j--
"""
AMAZON = b"""From: no-reply@sns.amazonaws.com
x-amz-sns-message-id: 1

{"notificationType":"Complaint","complaint":{"complainedRecipients":[{"emailAddress":"cleo@example.org"}]}}
"""
DMARC = (
    b"From: dmarc@example.org\nSubject: Report Domain: a.example Submitter: b.example\n"
    b'Content-Type: application/gzip; name="b.example!a.example!1706054400!1706140799.xml.gz"\n'
    b"Content-Transfer-Encoding: base64\n\n" + encodebytes(gzip.compress(AGGREGATE))
)
CALENDAR = b"From: ben@example.org\nReferences: <1@a>\nContent-Type: text/calendar; method=REPLY\n\nBEGIN:VCALENDAR\n"
PROSE = b"""Return-Path: <>
From: MAILER-DAEMON@mx.example.org
Subject: failure notice

Hi. This is the qmail-send program at mx.example.org.
I'm afraid I wasn't able to deliver your message to the following addresses.

<ben@example.org>:
Remote host said: 550 5.1.1 User unknown

--- Below this line is a copy of the message.

Return-Path: <b.token@dateline.test>
"""

SAMPLES = (BOUNCE, COMPLAINT, ANSWER, AWAY, CHALLENGE, RECEIPT, JMRP, AMAZON, DMARC, CALENDAR, PROSE)
