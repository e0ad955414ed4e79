"""Everything a page offers works without JavaScript."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Site


def test_a_release_is_paused_and_resumed(scriptless: Page, site: Site) -> None:
    scriptless.goto(f"/releases/{site.office.sending}")
    scriptless.get_by_role("button", name="Pause").click()
    expect(scriptless.get_by_role("status")).to_contain_text("Nothing new starts until you resume")
    scriptless.get_by_role("button", name="Resume").click()
    expect(scriptless.get_by_role("status")).to_contain_text("nobody gets it twice")


def test_a_page_that_moves_has_a_link_to_look_again(scriptless: Page, page: Page, site: Site) -> None:
    scriptless.goto(f"/releases/{site.office.sending}")
    scriptless.get_by_role("link", name="Look again").click()
    expect(scriptless.get_by_role("heading", level=1)).to_contain_text("Ishim")
    page.goto(f"/releases/{site.office.sending}")
    expect(page.get_by_role("link", name="Look again")).to_be_hidden()
