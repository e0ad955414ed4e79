"""A passkey signs in without a password and stands behind one, in Chromium with an authenticator of its own."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from service import accounts
from service.models import Role
from tests.browser.conftest import Complaints, Open, Site
from tests.factories import make_newsroom

PASSWORD = "river levels in autumn"


@pytest.fixture
def gil(site: Site, open_page: Open) -> tuple[Page, str]:
    """Gil, who is signed in at a page with an authenticator, and her address."""
    engine = create_engine(site.database_url)
    with Session(engine) as session, session.begin():
        newsroom = make_newsroom(session)
        gil = accounts.add(session, newsroom.ada.email, "Gil", sender=newsroom.sender, roles=[Role.SEND])
        email, link = gil.email, accounts.sign_in_link(session, gil)
    engine.dispose()
    page = open_page()
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    given = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    tools.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**given, "isUserVerified": True, "automaticPresenceSimulation": True}},
    )
    page.goto("/sign-in/" + link.rpartition("/")[2])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Set this password").click()
    page.wait_for_url("**/")
    return page, email


def add_passkey(page: Page, name: str, usage: str) -> None:
    page.goto("/account/passkeys")
    page.get_by_label("Name").fill(name)
    page.get_by_label(usage).check()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("rowheader", name=name)).to_be_visible()


def sign_out(page: Page) -> None:
    page.goto("/account")
    page.locator("details.who summary").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url("**/sign-in")


def test_a_passkey_signs_in_alone_and_is_removed(gil: tuple[Page, str], complaints: Complaints) -> None:
    page, _ = gil
    add_passkey(page, "office laptop", "Signing in without a password")
    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Home")
    page.goto("/account/passkeys")
    page.get_by_role("button", name="Remove (office laptop)").click()
    expect(page.get_by_role("heading", name="You have no passkey")).to_be_visible()
    sign_out(page)
    # The device still has its half; ours is gone.
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("button", name="Use a passkey")).to_be_visible()
    assert page.goto("/releases")
    assert "/sign-in" in page.url
    complaints.heard.clear()


def test_a_passkey_stands_behind_the_password(gil: tuple[Page, str]) -> None:
    page, email = gil
    add_passkey(page, "key on my ring", "The step after the password")
    sign_out(page)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Use a passkey")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Home")
