"""The one-time link: asked for or sent with an invitation, made as its mail leaves, good once within 24 hours."""

import secrets
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import func, update
from sqlalchemy.orm import Session

from service import account_mails, audit
from service.errors import Refused
from service.models import Account, AccountMailKind, Sender
from service.settings import settings

SIGN_IN_FOR = timedelta(hours=24)
LINKS_AN_HOUR = 5
"""Sign-in links that one address can ask for by itself."""


class LinkUsed(Refused):
    """Ask for a new sign-in link; used, expired, replaced and invented ones answer alike."""

    def __init__(self) -> None:
        super().__init__("This sign-in link has been used or has expired. Ask for a new one.")


def sign_in_link(session: Session, account: Account) -> str:
    """A link that signs this person in once within 24 hours; the one before it is void."""
    token = secrets.token_urlsafe(32)
    until = func.clock_timestamp() + SIGN_IN_FOR
    values = {"sign_in_seal": _seal(token), "sign_in_until": until}
    session.execute(update(Account).where(Account.id == account.id).values(values))
    audit.write(session, "sign-in link made", account=account)
    return f"{settings().base_url}/sign-in/{token}"


def invite(session: Session, account: Account, *, sender: Sender, language: str = "en") -> None:
    """Mail this person the link she first signs in with; the link is made when the mail leaves."""
    values = {"newsroom": sender.name}
    account_mails.write(session, AccountMailKind.INVITATION, account.email, values=values, language=language)


def mail_link(session: Session, account: Account, *, language: str = "en") -> None:
    """Mail this person a new sign-in link."""
    account_mails.write(session, AccountMailKind.SIGN_IN, account.email, language=language)


def ask_for_link(session: Session, email: str, *, language: str = "en") -> None:
    """Mail whoever has this address a sign-in link, some times an hour. Raises addresses.BadAddress.

    It neither looks for the account nor says whether there is one, so that nobody learns it from answer or time: the
    worker looks, when the mail is to leave.
    """
    asked = account_mails.lately(session, AccountMailKind.SIGN_IN, to=email, within=timedelta(hours=1))
    if asked < LINKS_AN_HOUR:
        account_mails.write(session, AccountMailKind.SIGN_IN, email, language=language)


def redeem(session: Session, token: str) -> Account:
    """Whose link this was, and from now on nobody's. Raises LinkUsed.

    One conditional UPDATE: of two at once the second finds nothing. PostgreSQL compares hashes of what was asked, so
    its timing tells nothing about the token.
    """
    account = session.scalar(
        update(Account)
        .where(Account.sign_in_seal == _seal(token), Account.sign_in_until > func.clock_timestamp(), Account.active)
        .values(sign_in_seal=None, sign_in_until=None)
        .returning(Account)
        .execution_options(populate_existing=True)
    )
    if account is None:
        raise LinkUsed
    audit.write(session, "sign-in link used", account=account)
    return account


def _seal(token: str) -> bytes:
    return sha256(token.encode(errors="replace")).digest()
