"""The seed release from a file to its report, by two people at their browsers, with and without a script.

Everything behind the pages is real: the servers, the worker and beat that plan and dispatch, the relay that takes it.
"""

import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from uuid import UUID

import docx
import pytest
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Page, expect

from service import accounts
from service.models import Account, Role
from tests.browser import axe
from tests.browser.conftest import PATIENCE, Complaints
from tests.factories import make_journalist
from tests.faults.scene import Scene, scene

SEED = next((Path(__file__).parents[3] / "shared" / "seed").glob("*.txt"))
HEADLINE = "CICA Secretary General explores potential collaboration"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CAST = (("Cleo Reader", "cleo"), ("Dana Reader", "dana"))
TO_SEND = 45_000
"""Milliseconds until two mails have left, on a machine that is busy."""

Enter = Callable[[UUID], Page]


@pytest.fixture(scope="module")
def running() -> Iterator[Scene]:
    """The service with all its processes, started once for both ways through."""
    place = Path(tempfile.mkdtemp(prefix="dateline-scene-", dir="/var/tmp"))
    place.chmod(0o755)
    with scene(place, people=0) as service:
        # A name: browsers keep a cookie that is Secure for it, though it is plain HTTP.
        service.env["BASE_URL"] = service.env["BASE_URL"].replace("127.0.0.1", "localhost")
        furnish(service)
        service.beat()
        service.worker("first")
        service.web()
        yield service
    shutil.rmtree(place, ignore_errors=True)


