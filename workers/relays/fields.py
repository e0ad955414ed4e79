"""A message taken apart, for APIs that do not take one whole: read anew from its bytes, as any mail program would."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart

# What has a field of its own, what the provider writes itself, and a signature of bytes that will not exist any more.
NOT_CARRIED = frozenset(
    {"from", "to", "cc", "bcc", "subject", "reply-to", "date", "mime-version", "dkim-signature", "return-path"}
)


@dataclass(frozen=True, slots=True)
class Attached:
    """One part that is neither of the two bodies; `content` in base64."""

    name: str
    type: str
    content: str
    id: str


@dataclass(frozen=True, slots=True)
class Fields:
    """What the APIs ask for. `headers`: all that have no field of their own, unfolded."""

    sender: Address
    recipient: Address
    reply_to: Address | None
    subject: str
    text: str
    html: str
    headers: Mapping[str, str]
    attached: tuple[Attached, ...]


def read(message: bytes) -> Fields:
    """Take a message apart. Raises ValueError for one that has no sender or no recipient."""
    found = message_from_bytes(message, policy=policy.default)
    text, html = found.get_body(("plain",)), found.get_body(("html",))
    sender, recipient = _address(found, "From"), _address(found, "To")
    if sender is None or recipient is None:
        raise ValueError("the message has no From or no To")
    return Fields(
        sender=sender,
        recipient=recipient,
        reply_to=_address(found, "Reply-To"),
        subject=str(found["Subject"] or ""),
        text=_body(text),
        html=_body(html),
        headers={
            name: str(value)
            for name, value in found.items()
            if name.lower() not in NOT_CARRIED and not name.lower().startswith("content-")
        },
        attached=tuple(_attached(part) for part in found.walk() if _is_other(part, text, html)),
    )


def _address(message: EmailMessage, name: str) -> Address | None:
    header = message[name]
    return header.addresses[0] if header is not None and header.addresses else None


def _body(part: MIMEPart | None) -> str:
    return str(part.get_content()).replace("\r\n", "\n") if part is not None else ""


def _is_other(part: MIMEPart, *bodies: MIMEPart | None) -> bool:
    return not part.is_multipart() and all(part is not body for body in bodies)


def _attached(part: MIMEPart) -> Attached:
    content = part.get_payload(decode=True)
    return Attached(
        name=part.get_filename() or "attachment",
        type=part.get_content_type(),
        content=b64encode(content if isinstance(content, bytes) else b"").decode(),
        id=str(part["Content-ID"] or "").strip("<> "),
    )
