"""Ada narrows down whom a release is for: the number follows her, and without JavaScript she asks for it."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Site


def test_the_number_follows_the_choice_and_is_kept(page: Page, site: Site) -> None:
    page.goto(f"/releases/{site.office.draft}/audience")
    reach = page.locator("#reach")
    before = reach.get_by_role("status").inner_text()
    page.get_by_role("group", name="Only those on a list").get_by_label("Rivers, exclusive").check()
    expect(reach.get_by_role("status")).to_contain_text("3 e-mails")
    expect(reach.get_by_role("status")).to_contain_text("not saved yet")
    assert "3 e-mails" not in before
    page.get_by_label("First it goes to").select_option(label="Tier 2")
    page.get_by_label("Everybody else").fill("30")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Everybody else")).to_have_value("30")
    expect(page.locator("#reach").get_by_role("status")).to_have_text("3 e-mails")


def test_without_javascript_the_number_is_asked_for(scriptless: Page, site: Site) -> None:
    scriptless.goto(f"/releases/{site.office.draft}/audience")
    scriptless.get_by_role("group", name="Everybody on").get_by_label("Rivers, exclusive").check()
    scriptless.get_by_role("button", name="Only count").click()
    expect(scriptless.locator("#reach")).to_contain_text("Left out by you")
    scriptless.get_by_label("Why does somebody get it, or not?").fill("Reader 1")
    scriptless.get_by_role("button", name="Ask").click()
    expect(scriptless.get_by_role("heading", level=1)).to_have_text("Who gets it, and why")