def furnish(service: Scene) -> None:
    with service.transaction() as session:
        room = service.newsroom
        for name, box in CAST:
            make_journalist(session, room, name, address=f"{box}@daily.example")
        ada = session.get_one(Account, room.ada.id)
        accounts.grant(session, ada, session.merge(room.sender, load=False), [Role.REPORTS])


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def script(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def gone(running: Scene, script: bool) -> None:
    """One more whose mailbox is gone, anew for each way: refused once, an address rests."""
    with running.transaction() as session:
        make_journalist(session, running.newsroom, "Eli Gone", address=f"eli{script}+unknown@daily.example")


def link_of(service: Scene, who: UUID) -> str:
    """A new link for each way through: the one before it is void."""
    with service.transaction() as session:
        return accounts.sign_in_link(session, session.get_one(Account, who)).rpartition("/")[2]


@pytest.fixture
def enter(chromium: Browser, running: Scene, complaints: Complaints, script: bool) -> Iterator[Enter]:
    """Somebody comes in by the link from her mail, in a browser of her own."""
    with ExitStack() as opened:

        def come(who: UUID) -> Page:
            context = chromium.new_context(
                base_url=running.env["BASE_URL"], java_script_enabled=script, reduced_motion="reduce"
            )
            opened.enter_context(context)
            context.set_default_timeout(PATIENCE)
            complaints.listen(context)
            page = context.new_page()
            page.goto(f"/sign-in/{link_of(running, who)}")
            page.get_by_role("main").get_by_role("button").first.click()
            page.wait_for_url("**/password")
            return page

        yield come


@pytest.mark.usefixtures("gone")
def test_the_seed_release_is_imported_approved_sent_and_reported(enter: Enter, running: Scene, script: bool) -> None:
    ada, ben = enter(running.newsroom.ada.id), enter(running.newsroom.ben.id)
    release = bring_in(ada, script)
    look_at_the_preview(ada)
    write(ada, "lead", "conducted an online meeting", "held an online meeting")
    check(ada)
    choose_whom(ada, script)
    ask(ada, release, "The ministers read it at nine.")
    decide(ben, "The ministers read it at nine.", "The text, never approved before")

    ada.goto(release)
    ada.get_by_role("link", name="Write", exact=True).click()
    write(ada, "lead", "held an online meeting", "met online")
    ask(ada, release, "One verb is shorter.")
    see_what_changed(ben, release)

    change_her_mind(ada, release)
    send_at_once(ada, release, script)
    watch(ada, script)
    read_the_report(ada, script)


def bring_in(page: Page, script: bool) -> str:
    """A Word file loses its picture, and says so; a text file loses nothing. The address of the new release."""
    page.goto("/releases")
    page.get_by_role("link", name="New release").first.click()
    page.get_by_label("Or import a text").set_input_files(word_file() if script else text_file())
    page.get_by_label("Water").check()
    page.get_by_role("button", name="Begin writing").click()
    if script:
        expect(page.get_by_role("main")).to_contain_text("a picture")
        expect(page.get_by_role("main")).to_contain_text(HEADLINE)
        page.get_by_role("link", name="Go on writing").click()
    expect(page.get_by_label("Headline")).to_have_value(re.compile(HEADLINE))
    expect(page.get_by_label("Place")).to_have_value("Astana")
    faultless(page, script)
    return page.url.partition("/write/")[0]


def word_file() -> FilePayload:
    """The seed release as somebody's Word has it, with a picture."""
    document, picture, kept = docx.Document(), BytesIO(), BytesIO()
    for line in SEED.read_text(encoding="utf-8-sig").splitlines():
        document.add_paragraph(line)
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    document.add_picture(picture)
    document.save(kept)
    return {"name": "release.docx", "mimeType": WORD, "buffer": kept.getvalue()}


def text_file() -> FilePayload:
    return {"name": SEED.name, "mimeType": "text/plain", "buffer": SEED.read_bytes()}


def look_at_the_preview(page: Page) -> None:
    """The mail itself, as the frame shows it, and its plain text."""
    mail = page.frame_locator("iframe[data-preview]")
    expect(mail.get_by_text("online meeting with United Nations").first).to_be_visible()
    address = page.get_by_role("link", name="Plain text").get_attribute("href")
    assert "Akbota Batyrkhan" in page.request.get(address or "").text()


def write(page: Page, field: str, old: str, new: str) -> None:
    words = page.locator(f"#{field}")
    before = words.input_value()
    assert old in before
    words.fill(before.replace(old, new))
    page.get_by_role("button", name="Save as a version").click()
    expect(page.get_by_role("status").first).to_contain_text("Saved as a version")


def check(page: Page) -> None:
    page.get_by_role("link", name="Checks").click()
    expect(page.get_by_role("heading", name="Checks")).to_be_visible()
    expect(page.get_by_text("stops it")).to_have_count(0)


def choose_whom(page: Page, script: bool) -> None:
    page.goto(page.url.replace("/checks", "/audience"))
    expect(page.locator("#reach")).to_contain_text("3 e-mails")
    page.get_by_label("These people").fill("dana@daily.example")
    if not script:
        page.get_by_role("button", name="Only count").click()
    else:
        page.get_by_label("These people").blur()
    expect(page.locator("#reach")).to_contain_text("2 e-mails")
    expect(page.locator("#reach")).to_contain_text("not saved yet")
    faultless(page, script)
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#reach")).to_contain_text("2 e-mails")


def ask(page: Page, release: str, note: str) -> None:
    page.goto(release)
    page.get_by_role("main").get_by_role("link", name="Approval", exact=True).click()
    page.get_by_label("A word to whoever approves").fill(note)
    page.get_by_role("button", name="Ask for approval").click()
    expect(page.get_by_role("status").first).to_contain_text("asked by mail")


def decide(page: Page, note: str, title: str) -> None:
    """Ben finds it among what needs him."""
    page.goto("/")
    row = page.get_by_role("listitem").filter(has_text=note)
    row.get_by_role("link", name="Read and decide").click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    page.get_by_role("button", name="Approve this version").click()
    expect(page.get_by_role("status").first).to_contain_text("Approved.")


def see_what_changed(page: Page, release: str) -> None:
    page.goto(f"{release}/approval")
    expect(page.locator("del").first).to_contain_text("held")
    expect(page.locator("ins").first).to_contain_text("met")
    decide(page, "One verb is shorter.", "What changed since it was last approved")


def change_her_mind(page: Page, release: str) -> None:
    """A schedule can be taken back within its minute."""
    plan(page, release)
    page.get_by_role("button", name="Send 2 e-mails").click()
    page.get_by_role("button", name="Undo the schedule").click()
    expect(page.get_by_role("status").first).to_contain_text("Taken back")


def send_at_once(page: Page, release: str, script: bool) -> None:
    plan(page, release, at_once=True)
    faultless(page, script)
    page.get_by_role("button", name="Send 2 e-mails").click()
    expect(page.get_by_role("status").first).to_contain_text("It leaves now.")


def plan(page: Page, release: str, *, at_once: bool = False) -> None:
    page.goto(f"{release}/schedule")
    page.get_by_label("Now", exact=True).check()
    page.get_by_label("If now: at once").set_checked(at_once)
    page.get_by_role("button", name="Look it over").click()


def watch(page: Page, script: bool) -> None:
    """It moves by itself with a script, by its link without one."""
    main = page.get_by_role("main")
    deadline = time.monotonic() + TO_SEND / 1000
    while not script and time.monotonic() < deadline and page.get_by_role("link", name="Look again").count():
        page.get_by_role("link", name="Look again").click()
    expect(main).to_contain_text("Finished on", timeout=TO_SEND)
    expect(main).to_contain_text("1 of 2 e-mails accepted")
    expect(main).to_contain_text("The address does not exist")


def read_the_report(page: Page, script: bool) -> None:
    page.get_by_role("link", name="Delivery report").click()
    expect(page.get_by_text("The books balance.")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("The address does not exist")
    faultless(page, script)


def faultless(page: Page, script: bool) -> None:
    """axe needs a script of its own."""
    assert not script or axe.faults(page) == []
