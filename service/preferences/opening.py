"""Opening the preferences: by a link in any mail, or by one that was asked for.

A release is passed on to colleagues, and its link with it: that link is good for choosing and leaving, as the link to
leave is. What shows or changes who somebody is (data, address, erasure) asks for a link mailed to them alone.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service import account_mails, floods
from service.errors import Refused
from service.models import AccountMail, AccountMailKind, Delivery, Journalist, Sender
from service.signing import Expired, Purpose, verify

GOOD_FOR = timedelta(hours=24)
"""How long a link that was asked for works."""
MOST_AN_HOUR = 3
DAYS = 180
"""How long the link in a release works; a link to leave works for ever."""
LINKS = (AccountMailKind.PREFERENCES, AccountMailKind.CONFIRM, AccountMailKind.SUBSCRIBED)


@dataclass(frozen=True, slots=True)
class Opened:
    """Whose preferences they are, and the release by whose link they were opened, if it was one.

    `is_theirs`: the link was mailed to this person alone, and lately.
    """

    journalist: Journalist
    sender: Sender
    delivery: Delivery | None
    is_theirs: bool


class Several(Refused):
    """Ask which of the newsrooms is meant: this address is known to more than one."""

    def __init__(self, senders: list[Sender]) -> None:
        super().__init__("Choose the newsroom.")
        self.senders = tuple(senders)


def open_(session: Session, token: str, *, newsroom: str = "") -> Opened:
    """Whom this link belongs to. Raises signing.Forged, signing.Expired; Several until `newsroom` (a slug) is said."""
    id_ = verify(Purpose.PREFERENCES, token)
    if delivery := session.get(Delivery, id_):
        return _by_release(session, delivery)
    mail = account_mails.get(session, id_, *LINKS)
    if mail is None or mail.created_at < _now(session) - GOOD_FOR:
        raise Expired
    return _by_mail(session, mail, newsroom)


def _by_release(session: Session, delivery: Delivery) -> Opened:
    journalist = session.get_one(Journalist, delivery.journalist_id)
    # The first 48 bits of a UUIDv7 are its time in milliseconds (RFC 9562, 5.7).
    made = datetime.fromtimestamp((delivery.id.int >> 80) / 1000, UTC)
    if journalist.merged_into:
        # This link chooses and leaves, and shows nothing that is theirs alone: so it does for who they are now.
        journalist = session.get_one(Journalist, journalist.merged_into)
    if journalist.erased_at or made < _now(session) - timedelta(days=DAYS):
        raise Expired
    return Opened(journalist, session.get_one(Sender, journalist.sender_id), delivery, is_theirs=False)


def _by_mail(session: Session, mail: AccountMail, newsroom: str) -> Opened:
    people = {sender.slug: (journalist, sender) for journalist, sender in whose(session, mail)}
    if not people or (newsroom and newsroom not in people):
        raise Expired
    if len(people) > 1 and not newsroom:
        raise Several([sender for _, sender in people.values()])
    journalist, sender = people[newsroom] if newsroom else next(iter(people.values()))
    return Opened(journalist, sender, None, is_theirs=True)


def whose(session: Session, mail: AccountMail) -> list[tuple[Journalist, Sender]]:
    """Who has the address a mail went to, in the newsroom it is from or in all of them."""
    query = (
        select(Journalist, Sender)
        .join(Sender, Sender.id == Journalist.sender_id)
        .where(Journalist.fingerprint == mail.fingerprint, Journalist.erased_at.is_(None))
        # Whoever reads a mailbox that a person has left is not shown what is theirs.
        .where(Journalist.merged_into.is_(None))
        .order_by(Sender.name, Sender.id)
    )
    if mail.sender_id:
        query = query.where(Journalist.sender_id == mail.sender_id)
    return [(journalist, sender) for journalist, sender in session.execute(query)]


def ask(session: Session, address: str, *, language: str) -> None:
    """Mail whoever has this address a link to their preferences, some times a day. Raises addresses.BadAddress.

    Whether there is anybody is looked up when the mail is to leave, as for sign-in links: this answers all alike.
    """
    may = floods.may_write(floods.Ask.PREFERENCES, address)
    lately = account_mails.lately(session, AccountMailKind.PREFERENCES, to=address, within=timedelta(hours=1))
    if may and lately < MOST_AN_HOUR:
        account_mails.write(session, AccountMailKind.PREFERENCES, address, language=language)


def mail_link(session: Session, journalist: Journalist) -> None:
    """Mail this person a link that opens what is theirs alone; not more often than anybody could ask for it."""
    if not journalist.erased_at and floods.may_write(floods.Ask.PREFERENCES, journalist.address):
        account_mails.write(
            session,
            AccountMailKind.PREFERENCES,
            journalist.address,
            language=journalist.language,
            sender_id=journalist.sender_id,
        )


def _now(session: Session) -> datetime:
    now: datetime = session.scalars(select(func.clock_timestamp())).one()
    return now
