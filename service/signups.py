"""Subscribing: asked for on a page by anybody, begun by who opens the mail and presses its button."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, delete, exists, func, or_, select
from sqlalchemy.orm import Session

from service import account_mails, audit, floods, journalists, outlets, subscriptions, suppressions
from service.errors import NotFound
from service.journalists import Choice
from service.manuscripts.characters import clean_line
from service.models import (
    AccountMailKind,
    Frequency,
    Journalist,
    Sender,
    Signup,
    Subscription,
    SubscriptionState,
    Suppression,
    SuppressionReason,
    Topic,
)
from service.signing import Expired, Purpose, verify

GOOD_FOR = timedelta(hours=72)
"""How long the link in the mail works; what was typed is forgotten then."""
A_DAY = timedelta(days=1)
KINDS = (AccountMailKind.CONFIRM, AccountMailKind.SUBSCRIBED)
LONGEST_OUTLET = 200


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody typed; `topics` are slugs."""

    address: str
    name: str
    outlet: str
    topics: tuple[str, ...]
    choice: Choice


@dataclass(frozen=True, slots=True)
class Begun:
    """A subscription that was confirmed; `mail` is the mail it was confirmed by."""

    journalist: Journalist
    sender: Sender
    topics: tuple[Topic, ...]
    mail: UUID


def offered(session: Session, sender: Sender) -> list[Topic]:
    """The topics that anybody may subscribe to, by name."""
    query = select(Topic).where(Topic.sender_id == sender.id, Topic.public, Topic.closed_at.is_(None))
    return list(session.scalars(query.order_by(Topic.name, Topic.id)))


def ask(session: Session, sender: Sender, wish: Wish, *, consent: dict[str, Any], language: str) -> None:
    """Keep the wish and mail its address, one mail a day and three a month at the most.

    It neither looks for the person nor says whether they are known, so that nobody learns it from answer or time: the
    worker looks, when the mail is to leave. Raises addresses.BadAddress, journalists.NameTooLong.
    """
    box = journalists.mailbox(wish.address)
    name = journalists.clean_name(wish.name)
    may = floods.may_write(floods.Ask.SUBSCRIBE, box.address)
    if account_mails.lately(session, *KINDS, to=box.address, within=A_DAY) or not may:
        return
    signup = Signup(
        sender_id=sender.id,
        address=box.address,
        fingerprint=box.fingerprint,
        name=name,
        outlet=clean_line(wish.outlet)[:LONGEST_OUTLET],
        topics=list(wish.topics),
        language=wish.choice.language,
        also_reads=list(wish.choice.also_reads),
        frequency=wish.choice.frequency,
        zone=wish.choice.zone,
        consent=consent,
    )
    session.add(signup)
    session.flush()
    values = {"signup": str(signup.id)}
    account_mails.write(
        session, AccountMailKind.CONFIRM, box.address, values=values, language=language, sender_id=sender.id
    )


def answer(session: Session, signup_id: UUID) -> AccountMailKind | None:
    """What the mail should say: confirm, or that they are subscribed already; None when nothing may leave.

    Nothing leaves to an address that was stopped by hand, or is suppressed for all newsrooms. Whoever left, complained
    or was erased gets the mail that any stranger would, and so does an address that bounced or rests: without it only
    they could not come back.
    """
    signup = session.get(Signup, signup_id)
    if signup is None or _must_not_be_written_to(session, signup):
        return None
    theirs = (
        select(Subscription.topic_id)
        .join(Journalist, Journalist.id == Subscription.journalist_id)
        .where(Journalist.sender_id == signup.sender_id, Journalist.fingerprint == signup.fingerprint)
        .where(~Journalist.do_not_contact, Subscription.state == SubscriptionState.CONFIRMED)
    )
    is_subscribed = session.scalar(select(theirs.exists()))
    is_suppressed = suppressions.reason(session, signup.fingerprint, signup.sender_id) is not None
    return AccountMailKind.SUBSCRIBED if is_subscribed and not is_suppressed else AccountMailKind.CONFIRM


def _must_not_be_written_to(session: Session, signup: Signup) -> bool:
    """What the service itself stopped may be tried by this one mail: who answers it has shown that it arrives."""
    by_a_person = or_(
        Suppression.reason == SuppressionReason.BY_HAND,
        and_(Suppression.reason == SuppressionReason.BOUNCE, Suppression.account_id.is_not(None)),
    )
    here = and_(Suppression.sender_id == signup.sender_id, by_a_person)
    stopped = exists().where(Suppression.fingerprint == signup.fingerprint, or_(Suppression.sender_id.is_(None), here))
    return session.scalar(select(stopped)) or False


def asked(session: Session, token: str, *, lock: bool = False) -> tuple[Signup, UUID]:
    """What is to be confirmed by this link, and by which mail. Raises signing.Forged, signing.Expired."""
    mail = account_mails.get(session, verify(Purpose.CONFIRM, token), *KINDS)
    if mail is None:
        raise Expired
    query = select(Signup).where(
        Signup.id == UUID(mail.values["signup"]), Signup.created_at > func.clock_timestamp() - GOOD_FOR
    )
    signup = session.scalar(query.with_for_update() if lock else query)
    if signup is None:
        raise Expired
    return signup, mail.id


def confirm(session: Session, token: str) -> Begun:
    """Begin what was asked for, once: the wish is forgotten, the proof of consent stays with the subscriptions.

    The mail was read, so what bounces had stopped is lifted. Raises signing.Forged, signing.Expired.
    """
    signup, mail = asked(session, token, lock=True)
    sender = session.get_one(Sender, signup.sender_id)
    journalist = _person(session, sender, signup)
    now = session.scalars(select(func.clock_timestamp())).one()
    proof = {**signup.consent, "how": "form", "asked": signup.created_at.isoformat(), "confirmed": now.isoformat()}
    suppressions.answered(session, journalist.fingerprint, sender, journalist=str(journalist.id))
    topics = tuple(topic for topic in offered(session, sender) if topic.slug in signup.topics)
    for topic in topics:
        subscriptions.confirm(session, journalist, topic, proof, on_their_word=True)
    journalists.choose(
        session, journalist, Choice(signup.language, tuple(signup.also_reads), signup.frequency, signup.zone)
    )
    audit.write(session, "subscribed", journalist=str(journalist.id), topics=[topic.slug for topic in topics])
    session.delete(signup)
    session.flush()
    return Begun(journalist, sender, topics, mail)


def _person(session: Session, sender: Sender, signup: Signup) -> Journalist:
    """The person of the address: new, or known and now confirmed by themselves."""
    try:
        found = journalists.by_address(session, sender, signup.address)
    except NotFound:
        outlet = signup.outlet
        return journalists.add(session, sender, signup.address, signup.name, outlet=outlet, on_their_word=True)
    found.name = signup.name or found.name
    if signup.outlet:
        found.outlet_id = outlets.named(session, sender, [signup.outlet])[signup.outlet]
    return found


def tidy(session: Session) -> None:
    """Forget what nobody confirmed."""
    old = delete(Signup).where(Signup.created_at < func.now() - GOOD_FOR)
    session.execute(old.execution_options(synchronize_session=False))


def frequency(word: str) -> Frequency:
    """The frequency of a form's word; at once for anything else."""
    return Frequency(word) if word in {each.value for each in Frequency} else Frequency.AT_ONCE
