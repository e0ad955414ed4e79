"""A correction from the wrong release to the button that says the number, by two people, with and without a script."""

import pytest
from playwright.sync_api import Page, StorageState, expect

from tests.browser import axe
from tests.browser.conftest import Open, Site


@pytest.mark.parametrize("scripted", [True, False], ids=["with JavaScript", "without"])
def test_a_correction_is_written_approved_and_sent(
    open_page: Open, ada: StorageState, ben: StorageState, site: Site, scripted: bool
) -> None:
    page = open_page(as_=ada, java_script_enabled=scripted)
    page.goto(f"/releases/{site.office.sent}")
    page.get_by_role("link", name="Something is wrong with it").click()
    check(page, scripted)
    page.get_by_label("Something in it is wrong").check()
    page.get_by_role("button", name="Go on to the words").click()
    expect(page.get_by_label("Headline")).to_have_value("CORRECTION: River levels fall")
    check(page, scripted)
    page.get_by_label("What is to be said first").fill("The data are of 2025, not of 2024.")
    page.get_by_role("button", name="Write the notice").click()
    expect(page.get_by_role("main")).to_contain_text("Somebody else has to approve it first")
    check(page, scripted)

    second = open_page(as_=ben, java_script_enabled=scripted)
    second.goto(page.url)
    second.get_by_role("button", name="Approve").click()
    expect(second.get_by_role("status").first).to_contain_text("Approved")

    page.reload()
    page.get_by_role("button", name="Send 7 e-mails").click()
    expect(page.get_by_role("status").first).to_contain_text("before everything else")


def check(page: Page, scripted: bool) -> None:
    """axe needs a script of its own."""
    assert not scripted or axe.faults(page) == []
