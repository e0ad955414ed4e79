"""Who takes a domain's mail: all that one provider hosts shares one pace."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from service import journalists, providers
from service.models import MailDomain
from tests.factories import make_newsroom


@pytest.mark.parametrize(
    ("domain", "exchangers", "provider"),
    [
        ("gmail.com", (), "google"),
        ("daily.kz", ("aspmx.l.google.com.", "alt1.aspmx.l.google.com."), "google"),
        ("agency.org", ("agency-org.mail.protection.outlook.com.",), "microsoft"),
        ("paper.ru", ("MX.YANDEX.NET.",), "yandex"),
        ("paper.ru", ("emx.mail.ru.",), "mail.ru"),
        ("radio.kz", ("mail.radio.kz.",), "radio.kz"),
        ("notgoogle.kz", ("mx.notgoogle.com.",), "notgoogle.kz"),
        ("silent.kz", (), "silent.kz"),
    ],
)
def test_a_domain_belongs_to_whoever_its_mail_exchangers_are(
    domain: str, exchangers: tuple[str, ...], provider: str
) -> None:
    assert providers.provider(domain, exchangers) == provider


def test_a_journalists_domain_is_noted_once_and_looked_up_later(session: Session) -> None:
    room = make_newsroom(session)
    for name in ("cleo", "dana"):
        journalists.add(session, room.sender, f"{name}@Daily-{room.sender.slug}.kz")
    domain = f"daily-{room.sender.slug}.kz"

    found = session.scalars(select(MailDomain).where(MailDomain.name == domain)).one()
    assert found.provider == domain
    assert domain in providers.unknown(session, 1_000)
    providers.learn(session, domain, ["aspmx.l.google.com."])
    session.refresh(found)
    assert found.provider == "google"
    assert domain not in providers.unknown(session, 1_000)


def test_a_domain_is_looked_up_again_after_a_month_and_a_silent_one_after_an_hour(session: Session) -> None:
    providers.note(session, ["cleo@old.kz", "dana@silent.kz"])
    providers.learn(session, "old.kz", [])
    providers.ask_again(session, "silent.kz")
    assert not {"old.kz", "silent.kz"} & set(providers.unknown(session, 1_000))

    session.execute(text("UPDATE mail_domain SET looked_up_at = looked_up_at - interval '61 minutes'"))
    assert "silent.kz" in providers.unknown(session, 1_000)
    session.execute(text("UPDATE mail_domain SET looked_up_at = looked_up_at - interval '30 days'"))
    assert "old.kz" in providers.unknown(session, 1_000)


@pytest.mark.parametrize("domain", ["daily.example", "gmail.com", "a.b.test", "erased.invalid"])
def test_what_no_name_server_knows_is_not_asked_for(domain: str) -> None:
    assert providers.needs_no_look(domain)
    assert not providers.needs_no_look("daily.kz")


@pytest.mark.parametrize(
    ("refused", "tried", "much"), [(4, 10, False), (5, 100, True), (5, 101, False), (60, 999, True)]
)
def test_five_in_a_hundred_is_much_and_four_are_never(refused: int, tried: int, much: bool) -> None:
    assert providers.is_much(refused, tried) is much
