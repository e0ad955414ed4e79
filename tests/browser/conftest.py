"""Debian's Chromium before the pages as they run; a page that complains to its console fails the test."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, sync_playwright
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from tests.browser.office import Office, furnish
from tests.browser.server import serving
from tests.conftest import new_database

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PATIENCE = 20_000
"""Milliseconds: the machine may be busy with other tests."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where the pages are, and what is there."""

    address: str
    office: Office
    database_url: str


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Site]:
    """The service's pages over a furnished newsroom."""
    url = new_database(f"pages_in_a_browser_{worker_id}")
    engine = create_engine(url)
    with Session(engine) as session, session.begin():
        office = furnish(session)
    engine.dispose()
    with serving(url, tmp_path_factory.mktemp("web")) as address:
        yield Site(address, office, url)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser. Without one these tests are skipped on a desk, and fail in CI.

    For a module, no longer: while it is there its event loop runs in this process, and no other test may start one.
    """
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("CI has to have chromium: .ci/run installs it")
        pytest.skip("there is no chromium here: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@dataclass(frozen=True, slots=True)
class Complaints:
    """What pages said to their console, and what their policy refused."""

    heard: list[str]

    def listen(self, context: BrowserContext) -> None:
        """Hear all pages of this context. Chromium says a violation of the policy as a console error."""
        context.on("console", lambda said: self.heard.append(said.text) if said.type == "error" else None)
        context.on("weberror", lambda fault: self.heard.append(str(fault.error)))


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """Fails the test that ends with any; one that provokes them on purpose clears the list."""
    found = Complaints([])
    yield found
    assert found.heard == []


Open = Callable[..., Page]


@pytest.fixture
def open_page(chromium: Browser, site: Site, complaints: Complaints) -> Iterator[Open]:
    """Opens a page of a context of its own: `as_` whom it is signed in, and whatever Playwright's contexts take."""
    opened: list[BrowserContext] = []

    def begin(*, as_: StorageState | None = None, **options: object) -> Page:
        # Without motion: a colour half way through its transition is nobody's choice.
        options = {"reduced_motion": "reduce"} | options
        context = chromium.new_context(base_url=site.address, storage_state=as_, **options)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE)
        complaints.listen(context)
        opened.append(context)
        return context.new_page()

    yield begin
    for context in opened:
        context.close()


@pytest.fixture(scope="module")
def ada(chromium: Browser, site: Site) -> StorageState:
    """The cookies of Ada, who came by her one-time link."""
    return _come_in(chromium, site, "ada")


@pytest.fixture(scope="module")
def ben(chromium: Browser, site: Site) -> StorageState:
    """The cookies of Ben."""
    return _come_in(chromium, site, "ben")


CAME_IN: dict[str, StorageState] = {}
"""By name: a one-time link opens once, and the cookies outlive the browser."""


def _come_in(chromium: Browser, site: Site, who: str) -> StorageState:
    if who not in CAME_IN:
        CAME_IN[who] = _sign_in(chromium, site, who)
    return CAME_IN[who]


def _sign_in(chromium: Browser, site: Site, who: str) -> StorageState:
    with chromium.new_context(base_url=site.address) as context:
        page = context.new_page()
        page.goto("/sign-in/" + site.office.links[who].rpartition("/")[2])
        page.get_by_role("main").get_by_role("button").first.click()
        page.wait_for_url("**/password")
        return context.storage_state()


@pytest.fixture
def page(open_page: Open, ada: StorageState) -> Page:
    """A page that Ada is signed in at."""
    return open_page(as_=ada)


@pytest.fixture
def scriptless(open_page: Open, ada: StorageState) -> Page:
    """The same without JavaScript."""
    return open_page(as_=ada, java_script_enabled=False)


@pytest.fixture
def stranger(open_page: Open) -> Page:
    """A page of somebody who is not signed in."""
    return open_page()
