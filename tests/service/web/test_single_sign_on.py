"""Single sign-on against a real provider: who was invited comes in; what is not signed for us is not believed."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from joserfc.jwk import RSAKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.app import create_app
from service.models import Account, CameBy, Place, Role
from service.settings import adopt, read
from service.web.database import Transaction
from tests.factories import Newsroom
from tests.service.web.conftest import open_browser
from tests.service.web.provider import CLIENT, SECRET, Provider, provider


@pytest.fixture
def idp(newsroom: Newsroom) -> Iterator[Provider]:
    """The provider, at which Ada has the address by which she was invited."""
    with provider() as found:
        found.email = newsroom.ada.email
        yield found


Office = Callable[..., Flask]


@pytest.fixture
def office(transaction: Transaction, idp: Provider) -> Iterator[Office]:
    """Makes the application that knows the provider, with these further settings."""
    changed: dict[str, Any] = {}

    def make(**more: str) -> Flask:
        changed.update(dict.fromkeys(more, ""))
        adopt(**more)
        given = {"oidc_issuer": idp.issuer, "oidc_client_id": CLIENT, "oidc_client_secret": SECRET, **more}
        return create_app(read(base_url="http://press.dateline.example", **given), transaction=transaction)

    yield make
    adopt(**changed)


def come(client: FlaskClient, idp: Provider) -> Any:
    """To the provider and back."""
    sent = client.get("/sign-in-sso?next=/releases")
    assert sent.location.startswith(f"{idp.issuer}/authorize")
    return client.get(idp.consent(sent.location))


def test_who_was_invited_comes_in_and_is_known_again_by_any_address(
    office: Office, idp: Provider, session: Session, newsroom: Newsroom
) -> None:
    client = open_browser(office())
    assert "Sign in with 127.0.0.1" in client.get("/sign-in").text
    assert come(client, idp).location == "/releases"
    assert client.get("/releases").status_code == 200
    assert session.scalars(select(Place.came_by)).one() is CameBy.SSO
    idp.email = "ada.married@rivers.example"
    assert come(open_browser(office()), idp).location == "/releases"
    assert newsroom.ada.subject == f"{idp.issuer} ada-at-home"


LIES: dict[str, Callable[[Provider], object]] = {
    "another audience": lambda idp: idp.claims.update(aud="another"),
    "two audiences, made for another": lambda idp: idp.claims.update(aud=[CLIENT, "another"], azp="another"),
    "another nonce": lambda idp: idp.claims.update(nonce="of another browser"),
    "no nonce": lambda idp: idp.claims.update(nonce=None),
    "expired": lambda idp: idp.claims.update(exp=int(time.time()) - 60),
    "another issuer": lambda idp: idp.claims.update(iss="https://evil.example"),
    "no signature": lambda idp: setattr(idp, "algorithm", "none"),
    "another's key": lambda idp: setattr(idp, "signing", RSAKey.generate_key(2048, {"kid": "one"})),
    "an address nobody verified": lambda idp: idp.claims.update(email_verified=False),
    "an address verified in words": lambda idp: idp.claims.update(email_verified="true"),
    "no subject": lambda idp: idp.claims.update(sub=None),
}


@pytest.mark.parametrize("lie", LIES)
def test_what_is_not_signed_for_us_lets_nobody_in(
    office: Office, idp: Provider, session: Session, newsroom: Newsroom, lie: str
) -> None:
    LIES[lie](idp)
    client = open_browser(office())
    assert come(client, idp).status_code == 422
    assert client.get("/releases").location.startswith("/sign-in")
    assert newsroom.ada.subject is None


def test_the_answer_counts_once_and_in_the_browser_that_asked(office: Office, idp: Provider) -> None:
    app = office()
    ada, thief = open_browser(app), open_browser(app)
    answer = idp.consent(ada.get("/sign-in-sso").location)
    assert thief.get(answer).status_code == 422
    assert ada.get(answer).status_code == 302
    assert open_browser(app).get("/sign-in-sso/back?code=x&state=y").status_code == 422
    assert open_browser(app).get("/sign-in-sso/back?error=access_denied").status_code == 422


def test_a_provider_that_says_it_is_another_is_not_asked(office: Office, idp: Provider) -> None:
    idp.claimed_issuer = "https://evil.example"
    assert open_browser(office()).get("/sign-in-sso").status_code == 422


def test_who_was_not_invited_gets_an_account_only_from_a_domain_that_is_named(
    office: Office, idp: Provider, session: Session
) -> None:
    idp.email = "flo@rivers.example"
    assert "Ask an administrator" in come(open_browser(office()), idp).text
    client = open_browser(office(oidc_domains="steppe.example, rivers.example"))
    assert come(client, idp).status_code == 302
    flo = session.scalars(select(Account).where(Account.email == "flo@rivers.example")).one()
    assert flo.rights == []


def test_a_closed_account_and_an_address_that_went_to_another_are_refused(
    office: Office, idp: Provider, session: Session, newsroom: Newsroom
) -> None:
    newsroom.ada.subject = f"{idp.issuer} somebody-before-her"
    session.flush()
    assert come(open_browser(office()), idp).status_code == 422
    newsroom.ada.subject, newsroom.ada.active = None, False
    session.flush()
    assert come(open_browser(office()), idp).status_code == 422


def test_groups_give_rights_and_take_them(office: Office, idp: Provider, session: Session, newsroom: Newsroom) -> None:
    app = office(oidc_rights=f"press={newsroom.sender.slug}:write,reports; boss={newsroom.sender.slug}:administer")
    idp.claims["groups"] = ["press", "boss", "canteen"]
    assert come(open_browser(app), idp).status_code == 302
    assert {right.role for right in newsroom.ada.rights} == {Role.WRITE, Role.REPORTS, Role.ADMINISTER}
    idp.claims["groups"] = ["press"]
    come(open_browser(app), idp)
    # The last administrator stays one, whatever the provider says.
    assert {right.role for right in newsroom.ada.rights} == {Role.WRITE, Role.REPORTS, Role.ADMINISTER}


def test_without_a_provider_there_is_no_such_way(client: FlaskClient) -> None:
    assert client.get("/sign-in-sso").location == "/sign-in"
    assert client.get("/sign-in-sso/back?code=x").location == "/sign-in"
    assert "Sign in with 127" not in client.get("/sign-in").text
