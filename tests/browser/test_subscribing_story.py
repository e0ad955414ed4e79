"""Cleo in a browser: she subscribes, confirms, gets a release by real SMTP, changes, and leaves in both ways."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from playwright.sync_api import Browser, Page, expect

from service.models import SubscriptionState
from service.settings import settings
from tests.browser.conftest import PATIENCE, Complaints
from tests.browser.server import serving
from tests.committed import committed
from tests.flows.test_a_journalist_comes_and_goes import ONE_CLICK, found, single_mails
from tests.service.web.reader import somebody
from tests.standards.office import HOST, Office, link, opened

T = TypeVar("T")
LIKE_A_PERSON = 2_100
"""Milliseconds over a form; who is quicker is taken for a robot."""


@pytest.fixture(scope="module")
def office(worker_id: str) -> Iterator[Office]:
    with committed(f"subscribing_story_{worker_id}"), opened("Dana") as found:
        yield found


@pytest.fixture(scope="module")
def address(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(settings().database_url, tmp_path_factory.mktemp("web")) as found:
        yield found


@pytest.fixture
def page(chromium: Browser, address: str, complaints: Complaints) -> Iterator[Page]:
    with chromium.new_context(base_url=address, locale="en-GB") as context:
        context.set_default_timeout(PATIENCE)
        complaints.listen(context)
        yield context.new_page()


def aside(act: Callable[[], T]) -> T:
    """In a thread of its own: Playwright's event loop runs in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(act).result()


def test_she_subscribes_reads_changes_and_leaves(office: Office, page: Page, address: str) -> None:
    cleo = somebody()

    def here(url: str) -> str:
        return url.replace(HOST, address)

    page.goto(f"/newsroom/{office.newsroom.sender.slug}/")
    page.get_by_role("link", name="Subscribe").first.click()
    page.get_by_label("E-mail").fill(cleo)
    page.locator("input[name=topics]").first.check()
    page.wait_for_timeout(LIKE_A_PERSON)
    page.get_by_role("button").last.click()
    page.wait_for_url("**/asked*")
    page.goto(here(found(aside(lambda: single_mails(office))[cleo], "confirm")))
    page.get_by_role("button").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are subscribed")

    aside(office.plan_release)
    mail = aside(office.work)[cleo]
    page.goto(here(found(mail, "preferences")))
    page.locator("input[name=frequency][value=weekly]").check()
    page.get_by_role("button").first.click()
    expect(page.get_by_role("status")).to_be_visible()
    page.goto(here(found(mail, "preferences")))
    expect(page.locator("input[name=frequency][value=weekly]")).to_be_checked()

    page.goto(here(link(mail)))
    assert aside(lambda: office.subscription(cleo)) is SubscriptionState.CONFIRMED
    page.get_by_role("button").first.click()
    expect(page.get_by_role("status")).to_be_visible()
    assert aside(lambda: office.subscription(cleo)) is SubscriptionState.ENDED
    page.get_by_role("button").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert aside(lambda: office.subscription(cleo)) is SubscriptionState.CONFIRMED

    # As a mail program does it: RFC 8058, 3.2, no cookie and nobody to be asked.
    answer = page.request.post(here(link(mail)), form={**ONE_CLICK}, max_redirects=0)
    assert answer.status == 200
    assert aside(lambda: office.subscription(cleo)) is SubscriptionState.ENDED
    assert page.context.cookies() == []
