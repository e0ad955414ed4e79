"""Answers: robots', people's, and which of the two a mail is."""

import pytest

from service.feedback import Event, Kind, Verdict, read


def mail(*headers: str, sender: str = "Ben <ben@example.org>", body: str = "I am away.") -> Event:
    text = "\n".join((f"From: {sender}", *headers, "", body, ""))
    (event,) = read(text.encode())
    return event


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated; x=1",
        "AUTO-SUBMITTED:auto-notified",
        "Precedence: auto_reply",
        "X-Autoreply: yes",
        "X-Autorespond:",
        "Subject: Automatic reply: ASTANA, 22 January",
        "Subject: =?utf-8?B?0JDQstGC0L7QvtGC0LLQtdGC?=: news",
        "Subject: Out of the office until Monday",
        "Subject: Re: news (Automatic Response)",
    ],
)
def test_a_robot_s_answer_is_an_auto_reply(header: str) -> None:
    event = mail(header, "In-Reply-To: <1@dateline.test>", "Return-Path: <ben@example.org>")
    assert (event.kind, event.recipient) == (Kind.AUTO_REPLY, "ben@example.org")
    assert not event.permanent
    assert event.verdict is None


def test_a_person_s_answer_is_a_reply() -> None:
    event = mail("In-Reply-To: <1@dateline.test>", "Subject: Re: news", "Auto-Submitted: no", body="550 User unknown")
    assert (event.kind, event.recipient, event.reply) == (Kind.REPLY, "ben@example.org", "Re: news")


@pytest.mark.parametrize(
    "header", ["Return-Path: <>", "Precedence: bulk", "List-Id: <press.example.org>", "Content-Type: multipart/report"]
)
def test_what_no_person_sends_is_no_reply(header: str) -> None:
    assert mail(header, "In-Reply-To: <1@dateline.test>").kind is Kind.UNKNOWN


@pytest.mark.parametrize("sender", ["noreply@example.org", "do-not-reply@example.org", ""])
def test_nobody_s_address_answers_nothing(sender: str) -> None:
    assert mail("In-Reply-To: <1@dateline.test>", sender=sender).kind is Kind.UNKNOWN


def test_a_challenge_names_no_mail_and_is_no_reply() -> None:
    assert mail("Subject: RE: news", body="Click here to let your mail through").kind is Kind.UNKNOWN


@pytest.mark.parametrize("sender", ["MAILER-DAEMON", "Mail <MAILER-DAEMON@example.org>", "postmaster@example.org"])
def test_a_mail_system_that_names_nobody_calls_nobody_dead(sender: str) -> None:
    event = mail("Auto-Submitted: auto-replied", "Subject: Returned mail", sender=sender, body="550 User unknown")
    assert (event.kind, event.recipient, event.verdict) == (Kind.BOUNCE, "", Verdict.DISABLED)


def test_a_list_of_failed_addresses_makes_no_auto_reply() -> None:
    assert mail("X-Failed-Recipients: cleo@example.org", "Auto-Submitted: auto-replied").kind is Kind.UNKNOWN


def test_an_encoded_subject_of_no_known_charset_stays_as_it_is() -> None:
    subject = "=?x-klingon?B?bnVxbmVI?="
    assert mail(f"Subject: {subject}", "References: <1@dateline.test>").reply == subject
