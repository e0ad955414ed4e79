"""The page of a release on its way asks again by itself, calmly, and stops when there is nothing to see."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Request, expect
from sqlalchemy import create_engine, text

from tests.browser.conftest import Site


@pytest.fixture
def asked(page: Page) -> list[str]:
    """The times the page has asked for its part that moves."""
    found: list[str] = []

    def note(request: Request) -> None:
        if request.url.endswith("/live"):
            found.append(request.url)

    page.on("request", note)
    return found


@pytest.fixture
def put_back(site: Site) -> Iterator[None]:
    yield
    run(site, "UPDATE delivery SET state = 'queued' WHERE state = 'accepted' AND reason = 'moved by a test'")


def run(site: Site, statement: str) -> None:
    engine = create_engine(site.database_url)
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(statement))
    engine.dispose()


def test_what_was_accepted_meanwhile_is_shown_without_loading_the_page(
    page: Page, site: Site, asked: list[str], put_back: None
) -> None:
    page.goto(f"/releases/{site.office.sending}")
    expect(page.locator("#live .sentence")).to_contain_text("6 of 17")
    page.get_by_role("button", name="Pause").focus()
    run(site, f"UPDATE delivery SET state = 'accepted', reason = 'moved by a test' "
              f"WHERE release_id = '{site.office.sending}' AND state = 'queued'")  # fmt: skip
    expect(page.locator("#live .sentence")).to_contain_text("11 of 17")
    expect(page.get_by_role("button", name="Pause")).to_be_focused()
    assert asked


def test_it_asks_every_two_seconds_or_later(page: Page, site: Site, asked: list[str]) -> None:
    page.goto(f"/releases/{site.office.sending}")
    page.wait_for_timeout(5_000)
    assert 1 <= len(asked) <= 3


def test_a_page_nobody_looks_at_asks_nothing_and_one_that_is_looked_at_asks_at_once(
    page: Page, site: Site, asked: list[str]
) -> None:
    page.goto(f"/releases/{site.office.sending}")
    hide(page, hidden=True)
    page.wait_for_timeout(3_500)
    assert asked == []
    hide(page, hidden=False)
    with page.expect_request("**/live", timeout=5_000):
        pass


def test_a_finished_release_asks_nothing(page: Page, site: Site, asked: list[str]) -> None:
    page.goto(f"/releases/{site.office.sent}")
    page.wait_for_timeout(2_500)
    assert asked == []


def hide(page: Page, *, hidden: bool) -> None:
    """A headless page is never hidden by itself: it is told that it is."""
    page.evaluate(
        """hidden => {
            Object.defineProperty(document, 'hidden', {configurable: true, get: () => hidden});
            document.dispatchEvent(new Event('visibilitychange'));
        }""",
        hidden,
    )
