"""Replies: what a person answers to a release reaches its media contact, and nobody else."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service import account_mails, addresses
from service.feedback import people
from service.feedback.mime import Fields, parts
from service.models import AccountMail, AccountMailKind, Delivery, Release, Sender
from service.settings import settings

MARK = "X-Dateline-Reply"
"""In what we send on: what carries it has been here."""
MOST_HOPS = 30
"""Received fields; nearly all servers take more for a loop (RFC 5321, 6.3)."""
MOST_A_DAY = 20
"""Of one delivery: whoever has its address cannot fill the contact's mailbox by it."""

SENT_ON = "sent on to the media contact"
LOOP = "not sent on: it has been here before"
NOBODY = "not sent on: no media contact has an e-mail address"
TOO_MANY = "not sent on: too many today"


def forward(session: Session, received_id: UUID, delivery_id: UUID, message: bytes) -> str:
    """Queue it for the media contact of its release; what was done, in words.

    The mail holds ids only until it leaves: the reply itself stays in the one place where it can be erased.
    """
    headers = parts(message)[0].headers
    release = session.get_one(Release, session.get_one(Delivery, delivery_id).release_id)
    contact = media_contact(session, release)
    if contact is None:
        return NOBODY
    if _has_been_here(headers, contact):
        return LOOP
    if _today(session, contact, delivery_id) >= MOST_A_DAY:
        return TOO_MANY
    account_mails.write(
        session,
        AccountMailKind.REPLY,
        contact,
        values={"received": str(received_id), "delivery": str(delivery_id), "release": str(release.id)},
        language=release.editions[0].language,
        sender_id=release.sender_id,
    )
    return SENT_ON


def media_contact(session: Session, release: Release) -> str | None:
    """Where a reply goes: the first contact with an address, else the newsroom; never an address of this service."""
    sender = session.get_one(Sender, release.sender_id)
    named = sorted(release.contacts, key=lambda one: one.position)
    for address in (*(one.contact.email for one in named), sender.reply_to):
        try:
            found = addresses.clean(address)
        except addresses.BadAddress:
            continue
        if found.rpartition("@")[2].casefold() != settings().return_path_domain.casefold():
            return found
    return None


def _has_been_here(headers: Fields, contact: str) -> bool:
    """Our own mark, too many hops, or the contact answering what we sent them."""
    if MARK.lower() in headers or len(headers.all("received")) > MOST_HOPS:
        return True
    return people.author(headers).casefold() == contact.casefold()


def _today(session: Session, contact: str, delivery_id: UUID) -> int:
    query = select(func.count()).where(
        AccountMail.fingerprint == addresses.fingerprint(contact),
        AccountMail.created_at > func.now() - timedelta(days=1),
        AccountMail.kind == AccountMailKind.REPLY,
        AccountMail.values["delivery"].astext == str(delivery_id),
    )
    return session.scalar(query) or 0
