"""What comes back from mailboxes: delivery reports, complaints, absences, made as real systems make them."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime
from uuid import uuid4

from workers.relays.development.journal import message_id
from workers.relays.development.reception import Mail


def bounce(mail: Mail, recipient: str) -> bytes:
    """RFC 3464: the mailbox turned out not to exist."""
    diagnostic = f"550 5.1.1 <{recipient}>: Recipient address rejected: User unknown in virtual mailbox table"
    return _report(mail, recipient, action="failed", status="5.1.1", diagnostic=diagnostic)


def delay(mail: Mail, recipient: str) -> bytes:
    """RFC 3464: still trying; nothing has failed yet."""
    diagnostic = "421 4.4.1 Connection timed out"
    return _report(mail, recipient, action="delayed", status="4.4.1", diagnostic=diagnostic)


def complaint(mail: Mail, recipient: str) -> bytes:
    """RFC 5965: somebody pressed "this is spam"; the whole message comes back with it."""
    status = "\r\n".join(
        (
            "Feedback-Type: abuse",
            "User-Agent: development-relay/1",
            "Version: 1",
            f"Original-Mail-From: <{mail.return_path}>",
            f"Original-Rcpt-To: <{recipient}>",
            f"Arrival-Date: {_now()}",
            f"Reported-Domain: {_domain(mail.return_path)}",
            "Source-IP: 192.0.2.1",
        )
    )
    return _multipart(
        _headers(mail, f"Feedback loop <fbl@{_domain(recipient)}>", "FW: complaint about your message"),
        "feedback-report",
        ("text/plain; charset=utf-8", b"This is an e-mail abuse report for a message received from you."),
        ("message/feedback-report", status.encode()),
        ("message/rfc822", mail.message),
    )


def away(mail: Mail, recipient: str) -> bytes:
    """RFC 3834: an answer by a machine, to the return path."""
    headers = _headers(mail, recipient, "Out of office")
    answered = message_id(mail.message)
    if answered:
        headers += f"In-Reply-To: {answered}\r\nReferences: {answered}\r\n"
    headers += "Content-Type: text/plain; charset=utf-8\r\n\r\n"
    return (headers + "I am away until Monday and do not read my mail.\r\n").encode()


def _report(mail: Mail, recipient: str, *, action: str, status: str, diagnostic: str) -> bytes:
    domain = _domain(recipient)
    verdict = "could not be delivered" if action == "failed" else "has not been delivered yet, I keep trying"
    fields = "\r\n".join(
        (
            f"Reporting-MTA: dns; mx.{domain}",
            f"Arrival-Date: {_now()}",
            "",
            f"Final-Recipient: rfc822; {recipient}",
            f"Action: {action}",
            f"Status: {status}",
            f"Remote-MTA: dns; store.{domain}",
            f"Diagnostic-Code: smtp; {diagnostic}",
        )
    )
    text = f"This is the mail system at mx.{domain}.\r\n\r\nYour message {verdict}.\r\n\r\n<{recipient}>: {diagnostic}"
    return _multipart(
        _headers(mail, f"Mail Delivery System <MAILER-DAEMON@mx.{domain}>", f"Delivery Status Notification ({action})"),
        "delivery-status",
        ("text/plain; charset=utf-8", text.encode()),
        ("message/delivery-status", fields.encode()),
        ("text/rfc822-headers", mail.message.partition(b"\r\n\r\n")[0]),
    )


def _headers(mail: Mail, author: str, subject: str) -> str:
    lines = (
        f"From: {author}",
        f"To: <{mail.return_path}>",
        f"Subject: {subject}",
        f"Date: {_now()}",
        f"Message-ID: <{uuid4().hex}@development.relay>",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
    )
    return "\r\n".join(lines) + "\r\n"


def _multipart(headers: str, kind: str, *parts: tuple[str, bytes]) -> bytes:
    boundary = uuid4().hex
    headers += f'Content-Type: multipart/report; report-type={kind};\r\n boundary="{boundary}"\r\n\r\n'
    body = b"".join(f"--{boundary}\r\nContent-Type: {mime}\r\n\r\n".encode() + text + b"\r\n" for mime, text in parts)
    return headers.encode() + body + f"--{boundary}--\r\n".encode()


def _domain(address: str) -> str:
    return address.rpartition("@")[2] or "localhost"


def _now() -> str:
    return format_datetime(datetime.now(UTC))
