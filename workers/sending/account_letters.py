"""From a row of account mail to the message that leaves. What opens a door is made here, in the last moment."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from service import account_mails, accounts, dkim_keys, links, moments, preferences, signups
from service.errors import NotFound, Refused
from service.mail import notices
from service.mail.dkim import Key
from service.mail.notices import Notice
from service.models import AccountMail, AccountMailKind, Sender
from service.newsroom import embargo, places
from service.sealing import CannotOpen
from service.signing import Purpose, sign
from workers.sending import proof_letters, reply_letters


class Nobody(Refused):
    """Write to nobody: there is no open account, or no journalist, of this address."""

    def __init__(self) -> None:
        super().__init__(account_mails.NOBODY)


def letter(session: Session, mail: AccountMail, *, signed: bool = True, eight_bit: bool = False) -> bytes:
    """The message of a mail that has begun. Raises Refused, jinja2.TemplateError."""
    if mail.kind is AccountMailKind.PROOF:
        return proof_letters.message(session, mail, signed=signed, eight_bit=eight_bit)
    notice = _notice(session, mail, eight_bit=eight_bit)
    assert mail.attempted_at is not None  # noqa: S101 - begun
    keys = _keys(session, notice.from_address) if signed else []
    return notices.compose(notice, mail.id, mail.attempted_at, keys)


def _notice(session: Session, mail: AccountMail, *, eight_bit: bool) -> Notice:
    if mail.kind is AccountMailKind.REPLY:
        return reply_letters.notice(session, mail, eight_bit=eight_bit)
    name, address = _from(session, mail)
    # Before the notice: what a mail about a subscription has to say, and so its kind, is decided here.
    values = {**mail.values, **MADE[mail.kind](session, mail)}
    return Notice(mail.kind, mail.language, mail.address, name, address, values)


def _keys(session: Session, address: str) -> list[Key]:
    """The keys of the From domain. Unsigned is better than no way in, for who comes to put the lost key back."""
    try:
        return dkim_keys.keys_for(session, address.rpartition("@")[2])
    except CannotOpen:
        return []


def _from(session: Session, mail: AccountMail) -> tuple[str, str]:
    if mail.sender_id is None:
        return notices.system()
    sender = session.get_one(Sender, mail.sender_id)
    return sender.name, sender.address


def _sign_in(session: Session, mail: AccountMail) -> dict[str, str]:
    """A link of which the database keeps a seal only: a new one at each attempt, as none before has arrived."""
    try:
        account = accounts.by_email(session, mail.address)
    except NotFound:
        raise Nobody from None
    if not account.active:
        raise Nobody
    return {"link": accounts.sign_in_link(session, account)}


def _release(_session: Session, mail: AccountMail) -> dict[str, str]:
    return {"link": links.release(UUID(mail.values["release"]))}


def _releases(_session: Session, _mail: AccountMail) -> dict[str, str]:
    return {"link": links.releases()}


def _feedback(_session: Session, _mail: AccountMail) -> dict[str, str]:
    return {"link": links.feedback()}


def _signup(session: Session, mail: AccountMail) -> dict[str, str]:
    """Only here it is looked up whether the person is known: who asked learns it from no answer of ours."""
    kind = signups.answer(session, UUID(mail.values["signup"]))
    if kind is None:
        raise Nobody
    mail.kind = kind
    is_known = kind is AccountMailKind.SUBSCRIBED
    return {"link": links.preferences(mail.id) if is_known else links.confirm(mail.id)}


def _preferences(session: Session, mail: AccountMail) -> dict[str, str]:
    if not preferences.whose(session, mail):
        raise Nobody
    return {"link": links.preferences(mail.id)}


def _address(_session: Session, mail: AccountMail) -> dict[str, str]:
    return {"link": links.address(mail.id)}


def _approval(_session: Session, mail: AccountMail) -> dict[str, str]:
    return {"link": links.approval(UUID(mail.values["release"]))}


def _embargo(_session: Session, mail: AccountMail) -> dict[str, str]:
    """Her own link, and the new end in her newsroom's zone and in UTC."""
    token = sign(Purpose.EMBARGO, UUID(mail.values["accreditation"]))
    said = (
        moments.said(datetime.fromisoformat(mail.values["until"]), mail.values["zone"]) if mail.values["until"] else ""
    )
    return {"link": places.embargo(token), "until": said}


def _granted(session: Session, mail: AccountMail) -> dict[str, str]:
    try:
        token = embargo.letter_token(session, UUID(mail.values["accreditation"]))
    except NotFound:
        raise Nobody from None
    return {"link": places.embargo(token)}


MADE: dict[AccountMailKind, Callable[[Session, AccountMail], dict[str, str]]] = {
    AccountMailKind.INVITATION: _sign_in,
    AccountMailKind.SIGN_IN: _sign_in,
    AccountMailKind.ALARM: _release,
    AccountMailKind.HELD: _releases,
    AccountMailKind.FEEDBACK: _feedback,
    AccountMailKind.CONFIRM: _signup,
    AccountMailKind.SUBSCRIBED: _signup,
    AccountMailKind.PREFERENCES: _preferences,
    AccountMailKind.NEW_ADDRESS: _address,
    AccountMailKind.TO_APPROVE: _approval,
    AccountMailKind.APPROVED: _release,
    AccountMailKind.SENT_BACK: _approval,
    AccountMailKind.EMERGENCY: _release,
    AccountMailKind.EMBARGO_MOVED: _embargo,
    AccountMailKind.EMBARGO_LIFTED: _embargo,
    AccountMailKind.EMBARGO: _granted,
    AccountMailKind.EMERGENCY_NOTICE: _release,
}
