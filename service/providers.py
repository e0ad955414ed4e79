"""Mailbox providers: who takes the mail of a domain, so that all that one of them hosts shares one pace.

Google hosts a hundred thousand domains and counts what we send to all of them together.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.feedback import Verdict
from service.feedback.smtp_rules import RULES
from service.models import MailDomain

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
KNOWN_FOR = timedelta(days=30)
ASK_AGAIN = timedelta(hours=1)

# By the end of the name of a domain's mail exchangers.
EXCHANGERS: Mapping[str, str] = {
    "google.com": "google",
    "googlemail.com": "google",
    "protection.outlook.com": "microsoft",
    "olc.protection.outlook.com": "microsoft",
    "mx.microsoft": "microsoft",
    "hotmail.com": "microsoft",
    "yahoodns.net": "yahoo",
    "icloud.com": "apple",
    "mail.ru": "mail.ru",
    "yandex.ru": "yandex",
    "yandex.net": "yandex",
    "qq.com": "tencent",
    "netease.com": "netease",
    "163.com": "netease",
    "aliyun.com": "alibaba",
    "mimecast.com": "mimecast",
    "pphosted.com": "proofpoint",
    "ppe-hosted.com": "proofpoint",
    "barracudanetworks.com": "barracuda",
    "messagelabs.com": "broadcom",
    "iphmx.com": "cisco",
    "zoho.com": "zoho",
    "zoho.eu": "zoho",
    "messagingengine.com": "fastmail",
    "protonmail.ch": "proton",
    "gmx.net": "gmx",
    "kundenserver.de": "ionos",
    "ovh.net": "ovh",
    "secureserver.net": "godaddy",
    "emailsrvr.com": "rackspace",
}
# Where nobody need be asked: the providers' own domains.
THEIR_OWN: Mapping[str, str] = {
    **dict.fromkeys(("gmail.com", "googlemail.com"), "google"),
    **dict.fromkeys(("outlook.com", "hotmail.com", "live.com", "msn.com"), "microsoft"),
    **dict.fromkeys(("yahoo.com", "ymail.com", "aol.com", "rocketmail.com"), "yahoo"),
    **dict.fromkeys(("icloud.com", "me.com", "mac.com"), "apple"),
    **dict.fromkeys(("mail.ru", "inbox.ru", "list.ru", "bk.ru", "internet.ru"), "mail.ru"),
    **dict.fromkeys(("yandex.ru", "yandex.com", "yandex.kz", "ya.ru"), "yandex"),
}
# RFC 2606 and RFC 6761: no name server knows them.
NOWHERE = (".example", ".test", ".invalid", ".localhost", ".local", ".example.com", ".example.net", ".example.org")

DOMAIN = "split_part(j.address_canonical, '@', 2)"
"""The domain of `journalist j`, for those who write SQL themselves."""
# What left to a provider in the last hour, and what of it was refused for what we are (standards.md 9: 5 %). What was
# before the end of its last hold has been judged: who lifted it says that the cause is mended.
REFUSALS = text(f"""
    SELECT count(*) FILTER (WHERE d.state IN ('failed', 'deferred') AND d.reason = ANY(:reasons)), count(*)
    FROM attempt a JOIN delivery d ON d.id = a.delivery_id JOIN journalist j ON j.id = d.journalist_id
    LEFT JOIN mail_domain m ON m.name = {DOMAIN}
    WHERE coalesce(m.provider, {DOMAIN}) = :provider
      AND a.ended_at > greatest(now() - interval '1 hour', (
          SELECT max(coalesce(h.lifted_at, h.until)) FROM hold h WHERE h.scope = 'provider' AND h.key = :provider
          AND coalesce(h.lifted_at, h.until) <= now()))
""")  # noqa: S608 - put together from constants
MUCH = 0.05
LEAST_REFUSED = 5
AGAINST_US = sorted({rule.reason for rule in RULES if rule.verdict in (Verdict.POLICY, Verdict.OURS)})


def provider(domain: str, exchangers: Sequence[str]) -> str:
    """Who takes a domain's mail, by the names of its exchangers in order; the domain itself where that says nothing."""
    if domain in THEIR_OWN:
        return THEIR_OWN[domain]
    for exchanger in exchangers:
        labels = exchanger.rstrip(".").lower().split(".")
        for first in range(len(labels)):
            found = EXCHANGERS.get(".".join(labels[first:]))
            if found:
                return found
    return domain


def note(session: Session, addresses: Iterable[str]) -> None:
    """Write down the domains of these canonical addresses: until they are looked up each is its own provider."""
    domains = sorted({address.rpartition("@")[2] for address in addresses})
    rows = [{"name": domain, "provider": THEIR_OWN.get(domain, domain), "looked_up_at": NEVER} for domain in domains]
    if rows:
        session.execute(insert(MailDomain).values(rows).on_conflict_do_nothing())


def unknown(session: Session, limit: int) -> Sequence[str]:
    """Domains to look up, those never looked up before those looked up long ago."""
    old = MailDomain.looked_up_at < func.now() - KNOWN_FOR
    query = select(MailDomain.name).where(old).order_by(MailDomain.looked_up_at, MailDomain.name).limit(limit)
    return session.scalars(query).all()


def learn(session: Session, domain: str, exchangers: Sequence[str]) -> None:
    """Keep what its MX records said; none at all says that it is its own provider."""
    values = {"provider": provider(domain, exchangers), "looked_up_at": func.now()}
    session.execute(update(MailDomain).where(MailDomain.name == domain).values(values))


def ask_again(session: Session, domain: str) -> None:
    """Nobody answered: look it up once more in an hour."""
    values = {"looked_up_at": func.now() - KNOWN_FOR + ASK_AGAIN}
    session.execute(update(MailDomain).where(MailDomain.name == domain).values(values))


def refusals(session: Session, name: str) -> tuple[int, int]:
    """(refused by policy, all tried) of a provider's mails in the last hour."""
    found = session.execute(REFUSALS, {"provider": name, "reasons": AGAINST_US}).one()
    return found[0], found[1]


def is_much(refused: int, tried: int) -> bool:
    """Whether so many refusals say that the provider does not want us now, and not that a text met a filter."""
    return refused >= LEAST_REFUSED and refused >= MUCH * tried


def needs_no_look(domain: str) -> bool:
    """Whether its provider is known, or it is in no DNS."""
    return domain in THEIR_OWN or f".{domain}".endswith(NOWHERE)
