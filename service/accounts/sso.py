"""Who comes by single sign-on: an account that was invited, or one of a mail domain that is let in."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service import addresses, audit
from service.accounts import people
from service.accounts.rights import LastAdministrator, require_another
from service.errors import NotFound, Refused
from service.models import Account, Right, Role, Sender
from service.settings import group_rights, settings


@dataclass(frozen=True, slots=True)
class Told:
    """What the provider says of a person, its signature checked. `subject` is hers for good, her address is not."""

    subject: str
    email: str
    verified: bool
    name: str
    groups: Sequence[str] = ()


class NotInvited(Refused):
    """Ask an administrator for an invitation."""

    def __init__(self) -> None:
        super().__init__("There is no account for you here. Ask an administrator of your newsroom to invite you.")


class NotVerified(Refused):
    """Have the provider verify the address."""

    def __init__(self) -> None:
        super().__init__(
            "Your organisation's sign-in does not vouch for your e-mail address. Have it verified there, or sign in by "
            "a link."
        )


def come(session: Session, told: Told) -> Account:
    """The account of this person, with the rights of her groups. Raises NotVerified, NotInvited."""
    account = session.scalar(select(Account).where(Account.subject == told.subject)) or _by_address(session, told)
    if not account.active:
        raise NotInvited
    _give_rights(session, account, told.groups)
    return account


def _by_address(session: Session, told: Told) -> Account:
    if not told.verified:
        raise NotVerified
    try:
        account = people.by_email(session, told.email)
    except addresses.BadAddress:
        raise NotVerified from None
    except NotFound:
        account = _new(session, told)
    if account.subject is not None:
        raise NotInvited  # the address is another person's by now
    account.subject = told.subject
    audit.write(session, "single sign-on joined", account=account)
    session.flush()
    return account


def _new(session: Session, told: Told) -> Account:
    domain = addresses.canonical(told.email).rpartition("@")[2]
    if domain not in {part.strip().lower() for part in settings().oidc_domains.split(",") if part.strip()}:
        raise NotInvited
    account = people.made(session, told.email, told.name or told.email.partition("@")[0])
    audit.write(session, "account made by single sign-on", account=account)
    return account


def _give_rights(session: Session, account: Account, groups: Sequence[str]) -> None:
    """Let her have, in each newsroom that OIDC_RIGHTS names, what her groups have there; topics are left alone."""
    by_group = group_rights(settings().oidc_rights)
    named = {slug for rights in by_group.values() for slug in rights}
    for sender in session.scalars(select(Sender).where(Sender.slug.in_(named)).order_by(Sender.id)):
        wanted = {Role(role) for group in groups for role in by_group.get(group, {}).get(sender.slug, [])}
        _give(session, account, sender, wanted)
    session.refresh(account, ["rights"])


def _give(session: Session, account: Account, sender: Sender, wanted: set[Role]) -> None:
    now = {right.role for right in account.rights if right.sender_id == sender.id and right.topic_id is None}
    given, taken = wanted - now, now - wanted
    if Role.ADMINISTER in taken and _is_last(session, account, sender):
        taken.discard(Role.ADMINISTER)
    if given:
        rows = [{"account_id": account.id, "sender_id": sender.id, "role": role} for role in given]
        session.execute(insert(Right).values(rows).on_conflict_do_nothing())
    whole = Right.sender_id == sender.id, Right.topic_id.is_(None)
    session.execute(delete(Right).where(Right.account_id == account.id, *whole, Right.role.in_(taken)))
    for act, which in (("roles given", given), ("roles taken", taken)):
        if which:
            words = sorted(role.value for role in which)
            audit.write(session, act, to=str(account.id), sender=sender.slug, roles=words, why="single sign-on")


def _is_last(session: Session, account: Account, sender: Sender) -> bool:
    try:
        require_another(session, account, sender)
    except LastAdministrator:
        return True
    return False
