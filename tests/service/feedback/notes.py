"""Notices of mail servers, written for the tests in each server's manner."""

from service.feedback import Event, Kind, Verdict, read

RETURNED = """Return-Path: <b+token@bounces.dateline.test>
From: Newsroom <newsroom@dateline.test>
To: ben@rivers.example
Subject: The river is back
Message-ID: <1@dateline.test>

It is."""


def notice(
    text: str,
    *headers: str,
    sender: str = "MAILER-DAEMON@mx.rivers.example",
    subject: str = "Delivery failure",
    charset: str = "utf-8",
) -> bytes:
    """A mail system's message with this text."""
    head = (
        f"From: {sender}",
        "To: b+token@bounces.dateline.test",
        f"Subject: {subject}",
        "MIME-Version: 1.0",
        f"Content-Type: text/plain; charset={charset}",
        "Content-Transfer-Encoding: 8bit",
        *headers,
    )
    return ("\n".join(head) + "\n\n" + text).encode(charset)


def said(message: bytes) -> list[tuple[Kind, str, Verdict | None]]:
    """What is read in it: kind, recipient and verdict of each event."""
    return [(event.kind, event.recipient, event.verdict) for event in read(message)]


def only(message: bytes) -> Event:
    """The one event of a message."""
    events = read(message)
    assert len(events) == 1, events
    return events[0]
