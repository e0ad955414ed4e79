"""Rights as sentences: `May write and send releases for Steppe Rivers Commission.`"""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from babel.lists import format_list
from flask_babel import gettext, lazy_gettext
from flask_babel.speaklater import LazyString
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.models import Account, Role, Sender, Topic
from service.web import languages
from service.web.words import ROLES

HINTS: dict[Role, LazyString] = {
    Role.WRITE: lazy_gettext("Drafts, changes to them, and what goes with a release."),
    Role.APPROVE: lazy_gettext("What somebody else wrote; nobody approves their own."),
    Role.SEND: lazy_gettext("Schedule, pause, go on and stop; publish in the newsroom."),
    Role.JOURNALISTS: lazy_gettext("Addresses, topics and what they asked for."),
    Role.REPORTS: lazy_gettext("Who got what, and what came back."),
    Role.ADMINISTER: lazy_gettext("The newsroom itself, and who may do what in it."),
}


def sentences(session: Session, account: Account, *, senders: Iterable[UUID] | None = None) -> list[tuple[UUID, str]]:
    """What the account may do, a sentence for each sender, of those given or of all."""
    shown = {right.sender_id for right in account.rights}
    if senders is not None:
        shown &= set(senders)
    named = session.scalars(select(Sender).where(Sender.id.in_(shown)).order_by(Sender.name, Sender.id))
    return [(sender.id, sentence(session, account, sender)) for sender in named]


def sentence(session: Session, account: Account, sender: Sender) -> str:
    """What the account may do for one sender."""
    theirs = [right for right in account.rights if right.sender_id == sender.id]
    whole = [right.role for right in theirs if right.topic_id is None]
    parts = [gettext("May %(roles)s for %(sender)s.", roles=roles(whole), sender=sender.name)] if whole else []
    by_topic = defaultdict(list)
    for right in theirs:
        if right.topic_id is not None:
            by_topic[right.topic_id].append(right.role)
    topics = session.scalars(select(Topic).where(Topic.id.in_(by_topic)).order_by(Topic.name))
    for topic in topics:
        about = {"roles": roles(by_topic[topic.id]), "topic": topic.name, "sender": sender.name}
        parts.append(gettext("May %(roles)s about %(topic)s for %(sender)s.", **about))
    return " ".join(parts)


def roles(given: Iterable[Role]) -> str:
    """`write releases, send releases and see reports`."""
    inside = set(given)
    return str(format_list([str(ROLES[role]) for role in Role if role in inside], locale=languages.locale()))
