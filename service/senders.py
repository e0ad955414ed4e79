"""Newsroom identities, and the people whom the press can call about their releases."""

import re
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service import accounts, addresses, audit
from service.errors import NotFound, Refused
from service.manuscripts.characters import clean_line
from service.models import Account, Answers, MediaContact, Role, Sender

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_NAME = 200
LONGEST_LIST_ID = 255  # RFC 2919, 3


class BadSlug(Refused):
    """Choose a slug of small letters, digits and single hyphens."""

    def __init__(self, slug: str) -> None:
        super().__init__(f"{slug!a} cannot stand in a link: use small Latin letters, digits and single hyphens.")


class NameTooLong(Refused):
    """Shorten the newsroom's name: it stands in the From of every mail."""

    def __init__(self, length: int) -> None:
        super().__init__(f"The newsroom's name has {length} characters; {LONGEST_NAME} is the most.")


class NoName(Refused):
    """Name the newsroom: its name stands in the From of every mail."""

    def __init__(self) -> None:
        super().__init__("Enter the newsroom's name.")


class NoPostalAddress(Refused):
    """Say where the newsroom is: the law asks for it under each mail."""

    def __init__(self) -> None:
        super().__init__("Enter the postal address: it stands under each mail, as the law asks.")


class SlugTaken(Refused):
    """Choose another slug."""

    def __init__(self, slug: str) -> None:
        super().__init__(f"The slug {slug} is taken; choose another.")


def add(
    session: Session,
    slug: str,
    name: str,
    *,
    address: str,
    postal_address: str,
    reply_to: str | None = None,
    answers: Answers = Answers.CONTACT,
) -> Sender:
    """A new sender. Raises BadSlug, NameTooLong, SlugTaken, addresses.BadAddress."""
    name = clean_line(name)
    if len(name) > LONGEST_NAME:
        raise NameTooLong(len(name))
    values = {
        "slug": check_slug(slug),
        "name": name,
        "address": _everywhere(address, list_slug=slug),
        "reply_to": _everywhere(reply_to or address),
        "postal_address": clean_line(postal_address),
        "answers": answers,
    }
    statement = insert(Sender).values(values).on_conflict_do_nothing().returning(Sender)
    sender: Sender | None = session.scalar(statement)
    if sender is None:
        raise SlugTaken(slug)
    audit.write(session, "sender added", sender=slug)
    return sender


def answer(session: Session, sender: Sender, answers: Answers, *, by: Account | None = None) -> None:
    """From the next approval on, answers to its releases go there."""
    sender.answers = answers
    audit.write(session, "answers directed", account=by, sender=sender.slug, answers=answers.value)


def describe(
    session: Session, sender: Sender, *, name: str, address: str, reply_to: str, postal_address: str, by: Account
) -> None:
    """Its name and addresses, for mails composed from now on; the audit log says which of them changed.

    Raises accounts.NotAllowed, NoName, NameTooLong, NoPostalAddress, addresses.BadAddress.
    """
    accounts.require(by, sender.id, Role.ADMINISTER)
    name, postal_address = clean_line(name), clean_line(postal_address)
    if not name:
        raise NoName
    if len(name) > LONGEST_NAME:
        raise NameTooLong(len(name))
    if not postal_address:
        raise NoPostalAddress
    wanted = {"name": name, "address": _everywhere(address, list_slug=sender.slug)}
    wanted |= {"reply_to": _everywhere(reply_to or address), "postal_address": postal_address}
    changed = [field for field, value in wanted.items() if getattr(sender, field) != value]
    for field in changed:
        setattr(sender, field, wanted[field])
    if changed:
        audit.write(session, "newsroom described", account=by, sender=sender.slug, changed=changed)
        session.flush()


def answers_to(sender: Sender, contacts: Sequence[str]) -> str:
    """The Reply-To of a release with these contacts, by its newsroom's word; "" is a signed address of each mail."""
    if sender.answers is Answers.SERVICE:
        return ""
    if sender.answers is Answers.CONTACT:
        for address in contacts:
            try:
                return _everywhere(address)
            except addresses.BadAddress:
                continue
    return sender.reply_to


def _everywhere(address: str, *, list_slug: str = "") -> str:
    """An address of ours, which stands in mails to every server, also to those that know no SMTPUTF8 (RFC 6531)."""
    found = addresses.clean(address)
    if not found.isascii():
        raise addresses.BadAddress(f"{address!a}: a newsroom's own address has only Latin letters before its @.")
    if len(f"{list_slug}.{found.rpartition('@')[2]}") > LONGEST_LIST_ID:
        raise addresses.BadAddress(f"{address!a}: the domain and the slug together are too long for a list's name.")
    return found


def check_address(address: str) -> str:
    """The address, if mails to every server can name it as ours. Raises addresses.BadAddress."""
    return _everywhere(address)


def check_slug(slug: str) -> str:
    """The slug, if it is one. Raises BadSlug."""
    if not SLUG.fullmatch(slug) or len(slug) > 63:
        raise BadSlug(slug)
    return slug


def track(session: Session, sender: Sender, *, on: bool, by: Account | None = None) -> None:
    """Count what is opened and followed by those who agree to it, or nobody; from the next mails on."""
    if sender.tracking == on:
        return
    sender.tracking = on
    audit.write(session, "tracking switched on" if on else "tracking switched off", account=by, sender=sender.slug)
    session.flush()


def get(session: Session, id_: UUID) -> Sender:
    """The sender. Raises NotFound."""
    sender = session.get(Sender, id_)
    if sender is None:
        raise NotFound("There is no such sender.")
    return sender


def by_slug(session: Session, slug: str) -> Sender:
    """The sender of that slug. Raises NotFound."""
    sender = session.scalar(select(Sender).where(Sender.slug == slug))
    if sender is None:
        raise NotFound(f"There is no sender {slug!a}.")
    return sender


def all(session: Session) -> list[Sender]:  # noqa: A001 - senders.all(session) is what it is
    """Every sender, by name."""
    return list(session.scalars(select(Sender).order_by(Sender.name, Sender.id)))


def all_contacts(session: Session, sender: Sender) -> list[MediaContact]:
    """Everybody whom the press can call, by name; of those with one name the one added last stands first."""
    query = select(MediaContact).where(MediaContact.sender_id == sender.id)
    return list(session.scalars(query.order_by(MediaContact.name, MediaContact.id.desc())))


def contacts_of(session: Session, sender: Sender, ids: Sequence[UUID]) -> list[MediaContact]:
    """These of them, in this order. Raises NotFound for one of another sender."""
    known = {one.id: one for one in all_contacts(session, sender)}
    if unknown := [id_ for id_ in ids if id_ not in known]:
        raise NotFound(f"There is no media contact {unknown[0]}.")
    return [known[id_] for id_ in dict.fromkeys(ids)]


def contact(
    session: Session,
    sender: Sender,
    name: str,
    *,
    role: str = "",
    organisation: str = "",
    phone: str = "",
    email: str = "",
) -> MediaContact:
    """The media contact with exactly these particulars: the one already known, or a new one.

    A changed telephone is another contact, so that what older releases say stays as it was sent.
    """
    given = {"name": name, "role": role, "organisation": organisation, "phone": phone, "email": email}
    clean = {column: clean_line(words) for column, words in given.items()}
    query = select(MediaContact).filter_by(sender_id=sender.id, **clean).order_by(MediaContact.id).limit(1)
    found = session.scalar(query)
    if found is None:
        found = MediaContact(sender_id=sender.id, **clean)
        session.add(found)
        session.flush()
    return found
